import CQRS
import Resilience
import Simulation
import Timeline

extension ReportWriter {
    /// The command buses, each by its name.
    static func commandBuses(_ world: World, _ plan: Plan) -> JSON {
        named(plan.buses.indices, { plan.buses[$0].name }) { index in
            let view = world.commandBus(index)
            return [
                "waiting": .integer(Int64(view.waiting)),
                "busy": .integer(Int64(view.busy)),
                "down": .bool(view.isDown),
                "deadLetters": .integer(Int64(view.deadLetters)),
                "sequencesParked": .integer(Int64(view.sequencesParked)),
                "types": named(view.types, \.name) { commands($0.metrics) },
            ]
        }
    }

    private static func commands(_ metrics: CommandMetrics) -> JSON {
        [
            "sent": .integer(Int64(metrics.sent)),
            "duplicates": .integer(Int64(metrics.duplicates)),
            "done": .integer(Int64(metrics.done)),
            "rejected": .integer(Int64(metrics.rejected.total)),
            "failed": .integer(Int64(metrics.failed)),
            "attempts": .integer(Int64(metrics.attempts)),
            "retries": .integer(Int64(metrics.retried)),
            "conflicts": .integer(Int64(metrics.conflicts)),
            "deadLettered": .integer(Int64(metrics.deadLettered)),
            "heldBack": .integer(Int64(metrics.heldBack)),
            "averageMilliseconds": .number(metrics.averageDuration.seconds * 1_000),
        ]
    }

    /// The query buses, each by the name of its projection.
    static func queryBuses(_ world: World, _ plan: Plan) -> JSON {
        let all = plan.projections.indices.compactMap { index in
            world.queryBus(ofProjection: index).map { (name: plan.projections[index].name, view: $0) }
        }
        return named(all, \.name) { bus in
            let metrics = bus.view.metrics
            return [
                "asked": .integer(Int64(metrics.asked)),
                "answered": .integer(Int64(metrics.answered)),
                "rejected": .integer(Int64(metrics.rejected)),
                "failed": .integer(Int64(metrics.failed)),
                "hits": .integer(Int64(metrics.hits)),
                "misses": .integer(Int64(metrics.misses)),
                "coalesced": .integer(Int64(metrics.coalesced)),
                "hitRatio": metrics.hitRatio.map(JSON.number) ?? .null,
                "cached": .integer(Int64(bus.view.cached)),
                "invalidated": .integer(Int64(bus.view.invalidated)),
                "shards": .list(bus.view.shards.map { shard($0.name, $0.metrics) }),
            ]
        }
    }

    private static func shard(_ name: String, _ metrics: ShardMetrics) -> JSON {
        [
            "name": .text(name),
            "calls": .integer(Int64(metrics.calls)),
            "failed": .integer(Int64(metrics.failed)),
            "refused": .integer(Int64(metrics.refused)),
            "breaker": .text(metrics.breaker.name),
        ]
    }
}
