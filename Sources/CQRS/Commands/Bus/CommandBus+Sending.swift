import Caching
public import EventSourcing
public import Timeline

extension CommandBus {
    /// Sends a command.
    /// - Parameters:
    ///   - command: the command.
    ///   - caller: the number of whoever wants the answer; of no meaning to the bus.
    ///   - now: the time.
    /// - Returns: an answer, ``Step/joined``, or the first step on the way.
    public mutating func send(_ command: CommandEnvelope, from caller: UInt64 = 0, at now: Instant) -> Step {
        guard let type = typeOf[command.type] else {
            unrouted += 1
            let registered = types.map(\.type.name).sorted()
            return .answer(.rejected(.noHandler(type: command.type, registered: registered)), to: [caller])
        }
        types[type].metrics.sent += 1
        if let known = known(command, type, from: caller, at: now) { return known }
        guard running < settings.concurrency else {
            return refuse(.busy(limit: settings.concurrency), type, to: caller)
        }
        guard !command.hasExpired(at: now) else { return refuse(.expired(attempts: 0), type, to: caller) }
        return .validate(ticket(of: open(command, type, from: caller, at: now)))
    }

    /// A caller waits no longer for a command that is executed for its sender. If nobody else waits, it is not tried
    /// again: at once if it waits between two attempts, else when the present attempt fails.
    /// - Returns: whether the caller waited for it.
    public mutating func withdraw(_ caller: UInt64, from id: EventID, at now: Instant) -> Bool {
        guard let slot = slotOf[id], let execution = executions[Int(slot)], execution.status.isRunning,
            let place = execution.callers.firstIndex(of: caller)
        else { return false }
        executions[Int(slot)]?.callers.remove(at: place)
        if case .backingOff = execution.status, execution.callers.count == 1 { _ = end(slot, .cancelled, at: now) }
        return true
    }

    /// The step for a command whose id is known; nil if it is not.
    private mutating func known(
        _ command: CommandEnvelope, _ type: Int, from caller: UInt64, at now: Instant
    ) -> Step? {
        if let slot = slotOf[command.id], let first = executions[Int(slot)] {
            guard first.fingerprint == command.fingerprint else { return refuse(.idTaken, type, to: caller) }
            types[type].metrics.duplicates += 1
            return repeated(slot, first, from: caller)
        }
        guard case .hit(let answer, _) = remembered.get(command.id, at: now) else { return nil }
        guard answer.fingerprint == command.fingerprint else { return refuse(.idTaken, type, to: caller) }
        types[type].metrics.duplicates += 1
        return .answer(answer.answer, to: [caller])
    }

    private mutating func repeated(_ slot: UInt32, _ first: Execution, from caller: UInt64) -> Step {
        let queue = types[first.type].queue.map { queues[$0].settings.name } ?? ""
        switch first.status {
        case .validating, .backingOff, .attempting(.local):
            executions[Int(slot)]?.callers.append(caller)
            return .joined
        case .queued, .attempting(.leased): return .answer(.accepted(queue: queue), to: [caller])
        case .parked, .attempting(.replaying): return .answer(.parked(queue: queue), to: [caller])
        }
    }

    private mutating func refuse(_ rejection: CommandRejection, _ type: Int, to caller: UInt64) -> Step {
        types[type].metrics.rejected[rejection.reason] += 1
        return .answer(.rejected(rejection), to: [caller])
    }

    /// Puts a valid command into its queue, or behind the dead letters of its sequence; its callers are told.
    mutating func enqueue(_ slot: UInt32, in queue: Int, at now: Instant) -> Step {
        guard let execution = executions[Int(slot)] else { return .late }
        let (id, sequence) = (execution.command.id, execution.command.lane)
        let settings = queues[queue].settings
        if queues[queue].deadLetters.contains(sequence) {
            // What waits in the queue of a parked sequence is there for want of this very room.
            if let refusal = queues[queue].deadLetters.refusal(for: sequence) {
                return end(slot, .rejected(.deadLettersFull(refusal)), at: now)
            }
            _ = queues[queue].deadLetters.parkBehind(id, of: sequence, at: now)
            types[execution.type].metrics.heldBack += 1
            return accept(slot, .parked, .parked(queue: settings.name))
        }
        guard queues[queue].commands.append(id, to: sequence, at: now) else {
            let rejection = CommandRejection.queueFull(queue: settings.name, capacity: settings.queue.capacity)
            return end(slot, .rejected(rejection), at: now)
        }
        return accept(slot, .queued, .accepted(queue: settings.name))
    }

    /// Tells the callers; from now on nobody waits for the command.
    private mutating func accept(_ slot: UInt32, _ status: Status, _ answer: Answer) -> Step {
        let callers = executions[Int(slot)]?.callers ?? []
        executions[Int(slot)]?.callers = []
        set(slot, status)
        return .answer(answer, to: callers)
    }
}
