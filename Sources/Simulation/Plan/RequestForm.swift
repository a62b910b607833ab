public import Gateway
public import Timeline

/// What requests of one kind look like; the key of each stands in its path.
public struct RequestForm: Hashable, Sendable {
    /// What is wanted.
    public var method: Method
    /// The target before, between and behind the places where the key stands.
    public var pieces: [String]
    /// What it carries.
    public var body: Body

    /// Requests for a target in which `{key}` stands for the key.
    public init(_ method: Method, _ target: String, body: Body = .none) {
        self.method = method
        self.body = body
        pieces = target.split(separator: "{key}", omittingEmptySubsequences: false).map(String.init)
    }

    /// Requests that a pattern matches: the key stands for its parameters.
    public init(_ method: Method, matching pattern: PathPattern?, body: Body = .none) {
        let segments = pattern?.segments ?? [.literal("nowhere")]
        let path = segments.map { segment in
            switch segment {
            case .literal(let text): text
            case .parameter, .rest: "{key}"
            }
        }
        self.init(method, "/" + path.joined(separator: "/"), body: body)
    }

    /// The target of the request for a key.
    public func target(key: UInt32) -> String { pieces.joined(separator: String(key)) }
}

/// Who sends the requests of a load, as a gateway sees it.
public struct SenderPlan: Sendable {
    /// Fields that all its requests have.
    public var headers: Headers
    /// What they present to say who they are from.
    public var credentials: CredentialsPlan

    /// Somebody who presents nothing.
    public init() {
        headers = Headers()
        credentials = .none
    }
}

/// What the requests of a load present to say who they are from.
public enum CredentialsPlan: Sendable {
    /// Nothing.
    case none
    /// This API key.
    case apiKey(KeyFingerprint)
    /// A token.
    case token(TokenPlan)
}

/// The tokens that the requests of a load have: one for each key of the load, renewed when half their life is over.
public struct TokenPlan: Hashable, Sendable {
    /// Who is said to have issued them; nil for the issuer of the gateway that is called.
    public var issuer: String?
    /// For whom they are; nil for the first audience of that gateway.
    public var audience: String?
    /// What they allow.
    public var scopes: Scopes
    /// How long they live.
    public var life: Duration
    /// How they say that they are signed.
    public var algorithm: SigningAlgorithm
    /// Whether somebody has signed them who does not have the key that they name.
    public var isForged: Bool

    /// Good tokens for 15 minutes that allow nothing in particular.
    public init() {
        scopes = .none
        life = .minutes(15)
        algorithm = .es256
        isForged = false
    }
}

/// A share of the requests of a load.
public struct RequestShare: Hashable, Sendable {
    /// The route that takes them.
    public var operation: Int
    /// Their share of all; those of a load sum up to 1.
    public var share: Double
    /// What they look like; nil for what a client sends that knows the route.
    public var form: RequestForm?

    /// A share of requests for a route.
    public init(operation: Int, share: Double, form: RequestForm? = nil) {
        self.operation = operation
        self.share = share
        self.form = form
    }
}
