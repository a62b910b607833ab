import EventSourcing
public import Timeline

// What an operator does with the dead letters of a queue.

extension CommandBus {
    /// The dead letters of a queue, to look at; nil if there is no such queue.
    public func deadLetters(of queue: String) -> DeadLetterQueue? {
        self.queue(named: queue).map { queues[$0].deadLetters }
    }

    /// The command of a dead letter; nil if it is not one.
    public func command(of letter: DeadLetter) -> CommandEnvelope? {
        guard let slot = slotOf[letter.id], let execution = executions[Int(slot)] else { return nil }
        switch execution.status {
        case .parked, .attempting(.replaying): return execution.command
        default: return nil
        }
    }

    /// Plans to execute dead letters of a queue, and says how many that are before the first is; empty if there is no
    /// such queue.
    public func replayPlan(for queue: String, where isWanted: (DeadLetter) -> Bool = { _ in true }) -> ReplayPlan {
        deadLetters(of: queue)?.replayPlan(where: isWanted)
            ?? DeadLetterQueue(.standard).replayPlan()
    }

    /// What is next in the replay of dead letters.
    public enum ReplayStep: Hashable, Sendable {
        /// The first step of an attempt at a letter; take the next once it is over, or with another worker now.
        case execute(Step)
        /// Nothing yet: all that is left waits for attempts that are under way.
        case busy
        /// Nothing more.
        case finished
    }

    /// Begins to execute the next dead letter of a plan. One that fails stays where it is, and so does all behind it;
    /// one whose deadline has passed is over. What came to its sequence after the plan was made is not executed by it,
    /// but goes back to the queue once everything before it is done.
    public mutating func replay(_ plan: inout ReplayPlan, of queue: String, at now: Instant) -> ReplayStep {
        guard let queue = self.queue(named: queue) else { return .finished }
        while true {
            switch queues[queue].deadLetters.next(in: &plan, at: now) {
            case .finished: return .finished
            case .busy: return .busy
            case .attempt(let claim):
                guard let slot = slotOf[claim.letter.id], let execution = executions[Int(slot)] else {
                    _ = queues[queue].deadLetters.finish(claim, .handled, at: now)
                    continue
                }
                guard !execution.command.hasExpired(at: now) else {
                    let answer = Answer.rejected(.expired(attempts: execution.attempts))
                    _ = conclude(slot, answer, .replaying(claim), at: now)
                    continue
                }
                return .execute(begin(slot, .replaying(claim), at: now))
            }
        }
    }

    /// Takes a dead letter out: its command is never executed. False if it is not, or no longer, there, or if somebody
    /// executes it now.
    public mutating func evict(_ letter: DeadLetter, from queue: String, at now: Instant) -> Bool {
        guard let queue = self.queue(named: queue), !isExecuted(letter, in: queue, at: now),
            queues[queue].deadLetters.evict(letter)
        else { return false }
        discard(letter, at: now)
        settle(letter.sequence, in: queue, at: now)
        return true
    }

    /// Takes out all dead letters of a sequence, which goes on with what comes after them. Returns how many; zero if
    /// somebody executes the first of them now.
    @discardableResult
    public mutating func evictAll(of sequence: String, from queue: String, at now: Instant) -> Int {
        guard let queue = self.queue(named: queue), !queues[queue].deadLetters.isClaimed(sequence, at: now) else {
            return 0
        }
        let letters = queues[queue].deadLetters.evictAll(of: sequence)
        for letter in letters { discard(letter, at: now) }
        settle(sequence, in: queue, at: now)
        return letters.count
    }

    private func isExecuted(_ letter: DeadLetter, in queue: Int, at now: Instant) -> Bool {
        queues[queue].deadLetters.isClaimed(letter.sequence, at: now)
            && queues[queue].deadLetters.firstLetter(of: letter.sequence)?.number == letter.number
    }

    private mutating func discard(_ letter: DeadLetter, at now: Instant) {
        guard let slot = slotOf[letter.id], let type = executions[Int(slot)]?.type else { return }
        types[type].metrics.discarded += 1
        _ = end(slot, .parked(queue: ""), at: now)
    }

    /// After a letter was executed: what was only held back by the letters of its plan goes back to the queue.
    mutating func makeRoom(behind claim: DeadLetterQueue.Claim, in queue: Int, at now: Instant) {
        let sequence = claim.letter.sequence
        if let first = queues[queue].deadLetters.firstLetter(of: sequence), first.number > claim.lastNumber {
            let released = queues[queue].deadLetters.releaseHeldBack(of: sequence, at: now)
            for letter in released {
                if let slot = slotOf[letter.id] { set(slot, .queued) }
            }
            queues[queue].commands.restore(released.map(\.id), to: sequence, at: now)
        }
        settle(sequence, in: queue, at: now)
    }

    /// After letters have gone: the sequence goes on if none is left, else more of it can be parked.
    private mutating func settle(_ sequence: String, in queue: Int, at now: Instant) {
        if queues[queue].deadLetters.contains(sequence) {
            parkWaiting(of: sequence, in: queue, at: now)
        } else {
            queues[queue].commands.unblock(sequence)
        }
    }
}
