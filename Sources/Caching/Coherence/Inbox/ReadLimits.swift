import Timeline

/// Which versions must not be read any more, for invalidations that do not drop what they concern at once: lazy ones,
/// those that shorten a life, and those of tags.
///
/// Names that are forgotten are assumed to be limited by the newest limit that was forgotten, from then on.
struct ReadLimits<Name: CacheKey>: Sendable {
    /// What is older than `ended` has ended; what is older than `ending` does so at a moment.
    private struct Limit {
        var ended: UInt64 = 0
        var ending: UInt64 = 0
        var moment = Instant.zero

        func version(at now: Instant) -> UInt64 {
            now < moment ? ended : max(ended, ending)
        }

        mutating func add(_ version: UInt64, endingAt end: Instant, at now: Instant) {
            guard end > now else {
                ended = max(ended, version)
                return
            }
            let isUnderWay = ending > ended && now < moment
            ended = self.version(at: now)
            // One moment for both: what was to end first must not live longer for the second.
            moment = isUnderWay ? min(moment, end) : end
            ending = max(ending, version)
        }
    }

    private var limits: LRUCache<Name, Limit>
    private var forgotten: UInt64 = 0
    private var everything = Limit()

    init(capacity: Int) {
        limits = LRUCache(capacity: capacity)
    }

    /// What is older than a version ends at a moment, which may have come.
    mutating func limit(_ name: Name, to version: UInt64, endingAt end: Instant, at now: Instant) {
        var limit = limits.entry(for: name)?.value ?? Limit(ended: forgotten)
        limit.add(version, endingAt: end, at: now)
        if let left = limits.remember(name, limit) { forgotten = max(forgotten, left.ended, left.ending) }
    }

    /// The same for all names.
    mutating func limitAll(to version: UInt64, endingAt end: Instant, at now: Instant) {
        everything.add(version, endingAt: end, at: now)
    }

    /// Whether a version of a name has ended.
    func isOver(_ name: Name, _ version: UInt64, at now: Instant) -> Bool {
        version < limits.entry(for: name)?.value.version(at: now) ?? forgotten || version < everything.version(at: now)
    }
}
