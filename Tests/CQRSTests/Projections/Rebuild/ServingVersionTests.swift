import CQRS
import EventSourcing
import Testing

@Suite("The version that serves")
struct ServingVersionTests {
    /// Version 1 serves, and rebuild 1 is making version 2.
    private func proposed() -> ServingVersion {
        var serving = ServingVersion(1)
        _ = serving.propose(2, number: 1)
        return serving
    }

    /// Version 2 serves from behind 9, and version 1 hands over.
    private func switched() -> ServingVersion {
        var serving = proposed()
        _ = serving.change(from: 1, to: 2, number: 1, checkpoints: [7, 9, 8])
        return serving
    }

    @Test("a switch is a compare-and-set, and takes over behind the furthest checkpoint of either version")
    func change() {
        var serving = proposed()
        #expect(serving.change(from: 1, to: 2, number: 1, checkpoints: [7, 9, 8]) == .switched(at: 9))
        #expect(serving == switched())
        #expect(serving.version == 2 && serving.previous == 1 && serving.since == 9 && serving.candidate == nil)
        #expect(serving.change(from: 1, to: 2, number: 1, checkpoints: [50]) == .wasThere(at: 9), "a lost answer")
        #expect(serving == switched())
    }

    @Test("only one rebuild goes on at a time, and the last one that begins is the one that counts")
    func proposals() {
        var serving = ServingVersion(1)
        #expect(serving.propose(1, number: 1) == false, "it serves")
        #expect(serving.propose(2, number: 1) == true)
        #expect(serving.propose(2, number: 1) == true, "once more")
        #expect(serving.propose(3, number: 1) == false, "the number is another one's")
        #expect(serving.propose(3, number: 2) == true)
        #expect(serving.propose(2, number: 1) == false, "it is late")
        #expect(serving.change(from: 1, to: 2, number: 1, checkpoints: [7]) == .refused)
        #expect(serving.change(from: 1, to: 3, number: 2, checkpoints: [7]) == .switched(at: 7))
        #expect(serving.propose(4, number: 3) == false, "version 1 has not been dropped")
        #expect(serving.withdraw(1, number: 2) == .withdrawn)
        #expect(serving.propose(4, number: 3) == true)
        #expect(serving.change(from: 1, to: 4, number: 3, checkpoints: [9]) == .refused, "1 does not serve")
    }

    @Test("a version that was called off cannot serve any more, whatever messages are still under way")
    func withdrawn() {
        var serving = proposed()
        #expect(serving.withdraw(2, number: 1) == .withdrawn)
        #expect(serving.propose(2, number: 1) == false)
        #expect(serving.change(from: 1, to: 2, number: 1, checkpoints: [7]) == .refused)
        #expect(serving.propose(2, number: 2) == true, "a new rebuild makes it anew")
        #expect(serving.change(from: 1, to: 2, number: 1, checkpoints: [7]) == .refused, "it is not the old one's")
        #expect(serving.withdraw(2, number: 1) == .taken, "nor is it the old one's to drop")
        #expect(serving.change(from: 1, to: 2, number: 2, checkpoints: [7]) == .switched(at: 7))
        #expect(serving.withdraw(2, number: 1) == .taken)
        #expect(serving.withdraw(2, number: 2) == .serves(since: 7))
    }

    @Test("what each version takes for replays")
    func replays() {
        var serving = switched()
        #expect(serving.replayedThrough(for: 2) == 9)
        #expect(serving.replayedThrough(for: 1) == 0)
        #expect(serving.replayedThrough(for: 3) == nil)
        _ = serving.withdraw(1, number: 1)
        #expect(serving.replayedThrough(for: 1) == nil)
        _ = serving.propose(3, number: 2)
        #expect(serving.replayedThrough(for: 3) == Position(.max))
        _ = serving.change(from: 2, to: 3, number: 2, checkpoints: [5])
        #expect(serving.replayedThrough(for: 3) == 9, "never less than what has been done")
        #expect(serving.replayedThrough(for: 2) == 9)
        serving.restart(replayingThrough: 20)
        serving.restart(replayingThrough: 3)
        #expect(serving.replayedThrough(for: 3) == 20)
    }

    @Test("who hands over goes no further than there; who takes over must know where that is; nobody else commits")
    func fence() {
        let (over, under, behind) = (
            CheckpointMove(from: 5, to: 12), CheckpointMove(from: 5, to: 9), CheckpointMove(from: 9, to: 12)
        )
        let before = proposed()
        #expect(before.allows(over, replayedThrough: 0, by: 1))
        #expect(before.allows(over, replayedThrough: Position(.max), by: 2), "it only catches up")
        #expect(!before.allows(over, replayedThrough: 9, by: 2), "it does not serve yet")
        #expect(!before.allows(over, replayedThrough: 0, by: 3))
        let after = switched()
        #expect(after.allows(under, replayedThrough: 0, by: 1))
        #expect(!after.allows(over, replayedThrough: 0, by: 1))
        #expect(after.allows(under, replayedThrough: Position(.max), by: 2), "all of it is a replay anyway")
        #expect(!after.allows(over, replayedThrough: Position(.max), by: 2), "nobody would do what is behind 9")
        #expect(!after.allows(under, replayedThrough: 0, by: 2), "it has been done")
        #expect(after.allows(over, replayedThrough: 9, by: 2))
        #expect(after.allows(behind, replayedThrough: 0, by: 2), "none of it is a replay anyway")
    }
}
