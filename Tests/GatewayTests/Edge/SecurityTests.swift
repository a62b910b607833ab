import Gateway
import Testing
import Timeline

@Suite("Security")
struct SecurityTests {
    @Test("fields are set, and not doubled")
    func fields() throws {
        let security = try SecurityHeaders(contentSecurityPolicy: "default-src 'self'")
        var headers = try Headers(["Content-Security-Policy": "default-src 'none'", "X-Frame-Options": "SAMEORIGIN"])
        security.decorate(&headers, over: .https)
        let expected = """
            content-security-policy: default-src 'none'
            x-frame-options: SAMEORIGIN
            x-content-type-options: nosniff
            x-xss-protection: 0
            referrer-policy: strict-origin-when-cross-origin
            strict-transport-security: max-age=31536000; includeSubDomains

            """
        #expect(headers.description == expected)
        let once = headers
        security.decorate(&headers, over: .https)
        #expect(headers == once)
    }

    @Test("Strict-Transport-Security is sent over https alone (RFC 6797, section 7.2)")
    func strictTransport() throws {
        let security = try SecurityHeaders(strictTransport: .milliseconds(1_500), includesSubdomains: false)
        var headers = try Headers(["Strict-Transport-Security": "max-age=1"])
        security.decorate(&headers, over: .http)
        #expect(!headers.contains(.strictTransportSecurity))
        #expect(headers.contains(.xFrameOptions))
        security.decorate(&headers, over: .https)
        #expect(headers[.strictTransportSecurity] == "max-age=1")
        #expect(throws: SettingError.self) { try SecurityHeaders(strictTransport: .seconds(-1)) }
        #expect(throws: SettingError.self) { try SecurityHeaders(referrerPolicy: "a\r\nb") }
    }

    @Test(
        "attacks are named by the rule that they break",
        arguments: [
            ("/a?file=../../etc/shadow", "traversal"), ("/a?file=..%5c..%5cboot.ini", "traversal"),
            ("/a/..%2f..%2fx", "traversal"), ("/a/%2e%2e%2Fx", "traversal"), ("/a?f=%2Fetc%2Fpasswd", "traversal"),
            ("/a/%252e%252e%252fx", "double encoding"), ("/a?x=%253Cscript%253E", "double encoding"),
            ("/a?x=%25%33%43", "double encoding"), ("/a?file=x.php%00.jpg", "NUL"),
            ("/a?q=<script>alert(1)</script>", "script"), ("/a?q=%3CScRiPt%3E", "script"),
            ("/a?q=%3cimg+src=x+onerror=alert(1)%3e", "script"), ("/a?u=JavaScript:alert(1)", "script"),
            ("/a?id=1+UNION+SELECT+password", "SQL"), ("/a?id=1%20union%0A%09%20select%201", "SQL"),
            ("/a?id=1'%20OR%20'1'='1", "SQL"), ("/a?id=1;DROP%20TABLE%20users", "SQL"), ("/a?id=admin'--", "SQL"),
        ])
    func attacks(target: String, rule: String) throws {
        #expect(try SuspiciousRequests().brokenRule(try Target(target)) == rule)
    }

    @Test(
        "harmless targets break none",
        arguments: [
            "/", "/orders/42?include=items,customer", "/a?q=100%25", "/a?q=100%25+of+it", "/a?q=the+union+of+sets",
            "/scripts/a.js?v=1..2", "/a?q=O'Brien", "/a?q=%C3%A9&x=%zz", "/a?", "/a?q=%25g1",
        ])
    func harmless(target: String) throws {
        #expect(try SuspiciousRequests().brokenRule(try Target(target)) == nil)
    }

    @Test("rules are looked for where they say, the first that hits is named")
    func places() throws {
        let check = try SuspiciousRequests(
            rules: [.init("admin", "/admin", in: .path), .init("debug", "debug=", in: .query), .init("ad", "ad")],
            refusesNUL: false, refusesDoubleEncoding: false)
        let cases: [(String, String?)] = [
            ("/ADMIN", "ad"), ("/x?y=/admin", "ad"), ("/x?debug=1", "debug"), ("/debug=1", nil), ("/a%252e", nil),
            ("/x?a=%00", nil),
        ]
        for (target, rule) in cases { #expect(check.brokenRule(try Target(target)) == rule, "\(target)") }
        let sameEnd = try SuspiciousRequests(rules: [.init("long", "xxab"), .init("short", "ab")])
        #expect(sameEnd.brokenRule(try Target("/xxab")) == "long")
        #expect(sameEnd.brokenRule(try Target("/xab")) == "short")
    }

    @Test("rules out of their range are refused")
    func settings() {
        for pattern in ["", "a", "AB", String(repeating: "a", count: 65)] {
            #expect(throws: SettingError.self) { try SuspiciousRequests(rules: [.init("x", pattern)]) }
        }
        let many = (0..<65).map { SuspiciousRequests.Rule("x", "ab\($0)") }
        #expect(throws: SettingError.self) { try SuspiciousRequests(rules: many) }
    }

    @Test("random patterns are found in random texts as by searching for each (Aho and Corasick)")
    func automaton() throws {
        var random = RandomStream(seed: 7, name: "rules", purpose: "model")
        func word(_ longest: UInt64) -> String {
            let letters = Array("abc")
            return String((0..<(2 + Int(random.below(longest)))).map { _ in letters[Int(random.below(3))] })
        }
        for _ in 0..<300 {
            let patterns = (0..<(1 + Int(random.below(6)))).map { _ in word(4) }
            let check = try SuspiciousRequests(rules: patterns.map { .init($0, $0) })
            let text = "/" + word(12)
            let ends = patterns.compactMap { pattern in text.firstRange(of: pattern)?.upperBound }
            let found = check.brokenRule(try Target(text))
            let first = ends.min().flatMap { end in patterns.first { text[..<end].hasSuffix($0) } }
            #expect(found == first, "\(patterns) in \(text)")
        }
    }
}
