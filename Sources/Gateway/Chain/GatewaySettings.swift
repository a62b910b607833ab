public import Resilience

/// How a gateway is set, its routes apart.
public struct GatewaySettings: Sendable {
    /// In which order things are done with a request.
    public var order: StageOrder
    /// How requests get their names.
    public var ids: RequestIDs?
    /// How traces are continued.
    public var tracing: Tracing?
    /// What looks like an attack.
    public var suspicions: SuspiciousRequests?
    /// What pages of other origins may do.
    public var cors: CORS?
    /// What browsers are told to be careful with.
    public var security: SecurityHeaders?
    /// How bodies are made shorter.
    public var compression: Compression?
    /// How often all together may ask.
    public var limit: RateLimiter.Settings?
    /// In whose name `WWW-Authenticate` speaks.
    public var realm: Realm
    /// How many responses are stored.
    public var storedResponses: Int

    /// Nothing is done but to find a route.
    public init() {
        order = .standard
        realm = .gateway
        storedResponses = 0
    }

    /// Whether nobody would find out who asks, though one of these routes wants to know.
    public func lacksAuthentication(for routes: [Route]) -> Bool {
        !order.stages.contains(.authentication) && routes.contains { $0.auth != .open }
    }

    /// Whether there may be anything to do in a stage, for any of these routes.
    public func needs(_ stage: Stage, for routes: [Route]) -> Bool {
        switch stage {
        case .requestID: ids != nil
        case .tracing: tracing != nil
        case .suspicion: suspicions != nil
        case .preflight: cors != nil
        case .routeLimit: routes.contains { $0.limit != nil }
        case .tenantLimit: routes.contains { $0.tenantLimit != nil }
        case .cache: routes.contains { $0.caching != nil }
        case .body: routes.contains { $0.body != nil }
        case .transform: routes.contains { $0.request != nil }
        // A limit and the keys of an issuer may be given to a gateway later.
        case .logging, .globalLimit, .authentication: true
        }
    }
}
