import CQRS
import EventSourcing
import Resilience
import Testing
import Timeline

/// C11 and C14 are the guide's defects of those numbers.
@Suite("Projection runs: batches")
struct BatchingTests {
    @Test("a full batch is committed at once")
    func full() throws {
        var rig = Rig.running(try .small(batch: 2))
        _ = rig.ask()
        #expect(rig.page("1a 2b") == true)
        #expect(rig.ask() == "apply 0>2 1a 2b; wait")
        #expect(rig.batch?.attempt == 1)
        #expect(rig.committed() == true)
        #expect(rig.run.checkpoint == 2)
        #expect(rig.run.totals.applied == 2)
        #expect(rig.run.totals.batches == 1)
    }

    @Test("C11: a batch is committed when its first event has waited long enough, however steadily others come")
    func linger() throws {
        var rig = Rig.running(try .small(batch: 100, linger: 5_000))
        _ = rig.ask()
        // One event every four seconds: in the guide the clock starts anew with each.
        #expect(rig.page("1a") == true)
        #expect(rig.ask() == "wait 500")
        rig.run.appended(upTo: 2)
        #expect(rig.ask(at: 4_000) == "read 1 99; wait 5000")
        #expect(rig.page("2a") == true)
        #expect(rig.ask() == "wait 4500")
        #expect(rig.ask(at: 5_000) == "apply 0>2 1a 2a; wait")
    }

    @Test("what was read ahead waits from when it came, not from when the batch before it was done")
    func lingerOfReadAhead() throws {
        var rig = Rig.running(try .small(batch: 2, readAhead: 2))
        _ = rig.ask()
        #expect(rig.page("1a 2a", isEnd: false, head: 3) == true)
        _ = rig.ask()
        #expect(rig.page("3a") == true)
        rig.now = .ms(70)
        #expect(rig.committed() == true)
        #expect(rig.ask() == "wait 100")
        #expect(rig.ask(at: 100) == "apply 2>3 3a; wait 500")
    }

    @Test("without a linger everything goes at once")
    func noLinger() throws {
        var rig = Rig.running(try .small(linger: 0))
        _ = rig.ask()
        #expect(rig.page("1a") == true)
        #expect(rig.ask() == "apply 0>1 1a; wait")
    }

    @Test("C14: a commit without an answer is tried again as it was, whatever came meanwhile")
    func lostAnswer() throws {
        var rig = Rig.running(try .small(batch: 2, readAhead: 2))
        _ = rig.ask()
        #expect(rig.page("1a") == true)
        #expect(rig.ask(at: 100) == "apply 0>1 1a; wait 500")
        let first = try #require(rig.batch)
        #expect(rig.failed(first.ticket, .timeout) == true)
        rig.run.appended(upTo: 2)
        _ = rig.ask()
        #expect(rig.page("2a") == true)
        #expect(rig.ask(at: 110) == "apply 0>1 1a; wait 600")
        #expect(rig.batch?.attempt == 2)
        #expect(rig.batch?.ticket != first.ticket)
        // The first attempt had taken place: its answer comes late, and the second one's says so.
        #expect(rig.run.committed(.moved, for: first.ticket, at: rig.now) == false)
        #expect(rig.committed(.wasThere) == true)
        #expect(rig.ask(at: 111) == "load; wait", "only what is stored is sure")
        #expect(rig.loaded(1) == true)
        #expect(rig.ask() == "read 1 2; wait")
        #expect(rig.run.totals.lostAnswers == 1)
        #expect(rig.run.totals.rivals == 0)
    }

    @Test("a commit that was refused for the time being goes again after what it asked for")
    func retryAfter() throws {
        var rig = Rig.running(try .small(linger: 0))
        _ = rig.ask()
        #expect(rig.page("1a") == true)
        _ = rig.ask()
        #expect(rig.failed(rig.batch?.ticket, .rateLimit, retryAfter: .milliseconds(70)) == true)
        #expect(rig.ask() == "wait 70")
        #expect(rig.ask(at: 70) == "apply 0>1 1a; wait")
    }

    @Test("commits that go on failing stop the run, and it can be started again")
    func givesUp() throws {
        var rig = Rig.running(try .small(linger: 0, retries: 2))
        _ = rig.ask()
        #expect(rig.page("1a") == true)
        _ = rig.ask()
        #expect(rig.failed(rig.batch?.ticket) == true)
        _ = rig.ask(at: 10)
        #expect(rig.failed(rig.batch?.ticket) == true)
        #expect(rig.run.stopReason == .gaveUp(.commit, .attemptsExhausted(2)))
        #expect(rig.committed() == false)
        rig.run.start(at: rig.now)
        #expect(rig.ask() == "load; wait")
    }

    @Test("answers to an earlier life change nothing, although it asked the same")
    func generations() throws {
        var rig = Rig.running(try .small(linger: 0))
        _ = rig.ask()
        #expect(rig.page("1a") == true)
        _ = rig.ask()
        let (load, read, batch) = (rig.load, rig.read, rig.batch)
        rig.run.start(at: rig.now)
        _ = rig.ask()
        let before = rig.run.totals.lateAnswers
        let newLoad = rig.load
        rig.load = load
        #expect(rig.loaded(5) == false)
        rig.load = newLoad
        #expect(rig.loaded(nil) == true)
        #expect(rig.ask() == "read 0 3; wait")
        let newRead = rig.read
        rig.read = read
        #expect(rig.page("1a") == false)
        rig.read = newRead
        #expect(rig.page("1a") == true)
        #expect(rig.ask() == "apply 0>1 1a; wait")
        let newBatch = rig.batch
        rig.batch = batch
        #expect(rig.committed() == false)
        #expect(rig.failed(at: 1) == false)
        #expect(rig.failed(batch?.ticket) == false)
        rig.batch = newBatch
        #expect(rig.committed() == true)
        #expect(rig.run.totals.lateAnswers == before + 5)
        #expect(rig.run.totals.starts == 2)
        // One that is made anew knows of those before it only if it is told.
        rig.run = ProjectionRun(rig.run.settings, generation: rig.run.generation)
        rig.run.start(at: .zero)
        _ = rig.ask()
        #expect(rig.load?.generation == 3)
    }

    @Test("what an event does outside is a replay up to where it has been done before")
    func replayedThrough() throws {
        var rig = Rig.running(try .small(linger: 0), replayedThrough: 5)
        _ = rig.ask()
        #expect(rig.page("1a") == true)
        _ = rig.ask()
        #expect(rig.batch?.replayedThrough == 5)
        rig.run.start(at: .zero)
        rig.run.replayedThrough = 3
        _ = rig.ask()
        _ = rig.loaded(1)
        _ = rig.ask()
        #expect(rig.page("2a") == true)
        _ = rig.ask()
        #expect(rig.batch?.replayedThrough == 3)
    }
}
