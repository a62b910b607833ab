import EventSourcing
import Testing
import Timeline

/// KurrentDB's cases in its own notation: `0em1` appends event 0 where -1, that is no stream, is expected, `1e0` event 1
/// behind version 0, `2any` event 2 anywhere, and `{0,1}em1` two events at once.
@Suite("Contract: repeated appends")
struct AppendIdempotencyTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let steps: String
        let stored: [Int]
        /// Whether the last step is refused.
        var isRefused = false

        var testDescription: String { steps }
    }

    /// Source: `appending_to_implicitly_created_stream.cs`, one case for each of its tests.
    static let cases: [Case] = [
        Case(steps: "0em1 1e0 2e1 3e2 4e3 5e4 0em1", stored: [0, 1, 2, 3, 4, 5]),
        Case(steps: "0em1 1e0 2e1 3e2 4e3 5e4 0any", stored: [0, 1, 2, 3, 4, 5]),
        Case(steps: "0em1 1e0 2e1 3e2 4e3 5e4 0e5", stored: [0, 1, 2, 3, 4, 5, 0]),
        Case(steps: "0em1 1e0 2e1 3e2 4e3 5e4 0e6", stored: [0, 1, 2, 3, 4, 5], isRefused: true),
        Case(steps: "0em1 1e0 2e1 3e2 4e3 5e4 0e4", stored: [0, 1, 2, 3, 4, 5], isRefused: true),
        Case(steps: "0em1 0e0", stored: [0, 0]),
        Case(steps: "0em1 0any", stored: [0]),
        Case(steps: "0em1 0em1", stored: [0]),
        Case(steps: "0em1 1e0 2e1 1any 1any", stored: [0, 1, 2]),
        Case(steps: "{0,1}em1 0em1", stored: [0, 1]),
        Case(steps: "{0,1}em1 0any", stored: [0, 1]),
        Case(steps: "{0,1}em1 1e0", stored: [0, 1]),
        Case(steps: "{0,1}em1 1any", stored: [0, 1]),
        Case(steps: "{0,1}em1 {0,1}em1", stored: [0, 1]),
        Case(steps: "{0,1}em1 {0,1}any", stored: [0, 1]),
        Case(steps: "{0,1}em1 {0,1,2}em1", stored: [0, 1], isRefused: true),
        Case(steps: "{0,1}em1 {0,1,2}any", stored: [0, 1], isRefused: true),
        Case(steps: "{0,1}em1 {2,1}any", stored: [0, 1, 2, 1]),
        Case(steps: "{0,1}em1 {1,0}em1", stored: [0, 1], isRefused: true),
    ]

    @Test("KurrentDB's appending_to_implicitly_created_stream", arguments: Backend.allCases, cases)
    func implicitStream(backend: Backend, example: Case) throws {
        var store = try backend.makeStore()
        let stream = try StreamName("order-1")
        let steps = example.steps.split(separator: " ")
        for (index, step) in steps.enumerated() {
            let (numbers, expected) = try Self.parse(step)
            do throws(EventStoreError) {
                try store.append(.samples(numbers), to: stream, expecting: expected, at: .zero)
                #expect(!(example.isRefused && index == steps.count - 1), "the last step must be refused")
            } catch {
                #expect(example.isRefused && index == steps.count - 1, "\(error)")
            }
        }
        #expect(try store.numbers(in: stream) == example.stored)
        #expect(try store.logged() == example.stored)
    }

    /// Reads `{0,1}em1`.
    static func parse(_ step: Substring) throws -> ([Int], ExpectedVersion) {
        let parts = step.firstIndex { $0 == "e" || $0 == "a" }
        let split = try #require(parts)
        let numbers = step[..<split].split { $0 == "{" || $0 == "," || $0 == "}" }.compactMap { Int($0) }
        switch step[split...] {
        case "any": return (numbers, .any)
        case "em1": return (numbers, .noStream)
        case let text: return (numbers, .at(try #require(Int64(text.dropFirst()))))
        }
    }

    @Test("a repetition is told its old places", arguments: Backend.allCases)
    func oldPlaces(backend: Backend) throws {
        var store = try backend.makeStore()
        let (order, other) = (try StreamName("order-1"), try StreamName("order-2"))
        let first = try store.append(.samples(0...1), to: order, expecting: .noStream, at: .zero)
        try store.append(.samples([9]), to: other, expecting: .any, at: .zero)
        let again = try store.append(.samples(0...1), to: order, expecting: .noStream, at: .zero)
        #expect(again.wasThere && !first.wasThere)
        #expect(again.lastVersion == StreamVersion(1) && again.position == first.position)
    }

    @Test("the same id in another stream is another event", arguments: Backend.allCases)
    func otherStream(backend: Backend) throws {
        var store = try backend.makeStore()
        let (order, other) = (try StreamName("order-1"), try StreamName("order-2"))
        try store.append(.samples([0]), to: order, expecting: .any, at: .zero)
        let appended = try store.append(.samples([0]), to: other, expecting: .any, at: .zero)
        #expect(!appended.wasThere)
        #expect(try store.logged() == [0, 0])
    }
}
