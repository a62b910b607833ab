import CQRS
import EventSourcing
import Resilience
import Testing
import Timeline

@Suite("Projection runs: what was set aside is dealt with again")
struct QuarantineReplayTests {
    private static let aside = [
        QuarantinedSequence(sequence: Rig.key("b"), head: 2, letters: 3),
        QuarantinedSequence(sequence: Rig.key("d"), head: 4, letters: 1),
    ]

    private func running(batch: Int = 3) throws -> Rig {
        Rig.running(try .small(batch: batch, linger: 0), from: 8, quarantined: Self.aside)
    }

    @Test("how many it will be is known before the first is")
    func countFirst() throws {
        var rig = try running()
        #expect(rig.run.letters == 4)
        #expect(rig.run.quarantined.map(\.letters) == [3, 1])
        #expect(rig.run.replay(Rig.key("x")) == 0)
        #expect(rig.run.replay(Rig.key("b")) == 3)
        #expect(rig.run.replayAll() == 4)
    }

    @Test("a sequence is dealt with from its first event on; then it is free, and its events go their way")
    func replay() throws {
        var rig = try running()
        rig.run.replay(Rig.key("b"))
        #expect(rig.ask() == "replay 2b 6; wait")
        #expect(rig.replay?.checkpoint == 8)
        #expect(rig.replayed(.applied(3, next: nil)) == true)
        #expect(rig.run.quarantined.map(\.sequence) == [Rig.key("d")])
        #expect(rig.run.totals.replayed == 3)
        _ = rig.ask()
        #expect(rig.page("9b 10d") == true)
        #expect(rig.ask() == "apply 8>10 9b 10d~; wait")
    }

    @Test("what comes meanwhile is set aside behind it, and batches and replays take turns until nothing is left")
    func turns() throws {
        var rig = try running(batch: 1)
        _ = rig.ask()
        #expect(rig.page("9b") == true)
        #expect(rig.ask() == "apply 8>9 9b~; wait")
        rig.run.replay(Rig.key("b"))
        #expect(rig.committed() == true)
        #expect(rig.ask() == "replay 2b 2; wait", "nothing is read while it is not settled")
        #expect(rig.replayed(.applied(2, next: 6)) == true)
        #expect(rig.ask() == "replay 6b 2; wait")
        #expect(rig.replayed(.applied(2, next: nil)) == true)
        #expect(rig.run.letters == 1)
    }

    @Test("one that fails is looked for one by one, and stays with those behind it")
    func failure() throws {
        var rig = try running()
        rig.run.replay(Rig.key("b"))
        _ = rig.ask()
        #expect(rig.replayed(.failedAgain(.apply)) == true)
        #expect(rig.ask() == "replay 2b 1; wait")
        #expect(rig.replayed(.applied(1, next: 5)) == true)
        #expect(rig.ask() == "replay 5b 1; wait")
        #expect(rig.replayed(.failedAgain(.apply)) == true)
        #expect(rig.ask() == "read 8 3; wait")
        #expect(rig.run.quarantined.first == QuarantinedSequence(sequence: Rig.key("b"), head: 5, letters: 2))
        #expect(rig.run.totals.replayFailures == 2)
    }

    @Test("one that would have been left out had it come first is left out now, and does not hold up the others")
    func skipped() throws {
        var rig = try running()
        rig.run.replay(Rig.key("b"))
        _ = rig.ask()
        #expect(rig.replayed(.failedAgain(.unknownType)) == true)
        _ = rig.ask()
        #expect(rig.replay?.treatment == .apply)
        #expect(rig.replayed(.failedAgain(.unknownType)) == true)
        #expect(rig.ask() == "replay 2b 1; wait")
        #expect(rig.replay?.treatment == .skip(.unknownType, attempts: 1))
        #expect(rig.replayed(.applied(1, next: 5)) == true)
        #expect(rig.ask() == "replay 5b 1; wait")
        #expect(rig.replay?.treatment == .apply)
        #expect(rig.run.totals.skipped == 1)
        #expect(rig.run.totals.replayed == 0)
    }

    @Test("one that is left out is so alone, whatever was asked for meanwhile")
    func skippedAlone() throws {
        var rig = try running()
        rig.run.replay(Rig.key("b"))
        _ = rig.ask()
        #expect(rig.replayed(.failedAgain(.unknownType)) == true)
        _ = rig.ask()
        rig.run.replay(Rig.key("b"))
        #expect(rig.replayed(.failedAgain(.unknownType)) == true)
        #expect(rig.ask() == "replay 2b 1; wait")
        #expect(rig.replay?.treatment == .skip(.unknownType, attempts: 1))
    }

    @Test("a replay without an answer is tried again; that it was done is seen, and what is stored is loaded")
    func lostAnswer() throws {
        var rig = try running()
        rig.run.replay(Rig.key("b"))
        _ = rig.ask()
        let first = try #require(rig.replay)
        #expect(rig.failed(first.ticket, .timeout) == true)
        #expect(rig.ask(at: 10) == "replay 2b 6; wait")
        #expect(rig.run.replayed(.applied(3, next: nil), for: first.ticket, at: rig.now) == false)
        #expect(rig.replayed(.changed) == true)
        #expect(rig.ask(at: 11) == "load; wait")
        #expect(rig.loaded(8, [Self.aside[1]]) == true)
        #expect(rig.run.letters == 1)
    }

    @Test("what was asked for is not forgotten when what is stored is loaded anew")
    func remembered() throws {
        var rig = try running()
        rig.run.replayAll()
        _ = rig.ask()
        #expect(rig.replayed(.changed) == true)
        _ = rig.ask(at: 1)
        #expect(rig.loaded(8, [Self.aside[1]]) == true)
        #expect(rig.ask() == "replay 4d 6; wait")
    }

    @Test("an operator who has taken letters out has the run load what is left, once nothing is being committed")
    func reload() throws {
        var rig = try running()
        _ = rig.ask()
        #expect(rig.page("9a 10a 11a") == true)
        _ = rig.ask()
        rig.run.reloadQuarantine()
        #expect(rig.ask() == "wait")
        #expect(rig.committed() == true)
        #expect(rig.ask() == "load; wait")
        #expect(rig.loaded(11, []) == true)
        #expect(rig.run.letters == 0)
    }

    @Test("a run that is to end deals with nothing again")
    func ending() throws {
        var rig = try running()
        rig.run.replayAll()
        rig.run.stop()
        #expect(rig.run.next(at: .zero) == .stopped(.requested(left: 0)))
        // Nor does it wait for one that goes on failing.
        rig = try running()
        rig.run.replayAll()
        _ = rig.ask()
        #expect(rig.failed(rig.replay?.ticket) == true)
        rig.run.stop()
        #expect(rig.run.next(at: .zero) == .stopped(.requested(left: 0)))
    }
}
