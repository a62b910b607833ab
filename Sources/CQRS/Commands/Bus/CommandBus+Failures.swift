import Resilience
import Timeline

extension CommandBus {
    /// What follows a failed attempt.
    private enum Verdict {
        case again(at: Instant)
        /// The next attempt would come after the deadline.
        case tooLate
        case giveUp
    }

    /// Decides about a command whose attempt has failed.
    mutating func failed(
        _ slot: UInt32, _ failure: CommandFailure, _ course: Course, at now: Instant, using random: inout RandomStream
    ) -> Step {
        guard let execution = executions[Int(slot)] else { return .late }
        // A dead letter is tried once each time that it is taken up, conflicts apart.
        let isReplay = if case .replaying = course { true } else { false }
        let verdict = verdict(on: failure, slot, execution, isReplay: isReplay, at: now, using: &random)
        if course == .local, execution.callers.isEmpty { return end(slot, .cancelled, at: now) }
        switch verdict {
        case .tooLate:
            return conclude(slot, .rejected(.expired(attempts: execution.attempts)), course, at: now)
        case .again(let moment):
            types[execution.type].metrics.retried += 1
            if case .versionConflict = failure, moment == now { types[execution.type].metrics.conflicts += 1 }
            return again(slot, at: moment, execution, course, now)
        case .giveUp:
            return giveUp(slot, failure, execution, course, now)
        }
    }

    private mutating func verdict(
        on failure: CommandFailure, _ slot: UInt32, _ execution: Execution, isReplay: Bool, at now: Instant,
        using random: inout RandomStream
    ) -> Verdict {
        let type = types[execution.type].type
        var moment = now
        if case .versionConflict = failure, execution.conflicts < type.conflictRetries {
            executions[Int(slot)]?.conflicts += 1
        } else {
            guard !isReplay, let policy = type.retry, var retry = execution.retry,
                case .retry(let wait) = policy.next(
                    after: failure.kind, state: &retry, retryAfter: failure.retryAfter, at: now, using: &random)
            else { return .giveUp }
            executions[Int(slot)]?.retry = retry
            executions[Int(slot)]?.conflicts = 0
            moment = now + wait
        }
        return execution.command.hasExpired(at: moment) ? .tooLate : .again(at: moment)
    }

    private mutating func again(
        _ slot: UInt32, at moment: Instant, _ execution: Execution, _ course: Course, _ now: Instant
    ) -> Step {
        switch course {
        case .local where moment > now:
            set(slot, .backingOff(until: moment))
            return .wait(until: moment, ticket(of: slot))
        case .local, .replaying:
            return begin(slot, course, at: now)
        case .leased(let lease):
            return postpone(slot, lease, until: moment, execution, now)
        }
    }

    private mutating func giveUp(
        _ slot: UInt32, _ failure: CommandFailure, _ execution: Execution, _ course: Course, _ now: Instant
    ) -> Step {
        switch course {
        case .local:
            return end(slot, .failed(failure, attempts: execution.attempts), at: now)
        case .leased(let lease):
            return park(slot, lease, because: failure.cause, at: now)
        case .replaying(let claim):
            if let queue = types[execution.type].queue {
                _ = queues[queue].deadLetters.finish(claim, .failed(failure.cause), at: now)
            }
            executions[Int(slot)]?.conflicts = 0
            set(slot, .parked)
            return .parked
        }
    }

    /// Puts a command back into its place in the queue until a moment.
    mutating func postpone(
        _ slot: UInt32, _ lease: SequencedQueue.Ticket, until moment: Instant, _ execution: Execution, _ now: Instant
    ) -> Step {
        guard let queue = types[execution.type].queue else { return .late }
        _ = queues[queue].commands.postpone(lease, until: moment, at: now)
        set(slot, .queued)
        return .postponed(until: moment)
    }
}
