import Gateway
import Testing
import Timeline

@Suite("Requests and bodies")
struct RequestTests {
    private func request(_ headers: KeyValuePairs<String, String>, host: String? = nil) throws -> Request {
        try Request(
            .get, try Target("/a?b"), headers: try Headers(headers), peer: IPAddress(v4: 1), host: host,
            receivedAt: .zero)
    }

    @Test("there is exactly one well-formed host (RFC 9112, section 3.2)")
    func host() throws {
        #expect(try request(["Host": "shop.example:8443"]).host == "shop.example:8443")
        #expect(try request(["Host": "[2001:db8::1]:80"]).host == "[2001:db8::1]:80")
        #expect(try request([:], host: "shop.example").host == "shop.example")
        for bad in ["", "a b", "user@host", "a/b", "a\r\nX: y", String(repeating: "a", count: 260)] {
            #expect(throws: RequestError.malformedHost) { try request([:], host: bad) }
        }
        #expect(throws: RequestError.malformedHost) { try request([:]) }
        #expect(throws: RequestError.malformedHost) { try request(["Host": "a", "host": "b"]) }
    }

    @Test(
        "the host of a target in absolute form goes before the field, which then says the same (RFC 9112, section 3.2.2)"
    )
    func absolute() throws {
        func asked(_ target: String, _ headers: KeyValuePairs<String, String>) throws -> Request {
            try Request(
                .get, try RequestTarget(target, of: .get), headers: try Headers(headers), peer: IPAddress(v4: 1),
                receivedAt: .zero)
        }
        let request = try asked("http://b.example:80/a", ["Host": "a.example", "Accept": "x"])
        #expect(request.host == "b.example:80" && request.headers.values(of: .host) == ["b.example:80"])
        #expect(throws: RequestError.malformedHost) { try asked("http://u@b/a", ["Host": "a"]) }
        // The field has to be there even so (section 3.2).
        #expect(throws: RequestError.malformedHost) { try asked("http://b/a", [:]) }
        #expect(throws: RequestError.malformedHost) { try asked("http://b/a", ["Host": "a", "host": "b"]) }
    }

    @Test("fields are as long as the JSON that they make (RFC 8259)")
    func size() {
        let fields: [(FieldValue, Int)] = [
            (.text("x"), #"{"a":"x"}"#.utf8.count), (.text("\"\n\u{1}é"), 20),
            (.whole(-120), #"{"a":-120}"#.utf8.count), (.decimal(0.5), #"{"a":0.5}"#.utf8.count),
            (.flag(true), #"{"a":true}"#.utf8.count), (.flag(false), #"{"a":false}"#.utf8.count),
            (.absent, #"{"a":null}"#.utf8.count), (.whole(.min), 26),
        ]
        for (value, size) in fields { #expect(Body([BodyField("a", value)]).size == size) }
        #expect(Body([]).size == 2)
        let two = Body([BodyField("a", .whole(1)), BodyField("b", .absent)])
        #expect(two.size == #"{"a":1,"b":null}"#.utf8.count)
        #expect(two["b"] == .absent)
        #expect(two["c"] == nil)
        #expect(Body(size: -1).isNone)
    }

    @Test("a body that is larger than what is kept of it is not sent again (G3)")
    func replay() {
        #expect(Body(size: 100).isReplayable(upTo: 100))
        #expect(!Body(size: 101).isReplayable(upTo: 100))
        #expect(Body.none.isReplayable(upTo: 0))
        #expect(!Body(size: 1).isReplayable(upTo: .min))
    }

    @Test("a number that is no status counts as a fault of the server (RFC 9110, section 15)")
    func statuses() {
        #expect(Status(503).isServerError)
        #expect(Status(0).isServerError)
        #expect(Status(600).isServerError)
        #expect(!Status(499).isServerError)
        #expect(Status.tooManyRequests.isClientError)
        #expect(Status(204).hasNoBody)
        #expect(Status.notFound.description == "404 Not Found")
        #expect(Status(799).description == "799")
    }
}
