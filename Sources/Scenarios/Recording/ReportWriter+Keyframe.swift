import Simulation
import Timeline

extension ReportWriter {
    /// How everything stands at a moment, in a line: what a recording keeps from time to time.
    static func keyframe(_ session: Session) -> JSON {
        let world = session.simulation.world
        let plan = session.scenario.plan
        return [
            "at": .integer(session.now.nanoseconds),
            "virtualTimeSeconds": .number(session.now.sinceZero.seconds),
            "events": .unsigned(world.eventsExecuted),
            "digest": .text("\(world.runDigest)"),
            "requests": requests(session.simulation, plan),
            "services": services(world, plan),
            "breakers": breakers(world, plan),
            "sagas": sagas(world, plan),
            "choreographies": choreographies(world, plan),
            "eventStores": eventStores(world, plan),
            "projections": projections(world, plan),
            "commandBuses": commandBuses(world, plan),
            "queryBuses": queryBuses(world, plan),
            "ledger": ledger(world, plan),
        ]
    }
}
