import CQRS
import EventSourcing
import Testing

@Suite("The version that serves")
struct ServingVersionTests {
    @Test("a switch is a compare-and-set, and takes over behind the furthest checkpoint of either version")
    func change() {
        var serving = ServingVersion(1)
        #expect(serving.propose(2) == true)
        #expect(serving.change(from: 1, to: 2, checkpoints: [7, 9, 8]) == .switched(at: 9))
        #expect(serving.version == 2 && serving.previous == 1 && serving.since == 9)
        #expect(serving.change(from: 1, to: 2, checkpoints: [50]) == .wasThere(at: 9), "the answer was lost")
        #expect(serving.propose(3) == true)
        #expect(serving.change(from: 1, to: 3, checkpoints: [50]) == .refused(serving: 2))
        #expect(serving.change(from: 2, to: 3, checkpoints: []) == .switched(at: 0))
    }

    @Test("a version that was withdrawn cannot take over any more, even if somebody still asks for it")
    func withdrawn() {
        var serving = ServingVersion(1)
        #expect(serving.propose(1) == false)
        #expect(serving.change(from: 1, to: 2, checkpoints: [7]) == .refused(serving: 1), "nobody proposed it")
        #expect(serving.propose(2) == true)
        #expect(serving.withdraw(2) == true)
        #expect(serving.change(from: 1, to: 2, checkpoints: [7]) == .refused(serving: 1))
        #expect(serving.withdraw(1) == false, "it serves")
        #expect(serving.propose(2) == true)
        #expect(serving.propose(3) == true)
        #expect(serving.change(from: 1, to: 2, checkpoints: [7]) == .refused(serving: 1), "another has been proposed")
        #expect(serving.withdraw(2) == true)
        #expect(serving.change(from: 1, to: 3, checkpoints: [7]) == .switched(at: 7))
    }

    @Test("who hands over goes no further than there; who takes over must know where that is")
    func fence() {
        var serving = ServingVersion(1)
        let over = CheckpointMove(from: 5, to: 12)
        let under = CheckpointMove(from: 5, to: 9)
        #expect(serving.allows(over, replayedThrough: 0, by: 1))
        #expect(serving.allows(over, replayedThrough: Position(.max), by: 2), "it only catches up")
        _ = serving.propose(2)
        _ = serving.change(from: 1, to: 2, checkpoints: [9])
        #expect(serving.allows(under, replayedThrough: 0, by: 1))
        #expect(!serving.allows(over, replayedThrough: 0, by: 1))
        #expect(!serving.allows(over, replayedThrough: Position(.max), by: 2), "nobody would do what is behind 9")
        #expect(serving.allows(under, replayedThrough: Position(.max), by: 2))
        #expect(serving.allows(over, replayedThrough: 9, by: 2))
    }
}
