import Gateway
import Testing
import Timeline

@Suite("Fields")
struct HeadersTests {
    @Test("several fields of a name keep their order, and are one list (RFC 9110, sections 5.2 and 5.3)")
    func several() throws {
        var headers = try Headers(["Vary": "Origin", "X-One": "1", "vary": "Accept , ,\tAccept-Encoding"])
        #expect(headers.count == 3)
        #expect(headers[.vary] == "Origin")
        #expect(headers.values(of: .vary) == ["Origin", "Accept , ,\tAccept-Encoding"])
        #expect(headers.elements(of: .vary) == ["Origin", "Accept", "Accept-Encoding"])
        #expect(headers.hasElement("ACCEPT", in: .vary))
        #expect(!headers.hasElement("Accept-", in: .vary))
        let last = try #require(headers.field(at: 2))
        #expect(last.name == .vary)
        try headers.set(.vary, "*")
        #expect(headers.description == "vary: *\nx-one: 1\n")
        #expect(headers.remove(.vary) == 1)
        #expect(!headers.contains(.vary))
        #expect(headers.field(at: 1) == nil)
    }

    @Test("commas in quotes part nothing, quotes after a backslash end nothing (RFC 9110, sections 5.6.1 and 5.6.4)")
    func quotes() throws {
        let headers = try Headers(["Cache-Control": #"private="a, b", x="c\", d", , max-age=1"#])
        #expect(headers.elements(of: .cacheControl) == [#"private="a, b""#, #"x="c\", d""#, "max-age=1"])
        let open = try Headers(["Cache-Control": #"a, "b\"#])
        #expect(open.elements(of: .cacheControl) == ["a", #""b\"#])
    }

    @Test("blanks at the ends of a value are no part of it (RFC 9110, section 5.5)")
    func blanks() throws {
        let headers = try Headers(["Accept": " \t a b \t", "Host": "  "])
        #expect(headers[.accept] == "a b")
        #expect(headers[.host] == "")
    }

    @Test("CR, LF, NUL and other controls are in no value; tabs are (RFC 9110, section 5.5)")
    func controls() throws {
        for byte in UInt8.min...0x7f {
            let value: [UInt8] = [0x61, byte, 0x62]
            let headers = try? Headers(bytes: [(Array("x".utf8), value)])
            #expect((headers != nil) == (byte == 9 || (byte >= 0x20 && byte != 0x7f)), "byte \(byte)")
        }
        let injected = "a\r\nSet-Cookie: session=1"
        let error = RequestError.controlInValue(of: .xRequestID, byte: 13)
        var headers = Headers()
        #expect(throws: error) { try headers.append(.xRequestID, injected) }
        #expect(throws: error) { try headers.set(.xRequestID, injected) }
        #expect(headers.count == 0)
        #expect(error.status == .badRequest)
    }

    @Test("bytes above ASCII pass as UTF-8 alone (RFC 9110, section 5.5: obs-text)")
    func encodings() throws {
        let good = try Headers(["X-Name": "Zoë 雪"])
        #expect(good.field(at: 0)?.value == "Zoë 雪")
        let bad: [[UInt8]] = [
            [0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0x61, 0x80], [0xe9, 0x61],
        ]
        for value in bad {
            let error = RequestError.encodingOfValue(of: .userAgent)
            #expect(throws: error) { try Headers(bytes: [(Array("user-agent".utf8), value)]) }
            #expect(error.status == .badRequest)
        }
    }

    @Test("a header of 64 kB is refused with 431; one that just fits is not (RFC 6585, section 5)")
    func large() throws {
        let fits = [UInt8](repeating: 0x61, count: 65_536 - 5)
        let headers = try Headers(bytes: [(Array("x".utf8), fits)])
        #expect(headers.bytes == 65_536)
        let error = RequestError.headersTooLarge(most: 65_536)
        #expect(throws: error) { try Headers(bytes: [(Array("x".utf8), fits + [0x61])]) }
        #expect(throws: error) { try Headers(bytes: [(fits + [0x61, 0x61], [])]) }
        #expect(error.status == Status(431))
    }

    @Test("10 000 headers are refused with 431 (RFC 6585, section 5)")
    func many() throws {
        let field: (name: [UInt8], value: [UInt8]) = (Array("a".utf8), Array("b".utf8))
        let error = RequestError.tooManyHeaders(most: 100)
        #expect(throws: error) { try Headers(bytes: Array(repeating: field, count: 10_000)) }
        #expect(error.status == Status(431))
        #expect(try Headers(bytes: Array(repeating: field, count: 100)).count == 100)
        let roomy = try HeaderLimits(fields: 10_000)
        #expect(try Headers(bytes: Array(repeating: field, count: 10_000), limits: roomy).bytes == 60_000)
    }

    @Test("what is set takes the room of what it replaces")
    func setting() throws {
        var headers = Headers(limits: try HeaderLimits(bytes: 40, fields: 2))
        try headers.append(.host, "0123456789")
        try headers.append(.age, "1")
        try headers.set(.host, "abcdefghijkl")
        #expect(throws: RequestError.tooManyHeaders(most: 2)) { try headers.set(.vary, "") }
        #expect(throws: RequestError.headersTooLarge(most: 40)) { try headers.set(.host, "abcdefghijklmnopqrstuvwxyz") }
        #expect(headers.bytes == 28)
        #expect(headers[.host] == "abcdefghijkl")
    }

    @Test("limits out of their range are refused by name")
    func limits() {
        #expect(throws: SettingError("bytes", given: -1, allowed: "0 to 16777216")) { try HeaderLimits(bytes: -1) }
        #expect(throws: SettingError("fields", given: -1, allowed: "0 to 100000")) { try HeaderLimits(fields: -1) }
    }

    @Test("random changes leave what they leave in a plain list of pairs")
    func model() throws {
        let names = ["Host", "vary", "X-One", "x-TWO", "Age"]
        var random = RandomStream(seed: 1, name: "headers", purpose: "model")
        var headers = Headers(limits: try HeaderLimits(fields: 100_000))
        var model: [(name: String, value: String)] = []
        for step in 0..<3_000 {
            let name = names[Int(random.below(5))]
            let key = name.lowercased()
            let value = String(repeating: "v", count: Int(random.below(60))) + "\(step)"
            switch random.below(4) {
            case 0:
                try headers.append(try HeaderName(name), value)
                model.append((key, value))
            case 1, 2:
                try headers.set(try HeaderName(name), value)
                let first = model.firstIndex { $0.name == key } ?? model.count
                model.removeAll { $0.name == key }
                model.insert((key, value), at: first)
            default:
                let dropped = headers.remove(try HeaderName(name))
                let before = model.count
                model.removeAll { $0.name == key }
                #expect(dropped == before - model.count)
            }
            let expected = model.map { "\($0.name): \($0.value)\n" }.joined()
            #expect(headers.description == expected)
            #expect(headers.bytes == expected.utf8.count + model.count)
        }
    }
}
