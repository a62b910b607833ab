public import Timeline

/// Why a gateway answers a request itself, without a backend.
public enum Answer: Hashable, Sendable {
    /// No route takes its path; the one that comes nearest, for the log.
    case noRoute(nearest: Int?)
    /// Its path has routes for these methods alone.
    case methodNotAllowed(MethodSet)
    /// Its target breaks this rule.
    case suspicious(rule: String)
    /// A browser has asked what it may do.
    case preflight
    /// Somebody has asked what the server as a whole can do: these methods (RFC 9110, section 9.3.7).
    case server(MethodSet)
    /// All together ask for too much.
    case globalLimit(retryAfter: Duration)
    /// All that take its route ask for too much.
    case routeLimit(retryAfter: Duration)
    /// Its tenant asks for too much.
    case tenantLimit(retryAfter: Duration)
    /// It is not known who asks, or they may not.
    case unauthenticated(AuthRefusal)
    /// What was stored is so old, and still does.
    case stored(age: Duration)
    /// It wants what was stored, and nothing that would do is (RFC 9111, section 5.2.1.7).
    case onlyIfStored
    /// Its body is not as it should be.
    case body(BodyRefusal)
    /// It cannot become what the backend wants.
    case transform(TransformError)

    /// What an operator counts it as.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        case noRoute = "no route"
        case suspicious
        case preflight
        case server
        case rateLimit = "rate limit"
        case auth
        case cache
        case validation
        case transform
    }

    /// What an operator counts it as.
    public var kind: Kind {
        switch self {
        case .noRoute, .methodNotAllowed: .noRoute
        case .suspicious: .suspicious
        case .preflight: .preflight
        case .server: .server
        case .globalLimit, .routeLimit, .tenantLimit: .rateLimit
        case .unauthenticated: .auth
        case .stored, .onlyIfStored: .cache
        case .body: .validation
        case .transform: .transform
        }
    }

    /// The status of an answer that has no response of its own.
    public var status: Status {
        switch self {
        case .noRoute: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .suspicious, .transform: .badRequest
        case .preflight, .server: .noContent
        case .globalLimit, .routeLimit, .tenantLimit: .tooManyRequests
        case .unauthenticated(let refusal): Status(refusal.status)
        case .stored: .ok
        case .onlyIfStored: .gatewayTimeout
        case .body(let refusal): Status(refusal.status)
        }
    }

    /// How long to wait before asking again; nil if that is no help.
    public var retryAfter: Duration? {
        switch self {
        case .globalLimit(let wait), .routeLimit(let wait), .tenantLimit(let wait): wait
        case .unauthenticated(let refusal): refusal.retryAfter
        case .noRoute, .methodNotAllowed, .suspicious, .preflight, .server, .stored, .onlyIfStored, .body, .transform:
            nil
        }
    }
}
