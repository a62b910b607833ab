public import Resilience
public import Timeline

/// What a gateway does with the requests of one route.
public struct Route: Sendable {
    /// What it is called.
    public var name: String
    /// The methods that it takes; nil for any.
    public var methods: MethodSet?
    /// The paths that it takes; nil for all that no other route takes.
    public var pattern: PathPattern?
    /// What it wants to know of who asks.
    public var auth: AuthRequirement
    /// How often all its callers together may ask; nil for as often as they like.
    public var limit: RateLimiter.Settings?
    /// How often each tenant may ask, those without one together; nil for as often as they like.
    public var tenantLimit: RateLimiter.Settings?
    /// Which responses are stored; nil for none.
    public var caching: ResponseCaching?
    /// What its bodies have to be.
    public var body: BodyRules?
    /// What becomes of its requests.
    public var request: RequestTransform?
    /// What becomes of its responses.
    public var response: ResponseTransform?
    /// Where its requests go.
    public var backends: [Proxy.Member] = []
    /// How they get there, with the route's own time limits, retries and breakers; nil if its owner answers by other means.
    public var proxying: Proxy.Settings?

    /// A route that passes everything on as it is.
    public init(_ name: String, methods: MethodSet? = nil, pattern: PathPattern?) {
        self.name = name
        self.methods = methods
        self.pattern = pattern
        auth = .open
    }

    /// What sends its requests on, for this route alone; nil if its owner answers by other means.
    /// - Parameter random: from which backends, waits and ejections are drawn.
    public func proxy(random: RandomStream, at now: Instant) -> Proxy? {
        proxying.map { Proxy($0, backends, random: random, at: now) }
    }

    /// The methods of requests that may be answered by it: HEAD where GET is (RFC 9110, section 9.3.2).
    var answeredMethods: MethodSet {
        guard let methods else { return .all }
        return methods.contains(.get) ? methods.union(.head) : methods
    }
}
