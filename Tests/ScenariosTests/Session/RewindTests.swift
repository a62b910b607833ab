import Scenarios
import Simulation
import Testing
import Timeline

@Suite("Rewinding a session")
struct RewindTests {
    private static let timeline = ["at 2s inject error on payment for 500ms", "at 4s caption \"late\""]
    private static let expect = [
        "by 3s breaker payment is open", "always breaker payment is closed", "during 1s..3s rate(visitors) > 1/s",
        "at 3.5s charged > 0", "at end pending == 0",
    ]

    private func session() throws -> Session {
        Session(scenario: try SmallScenario.read(timeline: Self.timeline, expect: Self.expect))
    }

    @Test("the run from a rewound instant is the same again: state, commands and verdicts")
    func replay() throws {
        var straight = try session()
        straight.advance(by: .milliseconds(3_700))
        try straight.perform(text: "inject crash on orders for 100ms")
        straight.runToEnd()
        var back = try session()
        back.advance(by: .milliseconds(3_700))
        try back.perform(text: "inject crash on orders for 100ms")
        back.runToEnd()
        for moment in [5_000, 1_234, 3_700, 2_000, 0] {
            try back.perform(text: "rewind to \(moment)ms")
            #expect(back.state == .paused(.rewound))
            #expect(back.now == .after(.milliseconds(Int64(moment))))
            back.runToEnd()
            #expect(back.fingerprint == straight.fingerprint, "\(moment) ms")
            #expect(back.judgements == straight.judgements, "\(moment) ms")
        }
        #expect(straight.judgements.map(\.verdict) == [.pass, .fail, .pass, .pass, .pass])
        #expect(back.takeNotices().isEmpty)
    }

    @Test("what was seen after the instant is forgotten")
    func forgetting() throws {
        var session = try session()
        session.advance(by: .milliseconds(3_600))
        #expect(session.judgements.map(\.verdict) == [.pass, .fail, .pass, .pass, nil])
        try session.perform(text: "rewind to 1.9s")
        #expect(session.judgements.map(\.verdict) == [nil, nil, nil, nil, nil])
        #expect(session.judgements[1].firstViolated == nil)
        session.runToEnd()
        try session.perform(text: "rewind 1ms")
        #expect(session.judgements.map(\.verdict) == [.pass, .fail, .pass, .pass, nil])
    }

    @Test("a new command drops what was done later, after one notice, and leaves what was never reached")
    func newCommand() throws {
        var session = try session()
        session.advance(by: .seconds(3))
        try session.perform(text: "inject latency on orders add 5ms")
        try session.perform(text: "rewind to 1s")
        #expect(session.takeNotices().isEmpty)
        try session.perform(text: "inject latency on shop add 1ms")
        let notices = session.takeNotices()
        #expect(notices.count == 1)
        #expect(notices[0].contains("inject error on payment"))
        #expect(notices[0].contains("1 more"))
        try session.perform(text: "force payment auto")
        #expect(session.takeNotices().isEmpty)
        #expect(session.log.entries.map(\.time.nanoseconds) == [1_000_000_001, 1_000_000_002, 4_000_000_000])
        session.runToEnd()
        #expect(session.simulation.world.faultLog.count == 1)
        #expect(session.judgements[0].verdict == .fail)
        #expect(session.judgements[1].verdict == .pass)
    }

    @Test("marks and captions drop nothing; a mark can be rewound to by its name")
    func marks() throws {
        var session = try session()
        session.advance(by: .seconds(3))
        try session.perform(text: "mark \"three\"")
        session.advance(by: .seconds(1))
        try session.perform(text: "rewind to three")
        #expect(session.now == .after(.seconds(3)))
        try session.perform(text: "rewind 2s")
        try session.perform(text: "caption \"again\"")
        #expect(session.log.entries.count == 4)
        #expect(session.caption == "again")
        let problem = try #require(throws: SyntaxProblem.self) { try session.perform(text: "rewind to thre") }
        #expect(problem.message.contains("no moment"))
        #expect(throws: SyntaxProblem.self) { try session.perform(text: "rewind to three") }
    }

    @Test("different after a rewind, and the same again if nothing new was done", arguments: [1, 2, 3, 4, 5])
    func fork(seed: UInt64) throws {
        var random = RandomStream(seed: seed, name: "forks", purpose: "moments")
        var session = try session()
        session.runToEnd()
        let original = session.fingerprint
        let moment = Duration.milliseconds(Int64(random.below(3_000) + 500))
        try session.perform(.rewind(.instant(.after(moment))))
        try session.perform(text: "set visitors.rate 90/s")
        session.runToEnd()
        let forked = session.fingerprint
        #expect(forked != original)
        try session.perform(.rewind(.instant(.after(.milliseconds(Int64(random.below(5_000)))))))
        session.runToEnd()
        #expect(session.fingerprint == forked)
    }
}
