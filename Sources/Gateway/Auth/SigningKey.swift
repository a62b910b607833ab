public import Timeline

/// With what a token is signed (RFC 7518, section 3.1).
public enum SigningAlgorithm: String, Hashable, Sendable, CaseIterable {
    /// Not at all. It exists so that it can be refused (RFC 8725, section 3.2), and cannot be allowed.
    case none
    /// HMAC with a secret that both sides know.
    case hs256 = "HS256"
    /// RSA.
    case rs256 = "RS256"
    /// ECDSA.
    case es256 = "ES256"
    /// Ed25519 (RFC 8037).
    case edDSA = "EdDSA"
}

/// A key that signs tokens, and its life: it is published some time before it signs, so that everybody has it then, and
/// honoured for some time after, so that what it has signed does not end with it.
///
/// A key stands for its id here: nothing is encrypted.
public struct SigningKey: Hashable, Sendable {
    /// What tokens call it (`kid`).
    public let id: String
    /// The only algorithm that it is for (RFC 8725, section 3.1).
    public let algorithm: SigningAlgorithm
    /// From when on it is published and honoured.
    public let publishedAt: Instant
    /// From when on it signs.
    public let signsFrom: Instant
    /// From when on it does not sign any more.
    public internal(set) var retiredAt: Instant
    /// From when on it is not honoured any more.
    public internal(set) var honouredUntil: Instant

    /// Checks a key.
    /// - Parameters:
    ///   - id: not empty.
    ///   - algorithm: any but ``SigningAlgorithm/none``.
    ///   - publishedAt: by default at the clock's zero; the other moments follow each other in order.
    ///   - signsFrom: by default from its publication on.
    ///   - retiredAt: by default never.
    ///   - honouredUntil: by default no longer than it signs.
    /// - Throws: a ``SettingError`` for anything else.
    public init(
        _ id: String, _ algorithm: SigningAlgorithm = .es256, publishedAt: Instant = .zero,
        signsFrom: Instant? = nil, retiredAt: Instant = .distantFuture, honouredUntil: Instant? = nil
    ) throws(SettingError) {
        let (signsFrom, honouredUntil) = (signsFrom ?? publishedAt, honouredUntil ?? retiredAt)
        guard !id.isEmpty else { throw SettingError("key id", given: "nothing", allowed: "1 byte or more") }
        guard algorithm != .none else { throw SettingError("algorithm", given: "none", allowed: "any other") }
        guard publishedAt <= signsFrom, signsFrom <= retiredAt, retiredAt <= honouredUntil else {
            let order = "publishedAt, signsFrom, retiredAt and honouredUntil in this order"
            throw SettingError("life of key \(id)", given: "another order", allowed: order)
        }
        self.id = id
        self.algorithm = algorithm
        self.publishedAt = publishedAt
        self.signsFrom = signsFrom
        self.retiredAt = retiredAt
        self.honouredUntil = honouredUntil
    }

    /// Whether tokens that it has signed are to be accepted.
    public func isHonoured(at now: Instant) -> Bool { publishedAt <= now && now < honouredUntil }
}
