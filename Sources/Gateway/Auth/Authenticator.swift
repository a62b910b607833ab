public import Timeline

/// What a request presents to say for whom it is.
public struct Credentials: Sendable {
    /// The fingerprint of its API key; nil for none.
    public var apiKey: KeyFingerprint?
    /// Its bearer token; nil for none.
    public var bearer: BearerToken?
    /// The address of its client, or a fingerprint of it.
    public var client: UInt64

    /// What a request presents.
    public init(apiKey: KeyFingerprint? = nil, bearer: BearerToken? = nil, client: UInt64) {
        self.apiKey = apiKey
        self.bearer = bearer
        self.client = client
    }
}

/// What a route wants to know of its callers.
public enum AuthRequirement: Hashable, Sendable {
    /// Nothing: what is presented is not looked at, and everybody is ``Identity/anonymous``.
    case open
    /// Who presents nothing is ``Identity/anonymous``; what is presented has to be right.
    case optional
    /// Something right that allows these.
    case required(Scopes)
}

/// Why a request is refused.
public enum AuthRefusal: Hashable, Sendable {
    /// Nothing was presented.
    case missing
    /// Its API key.
    case apiKey(APIKeyRefusal)
    /// Its token.
    case token(TokenRefusal)
    /// Its client has failed too often and is kept away for so long.
    case keptAway(retryAfter: Duration)
}

/// What becomes of a request.
public enum AuthDecision: Hashable, Sendable {
    /// It is made for this identity.
    case identified(Identity)
    /// It is refused.
    case refused(AuthRefusal)
    /// The keys of the issuer have to be fetched first; see ``TokenVerdict/fetchKeys``.
    case fetchKeys
    /// They are being fetched already; see ``TokenVerdict/awaitKeys``.
    case awaitKeys
}

/// How a gateway finds out for whom a request is made: by API key, by bearer token, or not at all.
///
/// If a request presents both, the one that is set to go first decides alone. What is presented and wrong is refused even
/// where nothing would do (as Envoy's `allow_missing` has it): a client that believes to be somebody hears that it is not.
public struct Authenticator: Sendable {
    /// Which of two credentials decides.
    public enum Order: Hashable, Sendable, CaseIterable {
        /// The API key.
        case apiKeyFirst
        /// The token.
        case bearerFirst
    }

    /// Which of two credentials decides.
    public let order: Order
    /// The API keys.
    public var apiKeys: APIKeys?
    /// Who checks tokens.
    public var tokens: TokenVerifier?
    /// Who keeps away clients that fail.
    public var failures: FailureGuard?

    /// Checks credentials with these; what is nil is not accepted, or not done.
    public init(
        _ order: Order = .apiKeyFirst, apiKeys: APIKeys? = nil, tokens: TokenVerifier? = nil,
        failures: FailureGuard? = nil
    ) {
        self.order = order
        self.apiKeys = apiKeys
        self.tokens = tokens
        self.failures = failures
    }

    /// Finds out for whom a request is made. Nothing is read of a credential of a kind that is not accepted.
    public mutating func authenticate(
        _ credentials: borrowing Credentials, for requirement: AuthRequirement, at now: Instant
    ) -> AuthDecision {
        if case .open = requirement { return .identified(.anonymous) }
        if let wait = failures?.wait(of: credentials.client, at: now) {
            return .refused(.keptAway(retryAfter: wait))
        }
        let decision = check(credentials, for: requirement, at: now)
        if case .refused(let refusal) = decision, refusal.isSuspicious { failures?.failed(credentials.client, at: now) }
        return decision
    }

    private mutating func check(
        _ credentials: borrowing Credentials, for requirement: AuthRequirement, at now: Instant
    ) -> AuthDecision {
        let scopes = if case .required(let scopes) = requirement { scopes } else { Scopes.none }
        if order == .bearerFirst, let token = credentials.bearer, tokens != nil {
            return check(token, requiring: scopes, at: now)
        }
        if let key = credentials.apiKey, let apiKeys {
            switch apiKeys.verify(key, requiring: scopes, at: now) {
            case .success(let identity): return .identified(identity)
            case .failure(let refusal): return .refused(.apiKey(refusal))
            }
        }
        if let token = credentials.bearer, tokens != nil { return check(token, requiring: scopes, at: now) }
        return requirement == .optional ? .identified(.anonymous) : .refused(.missing)
    }

    private mutating func check(_ token: BearerToken, requiring scopes: Scopes, at now: Instant) -> AuthDecision {
        switch tokens?.verify(token, requiring: scopes, at: now) {
        case .accepted(let identity): .identified(identity)
        case .refused(let refusal): .refused(.token(refusal))
        case .fetchKeys: .fetchKeys
        case .awaitKeys: .awaitKeys
        case nil: .refused(.missing)
        }
    }

    /// What a response to a refused request says in `WWW-Authenticate`, a field for each; a 401 has at least one (RFC
    /// 9110, section 15.5.2).
    public func challenges(for refusal: AuthRefusal, realm: Realm) -> [String] {
        let key = "ApiKey realm=\"\(realm)\""
        switch refusal {
        case .missing:
            // Who has presented nothing hears no error (RFC 6750, section 3.1).
            let bearer = tokens != nil || apiKeys == nil ? ["Bearer realm=\"\(realm)\""] : []
            return (apiKeys == nil ? [] : [key]) + bearer
        case .apiKey(.insufficientScope), .keptAway: return []
        case .apiKey: return [key]
        case .token(let refusal): return refusal.challenge(realm: realm).map { [$0] } ?? []
        }
    }
}

extension AuthRefusal {
    /// 401, 403 for a scope, 429 for who is kept away (RFC 6585, section 4), 503 where it is the gateway's fault.
    public var status: Int {
        switch self {
        case .missing: 401
        case .apiKey(.insufficientScope): 403
        case .apiKey: 401
        case .token(let refusal): refusal.status
        case .keptAway: 429
        }
    }

    /// How long to wait before trying again; nil if that is no help.
    public var retryAfter: Duration? {
        switch self {
        case .missing, .apiKey: nil
        case .token(let refusal): refusal.retryAfter
        case .keptAway(let wait): wait
        }
    }

    /// Whether it counts as a failure of the client, see ``FailureGuard``.
    public var isSuspicious: Bool {
        switch self {
        case .missing, .keptAway, .apiKey(.insufficientScope), .apiKey(.expired): false
        case .apiKey: true
        case .token(let refusal): refusal.isSuspicious
        }
    }
}

extension AuthRefusal: CustomStringConvertible {
    /// The rule in words, for the log.
    public var description: String {
        switch self {
        case .missing: "no credentials"
        case .apiKey(let refusal): "API key: \(refusal)"
        case .token(let refusal): "token: \(refusal)"
        case .keptAway: "kept away after too many failures"
        }
    }
}
