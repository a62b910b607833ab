public import Resilience

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

    /// A route that passes everything on as it is.
    public init(_ name: String, methods: MethodSet? = nil, pattern: PathPattern?) {
        self.name = name
        self.methods = methods
        self.pattern = pattern
        auth = .open
    }
}
