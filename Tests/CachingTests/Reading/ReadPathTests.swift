import Caching
import Testing
import Timeline

@Suite("Read path")
struct ReadPathTests {
    typealias Path = ReadPath<String, Int>

    private func at(_ milliseconds: Int64) -> Instant { .after(.milliseconds(milliseconds)) }

    private func load(_ start: Path.Start) -> FlightID? {
        if case .load(let flight, _) = start { flight } else { nil }
    }

    private func seat(_ start: Path.Start) -> Seat? {
        switch start {
        case .load(_, let seat), .join(_, let seat): seat
        case .stale: nil
        }
    }

    private func value(_ answer: Path.Answer?) -> Int? {
        switch answer {
        case .value(let held), .stale(let held): held.value
        case .absent, .failed, nil: nil
        }
    }

    private func stale(_ value: Int, endedAt milliseconds: Int64, until limit: Int64) -> CachedValue<Int> {
        CachedValue(value, version: 1, loadedAt: .zero, expiresAt: at(milliseconds), staleUntil: at(limit))
    }

    @Test("many readers of a key make one load, and all get its value; the next round loads again")
    func singleFlight() throws {
        var path = Path(try ReadSettings())
        for round in 1...2 {
            let flight = try #require(load(path.begin("a", reader: 0, at: at(0))))
            for reader in 1..<10 as Range<UInt32> {
                #expect(load(path.begin("a", reader: reader, at: at(10))) == nil)
            }
            let landing = path.land(flight, .value(42, version: 7), at: at(500))
            #expect(value(landing?.answer) == 42 && landing?.readers == Array(0..<10))
            #expect(landing?.kept?.loadTime == .milliseconds(500))
            #expect(path.counts.loads == round && path.counts.joins == 9 * round && path.waiting == 0)
        }
    }

    @Test("who reads what was overwritten since a load began does not join that load, but makes or joins a later one")
    func overwritten() throws {
        var path = Path(try ReadSettings())
        let former = try #require(load(path.begin("a", reader: 0, at: at(0))))
        #expect(load(path.begin("a", reader: 1, at: at(10))) == nil)
        path.invalidate("a")
        path.invalidate("b")
        let later = try #require(load(path.begin("a", reader: 2, at: at(20))))
        #expect(path.land(former, .value(1, version: 1), at: at(30))?.readers == [0, 1])
        #expect(load(path.begin("a", reader: 3, at: at(40))) == nil)
        #expect(path.land(later, .value(2, version: 2), at: at(50))?.readers == [2, 3])
        #expect(path.loading == 0 && path.waiting == 0 && path.counts.loads == 2)
    }

    @Test("without single flight each reader loads for itself")
    func eachForItself() throws {
        var path = Path(try ReadSettings(isSingleFlight: false))
        let flights = (0..<3).map { load(path.begin("a", reader: $0, at: at(0))) }
        #expect(Set(flights.compactMap { $0 }).count == 3 && path.loading == 3)
        let readers = flights.compactMap { $0 }.map { path.land($0, .failed, at: at(1))?.readers }
        #expect(readers == [[0], [1], [2]])
    }

    @Test("a failure goes to all who wait, nothing is kept of it, and the next reader loads again")
    func failure() throws {
        var path = Path(try ReadSettings())
        let flight = try #require(load(path.begin("a", reader: 0, at: at(0))))
        _ = path.begin("a", reader: 1, at: at(1))
        let landingResult = path.land(flight, .failed, at: at(2))
        let landing = try #require(landingResult)
        guard case .failed = landing.answer else { return #expect(Bool(false), "not a failure") }
        #expect(landing.readers == [0, 1] && landing.kept == nil)
        #expect(load(path.begin("a", reader: 2, at: at(3))) != nil)
    }

    @Test("a flight that is over is not landed again, and does not stand for a later one of its key")
    func lateLanding() throws {
        var path = Path(try ReadSettings())
        let first = try #require(load(path.begin("a", reader: 0, at: at(0))))
        _ = path.land(first, .value(1, version: 1), at: at(1))
        let second = try #require(load(path.begin("a", reader: 1, at: at(2))))
        #expect(path.land(first, .value(2, version: 2), at: at(3)) == nil)
        #expect(value(path.land(second, .value(3, version: 3), at: at(4))?.answer) == 3)
    }

    @Test("that there is no value is kept for as long as is said, and not at all by default")
    func absence() throws {
        for (absence, kept) in [(nil, false), (.seconds(5), true)] as [(Duration?, Bool)] {
            var path = Path(try ReadSettings(lifetime: .seconds(60), absence: absence))
            let flight = try #require(load(path.begin("a", reader: 0, at: at(0))))
            let landingResult = path.land(flight, .absent(version: 3), at: at(100))
            let landing = try #require(landingResult)
            guard case .absent = landing.answer else { return #expect(Bool(false), "something was there") }
            #expect((landing.kept != nil) == kept)
            if let held = landing.kept { #expect(held.value == nil && held.expiresAt == at(5_100)) }
        }
    }

    @Test("a stale value is served at the soft timeout, and the load that goes on brings the new one (FusionCache)")
    func softTimeout() throws {
        let failSafe = try ReadSettings.FailSafe(limit: .seconds(10))
        var path = Path(
            try ReadSettings(lifetime: .seconds(1), failSafe: failSafe, softTimeout: .milliseconds(100)))
        let start = path.begin("a", reader: 0, stale: stale(42, endedAt: 1_000, until: 11_000), at: at(1_100))
        let (flight, waiting) = (try #require(load(start)), try #require(seat(start)))
        #expect(path.limit(of: waiting) == at(1_200))
        guard case .stale(let held) = path.overdue(waiting, at: at(1_200)) else { return #expect(Bool(false)) }
        #expect(held.value == 42 && path.waiting == 0 && path.loading == 1)
        let landing = path.land(flight, .value(21, version: 2), at: at(2_100))
        #expect(landing?.readers == [] && landing?.kept?.value == 21)
    }

    @Test("without a stale value the soft timeout does not count, and the hard one ends the waiting")
    func hardTimeout() throws {
        let failSafe = try ReadSettings.FailSafe(limit: .seconds(10))
        var path = Path(
            try ReadSettings(
                failSafe: failSafe, softTimeout: .milliseconds(100), hardTimeout: .milliseconds(500)))
        let waiting = try #require(seat(path.begin("a", reader: 0, at: at(0))))
        #expect(path.limit(of: waiting) == at(500))
        guard case .wait(at(500)) = path.overdue(waiting, at: at(100)) else { return #expect(Bool(false)) }
        guard case .timedOut = path.overdue(waiting, at: at(500)) else { return #expect(Bool(false)) }
        #expect(path.limit(of: waiting) == nil && path.counts.timeouts == 1)
    }

    @Test("a failed load is made up for by the stale value, within its limit, and not repeated for the pause")
    func failSafe() throws {
        let failSafe = try ReadSettings.FailSafe(limit: .seconds(2), pause: .seconds(1))
        var path = Path(try ReadSettings(failSafe: failSafe))
        let old = stale(42, endedAt: 1_000, until: 3_000)
        let flight = try #require(load(path.begin("a", reader: 0, stale: old, at: at(1_500))))
        guard case .stale(let held)? = path.land(flight, .failed, at: at(1_600))?.answer else {
            return #expect(Bool(false))
        }
        #expect(held == old)
        guard case .stale = path.begin("a", reader: 1, stale: old, at: at(2_500)) else { return #expect(Bool(false)) }
        let next = try #require(load(path.begin("a", reader: 2, stale: old, at: at(2_600))))
        guard case .failed? = path.land(next, .failed, at: at(3_000))?.answer else {
            return #expect(Bool(false), "served past its limit")
        }
        #expect(path.counts.servedStale == 2)
    }

    @Test("a reader that leaves is not named when the load lands, and the others keep their order")
    func leaving() throws {
        var path = Path(try ReadSettings())
        let starts = (0..<5).map { path.begin("a", reader: $0, at: at(0)) }
        for gone in [0, 2, 4] { path.leave(try #require(seat(starts[gone]))) }
        path.leave(try #require(seat(starts[2])))
        let flight = try #require(load(starts[0]))
        #expect(path.land(flight, .value(1, version: 1), at: at(1))?.readers == [1, 3])
    }

    @Test("a refresh is made once, nobody waits for it, and readers that miss the key meanwhile join it")
    func refresh() throws {
        var path = Path(try ReadSettings(lifetime: .seconds(10), refresh: .eager(share: 0.8)))
        let held = CachedValue(1, version: 1, loadedAt: at(0), expiresAt: at(10_000))
        var random = RandomStream(seed: 1, name: "a", purpose: "refresh")
        #expect(!path.settings.refreshes(held, at: at(7_999), using: &random))
        #expect(path.settings.refreshes(held, at: at(8_000), using: &random))
        let flightResult = path.refresh("a", held, at: at(8_000))
        let flight = try #require(flightResult)
        #expect(path.refresh("a", held, at: at(8_001)) == nil)
        #expect(load(path.begin("a", reader: 7, at: at(8_002))) == nil)
        #expect(path.land(flight, .value(2, version: 2), at: at(9_000))?.readers == [7])
    }

    @Test(
        "XFetch: what is left of the life at which a draw of one half begins a load that takes 2 s",
        arguments: [(1_386, true), (1_387, false), (0, true)] as [(Int64, Bool)])
    func early(left: Int64, fires: Bool) {
        let isEarly = ReadSettings.isEarly(left: .milliseconds(left), loadTime: .seconds(2), beta: 1, draw: 0.5)
        #expect(isEarly == fires)
    }

    @Test(
        "XFetch: the share of readers that begin a load, for a load of 400 ms",
        arguments: [(100, 0.7788), (400, 0.3679), (1_000, 0.0821), (2_000, 0.0067)] as [(Int64, Double)])
    func earlyShare(left: Int64, share: Double) throws {
        let settings = try ReadSettings(lifetime: .seconds(60), refresh: .early(beta: 1))
        let held = CachedValue(
            1, version: 1, loadedAt: at(0), loadTime: .milliseconds(400), expiresAt: at(60_000))
        var random = RandomStream(seed: 3, name: "readers", purpose: "refresh")
        let draws = 40_000
        let early = (0..<draws).count { _ in settings.refreshes(held, at: at(60_000 - left), using: &random) }
        #expect(abs(Double(early) / Double(draws) - share) < 0.01)
    }

    @Test("settings out of range are refused by name")
    func settings() throws {
        #expect(throws: SettingError.self) { try ReadSettings(lifetime: .zero) }
        #expect(throws: SettingError.self) { try ReadSettings(softTimeout: .seconds(1)) }
        #expect(throws: SettingError.self) { try ReadSettings(refresh: .eager(share: 1.5)) }
        #expect(throws: SettingError.self) { try ReadSettings(refresh: .early(beta: -1)) }
        let failSafe = try ReadSettings.FailSafe(limit: .seconds(1))
        #expect(throws: SettingError.self) {
            try ReadSettings(failSafe: failSafe, softTimeout: .seconds(2), hardTimeout: .seconds(2))
        }
        #expect(throws: SettingError.self) { try ReadSettings.FailSafe(limit: .zero) }
    }
}
