public import Timeline

/// How a gateway keeps an issuer's keys; every value has been checked.
public struct KeyCacheSettings: Hashable, Sendable {
    /// How long keys are used before they are fetched anew.
    public let lifetime: Duration
    /// At most one fetch begins in this time.
    public let fetchInterval: Duration
    /// How long an id that was not among the keys is taken to be unknown without another fetch.
    public let absence: Duration
    /// How much longer keys are used while fetches fail.
    public let grace: Duration

    /// Checks the settings. The first two defaults are those of the `jose` library for JavaScript.
    /// - Parameters:
    ///   - lifetime: more than 0; by default 10 min.
    ///   - fetchInterval: more than 0; by default 30 s.
    ///   - absence: 0 or more; by default 60 s.
    ///   - grace: 0 or more; by default 0.
    /// - Throws: a ``SettingError`` for a value out of its range.
    public init(
        lifetime: Duration = .minutes(10), fetchInterval: Duration = .seconds(30), absence: Duration = .seconds(60),
        grace: Duration = .zero
    ) throws(SettingError) {
        for (name, length) in [("lifetime", lifetime), ("fetchInterval", fetchInterval)] where length <= .zero {
            throw SettingError(name, given: length, allowed: "more than 0s")
        }
        for (name, length) in [("absence", absence), ("grace", grace)] where length < .zero {
            throw SettingError(name, given: length, allowed: "0s or more")
        }
        self.lifetime = lifetime
        self.fetchInterval = fetchInterval
        self.absence = absence
        self.grace = grace
    }
}

/// What a gateway knows of an issuer's keys, and when it asks for them again.
///
/// It asks when it has none, when they are old, and when a token names a key that is not among them: somebody who makes
/// up ids makes it ask once in an interval and not more.
public struct KeyCache: Hashable, Sendable {
    /// What is known of a key.
    public enum Lookup: Hashable, Sendable {
        /// It is among the keys.
        case known(SigningKey)
        /// It is not.
        case unknown
        /// Not known yet: fetch the keys, tell ``KeyCache/fetched(_:at:)`` or ``KeyCache/fetchFailed()``, and ask again.
        case fetch
        /// Somebody fetches the keys already: ask again when they are there.
        case wait
        /// There are no keys that may be used, and the next fetch may begin only after so long.
        case unavailable(retryAfter: Duration)
    }

    /// The settings at work.
    public let settings: KeyCacheSettings
    /// The keys as they were when they were last fetched.
    public private(set) var keys = KeySet()
    /// When that was; nil for never.
    public private(set) var fetchedAt: Instant?
    /// How many fetches have begun.
    public private(set) var fetches = 0
    private var askedAt: Instant?
    private var isFetching = false
    private var absent = AbsentKeys()

    /// A cache without keys.
    public init(_ settings: KeyCacheSettings) {
        self.settings = settings
    }

    /// Looks up a key by its id; an answer of ``Lookup/fetch`` counts as the beginning of the fetch.
    ///
    /// A fetch of which nothing was heard for an interval counts as failed.
    public mutating func look(_ id: String, at now: Instant) -> Lookup {
        let key = keys[id]
        let age = fetchedAt.map { now - $0 } ?? .maximum
        if age < settings.lifetime {
            if let key { return .known(key) }
            if absent.contains(id, at: now) { return .unknown }
        }
        let elapsed = askedAt.map { now - $0 } ?? .maximum
        if elapsed >= settings.fetchInterval {
            (askedAt, isFetching) = (now, true)
            fetches += 1
            return .fetch
        }
        if isFetching { return .wait }
        if age < settings.lifetime {
            absent.insert(id, until: now + settings.absence)
            return .unknown
        }
        if let key, age < settings.lifetime + settings.grace { return .known(key) }
        return .unavailable(retryAfter: settings.fetchInterval - elapsed)
    }

    /// The issuer has answered with the keys that it publishes.
    public mutating func fetched(_ keys: KeySet, at now: Instant) {
        self.keys = keys
        fetchedAt = now
        isFetching = false
        absent = AbsentKeys()
    }

    /// The issuer has not answered, or not with keys; those that were there stay.
    public mutating func fetchFailed() {
        isFetching = false
    }
}

/// The ids that were not among the keys, the last 64 of them, by fingerprint.
private struct AbsentKeys: Hashable, Sendable {
    private var ids: [UInt64] = []
    private var ends: [Instant] = []
    private var next = 0

    func contains(_ id: String, at now: Instant) -> Bool {
        let id = Self.fingerprint(id)
        return ids.indices.contains { ids[$0] == id && now < ends[$0] }
    }

    mutating func insert(_ id: String, until end: Instant) {
        let id = Self.fingerprint(id)
        if ids.count < 64 {
            ids.append(id)
            ends.append(end)
        } else {
            (ids[next], ends[next]) = (id, end)
            next = (next + 1) % 64
        }
    }

    private static func fingerprint(_ id: String) -> UInt64 {
        var digest = Digest()
        digest.mix(text: id)
        return digest.value
    }
}
