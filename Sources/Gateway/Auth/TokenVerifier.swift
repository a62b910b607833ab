public import Timeline

/// Which tokens a gateway accepts; every value has been checked.
public struct TokenRules: Hashable, Sendable {
    /// Who issues them.
    public let issuer: String
    /// The names of whom they have to be for, one of which is enough.
    public let audiences: [String]
    /// How they may be signed.
    public let algorithms: [SigningAlgorithm]
    /// By how much the clocks may differ.
    public let leeway: Duration
    /// The longest time from their issue to their end; nil for any. Of a token that does not say when it was issued, the
    /// time from now.
    public let longestLife: Duration?
    /// How many used tokens are remembered, if each is for a single use; nil if not.
    public let singleUse: Int?

    /// Checks the rules.
    /// - Parameters:
    ///   - issuer: not empty.
    ///   - audiences: 1 or more, none of them empty.
    ///   - algorithms: 1 or more, without ``SigningAlgorithm/none``; by default those with two keys, a secret and a
    ///     public one.
    ///   - leeway: 0 to 5 min; by default 0.
    ///   - longestLife: more than 0.
    ///   - singleUse: 1 to 1 000 000.
    /// - Throws: a ``SettingError`` for a value out of its range.
    public init(
        issuer: String, audiences: [String], algorithms: [SigningAlgorithm] = [.rs256, .es256, .edDSA],
        leeway: Duration = .zero, longestLife: Duration? = nil, singleUse: Int? = nil
    ) throws(SettingError) {
        guard !issuer.isEmpty else { throw SettingError("issuer", given: "nothing", allowed: "1 byte or more") }
        guard !audiences.isEmpty, !audiences.contains("") else {
            throw SettingError("audiences", given: "\(audiences)", allowed: "1 or more, none of them empty")
        }
        guard !algorithms.isEmpty, !algorithms.contains(.none) else {
            let given = algorithms.map(\.rawValue).joined(separator: ", ")
            throw SettingError("algorithms", given: given, allowed: "1 or more, without none")
        }
        guard leeway >= .zero, leeway <= .minutes(5) else {
            throw SettingError("leeway", given: leeway, allowed: "0s to 5min")
        }
        if let longestLife, longestLife <= .zero {
            throw SettingError("longestLife", given: longestLife, allowed: "more than 0s")
        }
        if let singleUse, !(1...1_000_000).contains(singleUse) {
            throw SettingError("singleUse", given: singleUse, allowed: "1 to 1000000 tokens")
        }
        self.issuer = issuer
        self.audiences = audiences
        self.algorithms = algorithms
        self.leeway = leeway
        self.longestLife = longestLife
        self.singleUse = singleUse
    }
}

/// What becomes of a token.
public enum TokenVerdict: Hashable, Sendable {
    /// It speaks for this identity.
    case accepted(Identity)
    /// It does not.
    case refused(TokenRefusal)
    /// The issuer's keys have to be fetched first: tell ``TokenVerifier/keys``, and ask again.
    case fetchKeys
    /// They are being fetched already: ask again when they are there.
    case awaitKeys
}

/// Checks bearer tokens by rules, in the order of ``TokenRefusal``'s cases.
///
/// What needs no key and is wrong comes before the key, so that nobody makes the gateway fetch keys with tokens of
/// another issuer; what a token says of itself is looked at after its signature. Texts are compared byte by byte.
public struct TokenVerifier: Sendable {
    /// The rules at work.
    public let rules: TokenRules
    /// The issuer's keys as far as they are known.
    public var keys: KeyCache
    private var used: UsedTokens?

    /// A verifier that knows no keys yet.
    public init(_ rules: TokenRules, keys: KeyCacheSettings) {
        self.rules = rules
        self.keys = KeyCache(keys)
        used = rules.singleUse.map { UsedTokens(capacity: $0) }
    }

    /// Checks a token, and counts it as used if it is accepted.
    /// - Parameter scopes: what it has to allow.
    public mutating func verify(
        _ token: BearerToken, requiring scopes: Scopes = .none, at now: Instant
    ) -> TokenVerdict {
        if let refusal = refusalWithoutKey(token) { return .refused(refusal) }
        guard let id = token.keyID else { return .refused(.noKeyID) }
        guard token.issuer.hasSameBytes(as: rules.issuer) else { return .refused(.issuer) }
        switch keys.look(id, at: now) {
        case .fetch: return .fetchKeys
        case .wait: return .awaitKeys
        case .unknown: return .refused(.unknownKey)
        case .unavailable(let wait): return .refused(.keysUnavailable(retryAfter: wait))
        case .known(let key):
            let refusal =
                refusal(token, by: key, at: now) ?? refusalOfClaims(token) ?? refusalInTime(token, at: now)
                ?? refusalOfScopes(token, scopes) ?? refusalOfUse(token, at: now)
            if let refusal { return .refused(refusal) }
        }
        return .accepted(
            Identity(
                subject: token.subject, tenant: token.tenant, scopes: token.scopes, means: .bearer(keyID: id)))
    }

    private func refusalWithoutKey(_ token: BearerToken) -> TokenRefusal? {
        guard rules.algorithms.contains(token.algorithm) else { return .algorithm(token.algorithm) }
        return token.signedBy == nil ? .unsigned : nil
    }

    private func refusal(_ token: BearerToken, by key: SigningKey, at now: Instant) -> TokenRefusal? {
        if now < key.publishedAt { return .keyNotPublished }
        if now >= key.honouredUntil { return .keyRetired }
        if token.algorithm != key.algorithm { return .algorithmOfKey }
        return token.signedBy?.hasSameBytes(as: key.id) == true ? nil : .signature
    }

    private func refusalOfClaims(_ token: BearerToken) -> TokenRefusal? {
        let isMeant = token.audiences.contains { given in rules.audiences.contains { $0.hasSameBytes(as: given) } }
        if !isMeant { return .audience }
        return token.subject.isEmpty ? .noSubject : nil
    }

    /// RFC 7519, sections 4.1.4 to 4.1.6: at its end it has ended, and at its beginning it has begun.
    private func refusalInTime(_ token: BearerToken, at now: Instant) -> TokenRefusal? {
        guard let end = token.expiresAt else { return .noExpiry }
        if now >= end + rules.leeway { return .expired }
        if let start = token.notBefore, now < start - rules.leeway { return .notYetValid }
        if let issued = token.issuedAt, now < issued - rules.leeway { return .issuedInFuture }
        if let longest = rules.longestLife, end - (token.issuedAt ?? now) > longest { return .lifeTooLong }
        return nil
    }

    private func refusalOfScopes(_ token: BearerToken, _ wanted: Scopes) -> TokenRefusal? {
        token.scopes.include(wanted) ? nil : .insufficientScope(wanted)
    }

    private mutating func refusalOfUse(_ token: BearerToken, at now: Instant) -> TokenRefusal? {
        guard used != nil else { return nil }
        guard let id = token.id, !id.isEmpty, let end = token.expiresAt else { return .noTokenID }
        var digest = Digest()
        digest.mix(text: id)
        switch used?.use(digest.value, until: end + rules.leeway, at: now) {
        case .used: return .replayed
        case .full(let until): return .memoryFull(retryAfter: until - now)
        case .new, nil: return nil
        }
    }
}
