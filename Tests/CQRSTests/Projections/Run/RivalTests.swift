import CQRS
import EventSourcing
import Resilience
import Testing
import Timeline

@Suite("Projection runs: rivals")
struct RivalTests {
    private func committing(_ rival: ProjectionRun.Settings.Rival) throws -> Rig {
        var rig = Rig.running(try .small(batch: 2, readAhead: 2, rival: rival))
        _ = rig.ask()
        _ = rig.page("1a 2a", isEnd: false, head: 4)
        _ = rig.ask()
        _ = rig.page("3a")
        return rig
    }

    static let outcomes: [(CheckpointMove.Outcome, Position)] = [
        (.mismatch(stored: 1), 1), (.ahead(stored: 9), 9), (.wasThere, 2), (.mismatch(stored: 0), 0),
    ]

    @Test("somebody else has moved the checkpoint: what was read is forgotten, it goes on there", arguments: outcomes)
    func goOn(outcome: CheckpointMove.Outcome, stored: Position) throws {
        var rig = try committing(.goOn)
        #expect(rig.run.settled == 0)
        #expect(rig.committed(outcome) == true)
        #expect(rig.run.settled == 0, "what was read is not done")
        #expect(rig.ask() == "wait 1", "never at once: two that fight must not do so in no time")
        #expect(rig.ask(at: 1) == "load; wait")
        #expect(rig.loaded(stored) == true)
        #expect(rig.ask() == "read \(stored) 2; wait")
        #expect(rig.run.totals.rivals == 1)
        #expect(rig.run.totals.applied == 0)
    }

    @Test("who is refused again and again asks less and less often, until a commit takes place")
    func backOff() throws {
        var rig = Rig.running(try .small(batch: 1))
        var waits: [String] = []
        for _ in 0..<12 {
            _ = rig.ask()
            _ = rig.page("1a")
            _ = rig.ask()
            #expect(rig.committed(.mismatch(stored: 0)) == true)
            waits.append(rig.ask())
            rig.now = rig.now + .milliseconds(600)
            _ = rig.ask()
            #expect(rig.loaded(0) == true)
        }
        let lengths = waits.enumerated().map { (Int64($1.dropFirst(5)) ?? -1) - 600 * Int64($0) }
        #expect(lengths == [1, 2, 4, 8, 16, 32, 64, 128, 256, 500, 500, 500])
        _ = rig.ask()
        _ = rig.page("1a")
        _ = rig.ask()
        #expect(rig.committed() == true)
        _ = rig.ask(at: 9_000)
        _ = rig.page("2a")
        _ = rig.ask()
        #expect(rig.committed(.mismatch(stored: 0)) == true)
        #expect(rig.ask() == "wait 9001")
    }

    @Test("or it stops, if there should be no other", arguments: outcomes)
    func stop(outcome: CheckpointMove.Outcome, stored: Position) throws {
        var rig = try committing(.stop)
        #expect(rig.committed(outcome) == true)
        #expect(rig.run.stopReason == .rival(stored: stored))
    }

    @Test("what a commit without an answer may have done is no rival's doing, also after the batch was cut")
    func own() throws {
        var rig = try committing(.stop)
        #expect(rig.failed(rig.batch?.ticket, .timeout) == true)
        _ = rig.ask(at: 10)
        // The second attempt finds event 2 broken, so that the next batch is a shorter one; the first had taken place.
        #expect(rig.failed(at: 2) == true)
        #expect(rig.ask() == "apply 0>1 1a; wait")
        #expect(rig.committed(.ahead(stored: 2)) == true)
        #expect(rig.run.stopReason == nil)
        #expect(rig.ask(at: 11) == "load; wait")
        #expect(rig.run.totals.lostAnswers == 1)
        #expect(rig.run.totals.rivals == 0)
        #expect(rig.loaded(2) == true)
        #expect(rig.ask() == "read 2 2; wait", "and it is not broken any more")
    }

    @Test("an attempt without an answer explains only what it could have done, and only until a commit is answered")
    func notOwn() throws {
        var rig = try committing(.stop)
        #expect(rig.failed(rig.batch?.ticket, .timeout) == true)
        _ = rig.ask(at: 10)
        #expect(rig.committed(.ahead(stored: 3)) == true)
        #expect(rig.run.stopReason == .rival(stored: 3))
        rig = try committing(.stop)
        #expect(rig.failed(rig.batch?.ticket, .timeout) == true)
        _ = rig.ask(at: 10)
        #expect(rig.committed() == true)
        _ = rig.ask(at: 200)
        #expect(rig.committed(.wasThere) == true)
        #expect(rig.run.stopReason == .rival(stored: 3))
    }
}
