public import EventSourcing
public import Timeline
internal import Resilience

extension ProjectionRun {
    /// An event that has failed.
    struct Trouble: Hashable, Sendable {
        let position: Position
        var failure: EventFailure
        var attempts: RetryState
        var state: State

        enum State: Hashable, Sendable {
            case backingOff(until: Instant)
            case judged(ErrorPolicy.Verdict)
        }
    }

    /// What comes first of what was read.
    enum Front {
        case nothing
        /// So many events that go together; full if no more can join them.
        case events(Int, isFull: Bool)
        case backingOff(until: Instant)
        case blocked(StopReason)
    }

    func front(at now: Instant) -> Front {
        guard let first = buffer.first else { return .nothing }
        if trouble == nil && quarantine.rows.isEmpty {
            let count = min(buffer.count, settings.batchSize)
            return .events(count, isFull: count == settings.batchSize)
        }
        if let alone = alone(first, at: now) { return alone }
        var (count, setAside) = (0, 0)
        while count < min(buffer.count, settings.batchSize) {
            let event = buffer[count]
            if let quarantined = quarantine[event.sequence] {
                // What the batch sets aside counts for every sequence: at worst it ends a little early.
                guard quarantined.letters + setAside < settings.quarantine.lettersEach else { break }
                setAside += 1
            } else if event.position == trouble?.position {
                break
            }
            count += 1
        }
        guard count > 0 else { return .blocked(.quarantineFull(first.position, first.sequence)) }
        return .events(count, isFull: count == settings.batchSize || count < buffer.count)
    }

    /// What becomes of the first event if it has failed before: it is dealt with alone.
    private func alone(_ event: ReadBuffer.Entry, at now: Instant) -> Front? {
        guard let trouble, trouble.position == event.position, quarantine[event.sequence] == nil else { return nil }
        switch trouble.state {
        case .backingOff(let until): return now < until ? .backingOff(until: until) : .events(1, isFull: true)
        case .judged(.stop):
            return .blocked(.poison(event.position, trouble.failure, attempts: trouble.attempts.attempt))
        case .judged(.skip):
            return .events(1, isFull: true)
        case .judged(.quarantine):
            let hasRoom = quarantine.rows.count < settings.quarantine.sequences
            return hasRoom ? .events(1, isFull: true) : .blocked(.quarantineFull(event.position, event.sequence))
        }
    }

    func treatment(of event: ReadBuffer.Entry) -> Treatment {
        if quarantine[event.sequence] != nil { return .setAside }
        guard let trouble, trouble.position == event.position, case .judged(let verdict) = trouble.state else {
            return .apply
        }
        return switch verdict {
        case .skip: .skip(trouble.failure, attempts: trouble.attempts.attempt)
        case .quarantine: .quarantine(trouble.failure, attempts: trouble.attempts.attempt)
        case .stop: .apply
        }
    }

    /// Takes in that an event of the batch failed, and that nothing of the batch took place. False if it was not asked,
    /// or not any more.
    ///
    /// What comes before the event is committed next, once and for all; then the event alone is tried again. To name an
    /// event that was not to be applied counts as a failed commit.
    @discardableResult
    public mutating func eventFailed(
        at position: Position, _ failure: EventFailure, for ticket: Ticket, at now: Instant,
        using random: inout RandomStream
    ) -> Bool {
        guard committing.awaits(ticket), case .batch(let cut) = job else { return countLate() }
        let isApplied = (0..<cut.count).contains { index in
            buffer[index].position == position && treatment(of: buffer[index]) == .apply
        }
        guard isApplied else { return failed(.server, for: ticket, at: now, using: &random) }
        totals.eventFailures += 1
        committing.settle()
        job = nil
        judge(position, failure, at: now, using: &random)
        return true
    }

    private mutating func judge(
        _ position: Position, _ failure: EventFailure, at now: Instant, using random: inout RandomStream
    ) {
        var attempts = RetryState(startedAt: now)
        if let trouble, trouble.position == position { attempts = trouble.attempts }
        let decision = settings.eventRetry.next(after: failure.kind, state: &attempts, at: now, using: &random)
        let state: Trouble.State =
            switch decision {
            case .retry(let wait): .backingOff(until: now + Errand.wait(wait))
            case .giveUp: .judged(settings.errors.verdict(on: failure))
            }
        trouble = Trouble(position: position, failure: failure, attempts: attempts, state: state)
    }
}
