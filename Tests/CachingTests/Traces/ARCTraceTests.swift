import Caching
import Testing

@Suite("Traces of runs of keys")
struct ARCTraceTests {
    static let traces: [(String, [UInt32])] = [
        ("", []),
        ("10 3 0 0\n11 2 0 1\n", [0, 1, 2, 1, 2]),
        ("10\t1   0 0\r\n\n  \r\n 10 1 x y z\n", [0, 0]),
        ("10 0 0 0\n11 1 0 1", [0]),
        ("18446744073709551614 2 0 0\n18446744073709551615 1 0 0\n", [0, 1, 1]),
        ("18446744073709551615 0 0 0\n", []),
        ("007 1 0 0\n7 1 0 0\n", [0, 0]),
    ]

    @Test("a line stands for as many keys as it says, from its first on", arguments: traces)
    func keys(_ text: String, _ expected: [UInt32]) {
        let reading = TraceReading(text, .arc)
        #expect(reading.keys == expected)
        #expect(reading.error == nil)
    }

    @Test("a line of 10^12 keys is expanded only as far as it is pulled")
    func expanded() throws {
        var parser = TraceParser(.arc)
        parser.feed(Array("5 1000000000000 0 0\n".utf8))
        var batch = TraceBatch(capacity: 3)
        for turn in 0..<4 as Range<UInt32> {
            #expect(try parser.fill(&batch))
            #expect(batch.keys == [turn * 3, turn * 3 + 1, turn * 3 + 2])
        }
    }

    static let errors: [(String, String)] = [
        ("1 1 0 0\nx 1 0 0\n", "line 2: column 1 holds \"x\" where a number should be"),
        ("1 one 0 0\n", "line 1: column 2 holds \"one\" where a number should be"),
        ("1 - 0 0\n", "line 1: column 2 holds \"-\" where a number should be"),
        ("-1 1 0 0\n", "line 1: column 1 holds -1 where a number from 0 to 18446744073709551615 should be"),
        (
            "1 18446744073709551616 0 0\n",
            "line 1: column 2 holds 18446744073709551616 where a number from 0 to 18446744073709551615 should be"
        ),
        ("\n1\n", "line 2: column 2 is missing; the line has 1 column"),
        ("1 2 3\n", "line 1: column 4 is missing; the line has 3 columns"),
        (
            "18446744073709551615 2 0 0\n",
            "line 1: column 2 asks for 2 keys from 18446744073709551615 on; "
                + "the last possible key is 18446744073709551615"
        ),
    ]

    @Test("what is wrong is told with its line and column", arguments: errors)
    func error(_ text: String, _ message: String) {
        #expect(TraceReading(text, .arc).error?.description == message)
    }
}
