import Caching
import Testing

@Suite("Words for trace formats")
struct TraceFormatTests {
    static let words: [(String, TraceFormat)] = [
        ("text", .text),
        ("arc", .arc),
        ("int32be", .int32be),
        ("int64be", .int64be),
        ("oracleGeneral", .oracleGeneral),
        ("csv:2", .csv(key: .number(2), size: nil)),
        ("csv:2,3", .csv(key: .number(2), size: .number(3))),
        ("csv:object", .csv(key: .name("object"), size: nil)),
        ("csv:object,3", .csv(key: .name("object"), size: .number(3))),
        ("csv:object id,size: bytes", .csv(key: .name("object id"), size: .name("size: bytes"))),
        ("csv:-1", .csv(key: .name("-1"), size: nil)),
    ]

    @Test("each word stands for its format, and is what the format is described by", arguments: words)
    func word(_ word: String, _ format: TraceFormat) throws {
        #expect(try TraceFormat(word) == format)
        #expect(format.description == word)
    }

    static let others: [String] = [
        "", "lirs", "Text", "csv", "csv:", "csv:0", "csv:1,", "csv:,1", "csv:1,0", "csv:1,2,3",
        "csv:99999999999999999999",
    ]

    @Test("any other word is an error that says which ones are allowed", arguments: others)
    func unknown(_ word: String) {
        let error = #expect(throws: TraceFormat.UnknownWord.self) { try TraceFormat(word) }
        let expected: String =
            "\"\(word)\" is no trace format; allowed: text, csv:COLUMN, csv:COLUMN,SIZECOLUMN, arc, int32be, int64be, "
            + "oracleGeneral, where a column is its number from 1 on, or its name in the first line"
        #expect(error?.description == expected)
    }

    @Test("a size comes with a column of sizes, and with libCacheSim's records")
    func sizes() {
        let sized: [Bool] = Self.words.map(\.1.hasSizes)
        let expected: [Bool] = [false, false, false, false, true, false, true, false, true, true, false]
        #expect(sized == expected)
    }
}
