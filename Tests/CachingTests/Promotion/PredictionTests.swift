import Caching
import Testing
import Timeline

@Suite("Predictions")
struct PredictionTests {
    private func history(keys: Int = 20) throws -> AccessHistory<String> {
        AccessHistory(try AccessHistorySettings(keys: keys))
    }

    private func at(_ seconds: Int64) -> Instant { .after(.seconds(seconds)) }

    /// How well a key is foretold that was used with these gaps, in seconds.
    private func predictability(_ gaps: [Int64]) throws -> Double {
        var history = try history()
        var now: Int64 = 0
        history.record("key", at: at(now))
        for gap in gaps {
            now += gap
            history.record("key", at: at(now))
        }
        return history.pattern(of: "key", at: at(now)).predictability
    }

    @Test("a clock is foretold better with each gap, the first one not at all")
    func regular() throws {
        #expect(try predictability([60]) == 0)
        #expect(try predictability([60, 60]) == 0.25)
        #expect(try predictability([60, 60, 60]) == 0.4375)
        #expect(try predictability([Int64](repeating: 60, count: 30)) > 0.99)
    }

    @Test("irregular gaps are not foretold, nor are uses at one moment")
    func irregular() throws {
        let bursts = (0..<40).map { $0 % 10 == 9 ? Int64(600) : 1 }
        #expect(try predictability(bursts) < 0.1)
        #expect(try predictability([0, 0, 0, 0]) == 0)
    }

    @Test("what always follows is foretold, and the chain of followers ends where it closes")
    func chain() throws {
        var history = try history()
        var random = RandomStream(seed: 1, name: "chain", purpose: "gaps")
        var now = Instant.zero
        for _ in 0..<30 {
            for key in ["a", "b", "c"] {
                history.record(key, at: now)
                now = now + .nanoseconds(Int64(random.below(1_000_000_000)))
            }
        }
        #expect(history.successors(of: "a", count: 9) == ["b", "c"])
        #expect(history.successors(of: "c", count: 1) == ["a"] && history.successors(of: "c", count: 0) == [])
        #expect(history.pattern(of: "b", at: now).predictability > 0.99)
        #expect(history.successors(of: "x", count: 9).isEmpty)
    }

    @Test("a key that has two followers by turns is followed by none")
    func turns() throws {
        var history = try history()
        for round in 0..<20 as Range<Int64> {
            history.record("a", at: at(2 * round))
            history.record(round % 2 == 0 ? "b" : "c", at: at(2 * round + 1))
        }
        #expect(history.successors(of: "a", count: 1, confidence: 0).isEmpty)
        #expect(history.successors(of: "b", count: 1) == ["a"])
    }

    @Test("a new habit takes the place of an old one")
    func newHabit() throws {
        var history = try history()
        var followers: [[String]] = []
        for round in 0..<24 as Range<Int64> {
            history.record("a", at: at(2 * round))
            history.record(round < 12 ? "b" : "c", at: at(2 * round + 1))
            if [11, 12, 16, 23].contains(round) { followers.append(history.successors(of: "a", count: 1)) }
        }
        #expect(followers == [["b"], ["b"], [], ["c"]])
    }

    @Test("a follower that was forgotten is none, also when another key stands in its slot")
    func forgottenFollower() throws {
        var history = try history(keys: 3)
        for round in 0..<10 as Range<Int64> {
            history.record("a", at: at(2 * round))
            history.record("b", at: at(2 * round + 1))
        }
        history.record("c", at: at(30))
        history.record("a", at: at(31))
        #expect(history.successors(of: "a", count: 1) == ["b"])
        history.record("d", at: at(32))
        #expect(history.keysByRecency == ["d", "a", "c"])
        #expect(history.successors(of: "a", count: 1).isEmpty)
    }

    @Test("a history of one key keeps to it")
    func oneKey() throws {
        var history = try history(keys: 1)
        for key in ["a", "b", "a", "b"] { history.record(key, at: .zero) }
        #expect(history.count == 1 && history.keysByRecency == ["b"])
        #expect(history.pattern(of: "b", at: .zero).accesses == 1 && history.successors(of: "b", count: 1).isEmpty)
    }

    @Test("popular keys come by their uses within the window, among equals the last used first")
    func popular() throws {
        var history = try history()
        for _ in 0..<9 { history.record("old", at: .zero) }
        for key in ["b", "a", "c", "a", "b", "d"] { history.record(key, at: at(3_600)) }
        #expect(history.popular(9, at: at(3_600)) == ["b", "a", "d", "c"])
        #expect(history.popular(2, at: at(3_600)) == ["b", "a"] && history.popular(-1, at: at(3_600)).isEmpty)
        #expect(history.popular(1, at: at(3_500)) == ["b"])
    }
}
