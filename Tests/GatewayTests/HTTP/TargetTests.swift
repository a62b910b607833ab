import Gateway
import Testing

@Suite("Targets")
struct TargetTests {
    @Test(
        "segments of dots are resolved (RFC 3986, section 5.2.4)",
        arguments: [
            ("/a/b/c/./../../g", "/a/g"), ("/mid/content=5/../6", "/mid/6"), ("/b/c/.", "/b/c/"), ("/b/c/./", "/b/c/"),
            ("/b/c/..", "/b/"), ("/b/c/../", "/b/"), ("/b/c/../g", "/b/g"), ("/b/c/../..", "/"), ("/b/c/../../", "/"),
            ("/b/c/../../g", "/g"), ("/b/c/g.", "/b/c/g."), ("/b/c/.g", "/b/c/.g"), ("/b/c/g..", "/b/c/g.."),
            ("/b/c/..g", "/b/c/..g"), ("/b/c/./g/.", "/b/c/g/"), ("/b/c/g/./h", "/b/c/g/h"),
            ("/b/c/g/../h", "/b/c/h"), ("/b/c/g;x=1/./y", "/b/c/g;x=1/y"), ("/b/c/g;x=1/../y", "/b/c/y"),
            ("/a//../b", "/a/b"), ("/a//b", "/a//b"), ("/.../a", "/.../a"), ("/", "/"), ("/.", "/"),
        ])
    func dots(given: String, normal: String) throws {
        #expect(try RequestPath(given).text == normal)
    }

    @Test(
        "what is unreserved is decoded, the rest has upper-case digits (RFC 3986, sections 6.2.2.1 and 6.2.2.2)",
        arguments: [
            ("/%7Esmith/%7esmith", "/~smith/~smith"), ("/%41%5a%61%7A%30%39%2D%2e%5f", "/AZaz09-._"),
            ("/a%3ab", "/a%3Ab"), ("/a%2fb", "/a%2Fb"), ("/a%2Fb", "/a%2Fb"), ("/a%5cb", "/a%5Cb"),
            ("/%c3%a9", "/%C3%A9"), ("/a%20b", "/a%20b"), ("/a%25b", "/a%25b"),
            // Section 6.2.2: equivalent to /./../a in the host's root after both steps; here within a segment.
            ("/x/%2E/%2e%2E/a", "/a"), ("/b/%2e%2e%2fc", "/b/..%2Fc"),
        ])
    func encodings(given: String, normal: String) throws {
        #expect(try RequestPath(given).text == normal)
        #expect(try RequestPath(normal).text == normal)
    }

    @Test("what is encoded twice is decoded once at most (RFC 3986, section 2.4)")
    func twice() throws {
        #expect(try RequestPath("/a/%252e%252e/b").text == "/a/%252e%252e/b")
        #expect(try RequestPath("/a/%25%32%65/b").text == "/a/%252e/b")
    }

    @Test(
        "paths that lead out of the root are refused (RFC 3986, section 5.2.4)",
        arguments: ["/..", "/../etc/passwd", "/a/../../b", "/%2e%2e/etc", "/.%2E/x", "/a/%2e./.%2e/b"])
    func aboveRoot(path: String) {
        #expect(throws: RequestError.pathAboveRoot) { try RequestPath(path) }
        #expect(RequestError.pathAboveRoot.status == .badRequest)
    }

    @Test("NUL and controls are refused, encoded or not, and bytes that no path holds (RFC 3986, section 3.3)")
    func bytes() throws {
        for byte in UInt8.min...UInt8.max {
            let digits = "0123456789ABCDEF".utf8.map { $0 }
            let encoded: [UInt8] = [0x2f, 0x61, 0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            let isControl = byte < 0x20 || byte == 0x7f
            #expect(((try? RequestPath(bytes: encoded.span)) == nil) == isControl, "byte \(byte) encoded")
            guard byte != 0x25 else { continue }
            let isAllowed = "/-._~!$&'()*+,;=:@".utf8.contains(byte) || isAlphanumeric(byte)
            let plain: [UInt8] = [0x2f, byte]
            // A dot alone is resolved, not refused.
            #expect(((try? RequestPath(bytes: plain.span)) != nil) == isAllowed, "byte \(byte)")
        }
    }

    private func isAlphanumeric(_ byte: UInt8) -> Bool {
        let letter = byte | 0x20
        return (byte >= 0x30 && byte <= 0x39) || (byte < 128 && letter >= 0x61 && letter <= 0x7a)
    }

    @Test("a percent sign needs two digits (RFC 3986, section 2.1)", arguments: ["/%", "/%2", "/%zz", "/%2g", "/a%"])
    func percent(path: String) {
        #expect(throws: RequestError.percentEncoding) { try RequestPath(path) }
    }

    @Test("a target begins with a slash (RFC 9112, section 3.2.1)", arguments: ["", "a", "*", "http://a/", "?q"])
    func form(target: String) {
        #expect(throws: RequestError.targetForm) { try Target(target) }
    }

    @Test(
        "a target in absolute form names its host, and goes on in origin form (RFC 9112, section 3.2.2)",
        arguments: [
            ("http://shop.example/a/../b?c=d", "shop.example", "/b?c=d"), ("HTTPS://a:8443", "a:8443", "/"),
            ("http://a?b", "a", "/?b"), ("http://[2001:db8::1]/x", "[2001:db8::1]", "/x"), ("/a?b", nil, "/a?b"),
        ] as [(String, String?, String)])
    func absolute(given: String, authority: String?, origin: String) throws {
        let line = try RequestTarget(given, of: .get)
        #expect(line.authority == authority && line.target.description == origin && !line.target.isServer)
    }

    @Test(
        "an asterisk, or no path behind the host, is the server as a whole, for OPTIONS alone (RFC 9112, section 3.2.4)"
    )
    func server() throws {
        #expect(try RequestTarget("*", of: .options).target.isServer)
        #expect(try RequestTarget("http://a", of: .options).target.description == "*")
        #expect(try !RequestTarget("http://a/", of: .options).target.isServer)
        #expect(try !RequestTarget("http://a", of: .get).target.isServer)
        for method in Gateway.Method.allCases where method != .options {
            #expect(throws: RequestError.targetForm) { try RequestTarget("*", of: method) }
        }
    }

    @Test(
        "no other form is taken",
        arguments: [
            "ftp://a/b", "shop.example:443", "", "**", "http:/a", "http:a", "//a/b#c", "http://a#b", "http:///a",
        ])
    func otherForms(target: String) {
        #expect(throws: RequestError.self) { try RequestTarget(target, of: .options) }
    }

    @Test("a target in absolute form that is too long is refused with 414")
    func absoluteLength() {
        #expect(throws: RequestError.targetTooLong(most: 9)) { try RequestTarget("http://a/b", of: .get, mostBytes: 9) }
    }

    @Test("the query is kept byte for byte (RFC 3986, section 3.4; G4)")
    func query() throws {
        let target = try Target("/a/../b?x=%2e%2E/../&y[]=100%|{z}?")
        #expect(target.path.text == "/b")
        #expect(target.query == "x=%2e%2E/../&y[]=100%|{z}?")
        #expect(target.description == "/b?x=%2e%2E/../&y[]=100%|{z}?")
        #expect(try Target("/a?").query == "")
        #expect(try Target("/a").query == nil)
        for bad in ["/a?b c", "/a?b#c", "/a?\u{0}", "/a?é", "/a?\r\nX: y", "/a?\u{7f}"] {
            #expect(throws: RequestError.self) { try Target(bad) }
        }
    }

    @Test("a target that is too long is refused with 414 (RFC 9110, section 15.5.15)")
    func length() throws {
        let longest = "/" + String(repeating: "a", count: 8_191)
        #expect(try Target(longest).path.text.utf8.count == 8_192)
        let error = RequestError.targetTooLong(most: 8_192)
        #expect(throws: error) { try Target(longest + "b") }
        #expect(error.status == .uriTooLong)
        #expect(throws: RequestError.targetTooLong(most: 3)) { try Target("/abc", mostBytes: 3) }
    }
}
