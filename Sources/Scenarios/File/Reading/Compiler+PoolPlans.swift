import Bulkheads
import Simulation
import Timeline

// Connections and memory that calls hold.

extension Compiler {
    mutating func connections(_ tree: Tree) throws(SettingError) -> GuardPlan? {
        let reader = SectionReader(tree, ConnectionKeys.section, &findings)
        let before = findings.problems.count
        let connect = reader.value(ConnectionKeys.connect, &findings)
        let tls = reader.value(ConnectionKeys.tls, &findings)
        let ping = reader.value(ConnectionKeys.ping, &findings)
        let pools = reader.value(ConnectionKeys.pools, &findings)
        let balance = reader.value(ConnectionKeys.balance, &findings)
        let settings = try connectionSettings(reader)
        guard let settings, let connect, let tls, let ping, let pools, let balance, findings.problems.count == before
        else { return nil }
        var plan = ConnectionsPlan(settings, connect: connect, ping: ping, pools: pools, balance: balance)
        plan.tls = tls
        return .connections(plan)
    }

    private mutating func connectionSettings(
        _ reader: SectionReader
    ) throws(SettingError) -> ConnectionPool.Settings? {
        let most = reader.value(ConnectionKeys.maximum, &findings)
        let idle = reader.given(ConnectionKeys.minimumIdle, &findings)
        let wait = reader.value(ConnectionKeys.wait, &findings)
        let waiters = reader.given(ConnectionKeys.waiters, &findings)
        let idleTimeout = reader.value(ConnectionKeys.idleTimeout, &findings)
        let lifetime = reader.value(ConnectionKeys.lifetime, &findings)
        let keepalive = reader.value(ConnectionKeys.keepalive, &findings)
        let housekeeping = reader.value(ConnectionKeys.housekeeping, &findings)
        let fresh = reader.value(ConnectionKeys.validateAfter, &findings)
        let leak = reader.value(ConnectionKeys.leakAfter, &findings)
        let reclaim = reader.value(ConnectionKeys.reclaimAfter, &findings)
        guard let most, let wait, let idleTimeout, let lifetime, let keepalive, let housekeeping, let fresh, let leak,
            let reclaim
        else { return nil }
        if let idle, idle > most {
            findings.add("min idle: \(idle) is more than max, \(most)", at: reader.place(of: "min idle"))
            return nil
        }
        if let keepalive, let lifetime, keepalive >= lifetime {
            findings.add(
                "keepalive: \(keepalive) is not less than lifetime, \(lifetime)", at: reader.place(of: "keepalive"))
            return nil
        }
        return try ConnectionPool.Settings(
            maximum: most, minimumIdle: idle, connectionTimeout: wait,
            waiters: waiters ?? ConnectionPool.Settings.unbounded, idleTimeout: idleTimeout, maxLifetime: lifetime,
            keepalive: keepalive, housekeeping: housekeeping, validateAfter: fresh, leakThreshold: leak,
            reclaimAfter: reclaim)
    }

    mutating func memory(_ tree: Tree) -> GuardPlan? {
        let reader = SectionReader(tree, MemoryKeys.section, &findings)
        let size = reader.required(MemoryKeys.size, &findings)
        let limit = reader.value(MemoryKeys.limit, &findings)
        let overhead = reader.value(MemoryKeys.overhead, &findings)
        guard let size, let limit, let overhead else { return nil }
        return .memory(
            MemoryPlan(limit: limit ?? MemoryPool.Settings.unlimited, size: size, overhead: overhead))
    }

    /// The memory of a service.
    mutating func serviceMemory(_ tree: Tree) -> ServiceMemoryPlan? {
        let reader = SectionReader(tree, ServiceMemoryKeys.section, &findings)
        let limit = reader.required(ServiceMemoryKeys.limit, &findings)
        let evictable = reader.value(ServiceMemoryKeys.evictable, &findings)
        let monitor = memoryMonitor(reader)
        guard let limit, let evictable, let monitor else { return nil }
        if evictable > limit {
            findings.add(
                "evictable: \(BytesNotation.text(evictable)) is more than the limit, \(BytesNotation.text(limit))",
                at: reader.place(of: "evictable"))
            return nil
        }
        return ServiceMemoryPlan(limit: limit, evictable: evictable, monitor: monitor)
    }

    /// A memory in place of one with a problem, so that what speaks of it is understood.
    var standInForMemory: ServiceMemoryPlan? {
        (try? MemoryMonitor.Settings()).map { ServiceMemoryPlan(limit: MemoryPool.most, monitor: $0) }
    }

    private mutating func memoryMonitor(_ reader: SectionReader) -> MemoryMonitor.Settings? {
        let warning = reader.value(ServiceMemoryKeys.warning, &findings)
        let critical = reader.value(ServiceMemoryKeys.critical, &findings)
        let trend = reader.value(ServiceMemoryKeys.trend, &findings)
        let horizon = reader.value(ServiceMemoryKeys.horizon, &findings)
        guard let warning, let critical, let trend, let horizon else { return nil }
        do {
            return try MemoryMonitor.Settings(
                warning: warning, critical: critical, hysteresis: min(0.05, warning / 2), window: trend,
                horizon: horizon)
        } catch {
            findings.add("\(error)", at: reader.place(of: reader.tree["critical"] == nil ? "warning" : "critical"))
            return nil
        }
    }

    /// Finds services whose memory is shared by too many guards.
    mutating func checkMemory(_ pairs: [Tree.Pair]) {
        for (index, service) in plan.services.enumerated() where service.memory != nil {
            let guards = plan.edges.filter { $0.caller(in: plan) == index }.flatMap(\.guards)
            let count = guards.count { if case .memory = $0 { true } else { false } }
            if count > ServiceMemoryPlan.guardLimit {
                findings.add(
                    "\(count) memory guards share the memory of \(service.name); allowed: "
                        + "\(ServiceMemoryPlan.guardLimit)", at: pairs[index].place)
            }
        }
    }
}
