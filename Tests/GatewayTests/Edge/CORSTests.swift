import Gateway
import Testing
import Timeline

@Suite("CORS (Fetch, section 3.2)")
struct CORSTests {
    private static func rules(credentials: Bool = false) throws -> CORS {
        CORS(
            try CORS.Settings(
                origins: .these(["https://shop.example", "http://localhost:3000"]), methods: [.get, .put],
                headers: [.contentType, try HeaderName("X-Custom")], exposed: [.xRequestID], maxAge: .seconds(90),
                credentials: credentials))
    }

    private static func preflight(
        _ origin: String = "https://shop.example", _ method: String = "PUT", _ headers: String = ""
    ) throws -> Request {
        try request(
            .options, "/a",
            [
                "Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers,
            ])
    }

    @Test("an allowed preflight gets 204 and what is allowed")
    func allowed() throws {
        let answer = try #require(try Self.rules(credentials: true).preflight(try Self.preflight()))
        #expect(answer.status == .noContent)
        let expected = """
            access-control-allow-credentials: true
            access-control-allow-methods: GET, PUT
            access-control-allow-headers: content-type, x-custom
            access-control-max-age: 90
            access-control-allow-origin: https://shop.example
            vary: Origin

            """
        #expect(answer.headers.description == expected)
        for method in ["GET", "HEAD", "POST"] {
            let answer = try Self.rules().preflight(try Self.preflight("https://shop.example", method))
            #expect(answer?.status == .noContent, "\(method) needs no leave (Fetch, section 2.2.1)")
        }
        let fields = try Self.preflight("http://localhost:3000", "PUT", "x-custom,CONTENT-type")
        #expect(try Self.rules().preflight(fields)?.status == .noContent)
    }

    @Test("a preflight that is not allowed gets 403, no fields, and Vary")
    func refused() throws {
        let refused: [(String, String, String)] = [
            ("https://evil.example", "PUT", ""), ("https://shop.example.evil.example", "PUT", ""),
            ("https://shop.exampl", "PUT", ""), ("http://shop.example", "PUT", ""), ("null", "PUT", ""),
            ("", "PUT", ""), ("https://shop.example", "DELETE", ""), ("https://shop.example", "put", ""),
            ("https://shop.example", "BREW", ""), ("https://shop.example", "PUT", "X-Other"),
            ("https://shop.example", "PUT", "x-custom, x-other"), ("HTTPS://shop.example", "PUT", ""),
        ]
        for (origin, method, headers) in refused {
            let given = try Self.preflight(origin, method, headers)
            let answer = try #require(try Self.rules().preflight(given))
            #expect(answer.status == .forbidden, "\(origin) \(method) \(headers)")
            #expect(answer.headers.description == "vary: Origin\n")
        }
        let two = try request(
            .options, "/",
            [
                "Origin": "https://shop.example", "origin": "https://evil.example",
                "Access-Control-Request-Method": "GET",
            ])
        #expect(try Self.rules().preflight(two)?.status == .forbidden)
    }

    @Test("any other OPTIONS passes (G11)")
    func passing() throws {
        let rules = try Self.rules()
        #expect(rules.preflight(try request(.options)) == nil)
        #expect(rules.preflight(try request(.options, "/", ["Origin": "https://shop.example"])) == nil)
        #expect(rules.preflight(try request(.options, "/", ["Access-Control-Request-Method": "PUT"])) == nil)
        let get: KeyValuePairs = ["Origin": "https://shop.example", "Access-Control-Request-Method": "PUT"]
        #expect(rules.preflight(try request(.get, "/", get)) == nil)
    }

    @Test("answers name the origin that asked, and say Vary: Origin to everybody (G11)")
    func answers() throws {
        let rules = try Self.rules()
        var allowed = try Headers(["Vary": "Accept", "Access-Control-Allow-Origin": "*"])
        rules.decorate(&allowed, for: try Headers(["Origin": "http://localhost:3000"]))
        let expected = """
            vary: Accept, Origin
            access-control-expose-headers: x-request-id
            access-control-allow-origin: http://localhost:3000

            """
        #expect(allowed.description == expected)
        for fields: KeyValuePairs<String, String> in [[:], ["Origin": "https://evil.example"]] {
            var headers = Headers()
            rules.decorate(&headers, for: try Headers(fields))
            #expect(headers.description == "vary: Origin\n")
        }
        var told = try Headers(["Vary": "origin"])
        rules.decorate(&told, for: Headers())
        #expect(told.description == "vary: origin\n")
        var any = try Headers(["Vary": "*"])
        rules.decorate(&any, for: Headers())
        #expect(any.description == "vary: *\n")
    }

    @Test(
        "* is said where any origin is allowed, never with credentials, and then nothing varies (Fetch, section 3.2.5)")
    func wildcard() throws {
        let rules = CORS(try CORS.Settings(origins: .any))
        let answer = try #require(rules.preflight(try Self.preflight("https://anybody.example")))
        #expect(answer.headers[.accessControlAllowOrigin] == "*")
        #expect(!answer.headers.contains(.vary))
        var headers = Headers()
        rules.decorate(&headers, for: try Headers(["Origin": "null"]))
        #expect(headers.description == "access-control-allow-origin: *\n")
        #expect(throws: SettingError.self) { try CORS.Settings(origins: .any, credentials: true) }
    }

    @Test(
        "what no browser sends as an origin is refused",
        arguments: [
            "", "*", "null", "shop.example", "https://", "https://shop.example/", "https://Shop.example",
            "https://shop.example:443", "http://shop.example:80", "https://a b", "://a",
        ])
    func origins(text: String) {
        #expect(throws: SettingError.self) { try CORS.Settings(origins: .these([text])) }
    }

    @Test("a negative max age is refused")
    func maxAge() {
        #expect(throws: SettingError("maxAge", given: Duration.seconds(-1), allowed: "0s or more")) {
            try CORS.Settings(origins: .any, maxAge: .seconds(-1))
        }
    }
}
