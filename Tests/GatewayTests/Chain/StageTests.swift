import Gateway
import Resilience
import Testing
import Timeline

/// Limits, names and the order of the stages, on the gateways of ``APIGatewayTests``.
@Suite("The stages of a gateway")
struct StageTests {
    private typealias Way = APIGatewayTests

    @Test("all together and each tenant have limits, and are told when to come again")
    func limits() throws {
        var gateway = try Way.gateway([
            try Way.product { $0.tenantLimit = try .init(.fixedWindow, limit: 2, per: .seconds(10)) }
        ]) { $0.limit = try .init(.fixedWindow, limit: 5, per: .seconds(10)) }
        for _ in 0..<2 { #expect(try Way.serve(Way.request(), &gateway, with: Response(.ok)) != nil) }
        let (own, why) = try Way.answer(Way.request(), &gateway, at: Way.at(4))
        #expect(own.status == .tooManyRequests && own.headers[.retryAfter] == "6")
        #expect(why == .tenantLimit(retryAfter: .seconds(6)))
        for _ in 0..<2 { _ = try Way.answer(Way.request(), &gateway, at: Way.at(4)) }
        let (all, reason) = try Way.answer(Way.request(), &gateway, at: Way.at(5))
        #expect(all.headers[.retryAfter] == "5" && reason == .globalLimit(retryAfter: .seconds(5)))
        #expect(gateway.answered[.rateLimit] == 4)
    }

    @Test(
        "a route has a limit of its own for all its callers, before anybody is known, and other routes do not feel it")
    func routeLimit() throws {
        var gateway = try Way.gateway([
            try Way.product {
                $0.limit = try .init(.fixedWindow, limit: 1, per: .seconds(10))
                $0.auth = .required(.none)
            }, Route("rest", pattern: nil),
        ])
        #expect(try Way.answer(Way.request(), &gateway).1.kind == .auth)
        let (response, why) = try Way.answer(Way.request(), &gateway, at: Way.at(4))
        #expect(response.status == .tooManyRequests && response.headers[.retryAfter] == "6")
        #expect(why == .routeLimit(retryAfter: .seconds(6)))
        #expect(try Way.serve(Way.request(.get, "/else"), &gateway, with: Response(.ok)) != nil)
    }

    @Test("a limit that is shared with other gateways counts what they have let pass")
    func sharedLimit() throws {
        let shared = try SharedLimit.Settings(
            .init(limit: 1, per: .seconds(1), burst: 3), gateways: 2, period: .zero, delay: .zero)
        var gateways = try (0..<2).map { number in
            var gateway = try Way.gateway([try Way.product()])
            gateway.sharedLimit = try SharedLimit(shared, gateway: number, at: .zero)
            return gateway
        }
        for _ in 0..<2 { #expect(try Way.serve(Way.request(), &gateways[0], with: Response(.ok)) != nil) }
        let news = gateways[0].sharedLimit?.report(at: .zero)
        let report = try #require(news)
        gateways[1].sharedLimit?.hear(report, at: .zero)
        #expect(try Way.serve(Way.request(), &gateways[1], with: Response(.ok)) != nil)
        let (response, why) = try Way.answer(Way.request(), &gateways[1])
        #expect(why == .globalLimit(retryAfter: .seconds(1)) && response.headers[.retryAfter] == "1")
    }

    @Test("every answer of the gateway says the name and the trace of its request, wherever it is given")
    func namedAnswers() throws {
        let kinds: [(Answer.Kind, Request)] = [
            (.noRoute, try Self.named(.get, "/lost")), (.noRoute, try Self.named(.delete, "/products/7")),
            (.suspicious, try Self.named(.get, "/products/7?q=%252e%252e")),
            (.auth, try Self.named(.get, "/products/7")),
            (.preflight, try Self.named(.options, "/products/7", ["Access-Control-Request-Method": "GET"])),
        ]
        for early in [true, false] {
            for (kind, request) in kinds {
                var gateway = try Way.gateway([try Way.product { $0.auth = .required(.none) }]) {
                    $0.ids = try RequestIDs()
                    $0.tracing = try Tracing()
                    $0.cors = CORS(try CORS.Settings(origins: .any))
                    $0.suspicions = try SuspiciousRequests()
                    $0.order = try StageOrder(early ? [:] : [.requestID: 5_000, .tracing: 5_001])
                }
                let (response, why) = try Way.answer(request, &gateway)
                #expect(why.kind == kind && response.headers.values(of: .xRequestID) == ["abc-1"], "\(kind), \(early)")
                let trace = try #require(response.headers[.traceparent], "\(kind), \(early)")
                #expect(trace.hasPrefix("00-4bf92f3577b34da6a3ce929d0e0e4736-") && !trace.contains("00f067aa0ba902b7"))
            }
        }
    }

    private static func named(
        _ method: Gateway.Method, _ target: String, _ more: KeyValuePairs<String, String> = [:]
    ) throws -> Request {
        var request = try Way.request(method, target, more)
        try request.headers.append(.xRequestID, "abc-1")
        try request.headers.append(.origin, "https://shop.example")
        try request.headers.append(.traceparent, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        return request
    }

    @Test("a name that may not be kept is not told back, and without a stage for names there is none")
    func namesByRules() throws {
        for (order, isNamed) in [([:], true), ([.requestID: 5_000], true), (nil, false)] as [([Stage: Int]?, Bool)] {
            var gateway = try Way.gateway([try Way.product()]) {
                $0.ids = try RequestIDs()
                $0.order = try StageOrder(order ?? [:], leavingOut: order == nil ? [.requestID] : [])
            }
            let request = try Way.request(.get, "/lost", ["X-Request-ID": "a b"])
            let name = try Way.answer(request, &gateway).0.headers[.xRequestID]
            #expect(name?.utf8.count == (isNamed ? 36 : nil))
        }
    }

    @Test("stages go by priority; none that has to know who asks goes before that is known")
    func order() throws {
        let order = try StageOrder([.suspicion: 50, .globalLimit: 60], leavingOut: [.tracing, .preflight])
        let all: [Stage] = [
            .suspicion, .globalLimit, .requestID, .logging, .routeLimit, .authentication, .tenantLimit, .cache, .body,
            .transform,
        ]
        #expect(order.stages == all)
        #expect(StageOrder.standard.stages == Stage.allCases)
        #expect(throws: SettingError.self) { try StageOrder([.tenantLimit: 1]) }
        #expect(throws: SettingError.self) { try StageOrder([.authentication: 5_000]) }
    }

    @Test("nothing that only somebody known may have is given out by leaving out the question who asks")
    func leftOut() throws {
        let order = try StageOrder([:], leavingOut: [.authentication])
        _ = try Way.gateway([try Way.product()]) { $0.order = order }
        let error = #expect(throws: SettingError.self) {
            try Way.gateway([try Way.product { $0.auth = .required(.none) }]) { $0.order = order }
        }
        #expect(error?.setting == "authentication")
    }

    @Test("a limit before the stage that would refuse counts what is refused, one behind it does not")
    func limitFirst() throws {
        for (priority, status) in [(50, 429), (5_000, 400)] {
            var gateway = try Way.gateway([try Way.product()]) {
                $0.order = try StageOrder([.globalLimit: priority])
                $0.limit = try .init(.fixedWindow, limit: 1, per: .seconds(10))
                $0.suspicions = try SuspiciousRequests()
            }
            let attack = try Way.request(.get, "/products/7?q=%252e%252e")
            _ = try Way.answer(attack, &gateway)
            #expect(try Way.answer(attack, &gateway).0.status.code == status)
        }
    }
}
