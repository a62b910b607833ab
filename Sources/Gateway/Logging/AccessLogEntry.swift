public import Timeline

/// What is logged of one request once it is answered: who asked for what, what came of it, and why.
///
/// It holds no credential, no query (which may hold one) and nothing that a body says; of who asks it holds the name. Nothing
/// is written here: ``text`` is a line for whoever writes logs.
public struct AccessLogEntry: Hashable, Sendable {
    /// Why a request is answered as it is.
    public enum Cause: Hashable, Sendable {
        /// The gateway has answered it itself.
        case gateway(Answer)
        /// What became of it on its way to the backends.
        case proxy(Reply.Cause)
    }

    /// When it was received.
    public var time: Instant
    /// The name that all logs know it by.
    public var requestID: String?
    /// The number of its trace, in 32 hexadecimal digits.
    public var traceID: String?
    /// What was wanted.
    public var method: Method
    /// Of what, as it came, without the query.
    public var path: String
    /// The name of its route.
    public var route: String?
    /// The name of who asks; nil for nobody in particular.
    public var identity: String?
    /// On whose account.
    public var tenant: String?
    /// How it was answered.
    public var status: Status
    /// How long the body of the answer is, in bytes.
    public var bytes = 0
    /// From when it was received to when it was answered.
    public var took = Duration.zero
    /// How often it was sent to a backend.
    public var attempts = 0
    /// Where it was sent last.
    public var backend: String?
    /// Why it is answered so; nil for what its owner has answered.
    public var cause: Cause?
    /// The route that comes nearest, where none takes it.
    public var nearest: String?

    /// An entry of what there always is, to be made more of.
    public init(_ method: Method, _ path: String, _ status: Status, at time: Instant) {
        self.method = method
        self.path = path
        self.status = status
        self.time = time
    }
}

extension Identity {
    /// What a log calls it; nil for nobody in particular.
    var logName: String? { subject.isEmpty ? nil : subject }
}

extension AccessLogEntry.Cause: CustomStringConvertible {
    /// In words.
    public var description: String {
        switch self {
        case .gateway(let answer): answer.logWords
        case .proxy(let cause): cause.rawValue
        }
    }
}

extension Answer {
    fileprivate var logWords: String {
        switch self {
        case .noRoute: "no route"
        case .methodNotAllowed(let methods): "method not allowed, but \(methods)"
        case .suspicious(let rule): "suspicious: \(rule)"
        case .preflight: "preflight"
        case .server: "server"
        case .globalLimit: "global limit"
        case .routeLimit: "route limit"
        case .tenantLimit: "tenant limit"
        case .unauthenticated(let refusal): "auth: \(refusal)"
        case .stored: "stored"
        case .onlyIfStored: "only if stored"
        case .body(let refusal): "body: \(refusal.logWords)"
        case .transform(let error): "transform: \(error)"
        }
    }
}

extension BodyRefusal {
    /// The fields and the rules that they break, without what they say.
    fileprivate var logWords: String {
        guard case .invalid(let violations) = self else { return description }
        return violations.map { "\($0.field) (\($0.rule))" }.joined(separator: ", ")
    }
}
