import Gateway
import Resilience
import Testing
import Timeline

@Suite("A proxy")
struct ProxyTests {
    @Test(
        "what ends a request without an answer of a backend says its status",
        arguments: [
            (AttemptEnd.notConnected, 502, Reply.Cause.notConnected), (.broken, 502, .broken),
            (.timedOut, 504, .timedOut), (.cancelled, 499, .cancelled),
        ])
    func statuses(end: AttemptEnd, status: Int, cause: Reply.Cause) throws {
        var proxy = try makeProxy()
        let (reply, sentTo) = try proxy.play(request()) { _ in end }
        #expect(reply.response.status.code == status && reply.cause == cause)
        #expect(reply.attempts == 1 && sentTo == ["b1"] && reply.backend == "b1")
        #expect(proxy.callCount == 0 && proxy.balancer.backends.inFlight == 0)
    }

    @Test(
        "a number that is no final status is no answer, but 502 (RFC 9110, section 15)", arguments: [0, 42, 101, 600])
    func noStatus(code: Int) throws {
        var proxy = try makeProxy { $0.breaker = try tripping(after: 1) }
        let reply = try proxy.play(request()) { _ in try .status(code) }.reply
        #expect(reply.response.status == .badGateway && reply.cause == .broken)
        #expect(proxy.breaker(of: proxy.balancer.backends.ids[0])?.state == .open)
    }

    @Test("without a backend that may be used it is 503")
    func nobody() throws {
        var empty = try makeProxy(backends: 0)
        let reply = try #require(try empty.begin(request(), at: .zero).reply)
        #expect(reply.response.status == .serviceUnavailable && reply.cause == .noBackend)
        #expect(reply.attempts == 0 && reply.backend == nil && !reply.response.headers.contains(.retryAfter))
    }

    @Test("what is ejected is said to be back when its interval ends")
    func ejected() throws {
        var proxy = try makeProxy(backends: 1) {
            $0.outliers = try .init(errors: OutlierDetector.InARow(2))
        }
        for _ in 0..<2 { _ = try proxy.play(request()) { _ in try .status(500) } }
        let reply = try #require(try proxy.begin(request(), at: millis(1_000)).reply)
        #expect(reply.cause == .noBackend && reply.response.headers[.retryAfter] == "30")
        // Ejected at 20 ms for 30 s; the intervals end at 10 s, 20 s, 30 s and 40 s.
        for second in [10, 20, 30] as [Int64] { proxy.advance(to: .after(.seconds(second))) }
        #expect(try proxy.begin(request(), at: .after(.seconds(39))).attempt == nil)
        #expect(proxy.nextInterval == .after(.seconds(40)))
        #expect(try proxy.begin(request(), at: .after(.seconds(40))).attempt != nil)
    }

    @Test("an open breaker is 503 with the time until it lets something through")
    func breakerOpen() throws {
        for scope in Proxy.Breaker.Scope.allCases {
            var proxy = try makeProxy(backends: 1) { $0.breaker = try tripping(after: 1, scope: scope) }
            _ = try proxy.play(request()) { _ in .broken }
            let reply = try #require(try proxy.begin(request(), at: millis(10_010)).reply)
            #expect(reply.response.status == .serviceUnavailable && reply.cause == .breakerOpen)
            #expect(reply.response.headers[.retryAfter] == "50" && reply.attempts == 0)
            #expect(try proxy.begin(request(), at: millis(60_010)).attempt != nil)
        }
    }

    @Test("what a backend gets is the whole request with its own fields, and nothing of the client's connection")
    func fields() throws {
        let own = try BackendHeaders([("X-Backend-Key", "k1")], dropsAuthorization: true)
        let settings = try Proxy.Settings(balancing: .init(.roundRobin), timeout: .fixed(TimeLimit(.seconds(1))))
        let random = RandomStream(seed: 1, name: "proxy", purpose: "test")
        var proxy = Proxy(settings, [.init(try Backend("b1"), headers: own)], random: random, at: .zero)
        let sent = try proxy.sends(
            request(
                .get, "/a?b=c",
                ["Authorization": "Bearer t", "Connection": "x-one", "X-One": "1", "X-Backend-Key": "no"])
        ).request
        #expect(sent.target.description == "/a?b=c")
        #expect(sent.headers[try HeaderName("X-Backend-Key")] == "k1")
        #expect(!sent.headers.contains(.authorization) && !sent.headers.contains(.connection))
        #expect(sent.headers[.xForwardedFor] == "198.51.100.7" && sent.headers[.via] == "1.1 gateway")
        #expect(!sent.headers.contains(try HeaderName("X-One")))
    }

    @Test("fields of the backend's connection do not come out again")
    func answerFields() throws {
        var proxy = try makeProxy()
        let headers: KeyValuePairs<String, String> = ["Connection": "x-two", "X-Two": "2", "ETag": "\"a\""]
        let reply = try proxy.play(request()) { _ in try .status(200, headers) }.reply
        #expect(reply.response.headers.count == 1 && reply.response.headers[.eTag] == "\"a\"")
    }

    @Test(
        "a backend is told how long is left of the earlier of the attempt's time and the request's",
        arguments: [
            (DeadlineField.envoy, Duration.seconds(9), "1000"), (.envoy, .milliseconds(250), "250"),
            (.envoy, .nanoseconds(1_999_999), "1"), (.envoy, .nanoseconds(5), "1"), (.grpc, .milliseconds(250), "250m"),
        ])
    func deadlineField(field: DeadlineField, left: Duration, text: String) throws {
        var proxy = try makeProxy { $0.deadlineField = field }
        let request = try request(.get, "/a", ["X-Envoy-Expected-Rq-Timeout-Ms": "9", "grpc-timeout": "9S"])
        let attempt = try #require(proxy.begin(request, deadline: Deadline(left, after: .zero), at: .zero).attempt)
        #expect(attempt.request.headers.values(of: field.name) == [text])
        #expect(attempt.until == min(.after(left), millis(1_000)))
    }

    @Test("a grpc-timeout has eight digits at most")
    func grpcDigits() throws {
        var proxy = try makeProxy {
            $0.deadlineField = .grpc
            $0.timeout = .fixed(try TimeLimit(.seconds(200_000)))
        }
        #expect(try proxy.sends(request()).request.headers[DeadlineField.grpc.name] == "200000S")
        proxy = try self.endless(.grpc)
        #expect(try proxy.sends(request()).request.headers[DeadlineField.grpc.name] == nil)
    }

    private func endless(_ field: DeadlineField) throws -> Proxy {
        try makeProxy {
            $0.deadlineField = field
            $0.timeout = .fixed(try TimeLimit(.maximum))
        }
    }

    @Test("once the client's deadline has come, nothing is sent: 504")
    func outOfTime() throws {
        var proxy = try makeProxy()
        let reply = try #require(proxy.begin(request(), deadline: Deadline(millis(5)), at: millis(5)).reply)
        #expect(reply.response.status == .gatewayTimeout && reply.cause == .outOfTime && reply.attempts == 0)
        #expect(proxy.totals.attempts == 0)
    }

    @Test("each backend has its connections: new at first, used again while they are kept, and not after a close")
    func connections() throws {
        var proxy = try makeProxy(backends: 1)
        let first = try proxy.sends(request())
        #expect(first.connection == .new(Handshake(.tls13)) && first.connection.roundTrips == 2)
        let second = try proxy.sends(request())
        #expect(second.connection == .new(Handshake(.tls13)))
        _ = proxy.ended(first.id, try .status(200), at: millis(10))
        _ = proxy.ended(second.id, try .status(200, ["Connection": "Close"]), at: millis(20))
        #expect(proxy.connections(of: first.backend)?.idleCount == 1)
        #expect(try proxy.sends(request(), at: millis(30)).connection == .reused(idle: .milliseconds(20)))
        #expect(try proxy.sends(request(), at: millis(30)).connection == .new(Handshake(.tls13, .resumed)))
        #expect(proxy.totals.newConnections == 3)
    }

    @Test("a backend that does not want a request so early (425) gets it after the handshake, once (RFC 8470, 5.2)")
    func tooEarly() throws {
        var proxy = try makeProxy(backends: 2) {
            $0.connections = try .init(mostIdle: 0, usesEarlyData: true)
        }
        for _ in 0..<2 { _ = try proxy.play(request()) { _ in try .status(200) } }
        let early = try proxy.sends(request())
        #expect(early.connection == .new(Handshake(.tls13, .earlyData)))
        let again = try #require(try proxy.ended(early.id, .status(425), at: millis(10)).attempt)
        #expect(again.backend == early.backend && again.connection == .new(Handshake(.tls13, .resumed)))
        #expect(try proxy.ended(again.id, .status(425), at: millis(20)).reply?.response.status.code == 425)
        let unsafe = try proxy.sends(request(.put))
        #expect(unsafe.connection == .new(Handshake(.tls13, .resumed)))
    }

    @Test(
        "who leaves gets nothing more, who comes at its place is not blamed for it, and what was on its way ends once")
    func membership() throws {
        var proxy = try makeProxy(backends: 1) { $0.breaker = try tripping(after: 1) }
        let attempt = try proxy.sends(request())
        proxy.update(to: [.init(try Backend("new"))], at: millis(1))
        #expect(proxy.ended(attempt.id, .broken, at: millis(2)).reply?.cause == .broken)
        let id = try #require(proxy.balancer.backends.id(of: "new"))
        #expect(id.place == attempt.backend.place && proxy.breaker(of: attempt.backend) == nil)
        #expect(proxy.breaker(of: id)?.state == .closed && proxy.breaker(of: id)?.totals.stale == 0)
        #expect(try proxy.sends(request(), at: millis(3)).address == "new")
    }

    @Test("who is not well gets nothing; who is ejected is the proxy's own to say")
    func obstacles() throws {
        var proxy = try makeProxy(backends: 2) { $0.outliers = try .init() }
        let ids = proxy.balancer.backends.ids
        proxy.set([.unhealthy, .ejected], true, of: ids[0], at: .zero)
        #expect(proxy.balancer.backends.obstacles(of: ids[0]) == .unhealthy)
        for _ in 0..<3 { #expect(try proxy.sends(request()).address == "b2") }
    }
}
