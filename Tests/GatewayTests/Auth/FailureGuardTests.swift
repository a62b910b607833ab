import Gateway
import Testing
import Timeline

@Suite("Guard against guesses")
struct FailureGuardTests {
    private func at(_ seconds: Int64) -> Instant { .after(.seconds(seconds)) }

    @Test("each failure beyond the free ones keeps away twice as long, up to the longest")
    func delays() throws {
        let rules = try FailureRules(free: 2, longestDelay: .seconds(6), memory: .seconds(100))
        var failures = FailureGuard(rules)
        var now = at(0)
        let delays: [Int64?] = [nil, nil, 1, 2, 4, 6, 6]
        for delay in delays {
            let length = delay.map { Duration.seconds($0) }
            #expect(failures.failed(7, at: now) == length && failures.wait(of: 7, at: now) == length)
            now = now + (length ?? .zero)
            #expect(failures.wait(of: 7, at: now) == nil)
        }
        #expect(failures.wait(of: 8, at: at(0)) == nil && failures.count == 1)
    }

    @Test("failures are forgotten together after the memory, counted from the end of the last delay")
    func memory() throws {
        let rules = try FailureRules(free: 1, firstDelay: .seconds(10), memory: .seconds(60))
        var failures = FailureGuard(rules)
        #expect(failures.failed(1, at: at(0)) == nil && failures.failed(1, at: at(59)) == .seconds(10))
        #expect(failures.failed(1, at: at(128)) == .seconds(20))
        #expect(failures.failed(1, at: at(208)) == nil)
    }

    @Test("a full table forgets who failed longest ago, and never grows")
    func bounded() throws {
        var failures = FailureGuard(try FailureRules(free: 0, firstDelay: .seconds(900), capacity: 3))
        for client in 0..<3 as Range<UInt64> { failures.failed(client, at: at(Int64(client))) }
        failures.failed(0, at: at(3))
        failures.failed(9, at: at(4))
        #expect(failures.count == 3 && failures.wait(of: 1, at: at(4)) == nil)
        #expect(failures.wait(of: 0, at: at(4)) != nil && failures.wait(of: 9, at: at(4)) == .seconds(900))
    }

    @Test("no number of failures and no clock makes it trap")
    func odd() throws {
        var failures = FailureGuard(try FailureRules(free: 0, longestDelay: .maximum))
        var now = Instant(nanoseconds: .max - 1)
        for _ in 0..<100 { failures.failed(1, at: now) }
        #expect(failures.wait(of: 1, at: now) == .nanoseconds(1))
        now = Instant(nanoseconds: .min)
        failures.failed(1, at: now)
        #expect(failures.count == 1)
    }

    @Test("rules out of their ranges are refused")
    func rules() {
        #expect(throws: SettingError.self) { try FailureRules(free: -1) }
        #expect(throws: SettingError.self) { try FailureRules(firstDelay: .zero) }
        #expect(throws: SettingError.self) { try FailureRules(firstDelay: .seconds(2), longestDelay: .seconds(1)) }
        #expect(throws: SettingError.self) { try FailureRules(memory: .zero) }
        #expect(throws: SettingError.self) { try FailureRules(capacity: 0) }
    }
}
