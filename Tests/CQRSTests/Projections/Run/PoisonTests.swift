import CQRS
import EventSourcing
import Resilience
import Testing
import Timeline

/// C9 is the guide's defect of that number; MA is Marten's `when_skipping_events_in_daemon.cs` and
/// `error_handling_defaults.cs`, EM Emmett's processors.
@Suite("Projection runs: events that fail")
struct PoisonTests {
    private func running(
        _ errors: ErrorPolicy, attempts: Int = 2, limits: QuarantineLimits = .standard, batch: Int = 5,
        _ text: String = "1a 2b 3c 4b 5a"
    ) throws -> Rig {
        var rig = Rig.running(
            try .small(batch: batch, linger: 0, eventAttempts: attempts, errors: errors, quarantine: limits))
        _ = rig.ask()
        #expect(rig.page(text) == true)
        _ = rig.ask()
        return rig
    }

    private func all(_ verdict: ErrorPolicy.Verdict) -> ErrorPolicy {
        ErrorPolicy(apply: verdict, undecodable: verdict, unknownType: verdict)
    }

    @Test("C9: what comes before it is committed once and for all, then it alone is tried again")
    func split() throws {
        var rig = try running(.continuous)
        #expect(rig.failed(at: 3) == true)
        #expect(rig.ask() == "apply 0>2 1a 2b; wait", "nothing more is read while an event is in trouble")
        #expect(rig.committed() == true)
        #expect(rig.ask() == "wait 20")
        #expect(rig.ask(at: 20) == "apply 2>3 3c; wait")
        #expect(rig.committed() == true, "this time it worked")
        #expect(rig.ask() == "apply 3>5 4b 5a; wait")
        #expect(rig.committed() == true)
        #expect(rig.run.totals.applied == 5)
        #expect(rig.run.totals.eventFailures == 1)
        #expect(rig.run.totals.quarantined == 0)
    }

    @Test("the first event of a batch can fail, and the last; the batch after it starts where it ended")
    func edges() throws {
        var rig = try running(all(.skip), attempts: 1)
        #expect(rig.failed(at: 1) == true)
        #expect(rig.ask() == "apply 0>1 1ax; wait")
        #expect(rig.committed() == true)
        #expect(rig.ask() == "apply 1>5 2b 3c 4b 5a; wait")
        #expect(rig.failed(at: 5) == true)
        #expect(rig.ask() == "apply 1>4 2b 3c 4b; wait")
        #expect(rig.committed() == true)
        #expect(rig.ask() == "apply 4>5 5ax; wait")
        #expect(rig.committed() == true)
        #expect(rig.ask() == "wait 500")
        #expect(rig.run.totals.skipped == 2)
    }

    @Test("EM, rebuilds: the run stops in front of it, and all before it is done")
    func stop() throws {
        var rig = try running(.rebuild)
        #expect(rig.failed(at: 3, .undecodable) == true)
        #expect(rig.ask() == "apply 0>2 1a 2b; wait")
        #expect(rig.committed() == true)
        #expect(rig.run.next(at: .zero) == .stopped(.poison(3, .undecodable, attempts: 1)))
        #expect(rig.run.checkpoint == 2)
        #expect(rig.run.settled == 2)
    }

    @Test("only a handler is tried again: what cannot be read, or is unknown, will be so the next time")
    func retries() throws {
        for failure in EventFailure.allCases {
            var rig = try running(all(.skip), attempts: 3)
            #expect(rig.failed(at: 1, failure) == true)
            #expect(rig.ask() == (failure == .apply ? "wait 20" : "apply 0>1 1ax; wait"))
            guard failure == .apply else { continue }
            #expect(rig.ask(at: 20) == "apply 0>1 1a; wait")
            #expect(rig.failed(at: 1) == true)
            #expect(rig.ask() == "wait 40")
            #expect(rig.ask(at: 40) == "apply 0>1 1a; wait")
            #expect(rig.failed(at: 1) == true)
            #expect(rig.ask() == "apply 0>1 1ax; wait")
            #expect(rig.batch?.entries.first?.treatment == .skip(.apply, attempts: 3))
        }
    }

    @Test("a quarantined event takes the later ones of its sequence along, and no others")
    func quarantine() throws {
        var rig = try running(all(.quarantine), attempts: 1)
        #expect(rig.failed(at: 2) == true)
        #expect(rig.ask() == "apply 0>1 1a; wait")
        #expect(rig.committed() == true)
        #expect(rig.ask() == "apply 1>2 2b!; wait")
        #expect(rig.run.quarantined.isEmpty, "not before it is committed")
        #expect(rig.committed() == true)
        #expect(rig.ask() == "apply 2>5 3c 4b~ 5a; wait")
        #expect(rig.committed() == true)
        #expect(rig.run.quarantined == [QuarantinedSequence(sequence: Rig.key("b"), head: 2, letters: 2)])
        #expect(rig.run.letters == 2)
        let totals = rig.run.totals
        #expect([totals.applied, totals.quarantined, totals.setAside] == [3, 1, 1])
    }

    @Test("MA: of names of which some are bad, all others are stored; progress reaches the end")
    func published() throws {
        let bad: Set<Position> = [4, 5, 6, 7, 11, 14]
        var rig = try running(all(.skip), attempts: 1, batch: 15, (1...15).map { "\($0)a" }.joined(separator: " "))
        var stored: [Position] = []
        for _ in 0..<40 where rig.run.checkpoint < 15 {
            let batch = try #require(rig.batch)
            let applied = batch.entries.filter { $0.treatment == .apply }.map(\.position)
            if let failing = applied.first(where: bad.contains) {
                #expect(rig.failed(at: failing) == true)
            } else {
                stored += applied
                #expect(rig.committed() == true)
            }
            _ = rig.ask()
        }
        #expect(stored == [1, 2, 3, 8, 9, 10, 12, 13, 15])
        #expect(rig.run.totals.skipped == 6)
        #expect(rig.run.checkpoint == 15)
    }

    @Test("MA defaults: at work nothing stops it, in a rebuild everything does")
    func defaults() {
        for failure in EventFailure.allCases {
            #expect(ErrorPolicy.continuous.verdict(on: failure) != .stop)
            #expect(ErrorPolicy.rebuild.verdict(on: failure) == .stop)
        }
        #expect(ErrorPolicy.continuous.unknownType == .skip)
    }

    @Test("what is set aside has a limit for each sequence, and for sequences; then the run stops, all before it done")
    func limits() throws {
        var rig = try running(
            all(.quarantine), attempts: 1, limits: QuarantineLimits(sequences: 1, lettersEach: 2), batch: 6,
            "1b 2b 3a 4b 5a 6b")
        #expect(rig.failed(at: 1) == true)
        #expect(rig.ask() == "apply 0>1 1b!; wait")
        #expect(rig.committed() == true)
        #expect(rig.ask() == "apply 1>3 2b~ 3a; wait")
        #expect(rig.committed() == true)
        #expect(rig.run.next(at: .zero) == .stopped(.quarantineFull(4, Rig.key("b"))))
        #expect(rig.run.checkpoint == 3)
        rig = try running(all(.quarantine), attempts: 1, limits: QuarantineLimits(sequences: 1, lettersEach: 9))
        #expect(rig.failed(at: 1) == true)
        _ = rig.ask()
        #expect(rig.committed() == true)
        _ = rig.ask()
        #expect(rig.failed(at: 2) == true)
        #expect(rig.run.next(at: .zero) == .stopped(.quarantineFull(2, Rig.key("b"))))
    }

    @Test("what was set aside before a start is loaded, and holds its sequence still")
    func loaded() throws {
        let aside = [QuarantinedSequence(sequence: Rig.key("b"), head: 2, letters: 3)]
        var rig = Rig.running(try .small(linger: 0), from: 8, quarantined: aside)
        _ = rig.ask()
        #expect(rig.page("9b 10c") == true)
        #expect(rig.ask() == "apply 8>10 9b~ 10c; wait")
        #expect(rig.committed() == true)
        #expect(rig.run.letters == 4)
    }

    @Test("to name an event that was not to be applied counts as a failed commit")
    func wrongName() throws {
        let aside = [QuarantinedSequence(sequence: Rig.key("b"), head: 2, letters: 3)]
        var rig = Rig.running(try .small(linger: 0), from: 8, quarantined: aside)
        _ = rig.ask()
        #expect(rig.page("9b 10c") == true)
        _ = rig.ask()
        for position in [8, 9, 11] as [Position] {
            let before = rig.run.totals.commitFailures
            #expect(rig.failed(at: position) == true)
            #expect(rig.run.totals.commitFailures == before + 1)
            rig.now = rig.now + .milliseconds(10)
            #expect(rig.ask() == "apply 8>10 9b~ 10c; wait")
        }
    }

    @Test("an event in trouble is remembered when the checkpoint is loaded anew, unless it lies behind that")
    func reloaded() throws {
        for stored in [1, 4] as [Position] {
            var rig = try running(all(.skip), attempts: 2)
            #expect(rig.failed(at: 3) == true)
            _ = rig.ask()
            #expect(rig.committed(.mismatch(stored: stored)) == true)
            _ = rig.ask(at: 30)
            #expect(rig.loaded(stored) == true)
            #expect(rig.ask() == "read \(stored) 5; wait")
            #expect(rig.page(stored == 1 ? "2b 3c 4b 5a" : "5a") == true)
            #expect(rig.ask() == (stored == 1 ? "apply 1>2 2b; wait" : "apply 4>5 5a; wait"))
        }
    }
}
