import Resilience
public import Timeline

extension CommandBus {
    /// Tells what came of a step, and says what is next.
    /// - Parameters:
    ///   - ticket: the step's.
    ///   - reply: what came of it.
    ///   - now: the time.
    ///   - random: where the jitter of waits comes from.
    /// - Returns: the next step; ``Step/late`` if the ticket is late, because somebody has replied already, the caller
    ///   has withdrawn, or the worker's lease is over.
    public mutating func resume(
        _ ticket: Ticket, with reply: Reply, at now: Instant, using random: inout RandomStream
    ) -> Step {
        guard let execution = execution(of: ticket) else { return late() }
        switch execution.status {
        case .validating:
            return validated(ticket.slot, reply, execution, at: now)
        case .backingOff(let until):
            guard now >= until else { return .wait(until: until, self.ticket(of: ticket.slot)) }
            guard !execution.command.hasExpired(at: now) else {
                return end(ticket.slot, .rejected(.expired(attempts: execution.attempts)), at: now)
            }
            return begin(ticket.slot, .local, at: now)
        case .attempting(let course):
            guard stands(course, execution, at: now) else { return late() }
            return proceed(ticket.slot, execution, course, reply, at: now, using: &random)
        case .queued, .parked:
            return late()
        }
    }

    /// The command that a step is about; nil if its ticket is late.
    public func command(of ticket: Ticket) -> CommandEnvelope? { execution(of: ticket)?.command }

    /// Which attempt at its command a step belongs to, from 1; nil if its ticket is late.
    public func attempt(of ticket: Ticket) -> Int? { execution(of: ticket)?.attempts }

    private mutating func validated(
        _ slot: UInt32, _ reply: Reply, _ execution: Execution, at now: Instant
    ) -> Step {
        switch reply {
        case .reject(let reason): return end(slot, .rejected(.invalid(reason)), at: now)
        case .fail(let failure): return end(slot, .failed(failure, attempts: 0), at: now)
        case .pass, .done: break
        }
        if execution.command.hasExpired(at: now) { return end(slot, .rejected(.expired(attempts: 0)), at: now) }
        if execution.callers.isEmpty { return end(slot, .cancelled, at: now) }
        guard let queue = types[execution.type].queue else { return begin(slot, .local, at: now) }
        return enqueue(slot, in: queue, at: now)
    }

    /// Begins an attempt at a command that has not expired.
    mutating func begin(_ slot: UInt32, _ course: Course, at now: Instant) -> Step {
        set(slot, .attempting(course))
        let passage = Passage(through: settings.middleware)
        executions[Int(slot)]?.passage = passage
        executions[Int(slot)]?.attempts += 1
        if executions[Int(slot)]?.retry == nil { executions[Int(slot)]?.retry = RetryState(startedAt: now) }
        if let type = executions[Int(slot)]?.type { types[type].metrics.attempts += 1 }
        return .run(passage.stage, ticket(of: slot))
    }

    /// Whether an attempt still has what it came about by.
    private func stands(_ course: Course, _ execution: Execution, at now: Instant) -> Bool {
        guard let queue = types[execution.type].queue else { return true }
        switch course {
        case .local: return true
        case .leased(let lease): return queues[queue].commands.holds(lease, at: now)
        case .replaying(let claim): return queues[queue].deadLetters.holds(claim, at: now)
        }
    }

    private mutating func late() -> Step {
        lateReplies += 1
        return .late
    }

    private mutating func proceed(
        _ slot: UInt32, _ execution: Execution, _ course: Course, _ reply: Reply, at now: Instant,
        using random: inout RandomStream
    ) -> Step {
        var passage = execution.passage
        var next = passage.next(after: reply)
        if case .run(.handler) = next, execution.command.hasExpired(at: now) {
            next = passage.turnBack(with: .rejected(.expired(attempts: execution.attempts - 1)))
        }
        executions[Int(slot)]?.passage = passage
        switch next {
        case .run(let stage): return .run(stage, ticket(of: slot))
        case .ended(.done(let result)): return conclude(slot, .done(result), course, at: now)
        case .ended(.rejected(let rejection)): return conclude(slot, .rejected(rejection), course, at: now)
        case .ended(.failed(let failure)): return failed(slot, failure, course, at: now, using: &random)
        }
    }

    /// Ends a command after an attempt, and gives up what the attempt came about by.
    mutating func conclude(_ slot: UInt32, _ answer: Answer, _ course: Course, at now: Instant) -> Step {
        guard let execution = executions[Int(slot)] else { return .late }
        if let queue = types[execution.type].queue {
            switch course {
            case .local: break
            case .leased(let lease): _ = queues[queue].commands.finish(lease, at: now)
            case .replaying(let claim):
                _ = queues[queue].deadLetters.finish(claim, .handled, at: now)
                makeRoom(behind: claim, in: queue, at: now)
            }
        }
        return end(slot, answer, at: now)
    }
}
