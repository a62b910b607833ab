import Gateway
import Testing
import Timeline

@Suite("Compression")
struct CompressionTests {
    @Test(
        "weights are honoured (RFC 9110, section 12.5.3)",
        arguments: [
            // The examples of the section.
            ("compress, gzip", ContentCoding.gzip), ("", nil), ("*", .br), ("compress;q=0.5, gzip;q=1.0", .gzip),
            ("gzip;q=1.0, identity; q=0.5, *;q=0", .gzip),
            // q=0 is a refusal (G12).
            ("gzip;q=0", nil), ("gzip;q=0.000", nil), ("br;q=0, *", .zstd), ("*;q=0", nil), ("gzip, *;q=0", .gzip),
            ("br;q=0.1, gzip;q=0.2", .gzip), ("gzip, zstd, br", .br), ("gzip;q=0.5, identity", nil),
            ("gzip;q=0.5, identity;q=0.5", .gzip), ("identity;q=0", nil), ("GZIP", .gzip), ("x-gzip", .gzip),
            ("gzip ; Q=0.001", .gzip), ("gzip;q=1.001", nil), ("gzip;q=0.0001", nil), ("gzip;q=", nil),
            ("gzip;q=abc", nil), ("gzip;q=2", nil), ("xgzip", nil), ("gzipx, notbr", nil), ("deflate", nil),
            ("gzip;q=0, gzip", nil),
        ] as [(String, ContentCoding?)])
    func weights(field: String, coding: ContentCoding?) throws {
        let accepted = AcceptedCodings(try Headers(["Accept-Encoding": field]))
        #expect(accepted.best(of: [.br, .zstd, .gzip]) == coding)
    }

    @Test("sizes, tags and Vary are corrected (RFC 9110, sections 8.8.3.3 and 12.5.5; G12)")
    func corrected() throws {
        let compression = try Compression(codings: [.init(.gzip, left: 0.25)])
        var given = try response(
            200,
            [
                "Content-Type": "Text/HTML; charset=utf-8", "Content-Length": "10000", "ETag": "\"abc\"",
                "Accept-Ranges": "bytes", "Vary": "Origin",
            ])
        #expect(compression.compress(&given, for: try request(.get, "/", ["Accept-Encoding": "gzip"])) == .gzip)
        let expected = """
            content-type: Text/HTML; charset=utf-8
            content-length: 2500
            etag: W/"abc"
            vary: Origin, Accept-Encoding
            content-encoding: gzip

            """
        #expect(given.headers.description == expected)
        #expect(given.bodySize == 2_500)
        let once = given
        #expect(compression.compress(&given, for: try request(.get, "/", ["Accept-Encoding": "gzip"])) == nil)
        #expect(given == once)
    }

    @Test("a weak tag stays, a length that is not said is not said, nothing overflows")
    func edges() throws {
        let compression = try Compression(codings: [.init(.gzip, left: 1)], leastBytes: 0)
        let client = try request(.get, "/", ["Accept-Encoding": "gzip"])
        for tag in ["W/\"a\"", "", "x"] {
            var given = try response(200, ["Content-Type": "text/css", "ETag": tag], bytes: .max)
            #expect(compression.compress(&given, for: client) == .gzip)
            #expect(given.headers[.eTag] == tag)
            #expect(given.bodySize == .max)
            #expect(!given.headers.contains(.contentLength))
        }
        var tiny = try response(200, ["Content-Type": "text/css"], bytes: 1)
        #expect(try Compression(codings: [.init(.br, left: 0.01)], leastBytes: 0).compress(&tiny, for: client) == nil)
        var empty = try response(200, ["Content-Type": "text/css"], bytes: 0)
        #expect(compression.compress(&empty, for: client) == nil)
    }

    @Test("what is not worth it, or may not be touched, stays (RFC 9110, sections 7.7, 8.4 and 14; RFC 9111, 5.2.2.6)")
    func untouched() throws {
        let compression = try Compression()
        let client = try request(.get, "/", ["Accept-Encoding": "gzip, br"])
        let cases: [(Int, KeyValuePairs<String, String>, Int)] = [
            (200, ["Content-Type": "text/html", "Content-Encoding": "gzip"], 10_000),
            (206, ["Content-Type": "text/html"], 10_000), (204, ["Content-Type": "text/html"], 10_000),
            (304, ["Content-Type": "text/html"], 10_000), (200, ["Content-Type": "text/html"], 1_023),
            (200, ["Content-Type": "image/png"], 10_000), (200, ["Content-Type": "text/"], 10_000),
            (200, ["Content-Type": "application/jsonx"], 10_000), (200, [:], 10_000),
            (200, ["Content-Type": ""], 10_000),
            (200, ["Content-Type": "text/html", "Content-Range": "bytes 0-1/2"], 10_000),
            (200, ["Content-Type": "text/html", "Cache-Control": "public, No-Transform"], 10_000),
        ]
        for (status, fields, bytes) in cases {
            var given = try response(status, fields, bytes: bytes)
            let before = given
            #expect(compression.compress(&given, for: client) == nil)
            #expect(given == before, "\(status) \(fields)")
        }
    }

    @Test("who takes no coding, or asks by HEAD, gets Vary all the same (RFC 9110, section 12.5.5)")
    func vary() throws {
        let compression = try Compression()
        let clients = [
            try request(), try request(.head, "/", ["Accept-Encoding": "gzip"]),
            try request(.get, "/", ["Accept-Encoding": "gzip;q=0"]),
        ]
        for client in clients {
            var given = try response(200, ["Content-Type": "application/json"])
            #expect(compression.compress(&given, for: client) == nil)
            #expect(given.headers.description == "content-type: application/json\nvary: Accept-Encoding\n")
        }
    }

    @Test("settings out of their range are refused")
    func settings() {
        #expect(throws: SettingError.self) { try Compression(codings: [.init(.gzip, left: 0)]) }
        #expect(throws: SettingError.self) { try Compression(codings: [.init(.gzip, left: .nan)]) }
        #expect(throws: SettingError.self) { try Compression(codings: [.init(.br, left: 1), .init(.br, left: 1)]) }
        #expect(throws: SettingError.self) { try Compression(leastBytes: -1) }
        #expect(throws: SettingError.self) { try Compression(types: ["Text/html"]) }
        #expect(throws: SettingError.self) { try Compression(types: [""]) }
    }
}
