import Timeline

/// The chapter of measurement: it sees every call end, and influences none.
struct MeterHost: Sendable {
    private(set) var operations: [Meter]
    private(set) var loads: [Meter]
    /// The attempts on each edge, from the guards out and back, those too that came back too late.
    private(set) var edges: [Meter]

    init(plan: Plan) {
        operations = plan.operations.map { _ in Meter() }
        loads = plan.loads.map { _ in Meter() }
        edges = plan.edges.map { _ in Meter() }
    }

    mutating func begin(operation: UInt16) { operations[Int(operation)].begin() }

    mutating func end(operation: UInt16, _ outcome: Outcome, took: Duration) {
        operations[Int(operation)].end(outcome, took: took)
    }

    mutating func begin(load: UInt32) { loads[Int(load)].begin() }

    mutating func end(load: UInt32, _ outcome: Outcome, took: Duration) {
        loads[Int(load)].end(outcome, took: took)
    }

    mutating func begin(edge: UInt16) { edges[Int(edge)].begin() }

    mutating func end(edge: UInt16, _ outcome: Outcome, took: Duration) {
        edges[Int(edge)].end(outcome, took: took)
    }

    mutating func closeWindows() {
        for index in edges.indices { edges[index].closeWindow() }
        for index in operations.indices { operations[index].closeWindow() }
        for index in loads.indices { loads[index].closeWindow() }
    }
}

extension MeterHost {
    func mix(into digest: inout Digest) {
        for meter in operations + loads + edges {
            digest.mix(meter.offered, meter.ok)
            digest.mix(meter.failed, UInt64(bitPattern: meter.totalTime.nanoseconds))
        }
    }
}
