public import Timeline

/// Readies a request for being sent on: what concerns the client's connection is dropped, what the backend has to know of
/// the client is added.
///
/// - `X-Forwarded-For` has the other end of the connection appended, without its port; what stood there stays.
/// - `X-Forwarded-Host` and `X-Forwarded-Proto` say what the client used, unless a trusted proxy has said so already.
/// - `Forwarded` (RFC 7239) is appended to on wish. If it is not, it stays if a trusted proxy wrote it, and is dropped if
///   it comes from anybody else: a backend would take it for the gateway's word.
/// - `Via` has the gateway appended (RFC 9110, section 7.6.3).
public struct Forwarding: Hashable, Sendable {
    /// Whose word about the client is taken.
    public let trusted: TrustedProxies
    /// What the gateway calls itself in `Via`.
    public let name: String
    /// Whether `Forwarded` is written too.
    public let writesForwarded: Bool

    /// Checks the settings.
    /// - Parameters:
    ///   - trusted: nobody by default.
    ///   - name: a token (RFC 9110, section 5.6.2); `gateway` by default.
    ///   - writesForwarded: whether `Forwarded` is written too; false by default.
    /// - Throws: a ``SettingError`` for a name that is no token.
    public init(
        trusted: TrustedProxies = TrustedProxies(), name: String = "gateway", writesForwarded: Bool = false
    ) throws(SettingError) {
        guard !name.isEmpty, name.utf8.allSatisfy(\.isTokenCharacter) else {
            throw SettingError("name", given: name, allowed: "a token, such as gateway-1")
        }
        self.trusted = trusted
        self.name = name
        self.writesForwarded = writesForwarded
    }

    private init() {
        trusted = TrustedProxies()
        name = "gateway"
        writesForwarded = false
    }

    /// Nobody is trusted, and `Forwarded` is not written.
    public static let plain = Forwarding()

    /// Readies a request: once, however often it is tried then, since each call appends.
    public func forward(_ request: inout Request) {
        let isTrusted = trusted.contains(request.peer)
        request.headers.removeHopByHop()
        let peer = request.peer
        request.headers.extend(.xForwardedFor) { peer.write(to: &$0) }
        if !isTrusted || !request.headers.contains(.xForwardedHost) {
            request.headers.replace(.xForwardedHost, withChecked: request.host)
        }
        if !isTrusted || !request.headers.contains(.xForwardedProto) {
            request.headers.replace(.xForwardedProto, withChecked: request.scheme.rawValue)
        }
        if writesForwarded {
            appendForwarded(to: &request)
        } else if !isTrusted {
            request.headers.remove(.forwarded)
        }
        request.headers.extend(.via) { bytes in
            bytes.append("1.1 ")
            bytes.append(name)
        }
    }

    /// `for=192.0.2.43;host=example.com;proto=https`; addresses of version 6 and hosts with a port are quoted (RFC 7239,
    /// sections 4 and 6).
    private func appendForwarded(to request: inout Request) {
        let (peer, host, scheme) = (request.peer, request.host, request.scheme)
        request.headers.extend(.forwarded) { bytes in
            bytes.append("for=")
            if !peer.isV4 { bytes.append("\"[") }
            peer.write(to: &bytes)
            if !peer.isV4 { bytes.append("]\"") }
            let isToken = host.utf8.allSatisfy(\.isTokenCharacter)
            bytes.append(";host=")
            if !isToken { bytes.append(0x22) }
            bytes.append(host)
            if !isToken { bytes.append(0x22) }
            bytes.append(";proto=")
            bytes.append(scheme.rawValue)
        }
    }
}
