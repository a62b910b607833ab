public import Timeline

/// A request on its way through a proxy, for as long as it is.
public struct CallID: Hashable, Sendable {
    let place: Int
    /// Goes up each time that the place is taken.
    let turn: UInt32
}

/// One attempt of a request; what is told of it later is known by it.
public struct AttemptID: Hashable, Sendable {
    /// The request.
    public let call: CallID
    /// Which of its attempts, from 1.
    public let number: Int
}

/// A request that is to be sent to a backend now.
public struct Attempt: Sendable {
    /// To be handed back with what comes of it.
    public let id: AttemptID
    /// The backend.
    public let backend: BackendID
    /// Where it is.
    public let address: String
    /// What is sent: the target with its query, the backend's own fields, and the whole body.
    public let request: Request
    /// When it is over: what has not been answered whole by then, body included, has ``AttemptEnd/timedOut``.
    public let until: Instant
    /// The connection that it goes over.
    public let connection: Connections.Choice
}

/// What has come of an attempt.
public enum AttemptEnd: Sendable {
    /// The backend has answered, and the answer's body is there too. What is no final status (RFC 9110, section 15) is no
    /// answer, and counts as ``broken``.
    case answered(Response)
    /// There was no connection: it was refused, or its handshake failed. Nothing of the request was sent.
    case notConnected
    /// The connection broke after something of the request was sent: it may have been done or not.
    case broken
    /// Its time was over.
    case timedOut
    /// The client does not wait any more.
    case cancelled
}

/// What is to be done next with a request.
public enum ProxyStep: Sendable {
    /// It is sent; then ``Proxy/ended(_:_:at:)`` is told how that ended.
    case send(Attempt)
    /// It waits until then; ``Proxy/resume(_:at:)`` goes on.
    case wait(CallID, until: Instant)
    /// It is answered, and nothing more is heard of it.
    case answer(Reply)
    /// Nothing: this attempt, or this request, was over before.
    case nothing

    /// What the request is answered with, if it is.
    public var reply: Reply? {
        if case .answer(let reply) = self { reply } else { nil }
    }

    /// What is sent, if anything is.
    public var attempt: Attempt? {
        if case .send(let attempt) = self { attempt } else { nil }
    }
}

/// What a request is answered with in the end.
public struct Reply: Sendable {
    /// What the client gets.
    public let response: Response
    /// Why it gets that.
    public let cause: Cause
    /// How often the request was sent.
    public let attempts: Int
    /// Where it was sent last; nil if it was not sent.
    public let backend: String?

    /// Why a request is answered as it is.
    public enum Cause: String, CaseIterable, Hashable, Sendable {
        /// A backend has answered so, be it well or not.
        case backend
        /// No backend may be used: 503.
        case noBackend = "no backend"
        /// The breakers let nothing through: 503, with the time until one does.
        case breakerOpen = "breaker open"
        /// There was no connection: 502.
        case notConnected = "not connected"
        /// The connection broke, or what came over it was no answer: 502.
        case broken
        /// The last attempt was not answered in time: 504.
        case timedOut = "timed out"
        /// There was no time left to send it in: 504.
        case outOfTime = "out of time"
        /// The client does not wait any more: 499, as nginx notes it.
        case cancelled

        /// The status of an answer that no backend has given.
        var status: Status {
            switch self {
            case .backend: .ok
            case .noBackend, .breakerOpen: .serviceUnavailable
            case .notConnected, .broken: .badGateway
            case .timedOut, .outOfTime: .gatewayTimeout
            case .cancelled: Status(499)
            }
        }
    }
}
