import Bulkheads
import Timeline

// Connections and memory that calls hold while they are inside.

extension World {
    /// The attempt to open a connection has ended, well if a replica of the service answers.
    mutating func connectionOpened(_ token: UInt32) {
        let outage = outage(ofPending: token)
        connections.connected(token, outage: outage, &port)
    }

    /// The ping of a connection has ended, well if a replica of the service answers.
    mutating func connectionPinged(_ token: UInt32) {
        let outage = outage(ofPending: token)
        connections.pinged(token, outage: outage, &port)
    }

    /// What tells why no replica of a service answers who opens or pings a connection; nil if one does.
    private mutating func outage(ofPending token: UInt32) -> EntryID? {
        let (service, edge) = connections.way(ofPending: token)
        if faults.areActive, isHalfOpen(service, edge) {
            return faults.strikeHalfOpen(service: service, replica: 0, edge: edge)?.cause
        }
        guard isDown(service: service) else { return nil }
        guard let crash = faults.crash(of: service, replica: 0) else { return EntryID.none }
        faults.hit(crash)
        return faults.faults[crash].entry
    }

    /// Whether all replicas of a service that run are half open to calls over an edge.
    private func isHalfOpen(_ service: Int, _ edge: Int) -> Bool {
        (0..<services.running(of: service)).allSatisfy {
            faults.isHalfOpen(service: service, replica: $0, edge: edge)
        }
    }

    /// A call asks for a connection.
    mutating func takeConnection(_ index: UInt32, _ pool: Int) -> Verdict {
        let frame = frames[index]
        let call = ConnectionHost.Asking(
            frame: index, request: frame.request, cause: frame.cause, deadline: frame.deadline)
        return connections.ask(pool, call, &port)
    }

    /// A call gives its connection back, unless a fault makes it forget that.
    mutating func returnConnection(_ index: UInt32, _ pool: Int, _ stage: UInt8, _ settlement: inout Settlement) {
        let frame = frames[index]
        let token = frames.token(of: index, at: stage)
        if connections.isHeld(token), let fault = faults.leak(edge: Int(frame.edge)) {
            let hit = port.note(
                .faultHit, .guardOn(edge: frame.edge, stage: stage), request: frame.request, cause: fault)
            connections.leak(pool, token: token, cause: hit)
            return
        }
        let wasHeld = connections.giveBack(
            token: token, broken: settlement.outcome.breaksConnection, forNobody: frames.isOrphan(frame),
            request: frame.request, cause: frame.cause, &port)
        // No answer comes over a connection that was closed under its holder.
        guard !wasHeld, settlement.outcome.isOK else { return }
        settlement = Settlement(.failed(.connectionLost))
        note(index, .connectionLost, settlement.why, at: .guardOn(edge: frame.edge, stage: stage))
    }

    /// A replica has gone down: if it was the last one, so have the connections to the service and what its own pools
    /// hold.
    mutating func losePools(of service: Int, cause: EntryID) {
        guard isDown(service: service) else { return }
        connections.serviceWentDown(service, cause: cause, &port)
        memories.serviceWentDown(service, cause: cause, &port)
    }

    /// How often a fault takes more memory.
    static let growthStep = Duration.milliseconds(100)

    /// A fault takes more memory, as long as it is in force, and the service is up.
    mutating func growMemory(_ index: Int) {
        let fault = faults.faults[index]
        guard fault.isActive, case .allocate(let bytes) = fault.plan.kind, case .memory(let service) = fault.plan.target
        else { return }
        port.schedule(after: Self.growthStep, .faultGrows(UInt32(index)))
        guard !isDown(service: service) else { return }
        let step = max(1, Int(Double(bytes) * Self.growthStep.seconds))
        if memories.grow(service, by: step, fault: index, cause: fault.entry, &port) { faults.hit(index) }
    }
}

extension Outcome {
    /// Whether the connection that a call had cannot be used any more.
    var breaksConnection: Bool {
        switch self {
        case .failed(.connectionLost), .failed(.refused), .failed(.timedOut), .failed(.cancelled): true
        case .ok, .failed: false
        }
    }
}
