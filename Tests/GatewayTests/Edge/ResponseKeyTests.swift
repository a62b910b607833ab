import Caching
import Gateway
import Testing
import Timeline

@Suite("Keys of responses (RFC 9111, sections 2 and 4.1)")
struct ResponseKeyTests {
    private func key(
        _ method: Method = .get, _ target: String = "/a", host: String = "shop.example", scheme: Scheme = .https,
        route: Int = 1, identity: String? = nil
    ) throws -> ResponseKey {
        ResponseKey(try request(method, target, scheme: scheme, host: host), route: route, identity: identity)
    }

    @Test("route, scheme, host, path, query and identity all count; nothing runs over into its neighbour")
    func parts() throws {
        let keys = [
            try key(), try key(.get, "/a?"), try key(.get, "/a?b"), try key(.get, "/a?b=1"), try key(.get, "/ab"),
            try key(.get, "/A"), try key(host: "shop.exampl"), try key(host: "shop.example:80"),
            try key(scheme: .http), try key(route: 2), try key(route: -1), try key(identity: ""),
            try key(identity: "ann"), try key(identity: "ann\0"), try key(.get, "/a?ann"),
            try key(.get, "/aa", host: "shop.example"), try key(.get, "/a", host: "shop.examplea"),
        ]
        for (index, key) in keys.enumerated() {
            #expect(keys.firstIndex(of: key) == index)
            #expect(keys.firstIndex { $0.fingerprint == key.fingerprint } == index)
        }
    }

    @Test("the same request has the same key: query-args-same, a host in any case, HEAD as GET")
    func same() throws {
        #expect(try key(.get, "/a?b") == key(.get, "/x/../a?b"))
        #expect(try key(host: "Shop.Example") == key())
        #expect(try key(.head) == key())
        #expect(try key().fingerprint == key().fingerprint)
        let salted = ResponseKey(try request(), route: 1, secret: 7)
        #expect(salted.fingerprint != (try key().fingerprint))
    }

    private func varied(_ vary: String, _ fields: KeyValuePairs<String, String>) throws -> ResponseKey {
        let base = try key()
        return base.varied(by: Vary(try Headers(["Vary": vary])), try Headers(fields))
    }

    @Test("of the fields that a response varies by all count, absence too, and no others")
    func varying() throws {
        let stored = try varied("Foo, Bar, Baz", ["Foo": "1", "Bar": "abc", "Baz": "789"])
        let cases: [(String, KeyValuePairs<String, String>, Bool)] = [
            ("vary-3-match", ["Foo": "1", "Bar": "abc", "Baz": "789"], true),
            ("vary-3-no-match", ["Foo": "2", "Bar": "abc", "Baz": "789"], false),
            ("vary-3-order", ["Foo": "1", "Baz": "789", "Bar": "abcde"], false),
            ("vary-3-order", ["Baz": "789", "Bar": "abc", "Foo": "1"], true),
            ("vary-cache-key", ["Foo": "1", "Bar": "abc", "Baz": "789", "Other": "3"], true),
            ("vary-2-match-omit", ["Foo": "1", "Baz": "789"], false),
            ("vary-omit", [:], false), ("an empty one", ["Foo": "1", "Bar": "", "Baz": "789"], false),
            ("another case", ["Foo": "1", "Bar": "ABC", "Baz": "789"], false),
        ]
        for (name, fields, isSame) in cases {
            let other = try varied("baz,Foo , bar, foo", fields)
            #expect((other == stored) == isSame, "\(name)")
            #expect((other.fingerprint == stored.fingerprint) == isSame, "\(name)")
        }
        #expect(try varied("", ["Foo": "1"]) == key())
        #expect(try varied("Foo", [:]) != varied("Foo", ["Foo": ""]), "vary-omit-stored")
    }

    @Test("blanks and lines make no difference (section 4.1), nor the case of codings and languages")
    func normalised() throws {
        #expect(try varied("Foo", ["Foo": "1,2"]) == varied("Foo", ["Foo": "1 ,\t2"]))
        #expect(try varied("Foo", ["Foo": "1", "foo": "2"]) == varied("Foo", ["Foo": "1, 2"]))
        #expect(try varied("Foo", ["Foo": "12"]) != varied("Foo", ["Foo": "1,2"]))
        let codings = try varied("Accept-Encoding", ["Accept-Encoding": "GZIP"])
        #expect(try codings == varied("Accept-Encoding", ["Accept-Encoding": "gzip"]))
    }

    @Test("what a response varies by is named once, in one order; more than 64 names are any")
    func names() throws {
        let vary = Vary(try Headers(["Vary": "B, accept", "vary": "a,b, *"]))
        #expect(vary.names.map(\.text) == ["a", "accept", "b"])
        #expect(vary.isAny)
        let many = (0..<100).map { "n\($0)" }.joined(separator: ",")
        #expect(Vary(try Headers(["Vary": many])).isAny)
    }

    @Test("a cache holds responses by it, one for each identity")
    func held() throws {
        var cache = Cache<ResponseKey, Int, LRU>(capacity: 4)
        cache.insert(try key(identity: "ann"), 1, at: .zero)
        cache.insert(try key(identity: "bob"), 2, at: .zero)
        #expect(cache.get(try key(identity: "ann"), at: .zero) == .hit(1, age: .zero))
        #expect(cache.get(try key(identity: "bob"), at: .zero) == .hit(2, age: .zero))
        #expect(cache.get(try key(), at: .zero) == .miss)
    }
}
