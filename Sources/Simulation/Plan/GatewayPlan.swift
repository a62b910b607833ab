public import Gateway
public import Timeline

/// A service that is a gateway: its operations are its routes, and each of its replicas is an ``APIGateway``.
public struct GatewayPlan: Sendable {
    /// How each replica is set.
    public var settings: GatewaySettings
    /// The routes, as the operations of the service are numbered; the last takes all that no other takes.
    public var routes: [RoutePlan]
    /// Whether the last route takes what no other takes, rather than that being answered with 404.
    public var hasFallback: Bool
    /// Whose credentials are accepted.
    public var auth: GatewayAuthPlan
    /// Whose word about the client is taken.
    public var trusted: TrustedProxies
    /// What backends are told of who asks, and that concerns the client's connection alone is kept from them.
    public var forwarding: Forwarding
    /// How all replicas share one limit; nil where each has the limit of its settings, or there is none.
    public var sharedLimit: SharedLimit.Settings?
    /// How long each stage takes, by ``Stage/rawValue``.
    public var stageCosts: [Duration]

    /// How long a stage takes where nothing is said: what checks a signature takes 50 µs, what reads a body 20 µs, what
    /// writes a message anew 10 µs, what searches a text or a table 5 µs, and what looks at a number 1 µs.
    public static let usualCosts: [Duration] = Stage.allCases.map { stage in
        switch stage {
        case .authentication: .microseconds(50)
        case .body: .microseconds(20)
        case .transform: .microseconds(10)
        case .suspicion, .cache: .microseconds(5)
        default: .microseconds(1)
        }
    }

    /// A gateway that lets everything pass on these routes.
    public init(routes: [RoutePlan]) {
        self.routes = routes
        settings = GatewaySettings()
        hasFallback = false
        auth = GatewayAuthPlan()
        trusted = TrustedProxies()
        forwarding = .plain
        stageCosts = Self.usualCosts
    }
}

extension GatewayPlan {
    /// The routes as the library has them.
    public var libraryRoutes: [Route] { (hasFallback ? routes[...] : routes.dropLast()).map(\.route) }

    /// Whether a stage has something to do with the requests of a route.
    public func isAtWork(_ stage: Stage, route: Int) -> Bool {
        let route = routes[route].route
        return switch stage {
        case .globalLimit: settings.limit != nil || sharedLimit != nil
        case .authentication: route.auth != .open
        default: settings.needs(stage, for: [route])
        }
    }
}

extension Plan {
    /// The operations that the routes of a gateway are: they stand together, in order, before those of its sagas.
    public func routeOperations(of service: Int) -> Range<Int> {
        let first = operations.firstIndex { $0.service == service } ?? 0
        return first..<(first + (services[service].gateway?.routes.count ?? 0))
    }

    /// The route that an operation is; nil if it is none.
    public func route(of operation: Int) -> RoutePlan? {
        let service = operations[operation].service
        guard let gateway = services[service].gateway else { return nil }
        let routes = routeOperations(of: service)
        return routes.contains(operation) ? gateway.routes[operation - routes.lowerBound] : nil
    }
}

/// A route of a gateway, in a simulation.
public struct RoutePlan: Sendable {
    /// The rules of the route.
    public var route: Route
    /// What its requests start, in place of the calls of its operation; nil for nothing.
    public var starts: Start?
    /// Whether a request that starts something is answered when that is over, rather than at once with 202.
    public var waits: Bool
    /// What a request is answered with that went well.
    public var response: Response
    /// The fields that its backend gets with each request, credentials among them.
    public var backendHeaders: BackendHeaders
    /// What a client sends that knows the route.
    public var form: RequestForm

    /// What a route starts.
    public enum Start: Hashable, Sendable {
        /// A saga.
        case saga(Int)
        /// A flow of a choreography.
        case choreography(Int)
    }

    /// A route that answers with 200 and an empty body.
    public init(_ route: Route, form: RequestForm) {
        self.route = route
        self.form = form
        waits = true
        response = Response(.ok)
        backendHeaders = .none
    }
}

/// Whose credentials a gateway accepts.
public struct GatewayAuthPlan: Sendable {
    /// The API keys.
    public var apiKeys: [APIKey]
    /// Who issues tokens; nil if none are accepted.
    public var issuer: IssuerPlan?
    /// How long clients are kept away that fail; nil for not at all.
    public var failures: FailureRules?

    /// Nobody's.
    public init() {
        apiKeys = []
    }
}

/// Who issues the tokens that a gateway accepts, and how it knows the keys.
public struct IssuerPlan: Sendable {
    /// Which tokens are accepted.
    public var rules: TokenRules
    /// How long the keys are kept.
    public var keys: KeyCacheSettings
    /// How long it takes to fetch them.
    public var fetch: Distribution
    /// How often there is a new key; nil for never.
    public var rotation: Duration?
    /// How long a new key is published before it signs.
    public var lead: Duration
    /// How long a key is honoured that signs no more.
    public var overlap: Duration

    /// An issuer whose keys stay, and take 20 ms to fetch.
    public init(_ rules: TokenRules, keys: KeyCacheSettings) {
        self.rules = rules
        self.keys = keys
        fetch = .constant(.milliseconds(20))
        lead = .minutes(1)
        overlap = .minutes(15)
    }
}
