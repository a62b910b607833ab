import Timeline

extension ConnectionPool {
    /// Who waits, in the order of arrival, and when each has to leave.
    struct Line: Hashable, Sendable {
        private var waiters = WaitList()
        private var deadlines = DeadlineHeap()
        private var arrivals: UInt64 = 0

        private static let lane = 0

        var count: Int { waiters.count }
        var isEmpty: Bool { waiters.isEmpty }

        /// Who has waited longest.
        var first: WaitList.Waiter? {
            let slot = waiters.first(of: Self.lane)
            return slot == WaitList.none ? nil : waiters[slot]
        }

        /// When the next waiter has to leave.
        var earliestDeadline: Instant { deadlines.first?.deadline ?? .distantFuture }

        mutating func append(_ request: UInt64, since: Instant, deadline: Instant) {
            arrivals &+= 1
            let slot = waiters.append(request, since: since, deadline: deadline, to: Self.lane)
            deadlines.insert(slot, deadline: deadline, arrival: arrivals)
        }

        mutating func popFirst() -> WaitList.Waiter? {
            isEmpty ? nil : remove(waiters.first(of: Self.lane))
        }

        /// Takes out the waiter with the earliest deadline if that has come.
        mutating func popExpired(at now: Instant) -> WaitList.Waiter? {
            guard let first = deadlines.first, first.deadline <= now else { return nil }
            return remove(first.slot)
        }

        /// Takes out a request; looks from the longest waiting on.
        mutating func remove(request: UInt64) -> WaitList.Waiter? {
            guard let slot = waiters.slot(of: request) else { return nil }
            return remove(slot)
        }

        private mutating func remove(_ slot: UInt32) -> WaitList.Waiter {
            deadlines.remove(slot)
            return waiters.remove(slot)
        }
    }
}
