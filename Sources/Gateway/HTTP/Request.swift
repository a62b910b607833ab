public import Timeline

/// A request as the gateway has received it.
public struct Request: Hashable, Sendable {
    /// What is wanted.
    public var method: Method
    /// Of what it is wanted.
    public var target: Target
    /// The fields.
    public var headers: Headers
    /// What it carries.
    public var body: Body
    /// The other end of the connection; whom the request comes from in truth, ``TrustedProxies`` says.
    public let peer: IPAddress
    /// Whether it came encrypted.
    public let scheme: Scheme
    /// The host that the client asked for, with the port if it named one.
    public let host: String
    /// When it was received.
    public let receivedAt: Instant

    /// A request.
    /// - Parameter host: nil for the one that the target names in absolute form, else that of the field `Host`; where both
    ///   are, the field then says what the target does (RFC 9112, section 3.2.2).
    /// - Throws: ``RequestError/malformedHost`` for no host, for more than one `Host` and for one that is no host
    ///   (RFC 9112, section 3.2).
    public init(
        _ method: Method, _ target: Target, headers: Headers = Headers(), body: Body = .none, peer: IPAddress,
        scheme: Scheme = .https, host: String? = nil, receivedAt: Instant
    ) throws(RequestError) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.peer = peer
        self.scheme = scheme
        self.receivedAt = receivedAt
        if let host {
            guard Self.isHost(host.utf8.span) else { throw .malformedHost }
            self.host = host
        } else {
            guard let range = headers.onlyValue(of: .host), Self.isHost(headers.storage.span.extracting(range))
            else { throw .malformedHost }
            guard let authority = target.authority else {
                self.host = headers.text(in: range)
                return
            }
            guard Self.isHost(authority.utf8.span) else { throw .malformedHost }
            self.host = authority
            self.headers.replace(.host, withChecked: authority)
        }
    }

    /// The path, in its normal form.
    public var path: RequestPath { target.path }

    /// What stands behind the question mark; nil without one.
    public var query: String? { target.query }

    /// Whether it is `uri-host [ ":" port ]`, by its characters (RFC 3986, section 3.2.2).
    private static func isHost(_ bytes: borrowing Span<UInt8>) -> Bool {
        guard (1...259).contains(bytes.count) else { return false }
        for index in 0..<bytes.count where !isHostCharacter(bytes[index]) { return false }
        return true
    }

    private static func isHostCharacter(_ byte: UInt8) -> Bool {
        (byte.isPathCharacter && byte != 0x40) || byte == 0x5b || byte == 0x5d || byte == 0x25
    }
}

/// How a request came.
public enum Scheme: String, Hashable, Sendable {
    /// In the clear.
    case http
    /// Over TLS.
    case https
}
