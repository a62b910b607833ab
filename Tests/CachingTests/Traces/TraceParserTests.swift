import Caching
import Testing

@Suite("Trace parser")
struct TraceParserTests {
    @Test("a batch holds the next requests, as many as it takes, and is empty when bytes are needed")
    func batches() throws {
        var parser = TraceParser(.text)
        var batch = TraceBatch(capacity: 2)
        #expect(try !parser.fill(&batch))
        parser.feed(Array("10\n20\n10\n3".utf8))
        #expect(try parser.fill(&batch))
        #expect(batch.keys == [0, 1])
        #expect(try parser.fill(&batch))
        #expect(batch.keys == [0])
        #expect(try !parser.fill(&batch))
        #expect(batch.isEmpty)
        parser.feed(Array("0\n".utf8))
        parser.feed(Array("20".utf8))
        parser.finish()
        #expect(try parser.fill(&batch))
        #expect(batch.keys == [2, 1])
        #expect(try !parser.fill(&batch))
        #expect(parser.keyCount == 3)
    }

    @Test("an error comes after the requests before it, and again whatever is fed")
    func errorLast() throws {
        var parser = TraceParser(.arc)
        var batch = TraceBatch()
        parser.feed(Array("1 2 0 0\noops 1 0 0\n1 1 0 0\n".utf8))
        #expect(try parser.fill(&batch))
        #expect(batch.keys == [0, 1])
        for _ in 0..<2 {
            let error = #expect(throws: TraceError.self) { try parser.fill(&batch) }
            #expect(error?.place == .line(2))
            #expect(error?.problem == .noNumber(column: 1, found: "oops"))
            parser.feed(Array("1 1 0 0\n".utf8))
        }
    }

    @Test("the end may be said before all is taken out")
    func earlyEnd() throws {
        var parser = TraceParser(.int32be)
        var batch = TraceBatch(capacity: 1)
        parser.feed(Array("aaaabbbbaaaab".utf8))
        parser.finish()
        for key: UInt32 in [0, 1, 0] {
            #expect(try parser.fill(&batch))
            #expect(batch.keys == [key])
        }
        let error = #expect(throws: TraceError.self) { try parser.fill(&batch) }
        #expect(error?.place == .offset(12))
        #expect(error?.problem == .cutOff(after: 1, of: 4))
    }

    static let marks: [(Compression, [UInt8])] = [
        (.gzip, [0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0]),
        (.gzip, [0x1f, 0x8b, 0x08]),
        (.zstd, [0x28, 0xb5, 0x2f, 0xfd, 0x24, 0, 0, 0]),
        (.xz, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 0]),
    ]

    @Test("compressed input is an error in every format, and says what to do", arguments: marks)
    func compressed(_ compression: Compression, _ bytes: [UInt8]) {
        for (_, format) in TraceFormatTests.words {
            for piece: Int in [1, 100] {
                let reading = TraceReading(bytes, format, pieces: [piece])
                let message: String =
                    "the input is compressed with \(compression); "
                    + "decompress it by a pipe: \(compression) -dc FILE | sagascope trace -"
                #expect(reading.error?.description == message)
                #expect(reading.keys.isEmpty)
            }
        }
    }

    @Test("a mark of compression that is not at the very beginning is nothing special")
    func laterMark() {
        let reading = TraceReading([0x0a, 0x28, 0xb5, 0x2f, 0xfd, 0x0a], .text)
        #expect(reading.keys == [0])
        #expect(reading.error == nil)
    }

    static let crowds: [(String, String, [UInt32], String)] = [
        ("text", "1\n2\n\n1\n3\n1\n", [0, 1, 0], "line 5"),
        ("text", "a\n2\na\nb\n", [0, 1, 0], "line 4"),
        ("csv:1,2", "1,1\n2,1\n1,1\n3,1\nx,y\n", [0, 1, 0], "line 4"),
        ("arc", "5 1 0 0\n5 9 0 0\nx\n", [0, 0, 1], "line 2"),
        ("int32be", "aaaabbbbaaaacccca", [0, 1, 0], "byte offset 12"),
        ("int64be", "aaaaaaaabbbbbbbbcccccccc", [0, 1], "byte offset 16"),
    ]

    @Test("one key more than can be numbered is an error at its place, whatever comes after it", arguments: crowds)
    func tooManyKeys(_ word: String, _ text: String, _ keys: [UInt32], _ place: String) throws {
        for piece: Int in [1, 100] {
            let bytes: [UInt8] = Array(text.utf8)
            let reading = TraceReading(bytes, try TraceFormat(word), pieces: [piece], keyLimit: 2)
            let message: String =
                place + ": there are more than 2 distinct keys; cut the trace, or take a sample of its keys"
            #expect(reading.error?.description == message)
            #expect(reading.keys == keys)
        }
    }

    @Test("what was found is told short, and can do nothing to a terminal")
    func excerpts() {
        let escape = TraceReading("\u{1b}[2J\u{9b}é\u{7f} 1 0 0\n", .arc).error
        #expect(escape?.problem == .noNumber(column: 1, found: "\u{fffd}[2J\u{fffd}é\u{fffd}"))
        let long: String = String(repeating: "x", count: 50)
        let cut: String = String(repeating: "x", count: 40) + "…"
        #expect(TraceReading(long + " 1 0 0\n", .arc).error?.problem == .noNumber(column: 1, found: cut))
        let header: String = (1...60).map { "c\($0)" }.joined(separator: ",")
        let names: [String] = (1...50).map { "c\($0)" }
        let unknown = TraceReading(header, .csv(key: .name("key"), size: nil)).error
        #expect(unknown?.problem == .unknownColumn("key", header: names))
    }
}
