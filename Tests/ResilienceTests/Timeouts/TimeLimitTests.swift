import Resilience
import Testing
import Timeline

@Suite("Time limit")
struct TimeLimitTests {
    private let now = Instant.after(.seconds(10))

    @Test("the earlier of the own limit and the caller's deadline ends an attempt")
    func earlierDeadline() throws {
        let limit = try TimeLimit(.seconds(1))
        let soon = now + .milliseconds(500)
        #expect(limit.deadline(from: now) == .after(.seconds(11)))
        #expect(limit.deadline(from: now, callersDeadline: .after(.seconds(20))) == .after(.seconds(11)))
        #expect(limit.deadline(from: now, callersDeadline: soon) == soon)
        #expect(limit.start(at: now) == .run(until: .after(.seconds(11)), boundBy: .limit))
        #expect(
            limit.start(at: now, callersDeadline: .after(.seconds(11)))
                == .run(until: .after(.seconds(11)), boundBy: .limit))
        #expect(limit.start(at: now, callersDeadline: soon) == .run(until: soon, boundBy: .caller))
    }

    @Test("nothing is started for a caller that has stopped waiting")
    func expired() throws {
        let limit = try TimeLimit(.seconds(1))
        #expect(limit.start(at: now, callersDeadline: now) == .expired(late: .zero))
        #expect(limit.start(at: now, callersDeadline: .after(.seconds(7))) == .expired(late: .seconds(3)))
    }

    @Test("the longest limit saturates instead of overflowing")
    func saturates() throws {
        #expect(try TimeLimit(.maximum).deadline(from: now) == .distantFuture)
    }

    @Test("a limit must be more than zero")
    func refused() {
        for length in [Duration.zero, .seconds(-1)] {
            #expect(throws: SettingError.self) { try TimeLimit(length) }
        }
    }
}
