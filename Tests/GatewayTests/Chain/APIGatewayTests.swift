import Gateway
import Resilience
import Testing
import Timeline

@Suite("The way through a gateway")
struct APIGatewayTests {
    static func at(_ seconds: Int64) -> Instant { .after(.seconds(seconds)) }

    static func request(
        _ method: Method = .get, _ target: String = "/products/7", _ headers: KeyValuePairs<String, String> = [:],
        body: Body = .none
    ) throws -> Request {
        let peer = try #require(IPAddress("192.0.2.1"))
        return try Request(
            method, Target(target), headers: Headers(headers), body: body, peer: peer, host: "shop", receivedAt: .zero)
    }

    static func product(_ change: (inout Route) throws -> Void = { _ in }) throws -> Route {
        var route = Route("product", methods: .get, pattern: try PathPattern("/products/{id}"))
        try change(&route)
        return route
    }

    static func gateway(
        _ routes: [Route], _ change: (inout GatewaySettings) throws -> Void = { _ in },
        authenticator: Authenticator = Authenticator()
    ) throws -> APIGateway {
        var settings = GatewaySettings()
        try change(&settings)
        let random = RandomStream(seed: 1, name: "gateway", purpose: "test")
        return try APIGateway(settings, routes, authenticator: authenticator, random: random)
    }

    /// Receives a request of nobody in particular.
    static func receive(
        _ request: Request, _ gateway: inout APIGateway, at now: Instant = .zero
    ) -> APIGateway.Passage {
        gateway.receive(request, Credentials(client: 1), at: now)
    }

    /// How a request is answered: by which status, and why.
    static func answer(
        _ request: Request, _ gateway: inout APIGateway, at now: Instant = .zero
    ) throws -> (Response, Answer) {
        guard case .answered(let response, let answer, _) = receive(request, &gateway, at: now) else {
            throw TransformError.noParameter("it was not answered")
        }
        return (response, answer)
    }

    /// Lets a request pass, and answers it.
    static func serve(
        _ request: Request, _ gateway: inout APIGateway, with response: Response, at now: Instant = .zero
    ) throws -> Response? {
        guard case .passed(let exchange) = receive(request, &gateway, at: now) else { return nil }
        return try gateway.finish(response, exchange, askedAt: now, at: now)
    }

    @Test("what no route takes is 404 with the nearest route for the log; the wrong method is 405 with the right ones")
    func routing() throws {
        var gateway = try Self.gateway([try Self.product()])
        let (lost, why) = try Self.answer(Self.request(.get, "/product/7"), &gateway)
        #expect(lost.status == .notFound && why == .noRoute(nearest: 0))
        let (wrong, methods) = try Self.answer(Self.request(.delete), &gateway)
        #expect(wrong.status == .methodNotAllowed && methods.kind == .noRoute)
        #expect(wrong.headers[try HeaderName("Allow")] == "GET, HEAD")
        #expect(gateway.answered[.noRoute] == 2 && gateway.passed == 0)
    }

    @Test("a default route takes what no other does")
    func fallback() throws {
        var gateway = try Self.gateway([try Self.product(), Route("rest", pattern: nil)])
        guard case .passed(let exchange) = Self.receive(try Self.request(.post, "/else"), &gateway) else {
            Issue.record("it did not pass")
            return
        }
        #expect(exchange.route == 1)
    }

    @Test("a route says where its requests go and how; one that does not has no proxy")
    func proxies() throws {
        let random = RandomStream(seed: 1, name: "proxy", purpose: "test")
        let proxied = try Self.product {
            $0.backends = [.init(try Backend("b1")), .init(try Backend("b2"))]
            $0.proxying = try .init(balancing: .init(.roundRobin), timeout: .fixed(TimeLimit(.seconds(2))))
        }
        var proxy = try #require(proxied.proxy(random: random, at: .zero))
        var gateway = try Self.gateway([proxied])
        for expected in ["b1", "b2"] {
            guard case .passed(let exchange) = Self.receive(try Self.request(), &gateway) else {
                Issue.record("it did not pass")
                return
            }
            let attempt = try #require(proxy.begin(exchange.request, at: .zero).attempt)
            #expect(attempt.address == expected && attempt.until == Self.at(2))
            let reply = try #require(proxy.ended(attempt.id, .answered(Response(.ok)), at: Self.at(1)).reply)
            #expect(try gateway.finish(reply.response, exchange, askedAt: .zero, at: Self.at(1)).status == .ok)
        }
        #expect(try Self.product().proxy(random: random, at: .zero) == nil)
    }

    @Test("what the server can do as a whole is asked with an asterisk (RFC 9110, section 9.3.7)")
    func server() throws {
        var gateway = try Self.gateway([
            try Self.product(), Route("change", methods: .put, pattern: try PathPattern("/products/{id}")),
        ])
        let peer = try #require(IPAddress("192.0.2.1"))
        let asked = try Request(.options, .server, peer: peer, host: "shop", receivedAt: .zero)
        let (response, why) = try Self.answer(asked, &gateway)
        #expect(response.status == .noContent && why.kind == .server)
        #expect(response.headers[try HeaderName("Allow")] == "GET, HEAD, OPTIONS, PUT")
    }

    @Test("who asks has to be known where the route says so; the challenge says how (RFC 9110, section 15.5.2)")
    func authentication() throws {
        var gateway = try Self.gateway([try Self.product { $0.auth = .required(.none) }])
        let (response, why) = try Self.answer(Self.request(), &gateway)
        #expect(response.status == .unauthorized && why == .unauthenticated(.missing))
        #expect(response.headers[.wwwAuthenticate] == "Bearer realm=\"gateway\"")
    }

    @Test("a response is stored for whom it is for, answers later requests, and goes when its target changes")
    func caching() throws {
        let caching = try ResponseCaching()
        var gateway = try Self.gateway([
            try Self.product { $0.caching = caching },
            Route("change", methods: .put, pattern: try PathPattern("/products/{id}")),
        ]) { $0.storedResponses = 10 }
        let fresh = Response(.ok, headers: try Headers(["Cache-Control": "max-age=60"]), bodySize: 9)
        #expect(try Self.serve(Self.request(), &gateway, with: fresh)?.bodySize == 9)
        let (stored, why) = try Self.answer(Self.request(), &gateway, at: Self.at(7))
        #expect(stored.bodySize == 9 && stored.headers[.age] == "7" && why == .stored(age: .seconds(7)))
        #expect(try Self.serve(Self.request(.get, "/products/8"), &gateway, with: Response(.ok)) != nil)
        #expect(try Self.serve(Self.request(.put), &gateway, with: Response(.noContent), at: Self.at(8)) != nil)
        #expect(try Self.serve(Self.request(), &gateway, with: fresh, at: Self.at(9)) != nil)
    }

    @Test("responses that vary answer requests that are alike, and none from before a change (RFC 9111, section 4.1)")
    func varying() throws {
        let caching = try ResponseCaching()
        var gateway = try Self.gateway([
            try Self.product { $0.caching = caching },
            Route("change", methods: .put, pattern: try PathPattern("/products/{id}")),
        ]) { $0.storedResponses = 10 }
        let headers = try Headers(["Cache-Control": "max-age=60", "Vary": "Accept-Language"])
        let (german, french) = (try Self.spoken("de"), try Self.spoken("fr"))
        #expect(try Self.serve(german, &gateway, with: Response(.ok, headers: headers, bodySize: 1)) != nil)
        #expect(try Self.serve(french, &gateway, with: Response(.ok, headers: headers, bodySize: 2)) != nil)
        #expect(try Self.answer(german, &gateway).0.bodySize == 1)
        #expect(try Self.answer(french, &gateway).0.bodySize == 2)
        #expect(try Self.serve(Self.request(.put), &gateway, with: Response(.noContent)) != nil)
        #expect(try Self.serve(german, &gateway, with: Response(.ok, headers: headers, bodySize: 3)) != nil)
        #expect(try Self.serve(french, &gateway, with: Response(.ok, headers: headers, bodySize: 4)) != nil)
    }

    private static func spoken(_ language: String) throws -> Request {
        try request(.get, "/products/7", ["Accept-Language": language])
    }

    @Test("a body that is not as it should be is refused; what passes becomes what the backend wants")
    func messages() throws {
        let schema = try Schema([FieldRule("amount", .whole(1...9))])
        var route = Route("order", methods: .post, pattern: try PathPattern("/orders/{id}"))
        route.body = try BodyRules(mostBytes: 100, contentTypes: ["application/json"], schema: schema)
        route.request = try RequestTransform([
            .path(.rewrite(PathPattern("/v2/{id}"))), .field(.setDefault("currency", .text("EUR"))),
        ])
        route.response = try ResponseTransform([.status(404, to: 410)])
        var gateway = try Self.gateway([route])
        let type: KeyValuePairs<String, String> = ["Content-Type": "application/json"]
        let bad = try Self.request(.post, "/orders/3", type, body: Body([BodyField("amount", .whole(0))]))
        let (response, why) = try Self.answer(bad, &gateway)
        #expect(response.status == .badRequest && why.kind == .validation)
        #expect(try Self.answer(Self.request(.post, "/orders/3", body: Body(size: 5)), &gateway).0.status.code == 415)
        let good = try Self.request(.post, "/orders/3?a=1", type, body: Body([BodyField("amount", .whole(1))]))
        guard case .passed(let exchange) = Self.receive(good, &gateway) else {
            Issue.record("it did not pass")
            return
        }
        #expect(exchange.request.target.description == "/v2/3?a=1")
        #expect(exchange.request.body["currency"] == .text("EUR") && exchange.received == good)
        let answer = try gateway.finish(Response(.notFound), exchange, askedAt: .zero, at: .zero)
        #expect(answer.status.code == 410)
    }

    @Test("every request gets a name, which its answer says; what looks like an attack is refused by name")
    func edge() throws {
        var gateway = try Self.gateway([try Self.product()]) {
            $0.ids = try RequestIDs()
            $0.suspicions = try SuspiciousRequests()
        }
        let named = try Self.request(.get, "/products/7", ["X-Request-ID": "abc-1"])
        let response = try #require(try Self.serve(named, &gateway, with: Response(.ok)))
        #expect(response.headers[.xRequestID] == "abc-1")
        let (refused, why) = try Self.answer(Self.request(.get, "/products/7?q=%252e%252e"), &gateway)
        #expect(refused.status == .badRequest && why.kind == .suspicious)
    }
}
