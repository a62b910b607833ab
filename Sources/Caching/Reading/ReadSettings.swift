public import Timeline

/// How a cache reads what it does not have; every value has been checked.
public struct ReadSettings: Hashable, Sendable {
    /// When what is still fresh is loaded anew, so that nobody has to wait when it ends.
    public enum Refresh: Hashable, Sendable {
        /// Never.
        case none
        /// By the first reader after this share of its life, from 0 to 1.
        case eager(share: Double)
        /// By chance, the likelier the nearer the end and the longer a load takes (XFetch, Vattani et al. 2015);
        /// 0 for never, 1 as published, more for earlier.
        case early(beta: Double)
    }

    /// What is served if nothing better can be had.
    public struct FailSafe: Hashable, Sendable {
        /// For how long a value may be served after its life.
        public let limit: Duration
        /// For how long no new load is tried after one has failed.
        public let pause: Duration

        /// Checks the settings.
        /// - Parameters:
        ///   - limit: more than zero.
        ///   - pause: zero or more; 1 s by default.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(limit: Duration, pause: Duration = .seconds(1)) throws(SettingError) {
            guard limit > .zero else { throw SettingError("failSafe", given: limit, allowed: "more than 0s") }
            guard pause >= .zero else { throw SettingError("pause", given: pause, allowed: "0s or more") }
            self.limit = limit
            self.pause = pause
        }
    }

    /// How long a value lives from its load; nil for ever.
    public let lifetime: Duration?
    /// How long it is remembered that there is no value; nil for not at all.
    public let absence: Duration?
    /// Whether readers of a key that is being loaded wait for that load, or each loads it for itself.
    public let isSingleFlight: Bool
    /// What is served if a load fails, or takes too long; nil for nothing.
    public let failSafe: FailSafe?
    /// After how long a reader is served a stale value rather than wait on; without one it does wait. Nil for never.
    public let softTimeout: Duration?
    /// After how long a reader is told that it waits in vain; nil for never.
    public let hardTimeout: Duration?
    /// When what is still fresh is loaded anew.
    public let refresh: Refresh

    /// As a cache reads that knows nothing but its levels: values live for ever, and each reader loads for itself.
    public static let plain = ReadSettings()

    private init() {
        (lifetime, absence, failSafe, softTimeout, hardTimeout) = (nil, nil, nil, nil, nil)
        isSingleFlight = false
        refresh = .none
    }

    /// Checks the settings.
    /// - Parameters:
    ///   - lifetime: more than zero, or nil.
    ///   - absence: more than zero, or nil.
    ///   - isSingleFlight: yes by default.
    ///   - failSafe: none by default.
    ///   - softTimeout: more than zero, and less than the hard one; it needs a fail-safe.
    ///   - hardTimeout: more than zero.
    ///   - refresh: none by default; a share from 0 to 1, a beta from 0 to 1000. An eager one needs a lifetime.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(
        lifetime: Duration? = nil, absence: Duration? = nil, isSingleFlight: Bool = true, failSafe: FailSafe? = nil,
        softTimeout: Duration? = nil, hardTimeout: Duration? = nil, refresh: Refresh = .none
    ) throws(SettingError) {
        let lengths = [
            ("lifetime", lifetime), ("absence", absence), ("softTimeout", softTimeout), ("hardTimeout", hardTimeout),
        ]
        for (name, length) in lengths {
            if let length, length <= .zero { throw SettingError(name, given: length, allowed: "more than 0s") }
        }
        if let soft = softTimeout {
            guard failSafe != nil else {
                throw SettingError("softTimeout", given: soft, allowed: "none without a fail-safe")
            }
            if let hardTimeout, hardTimeout <= soft {
                throw SettingError("softTimeout", given: soft, allowed: "less than hardTimeout, \(hardTimeout)")
            }
        }
        try Self.check(refresh)
        self.lifetime = lifetime
        self.absence = absence
        self.isSingleFlight = isSingleFlight
        self.failSafe = failSafe
        self.softTimeout = softTimeout
        self.hardTimeout = hardTimeout
        self.refresh = refresh
    }

    private static func check(_ refresh: Refresh) throws(SettingError) {
        switch refresh {
        case .none: return
        case .eager(let share):
            guard (0...1).contains(share) else { throw SettingError("refresh", given: share, allowed: "0 to 1") }
        case .early(let beta):
            guard (0...1_000).contains(beta) else { throw SettingError("beta", given: beta, allowed: "0 to 1000") }
        }
    }
}
