import Caching
import Testing

@Suite("Traces of comma-separated values")
struct CSVTraceTests {
    static let traces: [(String, String, [UInt32], [UInt32])] = [
        ("csv:1", "", [], []),
        ("csv:key", "", [], []),
        ("csv:key", "key\n", [], []),
        ("csv:1", "a,1\nb,2\na,3\n", [0, 1, 0], []),
        ("csv:2", "a,1\r\nb,2\r\nc,1", [0, 1, 0], []),
        ("csv:1", "\n7\n\r\n7\n", [0, 0], []),
        ("csv:2,3", "0,x,5\n0,y,6\n", [0, 1], [5, 6]),
        ("csv:2,1", "5,x\n007,y\n 8 ,x\n", [0, 1, 0], [5, 7, 8]),
        ("csv:1,2", "a,4294967295\n", [0], [4_294_967_295]),
        ("csv:key", "time,key,size\n1,a,2\n2,b,3\n", [0, 1], []),
        ("csv:key,size", "\r\n time ,\tkey, size\r\n1,a,2\r\n2,b,3\r\n", [0, 1], [2, 3]),
        ("csv:2,size", "time,key,size\n1,a,2\n", [0], [2]),
        ("csv:key", "\u{feff}key\na\n", [0], []),
        ("csv:a b", "\"a b\"\"\",\"a b\"\n1,2\n1,3\n", [0, 1], []),
        ("csv:say \"hi\"", "x,\"say \"\"hi\"\"\"\n1,2\n1,2\n", [0, 0], []),
        ("csv:twice", "twice,twice\n1,2\n1,3\n", [0, 0], []),
    ]

    @Test("columns are found by number or by name, and sizes are read where there are any", arguments: traces)
    func requests(_ word: String, _ text: String, _ keys: [UInt32], _ sizes: [UInt32]) throws {
        let reading = TraceReading(text, try TraceFormat(word))
        #expect(reading.error == nil)
        #expect(reading.keys == keys)
        #expect(reading.sizes == sizes)
    }

    static let pairs: [(String, String, Bool)] = [
        ("7", "\"7\"", true),
        ("a b", "\"a b\"", true),
        ("a\"b", "\"a\"\"b\"", true),
        ("a\"\"b", "\"a\"\"b\"", false),
        ("\"\"\"\"\"\"", "\"\"\"\"", false),
        ("\"a,b\"", "\"a,b\"", true),
        ("\"a,b\"", "\"a, b\"", false),
        ("7", " 7", false),
        ("7", "07", false),
        ("", "\"\"", true),
        ("", " ", false),
    ]

    @Test("quotes around a key are not part of it, spaces are", arguments: pairs)
    func quotes(_ first: String, _ second: String, _ isSame: Bool) {
        let reading = TraceReading("\(first),x\n\(second),x\n", .csv(key: .number(1), size: nil))
        let expected: [UInt32] = isSame ? [0, 0] : [0, 1]
        #expect(reading.keys == expected)
        #expect(reading.error == nil)
    }

    @Test("requests of size 0 are skipped and counted, and their keys are none")
    func sizeZero() {
        let reading = TraceReading("1,0\n2,5\nx,0\n1,6\n2,00\n", .csv(key: .number(1), size: .number(2)))
        #expect(reading.keys == [0, 1])
        #expect(reading.sizes == [5, 6])
        #expect(reading.skipped == 3)
        #expect(reading.keyCount == 2)
    }

    static let noBreak: String = "; a line break within quotes cannot be read"
    static let twice: String = "; a quote within quotes is written twice"
    static let inRange: String = " where a number from 0 to 4294967295 should be"
    static let errors: [(String, String, String)] = [
        ("csv:2", "a,b\nc\n", "line 2: column 2 is missing; the line has 1 column"),
        ("csv:1,4", "a,b,3,4\n\n1,2,3\n", "line 3: column 4 is missing; the line has 3 columns"),
        ("csv:key", "key,x\n\"a\n", "line 2: the quote in column 1 is not closed" + noBreak),
        ("csv:1", "a,\"b\nc\"\n", "line 1: the quote in column 2 is not closed" + noBreak),
        ("csv:1", "\"a\"b\n", "line 1: column 1 goes on after its closing quote" + twice),
        ("csv:1,2", "a,1\nb,two\n", "line 2: column 2 holds \"two\" where a number should be"),
        ("csv:1,2", "a,1\nb,\n", "line 2: column 2 holds \"\" where a number should be"),
        ("csv:1,2", "a,1\nb,1.5\n", "line 2: column 2 holds \"1.5\" where a number should be"),
        ("csv:1,2", "a,-1\n", "line 1: column 2 holds -1" + inRange),
        ("csv:1,2", "a,4294967296\n", "line 1: column 2 holds 4294967296" + inRange),
        (
            "csv:1,2", "\nkey,size\na,1\n",
            "line 2: column 2 holds \"size\" where a number should be; "
                + "if this line is a header, name the columns: csv:key,size"
        ),
        ("csv:key", "time,object\n", "line 1: no column is named \"key\"; the header's names are: time, object"),
        ("csv:key,size", "a,key\n", "line 1: no column is named \"size\"; the header's names are: a, key"),
    ]

    @Test("what is wrong is told with its line and column", arguments: errors)
    func error(_ word: String, _ text: String, _ message: String) throws {
        let reading = TraceReading(text, try TraceFormat(word))
        #expect(reading.error?.description == message)
    }
}
