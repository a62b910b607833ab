public import Timeline

/// What a gateway keeps of an API key in place of the key: 256 bits, such as its SHA-256.
///
/// Two are compared in constant time: how long it takes says nothing of where they differ.
public struct KeyFingerprint: Hashable, Sendable {
    private let words: SIMD4<UInt64>

    /// The fingerprint of these four words, which some cryptographic hash has made of a key.
    public init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        words = SIMD4(first, second, third, fourth)
    }

    /// A fingerprint for the simulation, where nobody attacks the hash: it is not cryptographic.
    public init(simulating key: String) {
        var digest = Digest()
        digest.mix(text: key)
        var words = SIMD4<UInt64>()
        for place in 0..<4 {
            digest.mix(UInt64(place))
            words[place] = digest.value
        }
        self.words = words
    }

    /// By what a table finds it; a bit of a hash of a guess tells nobody anything of a key.
    var shortForm: UInt64 { words[0] }

    /// All bytes are looked at, wherever the first difference is.
    public static func == (left: Self, right: Self) -> Bool {
        let difference = left.words ^ right.words
        return difference[0] | difference[1] | difference[2] | difference[3] == 0
    }
}

/// A secret that a client presents, and what it allows.
public struct APIKey: Hashable, Sendable {
    /// The name by which operators speak of it, and which logs may show.
    public let name: String
    /// The fingerprint of the secret.
    public let fingerprint: KeyFingerprint
    /// Whose it is. Somebody may have several, so that one can be exchanged for another without a gap.
    public let subject: String
    /// The tenant that the subject belongs to; nil for none.
    public let tenant: String?
    /// What it allows.
    public let scopes: Scopes
    /// Which rate limit is its own; nil for the usual one.
    public let rateClass: String?
    /// From when on it is not accepted.
    public internal(set) var expiresAt: Instant
    /// Whether it was revoked.
    public internal(set) var isRevoked: Bool

    /// Checks a key.
    /// - Parameters:
    ///   - name: not empty.
    ///   - subject: not empty.
    ///   - expiresAt: by default never.
    /// - Throws: a ``SettingError`` for anything else.
    public init(
        name: String, _ fingerprint: KeyFingerprint, subject: String, tenant: String? = nil, scopes: Scopes = .none,
        rateClass: String? = nil, expiresAt: Instant = .distantFuture, isRevoked: Bool = false
    ) throws(SettingError) {
        for (setting, text) in [("key name", name), ("subject", subject)] where text.isEmpty {
            throw SettingError(setting, given: "nothing", allowed: "1 byte or more")
        }
        self.name = name
        self.fingerprint = fingerprint
        self.subject = subject
        self.tenant = tenant
        self.scopes = scopes
        self.rateClass = rateClass
        self.expiresAt = expiresAt
        self.isRevoked = isRevoked
    }
}

/// Why an API key is not accepted. It is for the log: the client hears the same in all cases but the last.
public enum APIKeyRefusal: Error, Hashable, Sendable {
    /// There is no such key.
    case unknown
    /// The key of this name was revoked.
    case revoked(String)
    /// The key of this name has expired.
    case expired(String)
    /// The key is good, but does not allow all of these.
    case insufficientScope(Scopes)
}

extension APIKeyRefusal: CustomStringConvertible {
    /// The rule in words, for the log.
    public var description: String {
        switch self {
        case .unknown: "unknown key"
        case .revoked(let name): "key \(name) was revoked"
        case .expired(let name): "key \(name) has expired"
        case .insufficientScope(let scopes): "does not allow \(scopes)"
        }
    }
}
