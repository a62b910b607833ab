internal import Gateway
internal import Simulation
internal import Timeline

// What gateways have refused, where the journal tells of it.

extension Scene {
    /// The latest request of a route that was answered with 400 or more; looked for on a key press, never in a frame.
    func latestRefusal(ofRoute route: Int, ofGateway service: Int) -> EntryID? {
        let operation = UInt16(plan.operation(ofRoute: route, ofGateway: service))
        return journal.latest(1) { $0.place == .operation(operation) && $0.isRefusal }.first?.id
    }

    /// What the journal says of a line of an access log: the end of the request that is nearest in time.
    func refusal(inLine number: Int, ofGateway service: Int) -> EntryID? {
        guard let gateway = sample.gateways[service], let entry = gateway.entry(number) else { return nil }
        let (from, to) = (entry.time, entry.time + entry.took)
        return journal.latest(1) { each in
            guard each.what == .responded, each.time >= from, each.time <= to, case .status(let code, _) = each.why,
                case .operation(let operation) = each.place
            else { return false }
            return Int(code) == entry.status.code && gateway.operations.contains(Int(operation))
        }.first?.id
    }

    /// Whether a place of the journal is about a replica behind an edge.
    func concerns(_ place: Component, replica: Int, onEdge edge: Int) -> Bool {
        switch place {
        case .replica(let service, let number): Int(service) == plan.edges[edge].target && Int(number) == replica
        case .guardPart(let other, _, let part): Int(other) == edge && Int(part) == replica
        case .service(let service): Int(service) == plan.edges[edge].target && plan.services[Int(service)].replicas == 1
        default: false
        }
    }
}

extension Entry {
    /// Whether a gateway has answered with 400 or more.
    fileprivate var isRefusal: Bool {
        guard what == .responded, case .status(let code, _) = why else { return false }
        return code >= 400
    }
}
