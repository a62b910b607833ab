import Bulkheads
import Timeline

@testable import Simulation

// What a gateway promises whatever breaks.
extension GatewayStorm {
    /// What is wrong at the end, when nothing is under way any more.
    static func broken(atEnd world: World, _ plan: Plan) -> [String] {
        world.gateways.sites.flatMap { requests($0.tally, plan.services[$0.service].name) }
            + leftovers(world) + calls(world, plan)
    }

    /// Every request that a worker took has ended with one status, or is lost.
    private static func requests(_ tally: GatewayTally, _ name: String) -> [String] {
        var broken: [String] = []
        let statuses = tally.statuses.reduce(0) { $0 + $1.count }
        if statuses + tally.lost != tally.taken {
            broken.append("\(name): of \(tally.taken) requests \(statuses) have a status, \(tally.lost) are lost")
        }
        let ends = GatewayEnd.allCases.reduce(0) { $0 + tally.ended($1) }
        if ends != statuses { broken.append("\(name): \(statuses) statuses, \(ends) ends") }
        if tally.underWay != 0 { broken.append("\(name): \(tally.underWay) requests are under way") }
        return broken
    }

    /// Nothing waits or is held for a request that is over.
    private static func leftovers(_ world: World) -> [String] {
        var broken: [String] = []
        if world.gateways.passages.inUse != 0 { broken.append("\(world.gateways.passages.inUse) passages are left") }
        if world.gateways.waiters.inUse != 0 { broken.append("\(world.gateways.waiters.inUse) waiters are left") }
        if world.callsUnderWay != 0 { broken.append("\(world.callsUnderWay) calls are left") }
        for (gateway, waiting) in world.gateways.awaitingKeys.enumerated() {
            let alive = waiting.count(where: world.frames.isAlive)
            if alive != 0 { broken.append("\(alive) requests wait for the keys of gateway \(gateway)") }
        }
        return broken
    }

    /// Every call of a load or an operation has ended, and workers have nothing to do but health checks.
    private static func calls(_ world: World, _ plan: Plan) -> [String] {
        var broken: [String] = []
        let names = plan.loads.map(\.name) + plan.operations.map(\.name)
        for (name, meter) in zip(names, world.loadMeters + world.operationMeters) where meter.offered != meter.ended {
            broken.append("\(name): of \(meter.offered) calls \(meter.ended) have ended")
        }
        let pools = plan.services.enumerated().flatMap { service, each in
            (0..<each.replicas).map { world.pool(ofService: service, replica: $0) }
        }
        let busy = pools.reduce(0) { $0 + $1.active + $1.queued }
        let checks = world.balancers.probesUnderWay
        if busy > checks { broken.append("\(busy) calls are in services, and \(checks) health checks under way") }
        return broken
    }
}
