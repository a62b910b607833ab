import Bulkheads
import Timeline

/// The chapter of memory: what calls reserve, out of the memory of the service that makes them if that has a limit.
struct MemoryHost: Sendable {
    struct Guard {
        var plan: MemoryPlan
        var place: Component
        var pool: Int
        /// Which of the pool's children it is.
        var child: Int
        /// Why a call was refused last.
        var lastRefusal = Why.itself
    }

    struct Pool {
        var memory: MemoryPool
        /// The service whose memory it is; -1 for that of a guard that stands alone.
        var service: Int
        var plan: ServiceMemoryPlan?
    }

    /// Memory that a fault takes, more and more of it.
    struct Growth {
        var fault: Int
        var pool: Int
        var reservation: MemoryPool.Reservation
        var bytes: Int
        var cause: EntryID
    }

    var guards: [Guard] = []
    var pools: [Pool] = []
    var growths: [Growth] = []
    /// Where the memory of each service stands in `pools`; -1 for none.
    private var places: [Int] = []

    init(plan: Plan) {
        for (index, service) in plan.services.enumerated() {
            places.append(service.memory == nil ? -1 : pools.count)
            guard let memory = service.memory else { continue }
            pools.append(Pool(memory: Self.pool(memory, []), service: index, plan: memory))
        }
    }

    private static func pool(_ plan: ServiceMemoryPlan?, _ children: [MemoryPool.Child]) -> MemoryPool {
        MemoryPool(settings(plan, children))
    }

    private static func settings(_ plan: ServiceMemoryPlan?, _ children: [MemoryPool.Child]) -> MemoryPool.Settings {
        do {
            return try MemoryPool.Settings(
                limit: plan?.limit ?? MemoryPool.Settings.unlimited, children: children, monitor: plan?.monitor)
        } catch {
            // A file's bytes and overheads are held within their ranges where they are read, its guards are counted in
            // `checkMemory`, and a monitor has checked itself; who builds a plan in Swift is told in `MemoryPlan`.
            preconditionFailure("a plan's sizes are checked: \(error)")
        }
    }

    /// A guard of calls that this service makes; nil for calls from outside.
    mutating func add(_ plan: MemoryPlan, caller: Int?, at place: Component) -> UInt16 {
        var pool = caller.map { places[$0] } ?? -1
        if pool < 0 {
            pool = pools.count
            pools.append(Pool(memory: Self.pool(nil, []), service: -1))
        }
        guards.append(Guard(plan: plan, place: place, pool: pool, child: children(of: pool).count))
        pools[pool].memory = Self.pool(pools[pool].plan, children(of: pool))
        return UInt16(guards.count - 1)
    }

    private func children(of pool: Int) -> [MemoryPool.Child] {
        guards.filter { $0.pool == pool }
            .map { MemoryPool.Child(limit: $0.plan.limit, overhead: $0.plan.overhead) }
    }

    /// Fills the part of each service's memory that gives way when it is needed. Nothing is written of it: it has
    /// always been so.
    mutating func start(at now: Instant) {
        for index in pools.indices {
            let bytes = pools[index].plan?.evictable ?? 0
            let parts = ServiceMemoryPlan.evictableParts
            for part in 0..<parts where bytes > 0 {
                let size = bytes * (part + 1) / parts - bytes * part / parts
                _ = pools[index].memory.reserve(
                    size, from: .pool, owner: .max, hold: .evictable(priority: 0), at: now)
            }
        }
    }

    /// Takes over the changed limits of services.
    mutating func change(to plan: Plan) {
        for (service, place) in zip(plan.services, places) where place >= 0 { pools[place].plan = service.memory }
    }

    /// Takes over the changed limits of a guard; ``applyChanges(_:)`` makes them count.
    mutating func change(_ index: Int, to plan: MemoryPlan) { guards[index].plan = plan }

    /// Makes changed limits count.
    mutating func applyChanges(_ port: inout Port) {
        for index in pools.indices {
            let settings = Self.settings(pools[index].plan, children(of: index))
            guard settings != pools[index].memory.settings,
                let change = pools[index].memory.changeSettings(settings, at: port.now)
            else { continue }
            follow(change, in: index, cause: .none, &port)
        }
    }

    /// Where the memory of a service stands; nil if it has no limit.
    func pool(ofService service: Int) -> Int? { places[service] >= 0 ? places[service] : nil }

    func memory(_ pool: Int) -> MemoryPool { pools[pool].memory }
}

extension MemoryHost {
    func mix(into digest: inout Digest) {
        for each in pools {
            digest.mix(UInt64(each.memory.used(by: .pool)), UInt64(each.memory.reservations))
            digest.mix(UInt64(each.memory.totals.reserved), UInt64(each.memory.totals.refusedHere))
        }
        for each in growths { digest.mix(UInt64(each.fault), UInt64(each.bytes)) }
    }
}
