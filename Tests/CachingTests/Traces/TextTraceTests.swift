import Caching
import Testing

@Suite("Traces of a key a line")
struct TextTraceTests {
    static let traces: [(String, [UInt32])] = [
        ("", []),
        ("\n\n", []),
        ("7", [0]),
        ("7\n8\n7\n9\n", [0, 1, 0, 2]),
        ("7\n8\n7", [0, 1, 0]),
        ("7\r\n7\n", [0, 0]),
        (" \t7 \r \r\n7\n", [0, 0]),
        ("*\n7\n * \n\n  \r\n7\n**\n", [0, 0, 1]),
        ("\u{feff}7\n7\n", [0, 0]),
        ("b\na\nb\n", [0, 1, 0]),
        ("a b\na  b\na b\n", [0, 1, 0]),
        ("a\u{0}\na\n\u{0}\n\u{0}\n", [0, 1, 2, 2]),
    ]

    @Test("blanks around a key, empty lines, lines of * and a byte order mark are not part of it", arguments: traces)
    func keys(_ text: String, _ expected: [UInt32]) {
        let reading = TraceReading(text, .text)
        #expect(reading.keys == expected)
        #expect(reading.sizes.isEmpty)
        #expect(reading.error == nil)
        #expect(reading.keyCount == (expected.max().map { $0 + 1 } ?? 0))
    }

    static let different: [String] = [
        "0", "00", "7", "07", "+7", "-7", "7.0", "7 0", "a", "A", "é", "e\u{301}", "ab", "12345678", "12345678a",
        "a12345678", "aaaaaaaa", "aaaaaaaaa", "18446744073709551615", "18446744073709551616", "018446744073709551615",
        "99999999999999999999", "184467440737095516150",
    ]

    @Test("equal text is the same key, and different text another, numbers or not")
    func equality() {
        let text: String = Self.different.joined(separator: "\n")
        let reading = TraceReading(text + "\n" + text, .text)
        let once: [UInt32] = Array(0..<UInt32(Self.different.count))
        #expect(reading.keys == once + once)
    }

    @Test("bytes that are no UTF-8 are keys like any other")
    func anyBytes() {
        let reading = TraceReading([0xff, 0x0a, 0xfe, 0x0a, 0xff, 0x0a, 0xc3, 0x0a, 0xc3, 0x28], .text)
        #expect(reading.keys == [0, 1, 0, 2, 3])
    }

    @Test("UTF-16 is read as the bytes that it is")
    func utf16() {
        var bytes: [UInt8] = []
        for unit in "7\n8\n8\n".utf16 { bytes += [UInt8(truncatingIfNeeded: unit), UInt8(unit >> 8)] }
        let reading = TraceReading(bytes, .text)
        #expect(reading.keys == [0, 1, 1, 2])
    }

    @Test("a line of 65536 bytes is a key, and a longer one an error, with or without an end")
    func longLines() {
        let longest = [UInt8](repeating: UInt8(ascii: "x"), count: 65_536)
        let good = TraceReading([0x37, 0x0a] + longest + [0x0a], .text, pieces: [10_000])
        #expect(good.keys == [0, 1])
        #expect(good.error == nil)
        for end: [UInt8] in [[], [0x0a]] {
            let bad = TraceReading([0x37, 0x0a, 0x37, 0x0a, 0x78] + longest + end, .text, pieces: [10_000])
            let message: String =
                "line 3: it is longer than 65536 bytes; if the trace is binary, choose its format"
            #expect(bad.keys == [0, 0])
            #expect(bad.error?.description == message)
        }
    }
}
