public import EventSourcing
public import Timeline

/// Readers that want to read what they have written: each waits until a projection has come to a position.
///
/// A reader is told in the very step that gets the projection there. It waits until its deadline and no longer: whoever
/// owns the waiters calls ``popExpired(at:)`` at ``nextExpiry``. A projection that stops wakes all of them with the
/// reason, so that nobody waits for what will not come.
///
/// Readers are the caller's numbers. There is a limit to how many may wait.
public struct PositionWaiters: Hashable, Sendable {
    /// How many readers may wait.
    public let limit: Int
    /// Up to here the projection has come.
    public private(set) var position: Position
    /// Why the projection has stopped; nil while it goes on.
    public private(set) var stopReason: ProjectionRun.StopReason?
    /// Everything counted since the start.
    public private(set) var totals = Totals()

    /// In order of their positions, and for equal ones of their arrival.
    private var byPosition: [Waiter] = []
    /// In order of their deadlines, and for equal ones of their arrival.
    private var byDeadline: [Waiter] = []
    private var arrivals: UInt64 = 0

    private struct Waiter: Hashable, Sendable {
        let reader: UInt64
        let position: Position
        /// ``Instant/distantFuture`` for never.
        let deadline: Instant
        let since: Instant
        let arrival: UInt64

        func isOver(at now: Instant) -> Bool { deadline <= now && deadline != .distantFuture }
    }

    /// Nobody waits.
    /// - Parameters:
    ///   - position: where the projection is.
    ///   - limit: how many readers may wait; 1024 by default, and less than 0 counts as 0.
    public init(at position: Position = .start, limit: Int = 1_024) {
        self.position = position
        self.limit = max(0, limit)
    }

    /// How many readers wait.
    public var waiting: Int { byPosition.count }

    /// When ``popExpired(at:)`` will have a reader; nil if none is due.
    public var nextExpiry: Instant? {
        byDeadline.first.flatMap { $0.deadline == .distantFuture ? nil : $0.deadline }
    }

    /// Asks to be told when the projection has come to a position.
    /// - Parameters:
    ///   - reader: the reader's number.
    ///   - target: the position, as a rule that of an event which the reader has appended.
    ///   - deadline: until when it waits; ``Instant/distantFuture`` for as long as it takes.
    ///   - now: the time.
    public mutating func wait(
        _ reader: UInt64, for target: Position, until deadline: Instant, at now: Instant
    ) -> Admission {
        if target <= position {
            totals.atOnce += 1
            return .reached
        }
        if let stopReason { return .stopped(stopReason) }
        arrivals += 1
        let waiter = Waiter(reader: reader, position: target, deadline: deadline, since: now, arrival: arrivals)
        guard !waiter.isOver(at: now) else {
            totals.timedOut += 1
            return .tooLate
        }
        guard waiting < limit else {
            totals.refused += 1
            return .full
        }
        byPosition.insert(waiter, at: Self.count(of: byPosition) { $0.position <= target })
        byDeadline.insert(waiter, at: Self.count(of: byDeadline) { $0.deadline <= deadline })
        totals.waited += 1
        return .waiting
    }

    /// Says that the projection goes on and has come to a position. The result are the readers that waited for it or for
    /// less, in order; those whose deadline has passed are told so.
    /// - Parameters:
    ///   - reached: up to where all is dealt with; see ``ProjectionRun/settled``. It may have gone back.
    ///   - leftOut: positions up to there that were set aside or skipped, in ascending order.
    ///   - now: the time.
    public mutating func reached(_ reached: Position, leavingOut leftOut: [Position] = [], at now: Instant) -> [Woken] {
        position = reached
        stopReason = nil
        let there = byPosition.prefix(Self.count(of: byPosition) { $0.position <= reached })
        byPosition.removeFirst(there.count)
        return there.map { waiter in
            removeDeadline(of: waiter)
            return wake(waiter, leftOut.contains(waiter.position) ? .leftOut : .reached, at: now)
        }
    }

    /// Says that the projection has stopped. The result are all readers that waited.
    public mutating func stopped(_ reason: ProjectionRun.StopReason, at now: Instant) -> [Woken] {
        stopReason = reason
        let all = byPosition
        byPosition = []
        byDeadline = []
        return all.map { wake($0, .stopped(reason), at: now) }
    }

    /// Takes out a reader whose wait is over, the one with the earliest deadline first; nil if there is none (more).
    public mutating func popExpired(at now: Instant) -> Woken? {
        guard let waiter = byDeadline.first, waiter.isOver(at: now) else { return nil }
        byDeadline.removeFirst()
        removePosition(of: waiter)
        return wake(waiter, .timedOut, at: now)
    }

    /// Takes out a reader that will wait no longer; false if it does not wait.
    public mutating func withdraw(_ reader: UInt64) -> Bool {
        guard let waiter = byPosition.first(where: { $0.reader == reader }) else { return false }
        removePosition(of: waiter)
        removeDeadline(of: waiter)
        return true
    }

    private mutating func wake(_ waiter: Waiter, _ outcome: Outcome, at now: Instant) -> Woken {
        let waited = max(.zero, now - waiter.since)
        let isLate = waiter.isOver(at: now)
        if isLate { totals.timedOut += 1 } else { totals.longestWait = max(totals.longestWait, waited) }
        return Woken(reader: waiter.reader, outcome: isLate ? .timedOut : outcome, waited: waited)
    }

    private mutating func removePosition(of waiter: Waiter) {
        byPosition.remove(
            at: Self.count(of: byPosition) { ($0.position, $0.arrival) < (waiter.position, waiter.arrival) })
    }

    private mutating func removeDeadline(of waiter: Waiter) {
        byDeadline.remove(
            at: Self.count(of: byDeadline) { ($0.deadline, $0.arrival) < (waiter.deadline, waiter.arrival) })
    }

    /// How many come before the others; they stand in that order.
    private static func count(of waiters: [Waiter], _ comesBefore: (Waiter) -> Bool) -> Int {
        var (low, high) = (0, waiters.count)
        while low < high {
            let middle = (low + high) / 2
            if comesBefore(waiters[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
