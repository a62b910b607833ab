import Resilience
public import Timeline

/// The way of a request into a gateway, and of its response out of it.
///
/// 1. ``receive(_:_:at:)`` finds its route and takes it through the stages, up to the first that answers it.
/// 2. If it is ``Passage/passed(_:)``, its owner sends it to a backend, and hands in what comes of that with
///    ``finish(_:_:askedAt:at:)``.
/// 3. If the keys of an issuer are to be fetched first, ``resume(_:at:)`` goes on afterwards.
///
/// It reads no clock, sends nothing and computes no cryptography.
public struct APIGateway: Sendable {
    /// How it is set.
    public internal(set) var settings: GatewaySettings
    /// Its routes.
    public internal(set) var routes: [Route]
    /// Who finds out who asks.
    public var authenticator: Authenticator
    /// Its part of a limit that it shares with other gateways, asked after its own; nil for none. Its owner carries the news.
    public var sharedLimit: SharedLimit?
    /// What is stored.
    public private(set) var responses: ResponseStore
    /// How many requests it has answered itself, by kind.
    public private(set) var answered: [Answer.Kind: Int] = [:]
    /// How many requests it has let pass.
    public private(set) var passed = 0

    /// The stages of its order in which it has something to do.
    var stages: StageSet
    private let router: Router
    /// What the routes take together.
    private let methods: MethodSet
    /// What names requests and continues traces, if that is among the stages.
    var ids: RequestIDs?
    var tracing: Tracing?
    var limit: RateLimiter?
    var routeLimits: [RateLimiter?]
    var tenantLimits: [TenantLimits?]
    private var random: RandomStream

    /// What becomes of a request.
    public enum Passage: Sendable {
        /// It goes on to a backend.
        case passed(Exchange)
        /// It is answered, and this is logged of it; nil if it did not pass the stage for that.
        // Apart, since it is the larger, and most pass.
        indirect case answered(Response, Answer, AccessLogEntry?)
        /// The keys of the issuer of its token have to be fetched first; true if somebody is doing that already.
        case awaitsKeys(Exchange, areOnTheirWay: Bool)
    }

    /// A gateway with these routes.
    /// - Parameter random: from which names and traces are drawn.
    /// - Throws: a ``SettingError`` for two routes that take the same requests, or where authentication is left out and
    ///   a route wants to know who asks.
    public init(
        _ settings: GatewaySettings, _ routes: [Route], authenticator: Authenticator = Authenticator(),
        random: RandomStream
    ) throws(SettingError) {
        var router = Router()
        for route in routes {
            if let pattern = route.pattern {
                try router.add(pattern, for: route.methods)
            } else {
                try router.addDefault()
            }
        }
        guard !settings.lacksAuthentication(for: routes) else {
            throw SettingError(
                "authentication", given: "left out", allowed: "kept, since a route wants to know who asks")
        }
        self.settings = settings
        self.routes = routes
        self.authenticator = authenticator
        self.router = router
        stages = StageSet(settings.order.stages.filter { settings.needs($0, for: routes) })
        ids = stages.contains(.requestID) ? settings.ids : nil
        tracing = stages.contains(.tracing) ? settings.tracing : nil
        methods = routes.reduce(.options) { $0.union($1.answeredMethods) }
        self.random = random
        responses = ResponseStore(capacity: settings.storedResponses)
        limit = settings.limit.map { RateLimiter($0) }
        routeLimits = routes.map { $0.limit.map { RateLimiter($0) } }
        tenantLimits = routes.map { $0.tenantLimit.map { TenantLimits($0) } }
    }

    /// A request has come.
    /// - Parameter credentials: what it presents to say who it is from.
    public mutating func receive(_ request: Request, _ credentials: Credentials, at now: Instant) -> Passage {
        if request.method == .options, request.target.isServer { return refuse(.server(methods), to: request, at: now) }
        switch router.match(request.method, request.path.text) {
        case .matched(let route, let parameters):
            return resume(Exchange(request, credentials, route: route, parameters: parameters), at: now)
        case .methodNotAllowed(let methods):
            // What a browser asks before it asks has no route of its own.
            if let response = settings.cors?.preflight(request) {
                return answer(named(response, request.headers, from: 0), .preflight, to: request, at: now)
            }
            return refuse(.methodNotAllowed(methods), to: request, at: now)
        case .notFound:
            return refuse(.noRoute(nearest: router.nearest(to: request.path.text)), to: request, at: now)
        }
    }

    /// A request goes on where it has stopped.
    public mutating func resume(_ exchange: consuming Exchange, at now: Instant) -> Passage {
        // Held once, not for each stage.
        let order = settings.order.stages
        while exchange.stage < order.count {
            let stage = order[exchange.stage]
            switch stages.contains(stage) ? pass(stage, &exchange, at: now) : .goesOn {
            case .goesOn: exchange.stage += 1
            case .answered(let response, let answer):
                name(&exchange.request.headers, from: exchange.stage)
                return self.answer(finished(response, exchange), answer, exchange, at: now)
            case .refused(let answer):
                let response = refused(answer, exchange.received, exchange.request.headers, from: exchange.stage)
                return self.answer(response, answer, exchange, at: now)
            case .awaitsKeys(let areOnTheirWay): return .awaitsKeys(exchange, areOnTheirWay: areOnTheirWay)
            }
        }
        passed += 1
        return .passed(exchange)
    }

    private enum End {
        case goesOn
        case answered(Response, Answer)
        case refused(Answer)
        case awaitsKeys(areOnTheirWay: Bool)
    }

    private mutating func pass(_ stage: Stage, _ exchange: inout Exchange, at now: Instant) -> End {
        switch stage {
        case .requestID: _ = ids?.identify(&exchange.request.headers, using: &random)
        case .tracing: _ = tracing?.trace(&exchange.request.headers, using: &random)
        case .logging: exchange.isLogged = true
        case .suspicion:
            if let rule = settings.suspicions?.brokenRule(exchange.request.target) {
                return .refused(.suspicious(rule: rule))
            }
        case .preflight:
            if let response = settings.cors?.preflight(exchange.request) { return .answered(response, .preflight) }
        case .globalLimit:
            if case .rejected(let wait)? = limit?.acquire(at: now) { return .refused(.globalLimit(retryAfter: wait)) }
            if case .rejected(let wait)? = sharedLimit?.acquire(at: now) {
                return .refused(.globalLimit(retryAfter: wait))
            }
        case .routeLimit:
            if case .rejected(let wait)? = routeLimits[exchange.route]?.acquire(at: now) {
                return .refused(.routeLimit(retryAfter: wait))
            }
        case .authentication: return authenticate(&exchange, at: now)
        case .tenantLimit:
            if case .rejected(let wait)? = tenantLimits[exchange.route]?.acquire(exchange.identity.tenant, at: now) {
                return .refused(.tenantLimit(retryAfter: wait))
            }
        case .cache: return look(&exchange, at: now)
        case .body:
            if let refusal = refusal(ofBodyOf: exchange) { return .refused(.body(refusal)) }
        case .transform:
            if let error = transform(&exchange) { return .refused(.transform(error)) }
        }
        return .goesOn
    }

    private mutating func authenticate(_ exchange: inout Exchange, at now: Instant) -> End {
        switch authenticator.authenticate(exchange.credentials, for: routes[exchange.route].auth, at: now) {
        case .identified(let identity):
            exchange.identity = identity
            return .goesOn
        case .refused(let refusal): return .refused(.unauthenticated(refusal))
        case .fetchKeys: return .awaitsKeys(areOnTheirWay: false)
        case .awaitKeys: return .awaitsKeys(areOnTheirWay: true)
        }
    }

    private mutating func look(_ exchange: inout Exchange, at now: Instant) -> End {
        guard let caching = routes[exchange.route].caching, caching.mayAnswer(exchange.request) else { return .goesOn }
        let identity = caching.isPrivate ? exchange.identity.subject : nil
        let key = ResponseKey(exchange.request, route: exchange.route, identity: identity)
        exchange.key = key
        switch responses.look(key, exchange.request.headers, at: now) {
        case .answered(let response, let age): return .answered(response, .stored(age: age))
        case .missed: return .goesOn
        case .refused: return .refused(.onlyIfStored)
        }
    }

    private mutating func answer(
        _ response: Response, _ answer: Answer, _ exchange: Exchange, at now: Instant
    ) -> Passage {
        answered[answer.kind, default: 0] += 1
        return .answered(response, answer, logEntry(exchange, response, answer, at: now))
    }

    private mutating func answer(
        _ response: Response, _ answer: Answer, to request: Request, at now: Instant
    ) -> Passage {
        answered[answer.kind, default: 0] += 1
        return .answered(response, answer, logEntry(request, response, answer, at: now))
    }

    /// Refuses a request that has no route.
    private mutating func refuse(_ answer: Answer, to request: Request, at now: Instant) -> Passage {
        self.answer(refused(answer, request, request.headers, from: 0), answer, to: request, at: now)
    }

    /// What a request gets that is refused.
    /// - Parameter headers: its fields as the stages before this one have left them.
    private mutating func refused(
        _ answer: Answer, _ request: Request, _ headers: Headers, from stage: Int
    ) -> Response {
        var response = named(refusal(answer), headers, from: stage)
        settings.cors?.decorate(&response.headers, for: request.headers)
        settings.security?.decorate(&response.headers, over: request.scheme)
        return response
    }

    /// An answer with the name and the trace of its request, even if it comes before their stages.
    private mutating func named(_ response: Response, _ headers: Headers, from stage: Int) -> Response {
        var (response, headers) = (response, headers)
        name(&headers, from: stage)
        echo(headers, to: &response)
        return response
    }

    /// Takes a request that is answered through those of the stages left that name and trace it.
    private mutating func name(_ headers: inout Headers, from stage: Int) {
        for stage in settings.order.stages[stage...] where stages.contains(stage) {
            if stage == .requestID { _ = ids?.identify(&headers, using: &random) }
            if stage == .tracing { _ = tracing?.trace(&headers, using: &random) }
        }
    }

    /// What the backend has answered is stored if it may be, and becomes what the client gets.
    /// - Parameter askedAt: when the backend was asked.
    public mutating func finish(
        _ response: Response, _ exchange: Exchange, askedAt: Instant, at now: Instant
    ) throws(TransformError) -> Response {
        var response = response
        try routes[exchange.route].response?.apply(to: &response)
        if let key = exchange.key, let caching = routes[exchange.route].caching,
            case .stored(let freshness) = caching.storage(
                of: response, to: exchange.request, askedAt: askedAt, at: now)
        {
            responses.store(response, freshness, under: key, exchange.received.headers, at: now)
        }
        if ResponseCaching.invalidates(exchange.received.method, response.status) { dropChanged(exchange) }
        return finished(response, exchange)
    }

    /// What is stored for the target of a request that may have changed it goes; where each identity has a store of its
    /// own, that of the one who has asked.
    private mutating func dropChanged(_ exchange: Exchange) {
        let request = exchange.received
        guard case .matched(let route, _) = router.match(.get, request.path.text), let caching = routes[route].caching
        else { return }
        let identity = caching.isPrivate ? exchange.identity.subject : nil
        responses.drop(ResponseKey(request, route: route, identity: identity))
    }
}
