import Gateway
import Testing
import Timeline

@Suite("Router")
struct RouterTests {
    static func router() throws -> Router {
        var router = Router()
        try router.add(PathPattern("/"), for: .get)
        try router.add(PathPattern("/orders"), for: [.get, .post])
        try router.add(PathPattern("/orders/{id}"), for: .get)
        try router.add(PathPattern("/orders/new"), for: .post)
        try router.add(PathPattern("/orders/{order}/items"), for: .get)
        try router.add(PathPattern("/orders/{id}/items/{item}"), for: [.put, .delete])
        try router.add(PathPattern("/static/*"))
        try router.add(PathPattern("/static/{name}/info"), for: .get)
        try router.add(PathPattern("/teams/"), for: .get)
        try router.add(PathPattern("/orders/{id}"), for: .delete)
        return router
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var method: Gateway.Method
        var path: String
        var route: Int?
        var parameters: [String]

        init(_ method: Gateway.Method, _ path: String, _ route: Int?, _ parameters: [String] = []) {
            (self.method, self.path, self.route, self.parameters) = (method, path, route, parameters)
        }

        var testDescription: String { "\(method.rawValue) \(path)" }
    }

    static let cases: [Case] = [
        Case(.get, "/", 0), Case(.get, "/orders", 1), Case(.post, "/orders", 1), Case(.get, "/orders/7", 2, ["7"]),
        Case(.get, "/orders/a%2Fb", 2, ["a%2Fb"]), Case(.get, "/orders/é", 2, ["é"]),
        // A literal goes before a parameter, but only a route for the method counts.
        Case(.post, "/orders/new", 3), Case(.get, "/orders/new", 2, ["new"]), Case(.delete, "/orders/new", 9, ["new"]),
        Case(.get, "/orders/new/items", 4, ["new"]), Case(.put, "/orders/7/items/8", 5, ["7", "8"]),
        // HEAD is answered by a route for GET (RFC 9110, section 9.3.2).
        Case(.head, "/orders/7", 2, ["7"]), Case(.head, "/static/a", 6, ["a"]),
        // A rest has any depth, and may be nothing.
        Case(.get, "/static/", 6, [""]), Case(.patch, "/static/a/b//c/", 6, ["a/b//c/"]), Case(.get, "/static", nil),
        Case(.get, "/static/a/info", 7, ["a"]), Case(.post, "/static/a/info", 6, ["a/info"]),
        Case(.get, "/static//info", 6, ["/info"]), Case(.get, "/static/a/info/", 6, ["a/info/"]),
        // Slashes at the end count (RFC 3986, section 6.2.3); upper and lower case are apart (section 6.2.2.1).
        Case(.get, "/orders/", nil), Case(.get, "/teams/", 8), Case(.get, "/teams", nil), Case(.get, "//", nil),
        Case(.get, "/Orders", nil), Case(.get, "/orders/7/", nil),
        Case(.get, "/order", nil), Case(.get, "/orderss", nil), Case(.get, "", nil), Case(.get, "*", nil),
        Case(.get, "orders", nil), Case(.get, "/orders/7/items/8/9", nil), Case(.get, "/a/b/c/d/e/f/g/h", nil),
    ]

    @Test("the most specific pattern with the method decides", arguments: cases)
    func matches(expected: Case) throws {
        let router = try Self.router()
        guard case .matched(let route, let parameters) = router.match(expected.method, expected.path) else {
            #expect(expected.route == nil)
            #expect(router.match(expected.method, expected.path) == .notFound)
            return
        }
        #expect(route == expected.route)
        let pattern = try #require(router.routes[route].pattern)
        let arguments = PathArguments(parameters, of: pattern, in: expected.path)
        let texts = pattern.parameterNames.map { arguments[$0].map(String.init) ?? "none" }
        #expect(texts == expected.parameters && arguments["nobody"] == nil)
    }

    @Test("a method without a route is 405 with those that have one, by name (RFC 9110, section 15.5.6)")
    func methodNotAllowed() throws {
        let router = try Self.router()
        let orders = router.match(.delete, "/orders")
        #expect(orders == .methodNotAllowed([.get, .head, .post]) && orders.status == 405)
        #expect(MethodSet([.post, .head, .get]).description == "GET, HEAD, POST")
        // Those of all patterns that match the path.
        #expect(router.match(.patch, "/orders/new") == .methodNotAllowed([.get, .head, .delete, .post]))
        #expect(router.match(.options, "/orders/7/items/8") == .methodNotAllowed([.put, .delete]))
        #expect(router.match(.head, "/orders/7/items/8") == .methodNotAllowed([.put, .delete]))
        #expect(MethodSet.all.description == "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT")
    }

    @Test("who answers OPTIONS is told which methods a path has (RFC 9110, section 9.3.7)")
    func options() throws {
        let router = try Self.router()
        #expect(router.methods(for: "/orders") == [.get, .head, .post])
        #expect(router.methods(for: "/orders/new") == [.get, .head, .delete, .post])
        #expect(router.methods(for: "/static/x") == .all && router.methods(for: "/no").isEmpty)
    }

    @Test("without routes nothing is found; the default route takes paths that match none, but no other method")
    func defaultRoute() throws {
        #expect(Router().match(.get, "/") == .notFound && RouteDecision.notFound.status == 404)
        var router = try Self.router()
        let index = try router.addDefault()
        #expect(index == 10 && router.defaultRoute == 10)
        #expect(router.match(.get, "/nowhere") == .matched(route: 10, PathParameters()))
        #expect(router.match(.get, "*") == .matched(route: 10, PathParameters()))
        #expect(router.match(.delete, "/orders").status == 405)
        #expect(throws: SettingError.self) { try router.addDefault() }
    }

    @Test(
        "a route that would match the same requests as another is refused, and both are named",
        arguments: [
            ("/orders/{number}", MethodSet.get, "GET /orders/{number}", "GET /orders/{id}"),
            ("/orders", [.put, .post], "POST, PUT /orders", "GET, POST /orders"),
            ("/static/*", nil, "any /static/*", "any /static/*"),
        ] as [(String, MethodSet?, String, String)])
    func conflicts(path: String, methods: MethodSet?, route: String, other: String) throws {
        var router = try Self.router()
        let pattern = try PathPattern(path)
        let error = #expect(throws: SettingError.self) { try router.add(pattern, for: methods) }
        #expect(error?.given == route && error?.allowed == "what \(other) does not match as well")
        #expect(router.routes.count == 10)
    }

    @Test("a route for any method may stand beside one for some, which goes first; none at all is refused")
    func any() throws {
        var router = try Self.router()
        let orders = try PathPattern("/orders")
        let index = try router.add(orders)
        #expect(router.match(.delete, "/orders") == .matched(route: index, PathParameters()))
        #expect(router.match(.post, "/orders") == .matched(route: 1, PathParameters()))
        #expect(router.match(.head, "/orders") == .matched(route: 1, PathParameters()))
        #expect(throws: SettingError.self) { try router.add(orders, for: []) }
        #expect(throws: SettingError.self) { try router.add(orders, for: MethodSet(rawValue: 0x80)) }
    }

    @Test(
        "the nearest route is named by how little has to be edited",
        arguments: [
            ("/order", 1), ("/order/7", 2), ("/orders/", 1), ("/orders/7/item", 4), ("/Orders/7/items/8", 5),
            ("/static", 6), ("/statc/a/b/c", 6), ("/teams", 8), ("/api/orders/7", 2), ("/favicon.ico", nil), ("/", 0),
            ("/zzz/yyy/xxx/www/vvv", nil),
        ] as [(String, Int?)])
    func nearest(path: String, route: Int?) throws {
        #expect(try Self.router().nearest(to: path) == route)
    }

    @Test("the nearest route is found in bounded time for a path of any length", .timeLimit(.minutes(1)))
    func longPaths() throws {
        let router = try Self.router()
        _ = router.nearest(to: String(repeating: "/a", count: 50_000))
        #expect(router.nearest(to: "/" + String(repeating: "x", count: 100_000)) == nil)
        let long = "/static/" + String(repeating: "a/", count: 50_000)
        guard case .matched(6, let parameters) = router.match(.get, long) else {
            Issue.record("no match")
            return
        }
        #expect(parameters[0] == 8..<100_008 && parameters[1].isEmpty && parameters[-1].isEmpty)
        #expect(PathParameters([Int.max - 1..<Int.max])[0].isEmpty)
    }
}
