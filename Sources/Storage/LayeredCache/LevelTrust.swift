import Caching
import Timeline

/// What must not be read though a level holds it, since it could not be removed there.
///
/// The marks have moments as versions: what was loaded before the moment of a mark is not current.
struct LevelTrust {
    private let since: Instant
    private var lastStamp = Instant(nanoseconds: .min)
    private var keys: [InvalidationMarks<String>]
    private var tags: InvalidationMarks<String>

    init(names: Int, since: Instant) {
        self.since = since
        keys = LayeredCache.Level.allCases.map { _ in InvalidationMarks(capacity: names) }
        tags = InvalidationMarks(capacity: names)
    }

    /// A moment that is later than all that were given before, by a nanosecond if need be.
    mutating func stamp(_ now: Instant) -> Instant {
        lastStamp = max(now, lastStamp + .nanoseconds(1))
        return lastStamp
    }

    /// What a level holds of a key, and was loaded before a moment, is not read any more.
    mutating func distrust(_ key: String, in level: LayeredCache.Level, before moment: Instant) {
        keys[level.rawValue].invalidate([key], version: Self.version(moment))
    }

    /// What has a tag, and was loaded before a moment, is not read any more.
    mutating func distrust(tag: String, before moment: Instant) {
        tags.invalidate([tag], version: Self.version(moment))
    }

    /// Whether what a level holds of a key may be read.
    mutating func admits(_ envelope: CacheEnvelope, of key: String, in level: LayeredCache.Level) -> Bool {
        // Which tags were removed before, nobody remembers.
        if level == .files, !envelope.tags.isEmpty, envelope.created < since { return false }
        // Numbers of invalidations are not kept with values: only versions count.
        let version = Self.version(envelope.created)
        return keys[level.rawValue].staleness(of: [key], since: .max, version: version) == nil
            && tags.staleness(of: envelope.tags, since: .max, version: version) == nil
    }

    private static func version(_ moment: Instant) -> UInt64 { UInt64(clamping: moment.nanoseconds) }
}
