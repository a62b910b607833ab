import Bulkheads
import Testing
import Timeline

@Suite("Memory settings")
struct MemoryPoolSettingsTests {
    typealias Pool = MemoryPool.Settings
    typealias Monitor = MemoryMonitor.Settings

    @Test("a value out of range is refused by name, with the range")
    func refusals() {
        let overhead = "is out of range; allowed: a number, 0 or more"
        let refused: [(String, () throws -> Any)] = [
            ("limit: -1 is out of range; allowed: 0 or more", { try Pool(limit: -1, children: []) }),
            (
                "children: 1001 is out of range; allowed: at most 1000",
                { try Pool(limit: 1, children: Array(repeating: .init(limit: 1), count: 1001)) }
            ),
            (
                "children[1].limit: -5 is out of range; allowed: 0 or more",
                { try Pool(limit: 1, children: [.init(limit: 1), .init(limit: -5)]) }
            ),
            (
                "children[0].overhead: -0.5 \(overhead)",
                { try Pool(limit: 1, children: [.init(limit: 1, overhead: -0.5)]) }
            ),
            (
                "children[0].overhead: nan \(overhead)",
                { try Pool(limit: 1, children: [.init(limit: 1, overhead: .nan)]) }
            ),
            (
                "children[0].overhead: inf \(overhead)",
                { try Pool(limit: 1, children: [.init(limit: 1, overhead: .infinity)]) }
            ),
            (
                "children[0].parent: 0 is out of range; allowed: the position of an earlier child",
                { try Pool(limit: 1, children: [.init(limit: 1, parent: 0)]) }
            ),
            (
                "children[1].parent: -1 is out of range; allowed: the position of an earlier child",
                { try Pool(limit: 1, children: [.init(limit: 1), .init(limit: 1, parent: -1)]) }
            ),
            (
                "warning: 0.0 is out of range; allowed: a share of more than 0 and less than 1",
                { try Monitor(warning: 0) }
            ),
            (
                "warning: nan is out of range; allowed: a share of more than 0 and less than 1",
                { try Monitor(warning: .nan) }
            ),
            (
                "critical: 0.7 is out of range; allowed: a share of more than 0.75 (warning) and at most 1",
                { try Monitor(critical: 0.7) }
            ),
            (
                "critical: inf is out of range; allowed: a share of more than 0.75 (warning) and at most 1",
                { try Monitor(critical: .infinity) }
            ),
            (
                "hysteresis: 0.75 is out of range; allowed: 0 or more, and less than 0.75 (warning)",
                { try Monitor(hysteresis: 0.75) }
            ),
            (
                "hysteresis: -0.1 is out of range; allowed: 0 or more, and less than 0.75 (warning)",
                { try Monitor(hysteresis: -0.1) }
            ),
            ("window: 0s is out of range; allowed: more than 0s", { try Monitor(window: .zero) }),
            ("horizon: 0s is out of range; allowed: more than 0s", { try Monitor(horizon: .zero) }),
        ]
        for (message, make) in refused {
            let error = #expect(throws: SettingError.self) { _ = try make() }
            #expect(error?.description == message)
        }
    }

    @Test("defaults")
    func defaults() throws {
        let pool = try Pool(limit: 1, children: [.init(limit: 2)])
        #expect(pool.eviction == .leastRecentlyUsed)
        #expect(pool.children[0].overhead == 1)
        #expect(pool.children[0].durability == .transient)
        #expect(pool.children[0].parent == nil)
        #expect(pool.monitor.warning == 0.75)
        #expect(pool.monitor.critical == 0.9)
        #expect(pool.monitor.hysteresis == 0.05)
        #expect(pool.monitor.window == .seconds(60))
        #expect(pool.monitor.horizon == nil)
    }
}
