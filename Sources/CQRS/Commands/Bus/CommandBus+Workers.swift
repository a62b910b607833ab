public import Timeline

// What workers of a queue do.

extension CommandBus {
    /// Gives a worker the next command of a queue; nil if there is none now, or no such queue.
    ///
    /// Any number of workers may take commands; no two get one of the same sequence at once. A worker that is not heard
    /// of within the queue's visibility has vanished, and its command is delivered again.
    /// - Returns: the first step of the attempt.
    public mutating func take(from queue: String, at now: Instant) -> Step? {
        guard let queue = self.queue(named: queue) else { return nil }
        while let lease = queues[queue].commands.take(at: now) {
            guard let slot = slotOf[lease.id], let execution = executions[Int(slot)] else {
                _ = queues[queue].commands.finish(lease.ticket, at: now)
                continue
            }
            if execution.command.hasExpired(at: now) {
                _ = conclude(slot, .rejected(.expired(attempts: execution.attempts)), .leased(lease.ticket), at: now)
            } else if lease.vanished > queues[queue].settings.vanishedWorkers {
                let cause = DeadLetter.Cause(kind: "vanished", detail: "\(lease.vanished) workers vanished with it")
                _ = park(slot, lease.ticket, because: cause, at: now)
            } else {
                return begin(slot, .leased(lease.ticket), at: now)
            }
        }
        return nil
    }

    /// A word from a worker, or from whoever takes up a dead letter, that needs longer. Returns until when it has time
    /// now; nil if its time was over, or if it is about a local command, whose time has no end.
    public mutating func extend(_ ticket: Ticket, at now: Instant) -> Instant? {
        guard let execution = execution(of: ticket), let queue = types[execution.type].queue else { return nil }
        switch execution.status {
        case .attempting(.leased(let lease)): return queues[queue].commands.extend(lease, at: now)
        case .attempting(.replaying(let claim)): return queues[queue].deadLetters.extend(claim, at: now)
        default: return nil
        }
    }

    /// When a queue may have something that it does not have now: a wait ends, or the time of a worker. Nil if nothing
    /// in it waits for its time.
    public func nextWake(of queue: String) -> Instant? {
        self.queue(named: queue).flatMap { queues[$0].commands.nextWake }
    }

    /// Makes a command a dead letter, and parks behind it what waits of its sequence. A command that finds no room
    /// there stays first in its sequence and is tried again later: it is not lost, and nothing passes it by.
    mutating func park(
        _ slot: UInt32, _ lease: SequencedQueue.Ticket, because cause: DeadLetter.Cause, at now: Instant
    ) -> Step {
        guard let execution = executions[Int(slot)], let queue = types[execution.type].queue else { return .late }
        let (id, sequence) = (execution.command.id, execution.command.lane)
        let parking = queues[queue].deadLetters.park(
            id, of: sequence, because: cause, attempts: execution.attempts, at: now)
        if case .refused = parking {
            types[execution.type].metrics.parkingRefused += 1
            return postpone(slot, lease, until: now + queues[queue].settings.fullWait, execution, now)
        }
        types[execution.type].metrics.deadLettered += 1
        set(slot, .parked)
        executions[Int(slot)]?.conflicts = 0
        queues[queue].commands.block(sequence)
        _ = queues[queue].commands.finish(lease, at: now)
        parkWaiting(of: sequence, in: queue, at: now)
        return .parked
    }

    /// Whether more of a sequence has to be parked, and can be.
    private func canPark(_ sequence: String, in queue: Int) -> Bool {
        queues[queue].deadLetters.contains(sequence) && queues[queue].deadLetters.refusal(for: sequence) == nil
    }

    /// Moves what waits of a parked sequence behind its dead letters, as far as there is room.
    mutating func parkWaiting(of sequence: String, in queue: Int, at now: Instant) {
        while canPark(sequence, in: queue), let id = queues[queue].commands.removeFirst(of: sequence) {
            guard let slot = slotOf[id], let execution = executions[Int(slot)] else { continue }
            _ = queues[queue].deadLetters.parkBehind(id, of: sequence, at: now)
            types[execution.type].metrics.heldBack += 1
            set(slot, .parked)
        }
    }
}
