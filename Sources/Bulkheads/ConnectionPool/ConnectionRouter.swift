public import Timeline

/// Several pools behind one door: which group a request belongs to, and which of the group's pools serves it.
///
/// Pools are the caller's numbers. The router keeps no pool and knows nothing of their health: the caller gives the
/// occupancy of each pool that may be used now, and nil for one that may not, as when its breaker is open.
public struct ConnectionRouter: Hashable, Sendable {
    /// What a request does with its connection.
    public enum Access: Hashable, Sendable {
        /// Only reads: a replica will do.
        case read
        /// Writes.
        case write
    }

    /// How a group's pools share the requests; among equals they take turns.
    public enum Balance: Hashable, Sendable {
        /// The pool with the fewest connections in use and requests waiting.
        case leastBusy
        /// The pool with the fewest requests waiting, and of those the one with the fewest connections in use.
        case fewestWaiters
        /// One after the other.
        case roundRobin
    }

    /// Pools that can serve the same requests.
    public struct Group: Hashable, Sendable {
        /// The pools.
        public let pools: [Int]
        /// How they share the requests.
        public let balance: Balance

        /// These pools, sharing like that.
        public init(pools: [Int], balance: Balance = .leastBusy) {
            self.pools = pools
            self.balance = balance
        }
    }

    /// Where requests of a kind go.
    public struct Route: Hashable, Sendable {
        /// The key that a request must have, such as a shard, a tenant or a type of query; nil for any.
        public let key: UInt64?
        /// The access that it must ask for; nil for either.
        public let access: Access?
        /// The position of the group that serves it.
        public let group: Int

        /// Requests with that key and access go to that group.
        public init(key: UInt64? = nil, access: Access? = nil, group: Int) {
            self.key = key
            self.access = access
            self.group = group
        }

        func matches(_ key: UInt64, _ access: Access) -> Bool {
            (self.key == nil || self.key == key) && (self.access == nil || self.access == access)
        }
    }

    /// Where a request goes.
    public enum Choice: Hashable, Sendable {
        /// To this pool.
        case pool(Int)
        /// Nowhere: no pool of its group may be used now.
        case noneEligible(group: Int)
        /// Nowhere: no route is for it.
        case noRoute
    }

    /// The groups, as they were given.
    public let groups: [Group]
    /// The routes; the first that matches a request decides.
    public let routes: [Route]
    /// For each group, the position of the pool that is asked first.
    private var turns: [Int]

    /// Checks the groups and routes.
    /// - Parameters:
    ///   - groups: each with at least one pool.
    ///   - routes: each to one of the groups.
    /// - Throws: a ``SettingError`` that names what is wrong.
    public init(groups: [Group], routes: [Route]) throws(SettingError) {
        for group in groups where group.pools.isEmpty {
            throw SettingError("pools", given: "no pool", allowed: "at least one pool in each group")
        }
        for route in routes where !groups.indices.contains(route.group) {
            throw SettingError("group", given: route.group, allowed: "the position of one of \(groups.count) groups")
        }
        self.groups = groups
        self.routes = routes
        turns = Array(repeating: 0, count: groups.count)
    }

    /// Chooses the pool for a request.
    /// - Parameter occupancy: the pool's ``ConnectionPool/occupancy``; nil if it may not be used now.
    public mutating func choose(
        key: UInt64, access: Access, occupancy: (Int) -> ConnectionPool.Occupancy?
    ) -> Choice {
        guard let route = routes.first(where: { $0.matches(key, access) }) else { return .noRoute }
        let group = groups[route.group]
        var best: (position: Int, cost: (Int, Int))?
        for step in group.pools.indices {
            let position = (turns[route.group] + step) % group.pools.count
            guard let now = occupancy(group.pools[position]) else { continue }
            let cost = Self.cost(of: now, group.balance)
            if let known = best, known.cost <= cost { continue }
            best = (position, cost)
        }
        guard let best else { return .noneEligible(group: route.group) }
        turns[route.group] = (best.position + 1) % group.pools.count
        return .pool(group.pools[best.position])
    }

    private static func cost(of pool: ConnectionPool.Occupancy, _ balance: Balance) -> (Int, Int) {
        switch balance {
        case .leastBusy: (pool.active + pool.waiting, 0)
        case .fewestWaiters: (pool.waiting, pool.active)
        case .roundRobin: (0, 0)
        }
    }
}
