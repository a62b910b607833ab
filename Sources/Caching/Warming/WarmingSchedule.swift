public import Timeline

/// What is warmed at which times of day.
public struct WarmingSchedule<Key: CacheKey>: Sendable {
    /// One warming a day.
    public struct Entry: Hashable, Sendable {
        /// The time of day at which it is due, 0 to less than a day.
        public let time: Duration
        /// What is warmed.
        public let strategy: WarmingStrategy<Key>

        /// That is warmed at this time.
        public init(time: Duration, strategy: WarmingStrategy<Key>) {
            self.time = time
            self.strategy = strategy
        }
    }

    /// What time of day it is.
    public let clock: DayClock
    /// The warmings.
    public let entries: [Entry]
    /// When each of them is due next.
    private var dueAt: [Instant]

    /// Checks the times.
    /// - Parameter now: everything is first due after this moment.
    /// - Throws: a ``SettingError`` that names the first entry whose time is not one of a day.
    public init(_ entries: [Entry], clock: DayClock = .ordinary, at now: Instant) throws(SettingError) {
        for (position, entry) in entries.enumerated() where entry.time < .zero || entry.time >= clock.day {
            throw SettingError(
                "entries[\(position)].time", given: entry.time, allowed: "0s to less than a day of \(clock.day)")
        }
        self.clock = clock
        self.entries = entries
        dueAt = entries.map { clock.next($0.time, after: now) }
    }

    /// When something is due next; nil if there are no entries.
    public var nextDue: Instant? { dueAt.min() }

    /// Takes what is due, in the order of the entries; what was due on several days comes once.
    public mutating func takeDue(at now: Instant) -> [WarmingStrategy<Key>] {
        var due: [WarmingStrategy<Key>] = []
        for (position, entry) in entries.enumerated() where dueAt[position] <= now {
            dueAt[position] = clock.next(entry.time, after: now)
            due.append(entry.strategy)
        }
        return due
    }
}
