import Bulkheads
import Testing
import Timeline

@Suite("Connection router")
struct ConnectionRouterTests {
    private static func pool(active: Int = 0, waiting: Int = 0) -> ConnectionPool.Occupancy {
        ConnectionPool.Occupancy(
            total: active, active: active, idle: 0, creating: 0, validating: 0, waiting: waiting)
    }

    @Test("The first matching route decides: tenant, then access, then any")
    func routes() throws {
        var router = try ConnectionRouter(
            groups: [.init(pools: [0]), .init(pools: [1]), .init(pools: [2])],
            routes: [.init(key: 7, group: 2), .init(access: .read, group: 1), .init(access: .write, group: 0)])
        #expect(router.choose(key: 1, access: .write) { _ in Self.pool() } == .pool(0))
        #expect(router.choose(key: 1, access: .read) { _ in Self.pool() } == .pool(1))
        #expect(router.choose(key: 7, access: .write) { _ in Self.pool() } == .pool(2))
        #expect(router.choose(key: 7, access: .read) { _ in Self.pool() } == .pool(2))
    }

    @Test("A request without a route or without an eligible pool goes nowhere")
    func nowhere() throws {
        var router = try ConnectionRouter(groups: [.init(pools: [4, 5])], routes: [.init(access: .read, group: 0)])
        #expect(router.choose(key: 1, access: .write) { _ in Self.pool() } == .noRoute)
        #expect(router.choose(key: 1, access: .read) { _ in nil } == .noneEligible(group: 0))
    }

    @Test(
        "Balancing chooses by what it is named for, among equals in turn, and skips the ineligible",
        arguments: [
            (ConnectionRouter.Balance.roundRobin, [0, 1, 3, 0, 1, 3]),
            // In use and waiting: 5, 4, not eligible, 4.
            (.leastBusy, [1, 3, 1, 3, 1, 3]),
            // Waiting: 0 of 5 in use, 3, not eligible, 0 of 4 in use.
            (.fewestWaiters, [3, 3, 3, 3, 3, 3]),
        ])
    func balance(_ balance: ConnectionRouter.Balance, chosen: [Int]) throws {
        var router = try ConnectionRouter(
            groups: [.init(pools: [0, 1, 2, 3], balance: balance)], routes: [.init(group: 0)])
        let pools = [Self.pool(active: 5), Self.pool(active: 1, waiting: 3), nil, Self.pool(active: 4)]
        let choices = chosen.indices.map { _ in router.choose(key: 0, access: .read) { pools[$0] } }
        #expect(choices == chosen.map { .pool($0) })
    }

    @Test("A group without pools and a route without a group are refused")
    func refused() {
        #expect(throws: SettingError("pools", given: "no pool", allowed: "at least one pool in each group")) {
            try ConnectionRouter(groups: [.init(pools: [])], routes: [])
        }
        #expect(throws: SettingError("group", given: 1, allowed: "the position of one of 1 groups")) {
            try ConnectionRouter(groups: [.init(pools: [0])], routes: [.init(group: 1)])
        }
    }
}
