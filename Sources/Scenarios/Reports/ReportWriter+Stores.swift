import EventSourcing
import Simulation

extension ReportWriter {
    /// The event stores, each by its name.
    static func eventStores(_ world: World, _ plan: Plan) -> JSON {
        named(plan.stores.indices, { plan.stores[$0].name }) { index in
            let (totals, cluster) = (world.storeTotals(index), world.cluster(ofStore: index))
            let available = world.availableNodes(ofStore: index)
            return [
                "prefers": .text(available == nil ? "consistency" : "availability"),
                "streams": .integer(Int64(cluster.streamCount)),
                "events": .unsigned(world.eventsCommitted(inStore: index)),
                "appended": .unsigned(totals.appended),
                "repeated": .unsigned(totals.repeated),
                "done": .unsigned(totals.done),
                "refused": .unsigned(totals.refused),
                "conflicts": .unsigned(totals.conflicts),
                "gaveUp": .unsigned(totals.gaveUp),
                "timedOut": .unsigned(totals.timedOut),
                "lost": .unsigned(cluster.totals.lostEvents),
                "eventsRead": .unsigned(totals.eventsRead),
                "snapshots": .unsigned(totals.snapshots),
                "elections": .unsigned(cluster.totals.elections),
                "fenced": .unsigned(cluster.totals.fenced),
                "overwritten": .unsigned(cluster.totals.overwritten),
                "conflictingEvents": .unsigned(available?.concurrent ?? 0),
                "overruled": .unsigned(available?.overruled ?? 0),
                "diverged": .integer(Int64(available?.diverged ?? 0)),
                "nodes": .list(
                    (0..<plan.stores[index].cluster.nodes).map { number in
                        guard let available else { return node(number, cluster, plan.stores[index]) }
                        return node(number, available, plan.stores[index])
                    }),
            ]
        }
    }

    private static func node(_ node: Int, _ nodes: AvailableNodes, _ store: StorePlan) -> JSON {
        let replica = nodes.replicas[node]
        return [
            "name": .text(store.name(ofNode: node)),
            "up": .bool(nodes.isUp[node]),
            "appended": .unsigned(replica.totals.appended),
            "knows": .integer(replica.lastArrival.number),
            "openConflicts": .unsigned(replica.openConflictCount),
            "rounds": .unsigned(replica.totals.rounds),
            "equalRounds": .unsigned(replica.totals.equalRounds),
            "bytesSent": .unsigned(replica.totals.bytesSent),
        ]
    }

    private static func node(_ node: Int, _ cluster: StoreCluster, _ store: StorePlan) -> JSON {
        let partitions = 0..<store.cluster.partitions
        let isUp = partitions.contains { partition in
            cluster.views(of: partition).contains { $0.node == node && $0.isUp }
        }
        return [
            "name": .text(store.name(ofNode: node)),
            "leads": .integer(Int64(partitions.count { cluster.leader(of: $0) == node })),
            "up": .bool(isUp),
        ]
    }
}
