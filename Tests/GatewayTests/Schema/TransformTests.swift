import Gateway
import Testing
import Timeline

@Suite("Transforms")
struct TransformTests {
    struct PathCase: Sendable, CustomTestStringConvertible {
        var step: PathStep
        var path: String
        var result: Result<String, TransformError>

        init(_ step: PathStep, _ path: String, _ result: String) {
            (self.step, self.path, self.result) = (step, path, .success(result))
        }

        init(_ step: PathStep, _ path: String, fails error: TransformError) {
            (self.step, self.path, self.result) = (step, path, .failure(error))
        }

        var testDescription: String { "\(step) \(path)" }
    }

    static let pathCases: [PathCase] = [
        PathCase(.strip("/api"), "/api/orders/7", "/orders/7"), PathCase(.strip("/api"), "/api", "/"),
        PathCase(.strip("/api"), "/api/", "/"), PathCase(.strip("/api/v1"), "/api/v1/a", "/a"),
        PathCase(.strip("/api"), "/apiary", fails: .noPrefix("/api")),
        PathCase(.strip("/api"), "/API/a", fails: .noPrefix("/api")),
        PathCase(.strip("/api"), "", fails: .noPrefix("/api")), PathCase(.add("/v2"), "/a/b", "/v2/a/b"),
        PathCase(.add("/v2"), "/", "/v2/"),
    ]

    @Test("prefixes are whole segments", arguments: pathCases)
    func prefixes(expected: PathCase) throws {
        let transform = try RequestTransform([.path(expected.step)])
        let result = Result { () throws(TransformError) in
            try transform.applied(to: RequestParts(path: expected.path)).path
        }
        #expect(result == expected.result)
    }

    @Test(
        "a path is rewritten with the parameters of its route",
        arguments: [
            ("/orders/{id}/*", "/v2/{id}/x/*", "/orders/7/a/b", "/v2/7/x/a/b"),
            ("/orders/{id}/*", "/{id}", "/orders/a%2Fb/", "/a%2Fb"), ("/a/{x}/{y}", "/{y}/{x}", "/a/1/2", "/2/1"),
            ("/*", "/old/*", "/", "/old/"), ("/a", "/b/", "/a", "/b/"),
        ])
    func rewriting(route: String, template: String, path: String, result: String) throws {
        let (pattern, target) = (try PathPattern(route), try PathPattern(template))
        let arguments = try Self.arguments(pattern, path)
        let transform = try RequestTransform([.path(.rewrite(target))], route: pattern)
        #expect(try transform.applied(to: RequestParts(path: path), with: arguments).path == result)
    }

    private static func arguments(_ pattern: PathPattern, _ path: String) throws -> PathArguments {
        var router = Router()
        try router.add(pattern)
        guard case .matched(_, let parameters) = router.match(.get, path) else {
            throw TransformError.noPrefix(pattern.text)
        }
        return PathArguments(parameters, of: pattern, in: path)
    }

    @Test("a parameter that is not there is an error: of the settings if the route is known, of the request if not")
    func noParameter() throws {
        let (route, target) = (try PathPattern("/a/{id}"), try PathPattern("/b/{name}"))
        let error = #expect(throws: SettingError.self) {
            try RequestTransform([.path(.rewrite(target))], route: route)
        }
        #expect(error?.given == "name" && error?.allowed == "those of /a/{id}")
        let transform = try RequestTransform([.path(.rewrite(target))])
        let (request, arguments) = (RequestParts(path: "/a/7"), try Self.arguments(route, "/a/7"))
        #expect(throws: TransformError.noParameter("name")) { try transform.applied(to: request, with: arguments) }
        #expect(throws: TransformError.noParameter("name")) { try transform.applied(to: request) }
    }

    @Test("no parameter leads out of the path that it is put into", arguments: ["/..", "/.", "/a/../../etc", "/a/.."])
    func dots(path: String) throws {
        let pattern = try PathPattern("/*")
        let transform = try RequestTransform([.path(.rewrite(PathPattern("/files/*")))])
        let arguments = try Self.arguments(pattern, path)
        let request = RequestParts(path: path)
        #expect(throws: TransformError.dotSegment("*")) { try transform.applied(to: request, with: arguments) }
    }

    @Test(
        "queries: what is not concerned stays as it was sent",
        arguments: [
            (.add("c", "x y&=é"), "a=1&b", "a=1&b&c=x%20y%26%3D%C3%A9"), (.add("c", "1"), nil, "c=1"),
            (.add("c", ""), "", "c="), (.remove("a"), "a=1&b=2&a&a=", "b=2"), (.remove("a"), "a=1", nil),
            (.remove("a"), "%61=1&A=2&aa=3", "A=2&aa=3"), (.remove("a b"), "a+b=1&a%20b=2&c", "c"),
            (.remove("x"), "a=%zz&&b=%2", "a=%zz&&b=%2"), (.remove("x"), nil, nil), (.remove("x"), "", ""),
            (.rename("a", to: "b c"), "a=1&x=2&a", "b%20c=1&x=2&b%20c"), (.rename("é", to: "e"), "%C3%A9=%41", "e=%41"),
            (.rename("%", to: "p"), "%=1&%25=2", "p=1&p=2"),
        ] as [(QueryStep, String?, String?)])
    func queries(step: QueryStep, query: String?, result: String?) throws {
        let transform = try RequestTransform([.query(step)])
        #expect(try transform.applied(to: RequestParts(path: "/", query: query)).query == result)
    }

    @Test(
        "header fields are the same in upper and lower case",
        arguments: [
            (.set(.name("B"), "9"), "a:1 b:9 c:4"), (.set(.name("d"), "9"), "a:1 b:2 b:3 c:4 d:9"),
            (.set(.name("C"), "9"), "a:1 b:2 b:3 c:9"), (.add(.name("b"), "9"), "a:1 b:2 b:3 c:4 b:9"),
            (.remove(.name("b")), "a:1 c:4"), (.remove(.name("d")), "a:1 b:2 b:3 c:4"),
            (.rename(.name("B"), to: .name("x")), "a:1 x:2 x:3 c:4"),
            (.rename(.name("a"), to: .name("b")), "b:1 b:2 b:3 c:4"),
        ] as [(HeaderStep, String)])
    func headers(step: HeaderStep, result: String) throws {
        let given = try Headers(["a": "1", "b": "2", "B": "3", "c": "4"])
        let request = try RequestTransform([.header(step)]).applied(to: RequestParts(path: "/", headers: given))
        let fields = (0..<request.headers.count).compactMap { request.headers.field(at: $0) }
        #expect(fields.map { "\($0.name):\($0.value)" }.joined(separator: " ") == result)
        let response = try ResponseTransform([.header(step)]).applied(to: ResponseParts(status: 200, headers: given))
        #expect(response.headers == request.headers)
    }

    @Test(
        "fields of a body",
        arguments: [
            (.rename("a", to: "c"), "c:1 b:2"), (.rename("x", to: "a"), "a:1 b:2"), (.rename("a", to: "a"), "a:1 b:2"),
            (.rename("a", to: "b"), nil), (.remove("a"), "b:2"), (.remove("x"), "a:1 b:2"),
            (.setDefault("a", .whole(9)), "a:1 b:2"), (.setDefault("c", .whole(9)), "a:1 b:2 c:9"),
        ] as [(FieldStep, String?)])
    func fields(step: FieldStep, result: String?) throws {
        let given = [BodyField("a", .whole(1)), BodyField("b", .whole(2))]
        let transform = try ResponseTransform([.field(step)])
        guard let result else {
            let response = ResponseParts(status: 200, fields: given)
            #expect(throws: TransformError.fieldTaken("b")) { try transform.applied(to: response) }
            return
        }
        let changed = try transform.applied(to: ResponseParts(status: 200, fields: given)).fields
        #expect(changed.map { "\($0.name):\($0.value)" }.joined(separator: " ") == result)
    }

    @Test("a status is replaced once, so that two can be exchanged", arguments: [(404, 410), (410, 404), (500, 500)])
    func statuses(given: Int, result: Int) throws {
        let transform = try ResponseTransform([.status(404, to: 410), .status(410, to: 404)])
        #expect(try transform.applied(to: ResponseParts(status: given)).status == result)
    }

    @Test("steps follow each other, and a transform that fails changes nothing")
    func order() throws {
        let transform = try RequestTransform([
            .path(.strip("/api")), .path(.add("/v2")), .query(.rename("q", to: "query")),
            .header(.set(.name("X-Via"), "gw")),
            .field(.rename("a", to: "b")), .field(.setDefault("a", .flag(true))),
        ])
        let request = RequestParts(path: "/api/x", query: "q=1", fields: [BodyField("a", .whole(1))])
        let expected = RequestParts(
            path: "/v2/x", query: "query=1", headers: try Headers(["X-Via": "gw"]),
            fields: [BodyField("b", .whole(1)), BodyField("a", .flag(true))])
        #expect(try transform.applied(to: request) == expected)
        let other = RequestParts(path: "/other")
        #expect(throws: TransformError.self) { try transform.applied(to: other) }
        #expect(try RequestTransform([]).applied(to: request) == request)
    }

    static let wrong: [RequestTransform.Step] = [
        .path(.strip("api")), .path(.strip("/")), .path(.strip("/api/")), .path(.add("/{id}")), .path(.add("/a b")),
        .path(.add("/..")), .query(.remove("")), .query(.rename("a", to: "")), .header(.set(.via, "b\r\nc: d")),
        .header(.add(.via, " b")), .header(.add(.via, "b\t")), .header(.add(.via, "b\u{0}")),
        .header(.rename(.via, to: .connection)),
        .field(.remove("")), .field(.rename("a", to: "")), .field(.setDefault("", .whole(1))),
    ]

    @Test("a step that cannot be is refused; none can smuggle a request (RFC 9112, section 11.2)", arguments: wrong)
    func refused(step: RequestTransform.Step) {
        #expect(throws: SettingError.self) { try RequestTransform([step]) }
    }

    @Test("transforms of responses and long ones are checked too")
    func refusedResponses() {
        #expect(throws: SettingError.self) { try ResponseTransform([.status(404, to: 600)]) }
        #expect(throws: SettingError.self) { try ResponseTransform([.status(100, to: 200)]) }
        #expect(throws: SettingError.self) { try ResponseTransform([.status(404, to: 410), .status(404, to: 400)]) }
        #expect(throws: SettingError.self) { try ResponseTransform([.header(.set(.via, "\n"))]) }
        #expect(throws: SettingError.self) { try ResponseTransform([.field(.remove(""))]) }
        let steps = [RequestTransform.Step](repeating: .header(.remove(.via)), count: 65)
        #expect(throws: SettingError.self) { try RequestTransform(steps) }
    }
}

extension HeaderName {
    /// A name that is a token.
    fileprivate static func name(_ text: String) -> HeaderName {
        do {
            return try HeaderName(text)
        } catch {
            preconditionFailure("\(text): \(error)")
        }
    }
}
