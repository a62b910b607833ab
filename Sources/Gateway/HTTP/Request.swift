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
    /// - Parameter host: nil for the one that the field `Host` names.
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
            self.host = try Self.host(in: headers)
        }
    }

    /// A request with the target of its line. The host that this names goes before that of the field `Host`, which has to be
    /// there even so, and then says the same (RFC 9112, sections 3.2 and 3.2.2).
    /// - Throws: as ``init(_:_:headers:body:peer:scheme:host:receivedAt:)`` does.
    public init(
        _ method: Method, _ line: RequestTarget, headers: Headers, body: Body = .none, peer: IPAddress,
        scheme: Scheme = .https, receivedAt: Instant
    ) throws(RequestError) {
        var headers = headers
        let host = try Self.host(in: headers)
        if let authority = line.authority { headers.replace(.host, withChecked: authority) }
        try self.init(
            method, line.target, headers: headers, body: body, peer: peer, scheme: scheme,
            host: line.authority ?? host, receivedAt: receivedAt)
    }

    /// The host that the field names.
    private static func host(in headers: Headers) throws(RequestError) -> String {
        guard let range = headers.onlyValue(of: .host), isHost(headers.storage.span.extracting(range)) else {
            throw .malformedHost
        }
        return headers.text(in: range)
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
