import Scenarios
import Simulation
import Testing
import Timeline

@Suite("Judging expectations")
struct JudgeTests {
    private func judge(
        _ line: String, timeline: [String] = [], duration: String = "6s", end: Instant? = nil
    ) throws -> Judgement {
        var options = Session.Options.headless
        options.end = end
        var session = Session(
            scenario: try SmallScenario.read(timeline: timeline, expect: [line], duration: duration), options: options)
        session.runToEnd()
        return session.judgements[0]
    }

    private static let outage = ["at 2s inject error on payment for 2s"]

    @Test(
        "an expectation of a healthy run is met, missed or cannot be judged, by its interval",
        arguments: [
            ("by 3s breaker payment is closed", Verdict.pass), ("by 3s breaker payment is open", .fail),
            ("from 2s by 4s in flight >= 0", .pass), ("from 2s by 4s in flight < 0", .fail),
            ("during 1s..5s p99(payment.charge) < 200ms", .pass), ("during 1s..5s p99(payment.charge) < 1ms", .fail),
            ("always charged == confirmed + refunded + pending", .pass), ("always pending == 0", .fail),
            ("at 3s charged > 0", .pass), ("at 3s charged == 0", .fail), ("at end pending == 0", .pass),
            ("at end confirmed == charged", .pass), ("at end charged == 0", .fail),
            ("at end running(place-order) == 0 and completed(place-order) > 50", .pass),
            ("at end rate(visitors) > 20/s and rate(visitors) < 40/s", .pass),
            ("at end p99(idle.nothing) < 1s", .inconclusive), ("by 4s p99(orders.unused) > 0", .inconclusive),
            ("during 2.1s..2.9s rate(visitors) > 0", .inconclusive), ("during 2s..3s rate(visitors) > 0", .pass),
            ("during 2.5s..4s rate(visitors) > 0", .pass), ("by 0.5s rate(visitors) > 0", .inconclusive),
            ("at 0.5s rate(visitors) > 0", .inconclusive), ("by 1s rate(visitors) > 0", .pass),
            ("by 20s breaker payment is open", .inconclusive), ("at 20s charged > 0", .inconclusive),
            ("during 1s..20s charged >= 0", .inconclusive), ("by 20s charged > 0", .pass),
            ("during 1s..20s charged == 0", .fail),
            ("at end p99(idle.nothing) < 1s or pending == 0", .pass),
            ("at end p99(idle.nothing) < 1s and pending == 0", .inconclusive),
            ("at end utilisation(payment) < 100% and busy(payment) == 0 and queue(payment) == 0", .pass),
            ("at end attempts(payment) > 100 and retries(payment) < 100 and timeouts(payment) < 50", .pass),
            ("at end error share(shop.browse) < 20% and faults active == 0", .pass),
        ])
    func healthy(line: String, verdict: Verdict) throws {
        let judgement = try judge(line)
        #expect(judgement.verdict == verdict, "\(judgement)")
        #expect(judgement.observed != nil || verdict == .inconclusive)
    }

    @Test("a violated state has the exact instant of the event that broke it")
    func firstViolation() throws {
        let judgement = try judge("always breaker payment is closed", timeline: Self.outage)
        #expect(judgement.verdict == .fail)
        #expect(judgement.observed == "breaker shop -> payment is open")
        var simulation = try #require(Optional(try SmallScenario.read(timeline: Self.outage))).plan.run(
            for: .seconds(3))
        let opened = simulation.journal.latest(1_000_000) { $0.what == .opened }.last
        #expect(judgement.firstViolated == opened?.time)
        simulation.run(until: .after(.seconds(3)))
    }

    @Test("a state that lasts for a moment between two seconds is seen")
    func briefState() throws {
        let halfOpen = try judge(
            "by 6s breaker payment is half-open", timeline: ["at 2s inject error on payment for 500ms"])
        #expect(halfOpen.verdict == .pass)
        let held = try #require(halfOpen.firstHeld)
        #expect(held.nanoseconds % 1_000_000_000 != 0)
        let forced = try judge(
            "by 3s breaker payment is forced open",
            timeline: ["at 2.5s force payment open", "at 2.500000001s force payment auto"])
        #expect(forced.verdict == .pass)
        #expect(forced.firstHeld == .after(.milliseconds(2_500)))
        #expect(forced.reason == nil)
        let sameMoment = try judge(
            "always not breaker payment is forced open",
            timeline: ["at 2.5s force payment open", "at 2.5s force payment auto"])
        #expect(sameMoment.firstViolated == .after(.milliseconds(2_500)))
    }

    @Test("a state at the very ends of an interval counts, one outside does not")
    func intervalEnds() throws {
        let timeline = ["at 2s force payment open", "at 3s force payment auto"]
        func verdict(_ span: String) throws -> Verdict? {
            try judge("\(span) breaker payment is forced open", timeline: timeline).verdict
        }
        #expect(try verdict("from 1s by 2s") == .pass)
        #expect(try verdict("from 1s by 1.999999999s") == .fail)
        #expect(try verdict("from 3s by 4s") == .fail)
        #expect(try verdict("during 2s..2.999999999s") == .pass)
        #expect(try verdict("during 2s..3s") == .fail)
        #expect(try verdict("during 1.999999999s..2.5s") == .fail)
        #expect(try verdict("at 2s") == .pass)
        #expect(try verdict("at 3s") == .fail)
    }

    @Test("windowed metrics do not reach back before the interval")
    func windowsWithin() throws {
        let outage = ["at 1s inject error on payment.check for 1s"]
        #expect(try judge("during 3s..5s error share(payment.check) > 5%", timeline: outage).verdict == .fail)
        #expect(try judge("by 5s error share(payment.check) > 5%", timeline: outage).verdict == .pass)
        #expect(try judge("at 5s failed(payment.check) > 0", timeline: outage).verdict == .pass)
        #expect(try judge("during 3s..6s failed(payment.check) == 0", timeline: outage).verdict == .pass)
    }

    @Test("a fault that hits nothing leaves it open, unless the violation came before the fault")
    func idleFault() throws {
        let idle = ["at 3s inject error on idle.nothing for 1s"]
        let pass = try judge("by 4s charged > 0", timeline: idle)
        #expect(pass.verdict == .inconclusive)
        #expect(pass.reason == "fault F1 has hit nothing")
        #expect(try judge("by 2s charged > 0", timeline: idle).verdict == .pass)
        #expect(try judge("by 3s charged > 0", timeline: idle).verdict == .pass)
        #expect(try judge("by 4s breaker payment is open", timeline: idle).verdict == .inconclusive)
        #expect(try judge("at end pending == 0", timeline: idle).verdict == .inconclusive)
        #expect(try judge("always pending == 0", timeline: idle).verdict == .fail)
        #expect(try judge("during 3.2s..4s confirmed == 0", timeline: idle).verdict == .inconclusive)
        #expect(try judge("at end pending == 0", timeline: ["at 3s inject error on payment for 1s"]).verdict == .pass)
        #expect(try judge("at end pending == 0", timeline: ["at 3s inject crash on shop for 1s"]).verdict == .pass)
    }

    @Test("a system that does not come to rest in two minutes leaves the end open")
    func endlessDrain() throws {
        let judgement = try judge(
            "at end pending == 0", timeline: ["at 1s inject hang on orders.confirm"], duration: "2s")
        #expect(judgement.verdict == .inconclusive)
        #expect(judgement.reason?.contains("2m") == true)
    }

    @Test("a run that is cut short leaves open what was still to come")
    func cutShort() throws {
        let end = Instant.after(.seconds(3))
        #expect(try judge("at end pending == 0", end: end).verdict == .inconclusive)
        #expect(try judge("by 5s breaker payment is open", end: end).verdict == .inconclusive)
        #expect(try judge("by 2s charged > 0", end: end).verdict == .pass)
        #expect(try judge("always charged >= 0", end: end).verdict == .pass)
    }

    @Test("a command that cannot be carried out is an error for what is decided after it")
    func failedCommand() throws {
        let text = SmallScenario.text(
            timeline: ["at 2s set payment.bulkhead.max 4"],
            expect: ["by 1s charged > 0", "at end pending == 0", "always charged >= 0", "always charged == 0"]
        ).replacing("{threads: 8, queue: 8}", with: "{core: 2, max: 8, queue: 8}")
        var session = Session(scenario: try Scenario(parsing: text, file: "small.yaml"))
        try session.perform(text: "set payment.bulkhead.core 6")
        session.runToEnd()
        #expect(session.judgements.map(\.verdict) == [.pass, .error, .error, .fail])
        #expect(session.judgements[1].reason?.contains("max") == true)
        #expect(session.verdict == .error)
    }

    @Test("error beats fail beats inconclusive beats pass; nothing at all is inconclusive")
    func overall() {
        #expect(Verdict.overall(of: []) == .inconclusive)
        #expect(Verdict.overall(of: [.pass, .pass]) == .pass)
        #expect(Verdict.overall(of: [.pass, .inconclusive]) == .inconclusive)
        #expect(Verdict.overall(of: [.inconclusive, .fail, .pass]) == .fail)
        #expect(Verdict.overall(of: [.fail, .error, .pass]) == .error)
        #expect(Verdict.allCases.map(\.exitStatus).sorted() == [0, 1, 2, 3])
    }

    @Test("a file without expectations is inconclusive")
    func nothingExpected() throws {
        var session = Session(scenario: try SmallScenario.read(duration: "1s"), options: .headless)
        session.runToEnd()
        #expect(session.verdict == .inconclusive)
    }
}

extension Plan {
    /// A run of the timeline's outage, to compare with.
    fileprivate func run(for length: Duration) -> Simulation {
        var simulation = Simulation(plan: self)
        let fault = FaultPlan(.error, on: .service(1), for: .seconds(2))
        simulation.schedule(TimedAction(at: .after(.seconds(2)), .inject(fault)))
        simulation.run(until: .after(length))
        return simulation
    }
}
