import CQRS
import EventSourcing
public import Simulation
import Timeline

extension ReportWriter {
    /// The projections, each by its name.
    static func projections(_ world: World, _ plan: Plan) -> JSON {
        named(plan.projections.indices, { plan.projections[$0].name }) { index in
            let view = world.projection(index)
            return [
                "store": .text(plan.stores[plan.projections[index].store].name),
                "state": .text(view.state.name),
                "version": .integer(Int64(view.version)),
                "position": .integer(view.position.number),
                "head": .integer(view.head.number),
                "lag": .integer(view.lag),
                "lagMilliseconds": .number(world.lagTime(ofProjection: index).seconds * 1_000),
                "projected": .unsigned(view.projected),
                "projectedTwice": .unsigned(view.projectedAgain),
                "outOfOrder": .unsigned(view.outOfOrder),
                "leftOut": .unsigned(view.leftOut),
                "setAside": .integer(Int64(view.setAside)),
                "streamsSetAside": .integer(Int64(view.streamsSetAside)),
                "unprojected": .integer(view.unprojected),
                "notPublished": .unsigned(view.totals.notPublished),
                "effects": .unsigned(view.totals.effects),
                "batches": .integer(Int64(view.batches)),
                "eventFailures": .integer(Int64(view.eventFailures)),
                "reads": .unsigned(view.totals.reads),
                "staleReads": .unsigned(view.totals.staleReads),
                "ownWritesMissed": .unsigned(view.totals.ownWritesMissed),
                "waited": .unsigned(view.totals.waited),
            ]
        }
    }
}

extension ProjectionView.State {
    /// What it is at, in a word.
    public var name: String {
        switch self {
        case .live: "live"
        case .catchesUp: "catches up"
        case .down: "down"
        case .stopped: "stopped"
        case .rebuilds: "rebuilds"
        }
    }
}
