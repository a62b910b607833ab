import Gateway
import Testing
import Timeline

/// Requests and responses of random fields go through everything here: nothing may trap, and what comes out is in order.
@Suite("Random requests")
struct RandomRequestTests {
    private static let names: [HeaderName] = [
        .accept, .acceptEncoding, .age, .authorization, .cacheControl, .connection, .contentLength, .contentType, .date,
        .eTag, .expires, .forwarded, .origin, .te, .traceparent, .tracestate, .vary, .via, .xForwardedFor,
        .xForwardedHost, .xRequestID, .accessControlRequestMethod, .accessControlRequestHeaders, .upgrade,
    ]
    private static let words = [
        "", ",", ";", "=", "\"", "\\", "*", "gzip", "q=0", "q=1.000", "0.5", "br", "identity", "max-age", "s-maxage",
        "public", "no-cache", "3600", "99999999999999999999", "-1", "Thu, 18 Aug 2050 02:01:18 GMT", "trailers",
        "10.0.0.1", "[::1]:80", "::ffff:10.0.0.1", "198.51.100.7:", "00-", "4bf92f3577b34da6a3ce929d0e0e4736",
        "-00f067aa0ba902b7-01", "https://shop.example", "PUT", "x-a", "X-B", "text/html", "W/\"", " ", "\t", "é",
    ]
    private static let targets = ["/a", "/a/../b", "/a?x=%25%32%65", "/%2e?'--", "/a?%", "/a?%0", "/a%2F..%2F?+%00"]

    private static func headers(_ random: inout RandomStream) -> Headers {
        var headers = Headers()
        for _ in 0..<random.below(12) {
            let other = random.below(8)
            let name = other == 0 ? (try? HeaderName("x-a")) ?? .te : names[Int(random.below(UInt64(names.count)))]
            var value = ""
            for _ in 0..<random.below(6) { value += words[Int(random.below(UInt64(words.count)))] }
            try? headers.append(name, value)
        }
        return headers
    }

    /// What has to hold of fields whatever was done to them.
    private static func check(_ headers: Headers) {
        var rebuilt = Headers()
        for place in 0..<headers.count {
            guard let field = headers.field(at: place) else { continue }
            try? rebuilt.append(field.name, field.value)
            #expect(headers.contains(field.name))
        }
        #expect(rebuilt == headers, "\(headers)")
        #expect(rebuilt.bytes == headers.bytes)
        for name in names { #expect(headers.contains(name) == !headers.values(of: name).isEmpty) }
    }

    @Test("nothing traps, and the fields that come out could have come in")
    func everything() throws {
        var random = RandomStream(seed: 3, name: "random requests", purpose: "fields")
        let ids = try RequestIDs()
        let tracing = try Tracing(sampledShare: 0.5)
        let suspicious = try SuspiciousRequests()
        let trusted = TrustedProxies([try AddressRange("10.0.0.0/8")])
        let forwarding = try Forwarding(trusted: trusted, writesForwarded: true)
        let backend = try BackendHeaders([("X-A", "b"), ("Authorization", "c")])
        let cors = CORS(try CORS.Settings(origins: .these(["https://shop.example"]), credentials: true))
        let security = try SecurityHeaders()
        let compression = try Compression(leastBytes: 0)
        let caching = try ResponseCaching(defaultLifetime: .seconds(1))
        for _ in 0..<300 {
            let method = Method.allCases[Int(random.below(7))]
            let target = try Target(Self.targets[Int(random.below(7))])
            let peer = IPAddress(v4: random.below(2) == 0 ? 0x0a00_0001 : 0xc633_6407)
            var request = try Request(
                method, target, headers: Self.headers(&random), peer: peer, host: "shop.example", receivedAt: .zero)
            var response = Response(
                Status(Int(random.below(700))), headers: Self.headers(&random), bodySize: Int(random.below(5_000)))
            ids.identify(&request.headers, using: &random)
            tracing.trace(&request.headers, using: &random)
            _ = suspicious.brokenRule(request.target)
            if let answer = cors.preflight(request) { Self.check(answer.headers) }
            let before = request.headers.elements(of: .xForwardedFor).count
            forwarding.forward(&request)
            #expect(request.headers.elements(of: .xForwardedFor).count >= min(1, before))
            #expect(!request.headers.contains(.connection))
            backend.apply(to: &request.headers)
            Self.check(request.headers)
            if case .stored(let freshness) = caching.storage(of: response, to: request, askedAt: .zero, at: .zero) {
                _ = freshness.answer(to: request.headers, at: .after(.seconds(1)))
                freshness.stamp(&response, at: .after(.seconds(1)))
            }
            let key = ResponseKey(request, route: 1)
            #expect(key == ResponseKey(request, route: 1))
            _ = key.varied(by: Vary(response.headers), request.headers)
            compression.compress(&response, for: request)
            cors.decorate(&response.headers, for: request.headers)
            security.decorate(&response.headers, over: .https)
            ids.echo(of: request.headers, to: &response.headers)
            tracing.echo(of: request.headers, to: &response.headers)
            Self.check(response.headers)
        }
    }

    @Test("random bytes are refused or taken, and never trap")
    func bytes() {
        var random = RandomStream(seed: 4, name: "random requests", purpose: "bytes")
        let alphabet = Array("/.%2e5f:?#@[]a-\\ \r\n\0é".utf8)
        for _ in 0..<3_000 {
            let bytes = (0..<random.below(24)).map { _ in alphabet[Int(random.below(UInt64(alphabet.count)))] }
            let text = String(decoding: bytes, as: UTF8.self)
            if let target = try? Target(bytes: bytes.span) {
                // The normal form of a normal form is itself.
                #expect((try? Target(target.description)) == target)
            }
            _ = try? Headers(bytes: [(bytes, bytes)])
            if let address = IPAddress(text) { #expect(IPAddress(address.description) == address) }
            _ = TraceContext(text)
        }
    }
}
