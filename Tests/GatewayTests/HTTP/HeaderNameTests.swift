import Gateway
import Testing

@Suite("Names of fields")
struct HeaderNameTests {
    @Test("letters in upper and lower case are the same (RFC 9110, section 5.1)")
    func cases() throws {
        #expect(try HeaderName("Content-TYPE") == .contentType)
        #expect(try HeaderName("X-Request-Id") == .xRequestID)
        #expect(try HeaderName("X-Something") == HeaderName("x-sOMETHING"))
        #expect(try HeaderName("X-Something") != HeaderName("x-something-else"))
        #expect(try HeaderName("X-Something").hashValue == HeaderName("x-something").hashValue)
    }

    @Test("a name is a token: no separators, blanks, controls or letters beyond ASCII (RFC 9110, section 5.6.2)")
    func tokens() throws {
        let characters = Set<UInt8>("!#$%&'*+-.^_`|~0123456789".utf8)
        for byte in UInt8.min...UInt8.max {
            let letter = byte | 0x20
            let isToken = characters.contains(byte) || (byte < 128 && letter >= 0x61 && letter <= 0x7a)
            let bytes: [UInt8] = [0x61, byte]
            let name = try? HeaderName(bytes: bytes.span)
            #expect((name != nil) == isToken, "byte \(byte)")
        }
        #expect(throws: RequestError.malformedName) { try HeaderName("") }
    }

    @Test("every name with a member is found by its text, and by no other's")
    func members() throws {
        let members: [HeaderName] = [
            .accept, .acceptEncoding, .acceptLanguage, .acceptRanges, .authorization, .connection, .contentEncoding,
            .contentLength, .contentRange, .contentType, .date, .eTag, .host, .ifNoneMatch, .lastModified, .location,
            .proxyAuthenticate, .proxyAuthorization, .range, .retryAfter, .server, .te, .trailer, .upgrade,
            .userAgent, .vary, .via, .wwwAuthenticate, .keepAlive, .proxyConnection, .age, .cacheControl, .expires,
            .pragma, .transferEncoding, .cookie, .setCookie, .origin, .strictTransportSecurity, .forwarded,
            .accessControlAllowCredentials, .accessControlAllowHeaders, .accessControlAllowMethods,
            .accessControlAllowOrigin, .accessControlExposeHeaders, .accessControlMaxAge,
            .accessControlRequestHeaders, .accessControlRequestMethod, .xContentTypeOptions, .contentSecurityPolicy,
            .permissionsPolicy, .referrerPolicy, .xFrameOptions, .xXSSProtection, .traceparent, .tracestate,
            .xAPIKey, .xForwardedFor, .xForwardedHost, .xForwardedProto, .xRequestID, .xSessionID, .xTenantID,
        ]
        for (index, name) in members.enumerated() {
            let found = try HeaderName(name.text.uppercased())
            #expect(found == name)
            #expect(found.text == name.text)
            #expect(members.firstIndex(of: name) == index)
        }
    }
}
