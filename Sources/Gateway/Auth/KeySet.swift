public import Timeline

/// The keys of an issuer, by id (RFC 7517).
public struct KeySet: Hashable, Sendable {
    /// How many keys there can be.
    public static let most = 64

    /// The keys, the oldest first.
    public private(set) var keys: [SigningKey]

    /// No keys.
    public init() { keys = [] }

    /// Checks keys.
    /// - Throws: a ``SettingError`` for more than ``most``, and for an id that occurs twice.
    public init(_ keys: [SigningKey]) throws(SettingError) {
        self.init()
        for key in keys { try add(key) }
    }

    /// Adds a key.
    /// - Throws: a ``SettingError`` if there are ``most``, or one has that id.
    public mutating func add(_ key: SigningKey) throws(SettingError) {
        guard keys.count < Self.most else {
            throw SettingError("keys", given: keys.count + 1, allowed: "\(Self.most) at most")
        }
        guard self[key.id] == nil else { throw SettingError("key id", given: key.id, allowed: "each id once") }
        keys.append(key)
    }

    /// The key with an id; nil if there is none.
    public subscript(_ id: String) -> SigningKey? {
        for key in keys where key.id.hasSameBytes(as: id) { return key }
        return nil
    }

    /// The keys that an issuer publishes: those that are honoured now.
    public func published(at now: Instant) -> KeySet {
        var published = KeySet()
        published.keys = keys.filter { $0.isHonoured(at: now) }
        return published
    }

    /// The key that signs now: of several the one that began last; nil if there is none.
    public func signer(at now: Instant) -> SigningKey? {
        keys.filter { $0.signsFrom <= now && now < $0.retiredAt }.max { $0.signsFrom < $1.signsFrom }
    }

    /// Publishes a new key now; it signs a while later, when all before it retire. Those that are not honoured any more
    /// are forgotten.
    /// - Parameters:
    ///   - lead: how long it is published before it signs; less than 0 counts as 0.
    ///   - overlap: how long the keys before it are honoured from then on; less than 0 counts as 0.
    /// - Throws: a ``SettingError`` as ``add(_:)`` does; nothing has changed then.
    public mutating func rotate(
        to id: String, _ algorithm: SigningAlgorithm = .es256, at now: Instant, lead: Duration, overlap: Duration
    ) throws(SettingError) {
        let change = now + max(.zero, lead)
        var next = published(at: now)
        for place in next.keys.indices {
            let retiredAt = min(next.keys[place].retiredAt, max(change, next.keys[place].signsFrom))
            next.keys[place].retiredAt = retiredAt
            next.keys[place].honouredUntil = min(next.keys[place].honouredUntil, retiredAt + max(.zero, overlap))
        }
        try next.add(SigningKey(id, algorithm, publishedAt: now, signsFrom: change))
        self = next
    }

    /// Neither signs with a key nor honours it from now on, as for one that was stolen.
    /// - Returns: whether there is one with this id.
    @discardableResult
    public mutating func revoke(_ id: String, at now: Instant) -> Bool {
        guard let place = keys.firstIndex(where: { $0.id.hasSameBytes(as: id) }) else { return false }
        keys[place].retiredAt = min(keys[place].retiredAt, max(now, keys[place].signsFrom))
        keys[place].honouredUntil = min(keys[place].honouredUntil, now)
        return true
    }
}
