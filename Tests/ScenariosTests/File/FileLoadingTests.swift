import Foundation
import Scenarios
import Testing

@Suite("Loading scenario files")
struct FileLoadingTests {
    private static func problems(path: String) -> [String] {
        do {
            _ = try Scenario.load(path: path)
            return []
        } catch {
            return error.all.map(\.message)
        }
    }

    private static func problems(of bytes: Data) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sagascope-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "file.yaml")
        try bytes.write(to: file)
        return problems(path: file.path(percentEncoded: false))
    }

    @Test("A file that is not there, or is a folder, is one clear line")
    func noFile() {
        #expect(Self.problems(path: "/nowhere/at/all.yaml") == ["there is no such file"])
        #expect(Self.problems(path: "/tmp") == ["this is a folder; name a scenario file in it"])
    }

    @Test("An empty file, or one of comments, is one clear line", arguments: ["", "\n\n", "# nothing\n", "   "])
    func empty(text: String) throws {
        let message = "the file is empty; \"sagascope new FILE\" writes one to begin with"
        #expect(try Self.problems(of: Data(text.utf8)) == [message])
    }

    @Test(
        "A binary file is one clear line",
        arguments: [[0x7F, 0x45, 0x4C, 0x46, 0], [0xC3, 0x28], [0xFF, 0xFE, 0x61, 0]])
    func binary(bytes: [UInt8]) throws {
        #expect(try Self.problems(of: Data(bytes)) == ["this is not a text file: a scenario is YAML in UTF-8"])
    }

    @Test("A file of more than 1 MB is one clear line, and not read to its end")
    func large() throws {
        let message = "the file is larger than 1 MB, which no scenario is"
        #expect(try Self.problems(of: Data(repeating: 0x61, count: 3 << 20)) == [message])
        #expect(Self.problems(path: "/dev/zero") == [message])
    }

    @Test("A byte order mark, and lines that end in CR and LF, are read")
    func otherSystems() throws {
        let text = small(more: "timeline: |\n  at 10s pause\n")
        #expect(try Self.problems(of: Data([0xEF, 0xBB, 0xBF]) + Data(text.utf8)).isEmpty)
        #expect(try Self.problems(of: Data(text.replacing("\n", with: "\r\n").utf8)).isEmpty)
    }

    @Test(
        "Text of which nothing can be made is one clear line",
        arguments: [
            "a: [", "3", "x", "- 1\n- 2", "{", "}", "\u{7}", "a: \u{1}", "%YAML 9.9\n---\n", "!!binary x", "? ", "&",
        ])
    func scraps(text: String) {
        #expect(!Slip.problems(in: text).isEmpty)
    }

    @Test("Nesting without end is refused before it is followed")
    func nesting() {
        #expect(Slip.problems(in: "a: " + String(repeating: "[", count: 100_000)).count == 1)
        #expect(Slip.problems(in: "a: " + String(repeating: "{a: ", count: 100_000)).count == 1)
        #expect(Slip.problems(in: String(repeating: "- ", count: 100_000)).count == 1)
        #expect(Slip.problems(in: String(repeating: "? ", count: 100_000)).count == 1)
        let steps = (0..<400).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(Slip.problems(in: steps).count == 1)
    }

    @Test("Aliases, by which a short text stands for a huge one, are refused")
    func aliases() {
        var bomb = "a0: &a0 [x, x]\n"
        for level in 1...30 { bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        #expect(Slip.problems(in: bomb + "? *a30\n: 1\n").count == 1)
    }

    @Test("Quotes, comments and text blocks may hold what would be an alias elsewhere")
    func harmless() throws {
        let text = small(
            more:
                "about: \"*a and &b\" # *c\nname: '&x ''[[[[''' # [[[\ntimeline: |\n  at 1s caption \"*& [[[[\"\n  # &d *e\n"
        )
        let scenario = try Scenario(parsing: text, file: "f")
        #expect(scenario.about == "*a and &b")
        #expect(scenario.name == "&x '[[[['")
    }

    @Test("Columns are counted in characters, also behind other letters than ASCII")
    func columns() {
        let text = "sagascope: 1\nabout: \"Zoë\" \nservices: {é: {workers: x}}\nload: {p: {call: é.a, rate: 1/s}}\n"
        #expect(
            Slip.problems(in: text) == [
                "f:3:25: workers: \"x\" is not allowed here; write 1 to 1000000, without a unit"
            ])
    }
}
