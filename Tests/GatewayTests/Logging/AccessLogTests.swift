import Gateway
import Resilience
import Testing
import Timeline

@Suite("The access log")
struct AccessLogTests {
    static let keys = [
        "time", "id", "trace", "method", "path", "route", "identity", "tenant", "status", "bytes", "took", "attempts",
        "backend", "why", "nearest",
    ]

    @Test("an entry is one line of all keys in their order")
    func line() {
        var entry = AccessLogEntry(.get, "/orders/7", .ok, at: millis(1_500))
        let bare =
            "time=00:00:01.500 id=- trace=- method=GET path=/orders/7 route=- identity=- tenant=- status=200 bytes=0"
        #expect(entry.text == bare + " took=0s attempts=0 backend=- why=- nearest=-")
        (entry.requestID, entry.route, entry.identity, entry.tenant) = ("r-1", "orders", "Ada L.", "acme")
        (entry.bytes, entry.took, entry.attempts, entry.backend) = (80, .milliseconds(12), 2, "10.0.0.7:80")
        entry.cause = .proxy(.notConnected)
        #expect(
            entry.description
                == "time=00:00:01.500 id=r-1 trace=- method=GET path=/orders/7 route=orders identity=\"Ada L.\" tenant=acme "
                + "status=200 bytes=80 took=12ms attempts=2 backend=10.0.0.7:80 why=\"not connected\" nearest=-")
    }

    @Test(
        "what a client sends forges no line and no value",
        arguments: [
            ("/a\r\ntime=0 status=200", #""/a\r\ntime=0 status=200""#), ("/a status=200", #""/a status=200""#),
            ("/a\" status=\"200", #""/a\" status=\"200""#), ("/a\\", #""/a\\""#), ("-", #""-""#), ("", #""""#),
            ("/\u{1b}[2J", #""/\u{1b}[2J""#), ("/\u{0}", #""/\u{0}""#), ("/\u{85}\u{2028}", #""/\u{85}\u{2028}""#),
            ("/\u{202e}", #""/\u{202e}""#), ("/é", #""/é""#), ("/a%0d%0A", "/a%0d%0A"),
        ])
    func forging(path: String, written: String) {
        let entry = AccessLogEntry(.get, path, .ok, at: .zero)
        #expect(entry.text.contains(" path=\(written) route=- "))
    }

    @Test("whatever the values are, the line is one, has each key once, and says them back")
    func roundTrip() throws {
        var random = RandomStream(seed: 1, name: "log", purpose: "texts")
        let alphabet = Array("ab=\" \\-\r\n\t\u{0}\u{7f}\u{9b}\u{2028}é{}".unicodeScalars)
        for _ in 0..<2_000 {
            func text() -> String {
                var text = String.UnicodeScalarView()
                for _ in 0..<random.below(8) { text.append(alphabet[Int(random.below(UInt64(alphabet.count)))]) }
                return String(text)
            }
            var entry = AccessLogEntry(.post, text(), .ok, at: .zero)
            (entry.requestID, entry.identity, entry.tenant) = (text(), text(), random.chance(0.5) ? text() : nil)
            (entry.backend, entry.nearest) = (text(), text())
            let line = entry.text
            #expect(
                line.unicodeScalars.allSatisfy {
                    $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) && $0 != "\u{2028}"
                })
            let read = try #require(Self.read(line), "\(line)")
            #expect(read.map(\.key) == Self.keys)
            let expected = [
                "id": entry.requestID, "path": entry.path, "identity": entry.identity, "tenant": entry.tenant,
                "backend": entry.backend, "nearest": entry.nearest,
            ]
            for (key, value) in read { if let said = expected[key] { #expect(value == said, "\(key) in \(line)") } }
        }
    }

    /// Reads a line by the rules that it is written by; nil if it breaks them.
    private static func read(_ line: String) -> [(key: String, value: String?)]? {
        var rest = Array(line.unicodeScalars)[...]
        var fields: [(String, String?)] = []
        while !rest.isEmpty {
            guard let equals = rest.firstIndex(of: "=") else { return nil }
            let key = String(String.UnicodeScalarView(rest[..<equals]))
            rest = rest[(equals + 1)...]
            if rest.first == "\"" {
                guard let value = quoted(&rest) else { return nil }
                fields.append((key, value))
            } else {
                let end = rest.firstIndex(of: " ") ?? rest.endIndex
                let value = String(String.UnicodeScalarView(rest[..<end]))
                fields.append((key, value == "-" ? nil : value))
                rest = rest[end...]
            }
            guard let blank = rest.popFirst() else { return fields }
            guard blank == " " else { return nil }
        }
        return nil
    }

    private static func quoted(_ rest: inout ArraySlice<Unicode.Scalar>) -> String? {
        var value = String.UnicodeScalarView()
        rest.removeFirst()
        while let scalar = rest.popFirst(), scalar != "\"" {
            guard scalar == "\\" else {
                value.append(scalar)
                continue
            }
            switch rest.popFirst() {
            case "n": value.append("\n")
            case "r": value.append("\r")
            case "t": value.append("\t")
            case "u":
                guard rest.popFirst() == "{", let end = rest.firstIndex(of: "}") else { return nil }
                let digits = String(String.UnicodeScalarView(rest[..<end]))
                guard let scalar = UInt32(digits, radix: 16).flatMap({ Unicode.Scalar($0) }) else { return nil }
                value.append(scalar)
                rest = rest[(end + 1)...]
            case let other?: value.append(other)
            case nil: return nil
            }
        }
        return String(value)
    }
}
