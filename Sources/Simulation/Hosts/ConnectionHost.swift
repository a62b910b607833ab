import Bulkheads
import Timeline

/// The chapter of the connections that calls hold while they are inside. A guard is one pool, or several that share its
/// calls.
struct ConnectionHost: Sendable {
    struct Guard {
        var plan: ConnectionsPlan
        var place: Component
        /// The service that calls; -1 for a load.
        var caller: Int
        var target: Int
        /// Its pools stand from here on.
        var first: Int
        /// Chooses among several pools.
        var router: ConnectionRouter?
        /// What a handshake crosses twice for each round trip.
        var network: Distribution
        /// Connections that were secured.
        var handshakes: UInt64 = 0
        /// Latencies of opening and of pings.
        var draws: RandomStream
        /// Connections that a fault keeps in use.
        var leaksInUse = 0
        /// Tells of the latest of them.
        var lastLeak = EntryID.none

        /// How long it takes to open a connection and to secure it.
        mutating func connectTime() -> Duration {
            var time = plan.connect.sample(using: &draws)
            for _ in 0..<(2 * plan.tls.roundTrips) { time = time + network.sample(using: &draws) }
            return time
        }

        mutating func pingTime() -> Duration { plan.ping.sample(using: &draws) }
    }

    struct Pool {
        var pool: ConnectionPool
        /// Its guard.
        var owner: Int
        var timer = Agenda.TimerID.none
        var timerAt = Instant.distantFuture
        /// Lifetimes and keepalives.
        var lives: RandomStream

        mutating func created(_ connection: ConnectionPool.ConnectionID, at now: Instant) -> Bool {
            pool.created(connection, at: now, using: &lives)
        }
    }

    /// What a call that waits for a connection, or has one, remembers.
    struct Holder {
        var frame: UInt32
        var pool: UInt32
        var isWaiting = true
        /// A fault keeps the connection; the call is over.
        var isLeaked = false
        var lease: ConnectionPool.Lease?
        var request: UInt64
        /// The call's latest entry when it asked, or what made it keep the connection.
        var cause: EntryID
    }

    /// A connection that is being opened or pinged.
    struct Pending {
        var pool: UInt32
        var connection: ConnectionPool.ConnectionID
        var request: UInt64
        var cause: EntryID
    }

    var guards: [Guard] = []
    var pools: [Pool] = []
    var holders = Memories<Holder>()
    var pendings = Memories<Pending>()

    mutating func add(
        _ plan: ConnectionsPlan, on edge: EdgePlan, caller: Int?, seed: UInt64, name: String, at place: Component
    ) -> UInt16 {
        guards.append(
            Guard(
                plan: plan, place: place, caller: caller ?? -1, target: edge.target, first: pools.count,
                router: plan.pools > 1 ? Self.router(plan, first: pools.count) : nil, network: edge.network,
                draws: RandomStream(seed: seed, name: name, purpose: "connect")))
        for number in 1...max(1, plan.pools) {
            let lives = RandomStream(seed: seed, name: "\(name) \(number)", purpose: "lifetimes")
            pools.append(
                Pool(pool: ConnectionPool(plan.settings, at: .zero), owner: guards.count - 1, lives: lives))
        }
        return UInt16(guards.count - 1)
    }

    private static func router(_ plan: ConnectionsPlan, first: Int) -> ConnectionRouter? {
        let group = ConnectionRouter.Group(pools: Array(first..<(first + plan.pools)), balance: plan.balance)
        return try? ConnectionRouter(groups: [group], routes: [ConnectionRouter.Route(group: 0)])
    }

    /// Opens the connections that are kept idle.
    mutating func start(_ port: inout Port) {
        for pool in pools.indices { follow(pool, request: 0, cause: .none, &port) }
    }

    /// The pools of a guard.
    func range(_ index: Int) -> Range<Int> {
        guards[index].first..<(guards[index].first + max(1, guards[index].plan.pools))
    }

    func pools(_ index: Int) -> [ConnectionPool] { pools[range(index)].map(\.pool) }

    /// Takes over changed rules and latencies, also those of the edge's network.
    mutating func change(_ index: Int, to plan: ConnectionsPlan, network: Distribution, _ port: inout Port) {
        guards[index].network = network
        guard plan != guards[index].plan else { return }
        guards[index].plan = plan
        for pool in range(index) where pools[pool].pool.settings != plan.settings {
            port.touched.insert(.queues)
            pools[pool].pool.changeSettings(plan.settings, at: port.now)
            follow(pool, request: 0, cause: .none, &port)
        }
    }

    /// The service that a guard's connections lead to, and the edge that they are of.
    func way(ofPending token: UInt32) -> (service: Int, edge: Int) {
        let owner = guards[pools[Int(pendings[token].pool)].owner]
        guard case .guardOn(let edge, _) = owner.place else { return (owner.target, -1) }
        return (owner.target, Int(edge))
    }
}

extension ConnectionHost {
    func mix(into digest: inout Digest) {
        for var each in guards { digest.mix(each.draws.next(), UInt64(each.leaksInUse)) }
        for each in pools {
            let now = each.pool.occupancy
            digest.mix(UInt64(now.active) << 32 | UInt64(now.idle), UInt64(now.total) << 32 | UInt64(now.waiting))
            digest.mix(UInt64(each.pool.totals.granted), UInt64(each.pool.totals.closed.total))
            digest.mix(UInt64(bitPattern: each.timerAt.nanoseconds))
        }
    }
}
