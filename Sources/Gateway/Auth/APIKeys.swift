public import Timeline

/// The API keys that a gateway knows, found by their fingerprints.
public struct APIKeys: Sendable {
    /// How many keys there can be.
    public static let most = 100_000

    /// The keys in the order in which they were added.
    public private(set) var keys: [APIKey] = []
    /// The places of the keys by fingerprint, in a table with open addresses; negative for a free one.
    private var places: [Int32] = []

    /// No keys.
    public init() {}

    /// Checks keys.
    public init(_ keys: [APIKey]) throws(SettingError) {
        for key in keys { try add(key) }
    }

    /// Adds a key.
    /// - Throws: a ``SettingError`` for a name or a fingerprint that another has, and for more than ``most``.
    public mutating func add(_ key: APIKey) throws(SettingError) {
        guard keys.count < Self.most else {
            throw SettingError("API keys", given: keys.count + 1, allowed: "\(Self.most) at most")
        }
        guard place(of: key.name) == nil else {
            throw SettingError("API key", given: key.name, allowed: "each name once")
        }
        guard place(of: key.fingerprint) == nil else {
            throw SettingError("API key", given: key.name, allowed: "a secret that no other key has")
        }
        keys.append(key)
        if 2 * keys.count > places.count { grow() } else { enter(keys.count - 1) }
    }

    /// Accepts the key of this name no more; returns whether there is one.
    @discardableResult
    public mutating func revoke(_ name: String) -> Bool {
        guard let place = place(of: name) else { return false }
        keys[place].isRevoked = true
        return true
    }

    /// Lets the key of this name end; returns whether there is one.
    @discardableResult
    public mutating func expire(_ name: String, at moment: Instant) -> Bool {
        guard let place = place(of: name) else { return false }
        keys[place].expiresAt = moment
        return true
    }

    /// For whom a key speaks. At its end it has ended.
    /// - Parameter scopes: what it has to allow.
    public func verify(
        _ fingerprint: KeyFingerprint, requiring scopes: Scopes = .none, at now: Instant
    ) -> Result<Identity, APIKeyRefusal> {
        guard let place = place(of: fingerprint) else { return .failure(.unknown) }
        let key = keys[place]
        if key.isRevoked { return .failure(.revoked(key.name)) }
        if now >= key.expiresAt { return .failure(.expired(key.name)) }
        guard key.scopes.include(scopes) else { return .failure(.insufficientScope(scopes)) }
        return .success(
            Identity(
                subject: key.subject, tenant: key.tenant, scopes: key.scopes, rateClass: key.rateClass,
                means: .apiKey(key.name)))
    }

    private func place(of name: String) -> Int? {
        keys.firstIndex { $0.name.hasSameBytes(as: name) }
    }

    private func place(of fingerprint: KeyFingerprint) -> Int? {
        guard !places.isEmpty else { return nil }
        var slot = first(fingerprint)
        while places[slot] >= 0 {
            if keys[Int(places[slot])].fingerprint == fingerprint { return Int(places[slot]) }
            slot = (slot + 1) & (places.count - 1)
        }
        return nil
    }

    private func first(_ fingerprint: KeyFingerprint) -> Int {
        Int(truncatingIfNeeded: fingerprint.shortForm) & (places.count - 1)
    }

    private mutating func enter(_ place: Int) {
        var slot = first(keys[place].fingerprint)
        while places[slot] >= 0 { slot = (slot + 1) & (places.count - 1) }
        places[slot] = Int32(place)
    }

    private mutating func grow() {
        places = [Int32](repeating: -1, count: max(16, 2 * places.count))
        for place in keys.indices { enter(place) }
    }
}
