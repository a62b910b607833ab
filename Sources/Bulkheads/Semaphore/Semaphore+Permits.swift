public import Timeline

extension Semaphore {
    /// What happens to a caller that asks for a permit.
    public enum Admission: Hashable, Sendable {
        /// It has one; hand it back with ``Semaphore/release(forNobody:at:)``.
        case permitted
        /// It waits for one.
        case waiting(QueuePlace)
        /// There is none, and it may not wait.
        case rejected(Rejection)
    }

    /// The semaphore at the moment when it refused a caller.
    public struct Rejection: Hashable, Sendable {
        /// Permits in use.
        public let inUse: Int
        /// How many there are.
        public let permits: Int
        /// Callers that wait.
        public let waiting: Int
    }

    /// A caller that waits no more.
    public struct Waiter: Hashable, Sendable {
        /// The caller.
        public let caller: UInt64
        /// How long it waited.
        public let waited: Duration
    }

    /// Asks for a permit.
    /// - Parameters:
    ///   - caller: the caller's number.
    ///   - maximumWait: how long it may wait; as the settings say by default. Zero or less is not at all.
    ///   - now: the time.
    public mutating func acquire(_ caller: UInt64, maximumWait: Duration? = nil, at now: Instant) -> Admission {
        totals.asked += 1
        if inUse < settings.permits {
            take(after: .zero)
            return .permitted
        }
        let longest = maximumWait ?? settings.maximumWait
        guard longest > .zero else {
            totals.rejected += 1
            return .rejected(Rejection(inUse: inUse, permits: settings.permits, waiting: waiting))
        }
        let deadline = longest == .maximum ? Instant.distantFuture : now + longest
        let ticket = callers.append(caller, since: now, deadline: deadline, to: Self.waitingLane)
        if deadline != .distantFuture {
            deadlines.insert(ticket, deadline: deadline, arrival: UInt64(bitPattern: Int64(totals.asked)))
        }
        return .waiting(QueuePlace(position: waiting, ticket: ticket))
    }

    /// Hands a permit back; the result is the caller that has it now.
    ///
    /// Nil if nobody waits, if there are more permits in use than there are, or if none was.
    /// - Parameters:
    ///   - forNobody: whether the work was done when nobody waited for it any more.
    ///   - now: the time.
    public mutating func release(forNobody: Bool = false, at now: Instant) -> Waiter? {
        guard inUse > 0 else { return nil }
        inUse -= 1
        totals.finished += 1
        totals.forNobody += forNobody ? 1 : 0
        return handOver(at: now)
    }

    /// Takes out a caller whose wait is over, the one with the earliest deadline first; nil if there is none (more).
    public mutating func popExpired(at now: Instant) -> Waiter? {
        let refused = callers.first(of: Self.refusedLane)
        if refused != WaitList.none { return leave(refused, at: now) }
        guard let first = deadlines.first, first.deadline <= now else { return nil }
        deadlines.remove(first.slot)
        countTimeOut()
        return leave(first.slot, at: now)
    }

    /// Takes out a caller that will wait no longer; false if it does not wait.
    ///
    /// With the ticket from its ``QueuePlace`` the cost is that of a heap; without, it grows with the number of
    /// callers ahead of it.
    public mutating func withdraw(_ caller: UInt64, ticket: UInt32? = nil) -> Bool {
        let lanes = Self.waitingLane..<(Self.waitingLane + 1)
        let known = ticket.flatMap { holdsWaiting(caller, at: $0) ? $0 : nil }
        guard let slot = known ?? callers.slot(of: caller, lanes: lanes) else { return false }
        deadlines.remove(slot)
        _ = callers.remove(slot)
        totals.withdrawn += 1
        return true
    }

    /// Replaces the settings of a semaphore at work.
    ///
    /// More permits go at once to those who wait. With fewer, calls under way go on, and the permits above the new
    /// number vanish as they are handed back (resilience4j makes whoever changes it wait for that). Another maximum
    /// wait counts for those who ask from now on.
    /// - Returns: the callers that have a permit now.
    public mutating func resize(to new: Settings, at now: Instant) -> [Waiter] {
        settings = new
        var permitted: [Waiter] = []
        while let next = handOver(at: now) { permitted.append(next) }
        return permitted
    }

    /// Gives a free permit to the one who has waited longest and still waits.
    private mutating func handOver(at now: Instant) -> Waiter? {
        guard inUse < settings.permits else { return nil }
        while true {
            let slot = callers.first(of: Self.waitingLane)
            guard slot != WaitList.none else { return nil }
            if callers[slot].isOver(at: now) {
                refuse(slot)
                continue
            }
            deadlines.remove(slot)
            let next = leave(slot, at: now)
            take(after: next.waited)
            return next
        }
    }

    /// Refuses a caller whose wait is over; ``popExpired(at:)`` tells who it is.
    private mutating func refuse(_ slot: UInt32) {
        deadlines.remove(slot)
        let caller = callers.remove(slot)
        _ = callers.append(caller.task, since: caller.since, deadline: caller.deadline, to: Self.refusedLane)
        countTimeOut()
    }

    private func holdsWaiting(_ caller: UInt64, at slot: UInt32) -> Bool {
        callers.holds(caller, at: slot) && callers[slot].lane == Self.waitingLane
    }

    private mutating func leave(_ slot: UInt32, at now: Instant) -> Waiter {
        let caller = callers.remove(slot)
        return Waiter(caller: caller.task, waited: caller.waited(until: now))
    }

    private mutating func take(after waited: Duration) {
        inUse += 1
        totals.permitted += 1
        totals.mostInUse = max(totals.mostInUse, inUse)
        totals.waited = totals.waited + waited
        totals.longestWait = max(totals.longestWait, waited)
    }

    private mutating func countTimeOut() {
        totals.rejected += 1
        totals.timedOut += 1
    }
}
