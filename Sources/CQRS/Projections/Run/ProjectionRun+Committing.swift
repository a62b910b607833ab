public import EventSourcing
public import Resilience
public import Timeline

extension ProjectionRun {
    /// Takes in what came of a batch's move. False if it was not asked, or not any more.
    @discardableResult
    public mutating func committed(_ outcome: CheckpointMove.Outcome, for ticket: Ticket, at now: Instant) -> Bool {
        guard committing.awaits(ticket), case .batch(let cut) = job else { return countLate() }
        switch outcome {
        case .moved: settle(cut, at: now)
        case .wasThere: meet(stored: cut.to, at: now)
        case .mismatch(let stored), .ahead(let stored): meet(stored: stored, at: now)
        }
        return true
    }

    private mutating func settle(_ cut: Cut, at now: Instant) {
        for index in 0..<cut.count {
            let event = buffer[index]
            let treatment = treatment(of: event)
            totals.count(treatment)
            switch treatment {
            case .apply, .skip: break
            case .quarantine, .setAside: quarantine.add(event.position, of: event.sequence)
            }
        }
        buffer.removeFirst(cut.count)
        checkpoint = cut.to
        totals.batches += 1
        if let position = trouble?.position, position <= checkpoint { trouble = nil }
        committing.settle()
        job = nil
        inDoubt = nil
        rivalsInRow = 0
        pacer.ended(at: now)
        notePassable(at: now)
    }

    /// The checkpoint is not where it should be. If a commit without an answer may have put it there, all is well;
    /// either way the run loads what there is, since only that is sure.
    private mutating func meet(stored: Position, at now: Instant) {
        let isOwn = inDoubt.map { stored > checkpoint && stored <= $0 } ?? false
        if isOwn {
            totals.lostAnswers += 1
        } else {
            totals.rivals += 1
            if settings.rival == .stop { return finish(.rival(stored: stored)) }
        }
        reload()
        pauseForRival(at: now)
    }

    /// Who is always refused, or fights with another, must not do so in a hot loop: each time in a row it waits longer.
    private mutating func pauseForRival(at now: Instant) {
        rivalsInRow = min(rivalsInRow + 1, 30)
        let wait = Errand.leastWait * Int64(1 << (rivalsInRow - 1))
        loading.pause(until: now + min(wait, max(settings.poll, Errand.leastWait)))
    }

    /// What came of dealing again with events that were set aside.
    public enum ReplayOutcome: Hashable, Sendable {
        /// So many were taken in, and out of what is set aside; this is the first now, nil if none with this key is left.
        case applied(Int, next: Position?)
        /// One failed again, and nothing took place. They are tried one by one next; the one that fails alone is left
        /// out if the error policy says so, or stays where it is, and so do those behind it.
        case failedAgain(EventFailure)
        /// The checkpoint, or what is set aside, is not as it should be: somebody else has been there.
        case changed
    }

    /// Takes in what came of a replay. False if it was not asked, or not any more.
    @discardableResult
    public mutating func replayed(_ outcome: ReplayOutcome, for ticket: Ticket, at now: Instant) -> Bool {
        guard committing.awaits(ticket), case .replay(let row) = job else { return countLate() }
        committing.settle()
        job = nil
        switch outcome {
        case .applied(let applied, let next):
            let count = min(max(0, applied), row.limit)
            rivalsInRow = 0
            if row.skipping == nil { totals.replayed += count } else { totals.skipped += 1 }
            quarantine.removeFirst(count, of: row.sequence.sequence, next: next)
        case .failedAgain(let failure):
            failAgain(row, failure)
        case .changed:
            totals.rivals += 1
            reload()
            pauseForRival(at: now)
        }
        return true
    }

    private mutating func failAgain(_ row: Quarantine.Row, _ failure: EventFailure) {
        totals.replayFailures += 1
        let sequence = row.sequence.sequence
        if row.limit > 1 {
            quarantine.replay(1, of: sequence)
        } else if settings.errors.verdict(on: failure) == .skip {
            quarantine.skipHead(of: sequence, because: failure)
        } else {
            quarantine.replay(0, of: sequence)
        }
    }

    /// Takes in that a step failed, or that nobody waits for it any more: whether it took place is not known. False if it
    /// was not asked, or not any more.
    /// - Parameter retryAfter: what the callee, or a guard before it, asked for.
    @discardableResult
    public mutating func failed(
        _ failure: FailureKind, retryAfter: Duration? = nil, for ticket: Ticket, at now: Instant,
        using random: inout RandomStream
    ) -> Bool {
        let policy = settings.retry
        if loading.awaits(ticket) {
            giveUp(.load, loading.fail(failure, retryAfter: retryAfter, policy, at: now, using: &random))
        } else if reading.awaits(ticket) {
            totals.readFailures += 1
            giveUp(.read, reading.fail(failure, retryAfter: retryAfter, policy, at: now, using: &random))
        } else if committing.awaits(ticket) {
            totals.commitFailures += 1
            if case .batch(let cut) = job { inDoubt = max(inDoubt ?? cut.to, cut.to) }
            giveUp(.commit, committing.fail(failure, retryAfter: retryAfter, policy, at: now, using: &random))
        } else {
            return countLate()
        }
        return true
    }

    private mutating func giveUp(_ request: Request, _ reason: RetryPolicy.Reason?) {
        if let reason { finish(.gaveUp(request, reason)) }
    }
}
