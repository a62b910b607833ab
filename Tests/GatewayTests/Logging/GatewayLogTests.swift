import Gateway
import Resilience
import Testing
import Timeline

@Suite("What a gateway logs")
struct GatewayLogTests {
    private static func gateway(
        authenticator: Authenticator = Authenticator(), _ change: (inout GatewaySettings, inout Route) throws -> Void
    ) throws -> APIGateway {
        var settings = GatewaySettings()
        settings.ids = try RequestIDs()
        settings.tracing = try Tracing()
        var route = Route("product", methods: .get, pattern: try PathPattern("/products/{id}"))
        try change(&settings, &route)
        return try APIGateway(
            settings, [route], authenticator: authenticator,
            random: RandomStream(seed: 1, name: "gateway", purpose: "test"))
    }

    private static func refusal(
        _ gateway: inout APIGateway, _ target: String = "/products/7", _ method: Gateway.Method = .get,
        _ headers: KeyValuePairs<String, String> = [:]
    ) throws -> (response: Response, entry: AccessLogEntry?) {
        let passage = try gateway.receive(request(method, target, headers), Credentials(client: 1), at: millis(3))
        guard case .answered(let response, _, let entry) = passage else {
            throw TransformError.noParameter("it was not answered")
        }
        return (response, entry)
    }

    @Test("a request that passes is logged with its name, its trace, its route and what came of it")
    func passed() throws {
        var gateway = try Self.gateway { _, _ in }
        let request = try request(
            .get, "/products/7?secret=s3cret",
            [
                "X-Request-ID": "r-1", "Authorization": "Bearer s3cret", "Cookie": "s3cret",
                "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            ])
        guard case .passed(let exchange) = gateway.receive(request, Credentials(client: 1), at: .zero) else {
            Issue.record("it did not pass")
            return
        }
        var proxy = try makeProxy(backends: 1)
        let reply = try proxy.play(exchange.request) { _ in .answered(Response(.ok, bodySize: 80)) }.reply
        let response = try gateway.finish(reply.response, exchange, askedAt: .zero, at: millis(12))
        let entry = try #require(gateway.logEntry(exchange, response, after: reply, at: millis(12)))
        #expect(entry.requestID == "r-1" && entry.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(entry.method == .get && entry.path == "/products/7" && entry.route == "product")
        #expect(entry.status == .ok && entry.bytes == 80 && entry.took == .milliseconds(12))
        #expect(entry.attempts == 1 && entry.backend == "b1" && entry.cause == .proxy(.backend))
        #expect(entry.identity == nil && !entry.text.contains("s3cret"))
    }

    @Test("what no route takes is logged with the nearest one, and a wrong method with the right ones")
    func unrouted() throws {
        var gateway = try Self.gateway { _, _ in }
        let lost = try #require(try Self.refusal(&gateway, "/product/7").entry)
        #expect(
            lost.text.hasSuffix("status=404 bytes=0 took=3ms attempts=0 backend=- why=\"no route\" nearest=product"))
        #expect(lost.route == nil && lost.requestID != nil && lost.traceID != nil)
        let wrong = try #require(try Self.refusal(&gateway, "/products/7", .delete).entry)
        #expect(wrong.text.contains("status=405 ") && wrong.text.contains("why=\"method not allowed, but GET, HEAD\""))
    }

    @Test("a refusal says why, who asked and for which route; of a key its name, never the key")
    func refused() throws {
        let key = KeyFingerprint(simulating: "s3cret")
        let keys = try APIKeys([APIKey(name: "shop-1", key, subject: "shop", tenant: "acme")])
        var gateway = try Self.gateway(authenticator: Authenticator(apiKeys: keys)) { settings, route in
            settings.suspicions = try SuspiciousRequests()
            route.auth = .required(.none)
            route.tenantLimit = try .init(.fixedWindow, limit: 1, per: .seconds(10))
        }
        let attack = try #require(try Self.refusal(&gateway, "/products/7?q=%252e%252e").entry)
        #expect(attack.route == "product" && attack.text.contains(" why=\"suspicious: "))
        let unknown = try #require(try Self.refusal(&gateway).entry)
        #expect(unknown.status == .unauthorized && unknown.text.contains(" why=\"auth: no credentials\" "))
        for number in 1...2 {
            let passage = try gateway.receive(
                request(.get, "/products/7"), Credentials(apiKey: key, client: 1), at: .zero)
            guard number == 2, case .answered(_, _, let entry?) = passage else { continue }
            #expect(entry.identity == "shop" && entry.tenant == "acme")
            #expect(entry.text.contains(" status=429 ") && entry.text.contains(" why=\"tenant limit\" "))
        }
        #expect(gateway.answered[.rateLimit] == 1)
    }

    @Test("of a body that is not as it should be the fields and rules are logged, not what they say")
    func bodies() throws {
        var gateway = try Self.gateway { _, route in
            route.methods = .post
            route.body = try BodyRules(mostBytes: 100, schema: Schema([FieldRule("card", .text(.init(length: 1...3)))]))
        }
        var request = try request(.post, "/products/7")
        request.body = Body([BodyField("card", .text("4242-4242"))])
        guard case .answered(_, _, let entry?) = gateway.receive(request, Credentials(client: 1), at: .zero) else {
            Issue.record("it was not answered and logged")
            return
        }
        #expect(entry.text.contains(" why=\"body: card (length)\" ") && !entry.text.contains("4242"))
    }

    @Test("what is answered before the stage for it is not logged, nor anything without the stage")
    func order() throws {
        for (priority, isLogged) in [(nil, true), (5_000, false)] as [(Int?, Bool)] {
            var gateway = try Self.gateway { settings, _ in
                settings.suspicions = try SuspiciousRequests()
                settings.order = try StageOrder(priority.map { [.logging: $0] } ?? [:])
            }
            #expect((try Self.refusal(&gateway, "/products/7?q=%252e%252e").entry != nil) == isLogged)
            #expect(try Self.refusal(&gateway, "/lost").entry != nil)
        }
        var silent = try Self.gateway { settings, _ in settings.order = try StageOrder([:], leavingOut: [.logging]) }
        #expect(try Self.refusal(&silent, "/lost").entry == nil)
    }
}
