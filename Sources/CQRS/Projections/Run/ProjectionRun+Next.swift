public import Timeline
internal import EventSourcing

extension ProjectionRun {
    /// Whether there is a step now, or when there may be one.
    enum Prospect {
        case now(Step)
        case later(Instant)
        case unknown

        var moment: Instant? {
            if case .later(let moment) = self { moment } else { nil }
        }
    }

    /// What to do now. Ask again until the answer is a wait: there may be a page to read beside a batch to commit.
    public mutating func next(at now: Instant) -> Step {
        if isOverdue(at: now) { finish(.requested(left: buffer.count)) }
        switch phase {
        case .stopped(let reason): return .stopped(reason)
        case .new: return .wait(until: nil)
        case .loading: return nextLoad(at: now)
        case .running: break
        }
        if let goal = reachedGoal { return end(.goal(goal)) }
        if wantsReload && job == nil {
            reload()
            return nextLoad(at: now)
        }
        let commit = nextCommit(at: now)
        if case .now(let step) = commit { return step }
        let read = nextRead(at: now)
        if case .now(let step) = read { return step }
        // What is still there then waits for an event that has failed.
        if ending.isRequested && job == nil { return end(.requested(left: buffer.count)) }
        return .wait(until: [commit.moment, read.moment, ending.deadline].compactMap { $0 }.min())
    }

    private mutating func end(_ reason: StopReason) -> Step {
        finish(reason)
        return .stopped(reason)
    }

    private mutating func nextLoad(at now: Instant) -> Step {
        if ending.isRequested, loading.isIdle { return end(.requested(left: 0)) }
        guard loading.isReady(at: now) else {
            return .wait(until: [loading.wake, ending.deadline].compactMap { $0 }.min())
        }
        let ticket = ticket()
        loading.ask(ticket, at: now)
        return .load(ticket)
    }

    /// Takes in what was loaded. False if that was not asked, or not any more.
    @discardableResult
    public mutating func loaded(_ loaded: Loaded, for ticket: Ticket, at now: Instant) -> Bool {
        guard loading.awaits(ticket) else { return countLate() }
        loading.settle()
        checkpoint = loaded.checkpoint ?? .start
        place = checkpoint
        quarantine = Quarantine(loaded.quarantined, goingOnWith: quarantine)
        if let position = trouble?.position, position <= checkpoint { trouble = nil }
        phase = .running
        return true
    }

    /// Forgets what was read, to load the checkpoint and to go on from there.
    mutating func reload() {
        phase = .loading
        wantsReload = false
        buffer = ReadBuffer()
        place = checkpoint
        passableSince = nil
        reading.settle()
        committing.settle()
        job = nil
        inDoubt = nil
        nextPoll = nil
        totals.loads += 1
    }

    /// Has the run load what is set aside anew, once nothing is being committed: somebody has changed it by hand.
    public mutating func reloadQuarantine() {
        wantsReload = true
    }

    mutating func countLate() -> Bool {
        totals.lateAnswers += 1
        return false
    }
}
