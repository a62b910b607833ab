public import Timeline

/// What the levels below memory keep for a key: not the bare value, but with it all that whoever reads it has to know.
///
/// With the end of its life in it, a value that is promoted lives no longer than it does here; with its version, an older
/// value does not take a newer one's place; with its tags, it can be invalidated together with others.
///
/// All moments are on one clock. For a level that survives a restart that has to be wall time: whoever runs it passes
/// the nanoseconds since 1970 (until the year 2262) as instants, in envelopes and in calls alike.
public struct CacheEnvelope: Hashable, Sendable {
    /// The most tags of one value.
    public static let mostTags = 32
    /// The longest tag, in bytes of UTF-8.
    public static let longestTag = 255
    /// The longest value, in bytes.
    public static let longestValue = 1 << 30

    /// The value's bytes; none if it is known that there is no value.
    public let value: [UInt8]
    /// Whether it is known that there is no value for the key.
    public let isNegative: Bool
    /// Which version of the value it is, as its source counts them; 0 if it counts none.
    public let version: UInt64
    /// When the value was loaded, also if it reached this level later.
    public let created: Instant
    /// From when on it is not fresh; ``Timeline/Instant/distantFuture`` for never.
    public let expires: Instant
    /// From when on it must not be used even if no fresh value can be had; never before ``expires``.
    public let staleUntil: Instant
    /// What it can be invalidated by, besides its key.
    public let tags: [String]

    /// A value.
    /// - Parameters:
    ///   - value: its bytes, at most ``longestValue``; nil if it is known that there is none.
    ///   - version: which version it is; 0 if nobody counts.
    ///   - created: when it was loaded.
    ///   - expires: from when on it is not fresh; for ever by default.
    ///   - staleUntil: from when on it is of no use at all; when it expires, by default and at the earliest.
    ///   - tags: at most ``mostTags``, each at most ``longestTag`` bytes.
    /// - Throws: a ``SettingError`` that names what is too long.
    public init(
        _ value: [UInt8]?, version: UInt64 = 0, created: Instant, expires: Instant = .distantFuture,
        staleUntil: Instant? = nil, tags: [String] = []
    ) throws(SettingError) {
        if let value, value.count > Self.longestValue {
            throw SettingError("value", given: value.count, allowed: "at most \(Self.longestValue) bytes")
        }
        if tags.count > Self.mostTags {
            throw SettingError("tags", given: tags.count, allowed: "at most \(Self.mostTags)")
        }
        if let tag = tags.first(where: { $0.utf8.count > Self.longestTag }) {
            throw SettingError("tags", given: tag, allowed: "at most \(Self.longestTag) bytes each")
        }
        self.init(
            checked: value, version: version, created: created, expires: expires, staleUntil: staleUntil ?? expires,
            tags: tags)
    }

    init(
        checked value: [UInt8]?, version: UInt64, created: Instant, expires: Instant, staleUntil: Instant,
        tags: [String]
    ) {
        self.value = value ?? []
        isNegative = value == nil
        self.version = version
        self.created = created
        self.expires = expires
        self.staleUntil = max(expires, staleUntil)
        self.tags = tags
    }

    /// What a value is good for at some moment.
    public enum Freshness: Hashable, Sendable, CaseIterable {
        /// It has not expired.
        case fresh
        /// It has expired, and may be used only if no fresh value can be had.
        case stale
        /// It must not be used.
        case over
    }

    /// What the value is good for now.
    public func freshness(at now: Instant) -> Freshness {
        now < expires ? .fresh : now < staleUntil ? .stale : .over
    }
}
