import Foundation
import Scenarios
import Testing

/// A change to a demo that breaks it, and the problems that this makes.
struct Slip: CustomTestStringConvertible, Sendable {
    let right: String
    let wrong: String
    let problems: [String]

    init(_ right: String, _ wrong: String, _ problems: String...) {
        self.right = right
        self.wrong = wrong
        self.problems = problems
    }

    var testDescription: String { wrong }

    /// The problems of a text, as the caller sees them.
    static func problems(in text: String) -> [String] {
        do {
            _ = try Scenario(parsing: text, file: "f")
            return []
        } catch {
            return error.all.map(\.description)
        }
    }

    /// The demo about a slow payment, without the line that only demos have.
    static func demo() throws -> String {
        try String(contentsOfFile: Demo.path("slow-payment"), encoding: .utf8)
            .replacing("teaches: 7, 10\n", with: "")
    }

    /// The demo with a gateway, without that line.
    static func checkout() throws -> String {
        try String(contentsOfFile: Demo.path("checkout"), encoding: .utf8)
            .replacing("teaches: 2, 5, 7, 8\n", with: "")
    }

    func check() throws {
        try check(in: Slip.demo())
    }

    /// Makes the change, and looks at the problems.
    func check(in text: String) throws {
        try #require(text.contains(right))
        #expect(Slip.problems(in: text.replacing(right, with: wrong, maxReplacements: 1)) == problems)
    }
}

@Suite("Problems of scenario files")
struct FileProblemTests {
    @Test("A slip at the top of the file is one clear line at its place", arguments: Slip.head)
    func head(slip: Slip) throws {
        try slip.check()
    }

    @Test("A slip in a service is one clear line at its place", arguments: Slip.services)
    func services(slip: Slip) throws {
        try slip.check()
    }

    @Test("A slip in an edge or a guard is one clear line at its place", arguments: Slip.edges)
    func edges(slip: Slip) throws {
        try slip.check()
    }

    @Test("A slip in a saga is one clear line at its place", arguments: Slip.sagas)
    func sagas(slip: Slip) throws {
        try slip.check()
    }

    @Test("A slip in a load is one clear line at its place", arguments: Slip.loads)
    func loads(slip: Slip) throws {
        try slip.check()
    }

    @Test("A slip in the timeline or the expectations has the line and column of the file", arguments: Slip.lines)
    func lines(slip: Slip) throws {
        try slip.check()
    }

    @Test("What is not YAML, or not plain YAML, is one clear line at its place", arguments: Slip.yaml)
    func yaml(slip: Slip) throws {
        try slip.check()
    }

    @Test("Every problem of a file is reported, in the order of the file")
    func allAtOnce() throws {
        var text = try Slip.demo()
        let changes = [
            ("by 40s ", "by 40 "), ("seed: 42", "seed: x"), ("workers: 64", "workers: 0"),
            ("undo: payment.refund", "undo: payment.refnd"),
            ("rate: 300/s", "rate: 300"), ("attempts: 3", "atempts: 3"),
        ]
        for (right, wrong) in changes { text = text.replacing(right, with: wrong, maxReplacements: 1) }
        let problems = Slip.problems(in: text)
        #expect(
            problems.map { $0.prefix { $0 != " " } } == [
                "f:4:7:", "f:7:24:", "f:22:16:", "f:31:56:", "f:36:39:", "f:42:6:",
            ])
    }
}
