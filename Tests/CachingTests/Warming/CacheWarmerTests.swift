import Caching
import Testing
import Timeline

@Suite("Cache warmer")
struct CacheWarmerTests {
    typealias Warmer = CacheWarmer<Int>

    private func at(_ milliseconds: Int64) -> Instant { .after(.milliseconds(milliseconds)) }

    /// Begins as many loads as it may now.
    private func begin(_ warmer: inout Warmer, at now: Instant) -> [Warmer.Load] {
        var loads: [Warmer.Load] = []
        while case .load(let load) = warmer.next(at: now, isHeld: { _ in false }) { loads.append(load) }
        return loads
    }

    @Test("loads begin in the order of the keys, no more at once than allowed")
    func concurrency() throws {
        var warmer = Warmer(try CacheWarmerSettings(concurrency: 2, timeout: .seconds(9), life: .seconds(30)))
        warmer.start([7, 5, 6], at: at(0))
        let loads = begin(&warmer, at: at(0))
        #expect(loads.map(\.key) == [7, 5] && loads.allSatisfy { $0.life == .seconds(30) })
        #expect(warmer.next(at: at(1)) { _ in false } == .wait(until: at(9_000)))
        warmer.settle(loads[1], .loaded, at: at(2))
        #expect(begin(&warmer, at: at(2)).map(\.key) == [6])
        #expect(warmer.inFlight == 2 && warmer.report.unfinished == 2)
    }

    @Test("loads begin at even distances, and when to ask again is said")
    func rate() throws {
        var warmer = Warmer(try CacheWarmerSettings(rate: 100))
        warmer.start([1, 2, 3], at: at(0))
        #expect(begin(&warmer, at: at(0)).map(\.key) == [1])
        #expect(warmer.next(at: at(3)) { _ in false } == .wait(until: at(10)))
        #expect(begin(&warmer, at: at(25)).map(\.key) == [2])
        #expect(warmer.next(at: at(25)) { _ in false } == .wait(until: at(35)))
    }

    @Test("keys that are held are skipped and cost nothing, and a key given twice is asked for once")
    func skipping() throws {
        var warmer = Warmer(try CacheWarmerSettings(rate: 1))
        warmer.start([1, 2, 1, 3, 2], at: at(0))
        guard case .load(let load) = warmer.next(at: at(0), isHeld: { $0 < 3 }) else {
            Issue.record("nothing to load")
            return
        }
        warmer.settle(load, .loaded, at: at(1))
        let report = warmer.report
        #expect(load.key == 3 && report.asked == 3 && report.skipped == 2 && report.loaded == 1)
        #expect(report.endedAt == at(1) && report.verdict == .complete)
        #expect(warmer.next(at: at(2)) { _ in false } == .done(report))
    }

    @Test("the source with the fewest loads is next, and equals take turns")
    func balance() throws {
        var warmer = Warmer(try CacheWarmerSettings(sources: 3, concurrency: 6))
        warmer.start(Array(0..<9), at: at(0))
        let loads = begin(&warmer, at: at(0))
        #expect(loads.map(\.source) == [0, 1, 2, 0, 1, 2])
        for load in loads where load.source == 1 { warmer.settle(load, .loaded, at: at(1)) }
        #expect(begin(&warmer, at: at(1)).map(\.source) == [1, 1])
        #expect((0..<4).map { warmer.inFlight(at: $0) } == [2, 2, 2, 0])
    }

    @Test("sources take turns also when each load ends before the next begins")
    func turns() throws {
        var warmer = Warmer(try CacheWarmerSettings(sources: 3, concurrency: 1))
        warmer.start(Array(0..<5), at: at(0))
        var sources: [Int] = []
        while let load = begin(&warmer, at: at(0)).first {
            sources.append(load.source)
            warmer.settle(load, .loaded, at: at(0))
        }
        #expect(sources == [0, 1, 2, 0, 1])
    }

    @Test("a source that failed is avoided until its time is over or one of its loads succeeds")
    func avoidance() throws {
        var warmer = Warmer(try CacheWarmerSettings(sources: 2, concurrency: 4, avoidance: .seconds(1)))
        warmer.start(Array(0..<20), at: at(0))
        let loads = begin(&warmer, at: at(0))
        #expect(loads.map(\.source) == [0, 1, 0, 1])
        warmer.settle(loads[0], .failed, at: at(10))
        #expect(begin(&warmer, at: at(10)).map(\.source) == [1])
        warmer.settle(loads[2], .loaded, at: at(20))
        #expect(begin(&warmer, at: at(20)).map(\.source) == [0])
    }

    @Test("when all sources are avoided, it waits for the first of them to be tried again")
    func allAvoided() throws {
        var warmer = Warmer(try CacheWarmerSettings(sources: 2, concurrency: 2, avoidance: .seconds(1)))
        warmer.start(Array(0..<4), at: at(0))
        let loads = begin(&warmer, at: at(0))
        warmer.settle(loads[1], .failed, at: at(10))
        warmer.settle(loads[0], .failed, at: at(15))
        #expect(warmer.next(at: at(20)) { _ in false } == .wait(until: at(1_010)))
        #expect(begin(&warmer, at: at(1_010)).map(\.source) == [1, 1])
    }

    @Test("it waits no longer than to the deadline")
    func noLonger() throws {
        var warmer = Warmer(try CacheWarmerSettings(concurrency: 1, timeout: .seconds(2), avoidance: .maximum))
        warmer.start([1, 2], at: at(0))
        for load in begin(&warmer, at: at(0)) { warmer.settle(load, .failed, at: at(1)) }
        #expect(warmer.next(at: at(1)) { _ in false } == .wait(until: at(2_000)))
    }

    @Test("when every load fails the report says so, and names the first failures")
    func everythingFails() throws {
        var warmer = Warmer(try CacheWarmerSettings(avoidance: .zero, failuresKept: 2))
        warmer.start([1, 2, 3], at: at(0))
        for load in begin(&warmer, at: at(0)) { warmer.settle(load, .failed, at: at(5)) }
        let report = warmer.report
        #expect(report.failed == 3 && report.verdict == .nothing && report.endedAt == at(5))
        #expect(report.failures.map(\.key) == [1, 2] && report.failures.map(\.source) == [0, 0])
    }

    @Test("at the deadline it ends, at that very moment, and what runs or waits is unfinished")
    func deadline() throws {
        var warmer = Warmer(try CacheWarmerSettings(concurrency: 2, timeout: .seconds(1)))
        warmer.start([1, 2, 3, 4], at: at(0))
        let loads = begin(&warmer, at: at(0))
        warmer.settle(loads[0], .loaded, at: at(999))
        #expect(warmer.settle(loads[1], .loaded, at: at(1_000)) == false)
        let report = warmer.report
        #expect(report.endedAt == at(1_000) && report.unfinished == 3 && report.verdict == .partial)
        #expect(warmer.givesUpAt == nil && warmer.inFlight == 0)
        #expect(warmer.next(at: at(5_000)) { _ in false } == .done(report))
    }

    @Test("loads of a former warming count against those that run at once, but not in the new report")
    func restart() throws {
        var warmer = Warmer(try CacheWarmerSettings(concurrency: 2))
        warmer.start([1, 2], at: at(0))
        let former = begin(&warmer, at: at(0))
        #expect(warmer.stop(at: at(1)).unfinished == 2)
        warmer.start([3, 4], at: at(2))
        #expect(begin(&warmer, at: at(2)).isEmpty)
        #expect(warmer.settle(former[0], .failed, at: at(3)) == false)
        #expect(warmer.report.failed == 0 && warmer.inFlight == 1)
        #expect(begin(&warmer, at: at(6_000)).map(\.key) == [3])
    }

    @Test("when everything is held already it is over at once, and complete")
    func allHeld() throws {
        var warmer = Warmer(try CacheWarmerSettings())
        warmer.start([1, 2], at: at(0))
        let step = warmer.next(at: at(3)) { _ in true }
        #expect(step == .done(warmer.report) && warmer.report.endedAt == at(3))
        #expect(warmer.report.skipped == 2 && warmer.report.verdict == .complete)
    }

    @Test("a load counts once, however often it is told")
    func onceOnly() throws {
        var warmer = Warmer(try CacheWarmerSettings())
        warmer.start([1, 2, 3], at: at(0))
        let loads = begin(&warmer, at: at(0))
        let counted = [CacheWarmer<Int>.Outcome.loaded, .failed].map { warmer.settle(loads[0], $0, at: at(1)) }
        #expect(counted == [true, false])
        #expect(warmer.report.loaded == 1 && warmer.report.failed == 0 && warmer.inFlight == 2)
    }

    @Test("a warming of nothing is over at once, and so is none")
    func nothing() throws {
        var warmer = Warmer(try CacheWarmerSettings())
        #expect(warmer.next(at: at(5)) { _ in false } == .done(warmer.report))
        warmer.start([], at: at(5))
        #expect(warmer.report.endedAt == at(5) && warmer.report.verdict == .complete && warmer.givesUpAt == nil)
    }

    @Test("settings out of range are named, and a concurrency of 0 is one of them")
    func checks() {
        let attempts: [(String, () throws -> Void)] = [
            ("concurrency", { _ = try CacheWarmerSettings(concurrency: 0) }),
            ("concurrency", { _ = try CacheWarmerSettings(concurrency: 10_001) }),
            ("sources", { _ = try CacheWarmerSettings(sources: 0) }),
            ("rate", { _ = try CacheWarmerSettings(rate: 0) }),
            ("rate", { _ = try CacheWarmerSettings(rate: .nan) }),
            ("timeout", { _ = try CacheWarmerSettings(timeout: .zero) }),
            ("avoidance", { _ = try CacheWarmerSettings(avoidance: .nanoseconds(-1)) }),
            ("life", { _ = try CacheWarmerSettings(life: .zero) }),
            ("failuresKept", { _ = try CacheWarmerSettings(failuresKept: -1) }),
        ]
        for (name, attempt) in attempts {
            let error = #expect(throws: SettingError.self) { try attempt() }
            #expect(error?.setting == name)
        }
    }
}
