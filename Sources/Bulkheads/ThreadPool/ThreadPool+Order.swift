public import Timeline

extension ThreadPool {
    /// How important a task is.
    public enum Priority: UInt8, Hashable, Sendable, CaseIterable {
        /// Before all others.
        case critical
        /// Before what is normal.
        case high
        /// What a task is if nobody says.
        case normal
        /// When nothing else waits.
        case low
    }

    /// Which of the waiting tasks a free thread takes.
    public enum Order: Hashable, Sendable {
        /// The oldest; priorities mean nothing.
        case fifo
        /// The newest: under overload some are served in time, whereas in a long queue all come too late (Bronson
        /// and others, "Metastable Failures in Distributed Systems", HotOS 2021). Priorities mean nothing.
        case lifo
        /// The most important, and of these the oldest. Without ageing, lower priorities starve as long as higher
        /// ones keep coming; with it, a task counts one level higher each time so much of its waiting has passed.
        case priority(ageing: Duration? = nil)
    }

    /// Tasks in the queue that came with that priority; all are normal unless the order is by priority.
    public func queued(_ priority: Priority) -> Int { waiting.length(of: Int(priority.rawValue)) }

    /// When the first in line of that priority was queued; nil if none waits.
    public func oldestWaiterSince(_ priority: Priority) -> Instant? {
        let slot = waiting.first(of: Int(priority.rawValue))
        return slot == WaitList.none ? nil : waiting[slot].since
    }
}

extension ThreadPool.Order {
    /// The lane in which a task of that priority waits.
    func lane(for priority: ThreadPool.Priority) -> Int {
        if case .priority = self { Int(priority.rawValue) } else { Self.onlyLane }
    }

    fileprivate static let onlyLane = Int(ThreadPool.Priority.normal.rawValue)
}

extension WaitList {
    /// Takes out the task that a free thread takes; there must be one.
    @inline(__always)
    mutating func removeNext(in order: ThreadPool.Order, at now: Instant) -> Waiter {
        let next =
            switch order {
            case .fifo: isOneLane ? first(of: ThreadPool.Order.onlyLane) : oldest
            case .lifo: isOneLane ? last(of: ThreadPool.Order.onlyLane) : newest
            case .priority(let ageing): mostImportant(ageing: ageing, at: now)
            }
        return remove(next)
    }

    /// So it is in the orders that know no priorities, unless the order has just been changed.
    private var isOneLane: Bool { length(of: ThreadPool.Order.onlyLane) == count }

    /// Within a lane the oldest has aged most, so the first of each lane are all that can be next.
    @inline(never)
    private func mostImportant(ageing: Duration?, at now: Instant) -> UInt32 {
        var best = Self.none
        var bestLevel = Int64.max
        for lane in Self.lanes {
            let slot = first(of: lane)
            guard slot != Self.none else { continue }
            let level = self[slot].level(ageing: ageing, at: now)
            let isNext = level < bestLevel || (level == bestLevel && self[slot].since < self[best].since)
            if isNext { (best, bestLevel) = (slot, level) }
        }
        return best
    }

    /// The slot of the task that makes room for a new one, if any does.
    func displaceable(for priority: ThreadPool.Priority, in order: ThreadPool.Order) -> UInt32 {
        guard case .priority = order else { return oldest }
        for lane in Self.lanes.reversed() where length(of: lane) > 0 {
            return lane >= priority.rawValue ? first(of: lane) : Self.none
        }
        return Self.none
    }
}

extension WaitList.Waiter {
    /// How important it is by now, from 0: one level more for each time that so much of its waiting has passed.
    fileprivate func level(ageing: Duration?, at now: Instant) -> Int64 {
        guard let ageing else { return Int64(lane) }
        return max(0, Int64(lane) - waited(until: now).nanoseconds / ageing.nanoseconds)
    }
}
