import Caching
import EventSourcing
import Resilience
import Timeline

// The commands that are not over, each in a slot; a slot's turn tells its steps apart.

extension CommandBus {
    /// A command that is not over.
    struct Execution: Sendable {
        let command: CommandEnvelope
        let fingerprint: UInt64
        let type: Int
        let sentAt: Instant
        /// Who waits for it.
        var callers: [UInt64]
        var status = Status.validating
        var passage: Passage
        var retry: RetryState?
        /// Retries at once after conflicts, since the last wait.
        var conflicts = 0
        /// Attempts that were begun.
        var attempts = 0
    }

    /// What a command does.
    enum Status: Hashable, Sendable {
        case validating
        case attempting(Course)
        case backingOff(until: Instant)
        case queued
        case parked
    }

    /// By what an attempt came about.
    enum Course: Hashable, Sendable {
        /// Its sender waits.
        case local
        /// A worker of its queue has it.
        case leased(SequencedQueue.Ticket)
        /// Somebody takes up a dead letter.
        case replaying(DeadLetterQueue.Claim)
    }

    mutating func open(_ command: CommandEnvelope, _ type: Int, from caller: UInt64, at now: Instant) -> UInt32 {
        let execution = Execution(
            command: command, fingerprint: command.fingerprint, type: type, sentAt: now, callers: [caller],
            passage: Passage(through: settings.middleware))
        let slot: UInt32
        if let free = freeSlots.popLast() {
            slot = free
            executions[Int(slot)] = execution
        } else {
            slot = UInt32(executions.count)
            executions.append(execution)
            turns.append(0)
        }
        slotOf[command.id] = slot
        running += 1
        return slot
    }

    /// The ticket of a slot's next step; those of all steps before are late from now on.
    mutating func ticket(of slot: UInt32) -> Ticket {
        turns[Int(slot)] &+= 1
        return Ticket(slot: slot, turn: turns[Int(slot)])
    }

    /// The command that a ticket belongs to; nil if the ticket is late.
    func execution(of ticket: Ticket) -> Execution? {
        guard executions.indices.contains(Int(ticket.slot)), turns[Int(ticket.slot)] == ticket.turn else { return nil }
        return executions[Int(ticket.slot)]
    }

    /// Ends a command: it is counted, its answer is remembered if it must be, and all who wait for it are told.
    mutating func end(_ slot: UInt32, _ answer: Answer, at now: Instant) -> Step {
        guard let execution = executions[Int(slot)] else { return .late }
        executions[Int(slot)] = nil
        turns[Int(slot)] &+= 1
        freeSlots.append(slot)
        slotOf[execution.command.id] = nil
        if execution.status.isRunning { running -= 1 }
        types[execution.type].metrics.count(answer)
        types[execution.type].metrics.duration =
            types[execution.type].metrics.duration + max(.zero, now - execution.sentAt)
        if answer.isRemembered(afterHandler: execution.passage.hasRunHandler) {
            let entry = Remembered(fingerprint: execution.fingerprint, answer: answer)
            remembered.insert(execution.command.id, entry, at: now)
        }
        return .answer(answer, to: execution.callers)
    }

    /// Changes what a command does; the tickets of its steps before are late from now on.
    mutating func set(_ slot: UInt32, _ status: Status) {
        turns[Int(slot)] &+= 1
        if executions[Int(slot)]?.status.isRunning == true { running -= 1 }
        executions[Int(slot)]?.status = status
        if status.isRunning { running += 1 }
    }
}

extension CommandBus.Status {
    /// Whether it is executed for a sender who waits, or on the way to that.
    var isRunning: Bool {
        switch self {
        case .validating, .backingOff, .attempting(.local): true
        case .attempting, .queued, .parked: false
        }
    }
}

extension CommandBus.Answer {
    /// Whether a repetition gets this answer. What was turned away before its handler may be sent again: nothing has
    /// happened (Stripe keeps no result for such requests either).
    func isRemembered(afterHandler hasRunHandler: Bool) -> Bool {
        switch self {
        case .done: true
        case .rejected(.business), .rejected(.refused): hasRunHandler
        case .rejected, .failed, .cancelled, .accepted, .parked: false
        }
    }
}

extension CommandMetrics {
    fileprivate mutating func count(_ answer: CommandBus.Answer) {
        switch answer {
        case .done: done += 1
        case .rejected(let rejection): rejected[rejection.reason] += 1
        case .failed: failed += 1
        case .cancelled: cancelled += 1
        case .accepted, .parked: return
        }
    }
}
