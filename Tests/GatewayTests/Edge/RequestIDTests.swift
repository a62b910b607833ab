import Gateway
import Testing
import Timeline

@Suite("Names of requests")
struct RequestIDTests {
    private func random() -> RandomStream { RandomStream(seed: 1, name: "gateway", purpose: "request ids") }

    @Test("a well-formed name is kept, without a draw, and told the client (G9)")
    func kept() throws {
        let ids = try RequestIDs()
        var random = random()
        let before = random
        for name in [
            "a", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "Root=1-67891233:x/y+z~_@", String(repeating: "a", count: 128),
        ] {
            var headers = try Headers(["X-Request-ID": name])
            #expect(ids.identify(&headers, using: &random))
            var answer = try Headers(["X-Request-Id": "the backend's"])
            ids.echo(of: headers, to: &answer)
            #expect(answer.values(of: .xRequestID) == [name])
        }
        #expect(random == before)
    }

    @Test("a malformed, missing or doubled name is replaced by a UUID (RFC 9562, section 5.4)")
    func replaced() throws {
        let ids = try RequestIDs()
        var random = random()
        let bad: [KeyValuePairs<String, String>] = [
            [:], ["X-Request-ID": ""], ["X-Request-ID": "a b"], ["X-Request-ID": "a,b"], ["X-Request-ID": "<b>"],
            ["X-Request-ID": "é"], ["X-Request-ID": String(repeating: "a", count: 129)],
            ["X-Request-ID": "a", "x-request-id": "b"],
        ]
        var seen: Set<String> = []
        for fields in bad {
            var headers = try Headers(fields)
            #expect(!ids.identify(&headers, using: &random))
            let made = try #require(headers[.xRequestID])
            #expect(headers.values(of: .xRequestID) == [made])
            let groups = made.split(separator: "-").map(\.count)
            #expect(groups == [8, 4, 4, 4, 12])
            let digits = Array(made)
            #expect(digits[14] == "4")
            #expect("89ab".contains(digits[19]))
            seen.insert(made)
        }
        #expect(seen.count == bad.count)
        var again = self.random()
        var headers = Headers()
        ids.identify(&headers, using: &again)
        #expect(seen.contains(headers[.xRequestID] ?? ""))
    }

    @Test("who trusts no client makes all names; lengths out of their range are refused")
    func settings() throws {
        var random = random()
        var headers = try Headers(["X-Request-ID": "a"])
        #expect(!(try RequestIDs(keepsIncoming: false)).identify(&headers, using: &random))
        #expect(headers[.xRequestID]?.utf8.count == 36)
        #expect(throws: SettingError("mostBytes", given: 0, allowed: "1 to 1024")) { try RequestIDs(mostBytes: 0) }
    }
}
