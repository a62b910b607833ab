public import Timeline

/// Why a token is not accepted; the order of the cases is that in which they are looked for.
public enum TokenRefusal: Hashable, Sendable {
    /// Signed in a way that is not allowed, or not at all (`none`).
    case algorithm(SigningAlgorithm)
    /// No signature.
    case unsigned
    /// Names no key.
    case noKeyID
    /// Issued by somebody else.
    case issuer
    /// There are no keys to check it with, and they cannot be fetched before so long: the gateway's fault.
    case keysUnavailable(retryAfter: Duration)
    /// The issuer has no such key.
    case unknownKey
    /// The key is not published yet.
    case keyNotPublished
    /// The key is not honoured any more.
    case keyRetired
    /// The key is for another algorithm.
    case algorithmOfKey
    /// Not signed with the key that it names.
    case signature
    /// For somebody else.
    case audience
    /// Speaks of nobody.
    case noSubject
    /// Would never end.
    case noExpiry
    /// Has ended.
    case expired
    /// Has not begun.
    case notYetValid
    /// Is from the future.
    case issuedInFuture
    /// Lives longer than is allowed.
    case lifeTooLong
    /// Does not allow all of these.
    case insufficientScope(Scopes)
    /// Is for a single use and has no id.
    case noTokenID
    /// Was used before.
    case replayed
    /// So many were used that no more can be remembered before so long: the gateway's fault.
    case memoryFull(retryAfter: Duration)

    /// 401, 403 for a scope, or 503 where it is the gateway's fault (RFC 6750, section 3.1; RFC 9110, section 15.6.4).
    public var status: Int {
        switch self {
        case .insufficientScope: 403
        case .keysUnavailable, .memoryFull: 503
        default: 401
        }
    }

    /// How long to wait before trying again; nil if that is no help.
    public var retryAfter: Duration? {
        switch self {
        case .keysUnavailable(let wait), .memoryFull(let wait): wait
        default: nil
        }
    }

    /// What the response says in `WWW-Authenticate` (RFC 6750, section 3): the kind, and never which rule it was; nil
    /// where it is the gateway's fault.
    public func challenge(realm: Realm) -> String? {
        switch self {
        case .keysUnavailable, .memoryFull: nil
        case .insufficientScope(let scopes):
            "Bearer realm=\"\(realm)\", error=\"insufficient_scope\", scope=\"\(scopes)\""
        default: "Bearer realm=\"\(realm)\", error=\"invalid_token\""
        }
    }

    /// Whether honest clients do not come to it: neither time, nor a rotation of keys, nor the gateway brings it about.
    public var isSuspicious: Bool {
        switch self {
        case .keysUnavailable, .unknownKey, .keyNotPublished, .keyRetired, .expired, .notYetValid, .issuedInFuture,
            .insufficientScope, .memoryFull:
            false
        default: true
        }
    }
}

extension TokenRefusal: CustomStringConvertible {
    /// The rule in words, for the log.
    public var description: String {
        switch self {
        case .algorithm(let algorithm): "algorithm \(algorithm.rawValue) not allowed"
        case .unsigned: "no signature"
        case .noKeyID: "no key id"
        case .issuer: "another issuer"
        case .keysUnavailable: "no keys to check with"
        case .unknownKey: "unknown key"
        case .keyNotPublished: "key not yet published"
        case .keyRetired: "key retired"
        case .algorithmOfKey: "key is for another algorithm"
        case .signature: "signed with another key"
        case .audience: "another audience"
        case .noSubject: "no subject"
        case .noExpiry: "no expiry"
        case .expired: "expired"
        case .notYetValid: "not yet valid"
        case .issuedInFuture: "issued in the future"
        case .lifeTooLong: "lives too long"
        case .insufficientScope(let scopes): "does not allow \(scopes)"
        case .noTokenID: "no token id"
        case .replayed: "token used before"
        case .memoryFull: "no room to remember used tokens"
        }
    }
}
