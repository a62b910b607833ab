public import Timeline

extension PersistentSubscription {
    /// What a consumer says of an event that it could not deal with.
    public enum Refusal: Hashable, Sendable {
        /// Hand it out again, to whomever.
        case retry
        /// Give it up, and keep it.
        case park
        /// Forget it.
        case skip
    }

    /// A consumer has dealt with an event. False if it does not have it any more.
    @discardableResult
    public mutating func acknowledge(_ position: Position, by consumer: UInt32) -> Bool {
        guard take(position, from: consumer) != nil else { return false }
        totals.acknowledged += 1
        return true
    }

    /// A consumer cannot deal with an event. False if it does not have it any more.
    @discardableResult
    public mutating func refuse(
        _ position: Position, by consumer: UInt32, _ refusal: Refusal, at now: Instant
    ) -> Bool {
        guard let delivery = take(position, from: consumer) else { return false }
        switch refusal {
        case .retry: handOutAgain(delivery, at: now)
        case .park: park(delivery, .asked, at: now)
        case .skip: totals.skipped += 1
        }
        return true
    }

    /// When the next event is taken back that nobody answers for.
    public var nextExpiry: Instant? {
        underWay.map(\.due).min().flatMap { $0 == .distantFuture ? nil : $0 }
    }

    /// Takes back what has not been answered for in time.
    public mutating func expire(at now: Instant) {
        for delivery in underWay where delivery.due <= now {
            totals.timedOut += 1
            takeBack(delivery, at: now)
        }
    }

    /// Has parked events handed out again, the oldest first; returns how many. Their number is that of ``parked``.
    ///
    /// The checkpoint has passed them, and is not moved back.
    @discardableResult
    public mutating func replayParked(atMost limit: Int = .max) -> Int {
        let replayed = parked.prefix(max(0, limit))
        again += replayed.map { Delivery(position: $0.position, key: $0.key, isReplay: true) }
        parked.removeFirst(replayed.count)
        return replayed.count
    }

    /// Forgets a parked event. False if there is none at this position.
    public mutating func discardParked(_ position: Position) -> Bool {
        guard let index = parked.firstIndex(where: { $0.position == position }) else { return false }
        parked.remove(at: index)
        return true
    }

    /// The checkpoint if it is worth storing now, as the settings say; it then counts as stored.
    ///
    /// To be asked after answers, and from time to time.
    public mutating func checkpointToStore(at now: Instant) -> Position? {
        let moved = checkpoint - stored
        let policy = settings.checkpointing
        guard moved > 0 else { return nil }
        guard moved >= policy.atMost || (moved >= policy.atLeast && now - storedAt >= policy.after) else { return nil }
        stored = checkpoint
        storedAt = now
        return checkpoint
    }

    /// Takes an event out of a consumer's hands; nil if it does not have it.
    private mutating func take(_ position: Position, from consumer: UInt32) -> Delivery? {
        let index = underWay.firstIndex { $0.position == position && $0.consumer == consumer }
        guard let index else {
            totals.lateAnswers += 1
            return nil
        }
        let delivery = underWay.remove(at: index)
        if let place = consumers.firstIndex(where: { $0.id == consumer }) { consumers[place].load -= 1 }
        return delivery
    }

    /// Takes an event out of its consumer's hands, to be handed out again.
    mutating func takeBack(_ delivery: Delivery, at now: Instant) {
        if let taken = take(delivery.position, from: delivery.consumer) { handOutAgain(taken, at: now) }
    }

    private mutating func handOutAgain(_ delivery: Delivery, at now: Instant) {
        guard delivery.attempts <= settings.retries else { return park(delivery, .retriesExhausted, at: now) }
        totals.retried += 1
        let place = delivery.isReplay ? again.count : again.place(for: delivery.position)
        again.insert(delivery, at: place)
    }

    private mutating func park(_ delivery: Delivery, _ reason: Reason, at now: Instant) {
        totals.parked += 1
        parked.append(
            Parked(
                position: delivery.position, key: delivery.key, reason: reason, attempts: delivery.attempts,
                parkedAt: now))
    }
}
