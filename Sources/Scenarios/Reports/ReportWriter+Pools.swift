import Bulkheads
import Simulation
import Timeline

extension ReportWriter {
    /// The pools of each guard, all together.
    static func connections(_ world: World, _ plan: Plan) -> JSON {
        .object(
            stages(of: .connections, plan).map { name, edge, stage in
                let pools = world.connections(edge: edge, stage: stage)
                func sum(_ count: (ConnectionPool) -> Int) -> JSON {
                    .integer(Int64(pools.reduce(0) { $0 + count($1) }))
                }
                let granted = pools.reduce(0) { $0 + $1.totals.acquisition.count }
                let waited = pools.reduce(Duration.zero) { $0 + $1.totals.acquisition.sum }
                let longest = pools.map(\.totals.acquisition.longest).max() ?? .zero
                return JSON.Member(
                    name,
                    [
                        "max": sum(\.settings.maximum), "active": sum(\.active), "idle": sum(\.idle),
                        "creating": sum(\.creating), "waiting": sum(\.waiting), "granted": sum(\.totals.granted),
                        "timedOut": sum(\.totals.timedOut), "rejected": sum(\.totals.rejected),
                        "workForNobody": sum(\.totals.forNobody),
                        "created": sum(\.totals.created), "createFailed": sum(\.totals.creationsFailed),
                        "handshakes": .unsigned(world.handshakes(edge: edge, stage: stage)),
                        "closed": named(ConnectionPool.CloseReason.allCases, { "\($0)" }) { reason in
                            sum { $0.totals.closed[reason] }
                        },
                        "leaks": sum(\.totals.leaks),
                        "leaked": .integer(Int64(world.leakedConnections(edge: edge, stage: stage))),
                        "meanAcquireMilliseconds": .number(waited.milliseconds / Double(max(1, granted))),
                        "maxAcquireMilliseconds": .number(longest.milliseconds),
                    ])
            })
    }

    /// The memory of services, then of guards.
    static func memory(_ world: World, _ plan: Plan) -> JSON {
        let services = plan.services.enumerated().compactMap { index, service in
            world.memory(ofService: index).map { JSON.Member(service.name, memory($0, of: .pool, $0.totals)) }
        }
        let guards = stages(of: .memory, plan).compactMap { name, edge, stage in
            world.memory(edge: edge, stage: stage).map { pool, child in
                JSON.Member(name, memory(pool, of: .child(child), pool.totals(of: .child(child)) ?? pool.totals))
            }
        }
        return .object(services + guards)
    }

    private static func memory(_ pool: MemoryPool, of level: MemoryPool.Level, _ totals: MemoryPool.Totals) -> JSON {
        guard let usage = pool.usage(of: level) else { return .null }
        return [
            "limitBytes": usage.limit == MemoryPool.Settings.unlimited ? .null : .integer(Int64(usage.limit)),
            "usedBytes": .integer(Int64(usage.used)),
            "peakBytes": .integer(Int64(usage.peak)),
            "reserved": .integer(Int64(totals.reserved)),
            "refusedByChild": .integer(Int64(totals.refusedHere)),
            "refusedByParent": .integer(Int64(totals.refusedAbove)),
            "evicted": .integer(Int64(totals.evicted)),
        ]
    }
}
