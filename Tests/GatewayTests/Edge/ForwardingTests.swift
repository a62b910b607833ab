import Gateway
import Testing
import Timeline

@Suite("Forwarding")
struct ForwardingTests {
    private static func proxies() throws -> TrustedProxies {
        TrustedProxies([try AddressRange("10.0.0.0/8"), try AddressRange("2001:db8:1::/48")])
    }

    @Test("what concerns one connection is dropped, and what Connection names (RFC 9110, section 7.6.1; G8)")
    func hopByHop() throws {
        var headers = try Headers([
            "Connection": "X-One, close , x-TWO", "X-One": "1", "x-two": "2", "X-Three": "3", "Keep-Alive": "5",
            "Proxy-Connection": "keep-alive", "TE": "trailers, deflate;q=0.5", "Transfer-Encoding": "chunked",
            "Upgrade": "websocket", "Proxy-Authorization": "Basic x", "Accept": "*/*", "connection": "Accept",
        ])
        headers.removeHopByHop()
        #expect(headers.description == "x-three: 3\nte: trailers\n")
        var none = try Headers(["TE": "gzip", "Accept": "a"])
        none.removeHopByHop()
        #expect(none.description == "accept: a\n")
    }

    @Test("Connection strips no request of its identity (RFC 9110, section 7.6.1)")
    func abuse() throws {
        var headers = try Headers([
            "Connection": "Authorization, X-Request-ID, traceparent, X-Forwarded-For, Host, Cache-Control",
            "Authorization": "Bearer x", "X-Request-ID": "1", "Host": "a",
        ])
        headers.removeHopByHop()
        #expect(headers.description == "authorization: Bearer x\nx-request-id: 1\nhost: a\n")
    }

    @Test("X-Forwarded-For is appended to, without the port, never overwritten (G8)")
    func appended() throws {
        let forwarding = try Forwarding(trusted: try Self.proxies())
        var first = try request()
        forwarding.forward(&first)
        #expect(first.headers.values(of: .xForwardedFor) == ["198.51.100.7"])
        var chain = try request(
            .get, "/", ["X-Forwarded-For": "203.0.113.9, 10.0.0.1", "Accept": "a"], peer: "10.0.0.2")
        forwarding.forward(&chain)
        #expect(chain.headers.values(of: .xForwardedFor) == ["203.0.113.9, 10.0.0.1, 10.0.0.2"])
        var lines = try request(.get, "/", ["X-Forwarded-For": "a", "x-forwarded-for": "b"], peer: "2001:DB8:1:0::1")
        forwarding.forward(&lines)
        #expect(lines.headers.elements(of: .xForwardedFor) == ["a", "b", "2001:db8:1::1"])
        var empty = try request(.get, "/", ["X-Forwarded-For": ""])
        forwarding.forward(&empty)
        #expect(empty.headers.values(of: .xForwardedFor) == ["198.51.100.7"])
    }

    @Test("host and scheme are the real ones; a trusted proxy's word on them stays (G8)")
    func hostAndScheme() throws {
        let forwarding = try Forwarding(trusted: try Self.proxies())
        let fields: KeyValuePairs<String, String> = [
            "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "for=1.2.3.4",
        ]
        var spoofed = try request(.get, "/", fields, scheme: .http)
        forwarding.forward(&spoofed)
        #expect(spoofed.headers.values(of: .xForwardedHost) == ["shop.example"])
        #expect(spoofed.headers.values(of: .xForwardedProto) == ["http"])
        #expect(!spoofed.headers.contains(.forwarded))
        var trusted = try request(.get, "/", fields, peer: "10.9.9.9", scheme: .http)
        forwarding.forward(&trusted)
        #expect(trusted.headers[.xForwardedHost] == "evil.example")
        #expect(trusted.headers[.xForwardedProto] == "https")
        #expect(trusted.headers[.forwarded] == "for=1.2.3.4")
    }

    @Test("Forwarded quotes what is no token (RFC 7239, sections 4 and 6)")
    func forwarded() throws {
        let forwarding = try Forwarding(writesForwarded: true)
        var four = try request(.get, "/", ["Forwarded": "for=_hidden"])
        forwarding.forward(&four)
        #expect(four.headers[.forwarded] == "for=_hidden, for=198.51.100.7;host=shop.example;proto=https")
        var six = try request(peer: "2001:db8:cafe::17", scheme: .http, host: "shop.example:8080")
        forwarding.forward(&six)
        #expect(six.headers[.forwarded] == #"for="[2001:db8:cafe::17]";host="shop.example:8080";proto=http"#)
    }

    @Test("Via is appended to (RFC 9110, section 7.6.3)")
    func via() throws {
        var given = try request(.get, "/", ["Via": "1.0 fred"])
        try Forwarding(name: "edge-1").forward(&given)
        #expect(given.headers[.via] == "1.0 fred, 1.1 edge-1")
        let error = SettingError("name", given: "a b", allowed: "a token, such as gateway-1")
        #expect(throws: error) { try Forwarding(name: "a b") }
    }

    @Test("the client is the first from the right that is no trusted proxy: a spoofed X-Forwarded-For is not believed")
    func client() throws {
        let proxies = try Self.proxies()
        let cases: [(peer: String, forwardedFor: String, client: String)] = [
            // Spoofed by whoever connects.
            ("198.51.100.7", "127.0.0.1", "198.51.100.7"),
            // Spoofed before an honest proxy.
            ("10.0.0.1", "127.0.0.1, 198.51.100.7", "198.51.100.7"),
            ("10.0.0.1", "10.9.9.9, 198.51.100.7, 10.0.0.3 , 10.0.0.2", "198.51.100.7"),
            ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"), ("10.0.0.1", "", "10.0.0.1"),
            ("10.0.0.1", "198.51.100.7, unknown", "10.0.0.1"), ("10.0.0.1", "198.51.100.7, x, 10.0.0.2", "10.0.0.2"),
            ("10.0.0.1", "198.51.100.7:443", "198.51.100.7"), ("10.0.0.1", ",198.51.100.7,,", "198.51.100.7"),
            ("2001:db8:1::5", "[2001:db8:2::1]:443", "2001:db8:2::1"), ("10.0.0.1", "2001:db8:2::1", "2001:db8:2::1"),
            // An address of version 4 in the dress of version 6 is the same proxy.
            ("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"), ("10.0.0.1", "[::1", "10.0.0.1"),
            ("10.0.0.1", "1.2.3.4:x", "10.0.0.1"), ("10.0.0.1", "1.2.3.4:", "10.0.0.1"),
        ]
        for (peer, forwardedFor, client) in cases {
            let given = try request(.get, "/", ["X-Forwarded-For": forwardedFor], peer: peer)
            #expect(proxies.client(of: given).description == client, "\(forwardedFor)")
        }
        let lines = try request(
            .get, "/", ["X-Forwarded-For": "127.0.0.1, 198.51.100.7", "x-forwarded-for": "10.0.0.2"], peer: "10.0.0.1")
        #expect(proxies.client(of: lines).description == "198.51.100.7")
        #expect(TrustedProxies().client(of: lines).description == "10.0.0.1")
    }

    @Test("a backend gets its fields and credentials, the client's not if so set")
    func backend() throws {
        let fields = [("X-Backend", "b-1"), ("Authorization", "Basic YmFja2VuZA==")]
        var headers = try Headers(["Authorization": "Bearer user", "x-backend": "spoofed", "Accept": "a"])
        try BackendHeaders(fields).apply(to: &headers)
        #expect(headers.description == "accept: a\nx-backend: b-1\nauthorization: Basic YmFja2VuZA==\n")
        var plain = try Headers(["Authorization": "Bearer user", "Accept": "a"])
        BackendHeaders.none.apply(to: &plain)
        #expect(plain.count == 2)
        try BackendHeaders([], dropsAuthorization: true).apply(to: &plain)
        #expect(plain.description == "accept: a\n")
        for bad in [("a b", "c"), ("X", "a\r\nY: b")] {
            #expect(throws: SettingError.self) { try BackendHeaders([bad]) }
        }
    }

    @Test(
        "no setting writes what frames a message or concerns one connection (RFC 9112, section 11.2)",
        arguments: [
            "Connection", "Content-Length", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding",
            "Upgrade",
        ])
    func framing(name: String) throws {
        let framing = try HeaderName(name)
        #expect(throws: SettingError.self) { try BackendHeaders([(name, "1")]) }
        for step in [HeaderStep.set(framing, "1"), .add(framing, "1"), .remove(framing), .rename(framing, to: .via)] {
            #expect(throws: SettingError.self) { try RequestTransform([.header(step)]) }
        }
    }

    @Test("waits are rounded up to seconds, and never 0 (RFC 9110, section 10.2.3)")
    func retryAfter() throws {
        let waits: [(Duration, Int64?)] = [
            (.zero, 1), (.nanoseconds(1), 1), (.seconds(1), 1), (.milliseconds(1_001), 2), (.seconds(-5), 1),
            (.maximum, nil), (.nanoseconds(.max - 1), 9_223_372_037), (.nanoseconds(.min), 1),
        ]
        for (wait, seconds) in waits { #expect(RetryAfter.seconds(wait) == seconds) }
        var refusal = try response(429, ["Retry-After": "0", "retry-after": "1"])
        RetryAfter.set(.milliseconds(1_500), in: &refusal)
        #expect(refusal.headers.values(of: .retryAfter) == ["2"])
        RetryAfter.set(.maximum, in: &refusal)
        #expect(!refusal.headers.contains(.retryAfter))
    }
}
