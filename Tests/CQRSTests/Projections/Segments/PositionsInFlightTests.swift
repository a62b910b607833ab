import CQRS
import EventSourcing
import Testing
import Timeline

/// Vectors: the checkpoints of KurrentDB's `PersistentSubscription/*Tests.cs`, as far as they do not depend on when one is
/// written. There the events of a case count from 0, and -1 stands for none; here 0 stands for none.
@Suite("Positions in flight")
struct PositionsInFlightTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let begun: [Position]
        let finished: [Position]
        var passed: Position?
        let mark: Position

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "two of three acknowledged", begun: [1, 2, 3], finished: [1, 2], mark: 2),
        Case(name: "one of three", begun: [1, 2, 3], finished: [1], mark: 1),
        Case(name: "all", begun: [1, 2, 3], finished: [2, 3, 1], mark: 3),
        Case(name: "parked ones are done", begun: [1, 2, 3, 4], finished: [1, 3, 2], mark: 3),
        Case(name: "one to be retried holds the mark", begun: [1, 2, 3, 4], finished: [1, 2, 4], mark: 2),
        Case(name: "filtered events behind all that is done", begun: [1, 2], finished: [1, 2], passed: 5, mark: 5),
        Case(name: "filtered events behind what is out", begun: [1, 2], finished: [], passed: 7, mark: 0),
        Case(name: "filtered events alone", begun: [], finished: [], passed: 6, mark: 6),
        Case(name: "pinned: the other client's are done first", begun: [1, 3, 4, 5], finished: [3, 4, 5], mark: 0),
        Case(name: "pinned: then its own", begun: [1, 3, 4, 5], finished: [3, 4, 5, 1], mark: 5),
    ]

    @Test("the mark is before the first that is not done", arguments: cases)
    func mark(example: Case) {
        var positions = PositionsInFlight()
        for position in example.begun { #expect(positions.begin(position) == true) }
        for position in example.finished { #expect(positions.finish(position) == true) }
        if let passed = example.passed { positions.pass(upTo: passed) }
        #expect(positions.mark == example.mark)
        #expect(positions.outstanding == example.begun.count - example.finished.count)
    }

    @Test("there is a limit, an order, and nothing is done twice")
    func refusals() {
        var positions = PositionsInFlight(from: 10, limit: 2)
        #expect(positions.begin(10) == false)
        #expect(positions.begin(11) == true)
        #expect(positions.begin(15) == true)
        #expect(!positions.hasRoom)
        #expect(positions.begin(16) == false)
        #expect(positions.finish(15) == true)
        #expect(positions.finish(15) == false)
        #expect(positions.finish(12) == false)
        #expect(positions.begin(16) == false, "what is done above the mark takes room all the same")
        #expect(positions.finish(11) == true)
        #expect(positions.mark == 15)
        #expect(positions.begin(15) == false)
        #expect(positions.begin(16) == true)
    }

    @Test("against a model: whatever is done in whatever order")
    func model() {
        for seed in 0..<200 as Range<UInt64> {
            var random = RandomStream(seed: seed, name: "positions", purpose: "test")
            var positions = PositionsInFlight(limit: 16)
            var open: [Position] = []
            var newest = Int64(0)
            for _ in 0..<300 {
                switch random.below(4) {
                case 0, 1:
                    newest += Int64(random.below(3)) + 1
                    if positions.begin(Position(newest)) { open.append(Position(newest)) }
                case 2 where !open.isEmpty:
                    let done = open.remove(at: Int(random.below(UInt64(open.count))))
                    #expect(positions.finish(done) == true)
                default:
                    if positions.hasRoom { positions.pass(upTo: Position(newest)) }
                }
                let known = positions.newest
                let expected = open.min() ?? known
                #expect(open.isEmpty ? positions.mark == expected : positions.mark < expected, "seed \(seed)")
                #expect(positions.outstanding == open.count, "seed \(seed)")
            }
        }
    }
}
