import Timeline

// What faults do to a call at its service.

extension World {
    /// Whether a fault leaves a call without an answer at the service's door, where no worker and no queue knows of it.
    /// Whoever opens a connection of its own, as a shallow check does, is refused.
    mutating func isLeftUnanswered(_ index: UInt32, _ service: Int) -> Bool {
        let frame = frames[index]
        guard !frame.flags.contains(.isInternal),
            let impact = faults.strikeHalfOpen(
                service: service, replica: Int(frame.replica), edge: Int(frame.edge))
        else { return false }
        noteHit(index, impact, at: .service(UInt16(service)))
        if case .probe(let replica, _) = frame.owner, balancers.depth(ofProbesOf: Int(replica)) == .shallow {
            reply(index, Settlement(.failed(.refused)))
        } else {
            frames[index].phase = .unanswered
        }
        return true
    }

    /// Whether a fault lets the work of a call be over as it begins, and failed.
    mutating func failsAtOnce(_ index: UInt32) -> Bool {
        let frame = frames[index]
        let service = services.service(of: frame.operation)
        guard !frame.isTurn, let impact = faults.strikeBadDeploy(service: service, replica: Int(frame.replica)) else {
            return false
        }
        noteHit(index, impact, at: .operation(frame.operation))
        // How long it would take is drawn all the same, so that the fault does not shift later draws.
        _ = workTime(of: index)
        frames[index].flags.insert(.isDoomed)
        frames[index].timer = port.schedule(after: .zero, .worked(index))
        return true
    }

    /// Lets faults slow down or spoil work that begins. True if one holds it, or its worker.
    mutating func faultHolds(_ index: UInt32, _ latency: inout Duration) -> Bool {
        let frame = frames[index]
        let (service, station) = (services.service(of: frame.operation), services.station(of: frame))
        let replica = Int(frame.replica)
        if let impact = faults.strike(service: service, replica: replica, operation: Int(frame.operation)) {
            noteHit(index, impact, at: .operation(frame.operation))
            latency = latency + impact.extra
            if impact.fails { frames[index].flags.insert(.isDoomed) }
            if impact.isInvalid { frames[index].flags.insert(.isFoundInvalid) }
            if impact.hangs {
                frames[index].phase = .hung
                return true
            }
        }
        if let impact = faults.stick(service: service, replica: replica, already: services.stuck(station)) {
            noteHit(index, impact, at: .operation(frame.operation))
            services.sticks(station)
            frames[index].phase = .stuck
            return true
        }
        return false
    }
}
