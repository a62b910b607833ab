import Gateway
import Testing
import Timeline

/// Vectors: http-tests/cache-tests (tests/cc-freshness.mjs, cc-parse.mjs, cc-response.mjs, cc-request.mjs, age-parse.mjs,
/// expires-parse.mjs, expires-freshness.mjs, authorization.mjs), by their identifiers. There a response is asked for again
/// after three seconds.
@Suite("What caches store (RFC 9111)")
struct ResponseCachingTests {
    private static let date = "Thu, 18 Aug 2022 02:01:18 GMT"

    /// Whether a response with these fields answers the same request three seconds later.
    private func answers(
        _ fields: KeyValuePairs<String, String>, to first: KeyValuePairs<String, String> = [:],
        then later: KeyValuePairs<String, String> = [:], isPrivate: Bool = false
    ) throws -> Bool {
        let caching = try ResponseCaching(isPrivate: isPrivate, longestLifetime: .maximum)
        let verdict = caching.storage(
            of: try response(200, fields), to: try request(.get, "/", first), askedAt: .zero, at: .zero)
        guard case .stored(let freshness) = verdict else { return false }
        switch freshness.answer(to: try Headers(later), at: .after(.seconds(3))) {
        case .fresh, .stale: return true
        case .validate, .refuse: return false
        }
    }

    @Test("lifetimes (sections 4.2.1 and 1.2.2)")
    func freshness() throws {
        let cases: [(String, KeyValuePairs<String, String>, Bool)] = [
            ("freshness-none", [:], false), ("freshness-max-age", ["Cache-Control": "max-age=3600"], true),
            ("freshness-max-age-stale", ["Cache-Control": "max-age=3"], false),
            ("freshness-max-age-0", ["Cache-Control": "max-age=0"], false),
            ("freshness-max-age-max", ["Cache-Control": "max-age=2147483648"], true),
            ("freshness-max-age-max-plus", ["Cache-Control": "max-age=99999999999999999999999"], true),
            ("freshness-max-age-age", ["Cache-Control": "max-age=3600", "Age": "7200"], false),
            (
                "freshness-max-age-expires",
                ["Cache-Control": "max-age=3600", "Expires": Self.date, "Date": Self.date], true
            ),
            ("freshness-max-age-expires-invalid", ["Cache-Control": "max-age=3600", "Expires": "0"], true),
            (
                "freshness-max-age-0-expires",
                ["Cache-Control": "max-age=0", "Expires": "Fri, 19 Aug 2022 02:01:18 GMT", "Date": Self.date], false
            ),
            ("freshness-max-age-extension", ["Cache-Control": "foobar, max-age=3600"], true),
            ("freshness-max-age-case-insenstive", ["Cache-Control": "MaX-aGe=3600"], true),
            ("freshness-max-age-negative", ["Cache-Control": "max-age=-3600"], false),
            ("freshness-s-maxage-shared", ["Cache-Control": "s-maxage=3600"], true),
            ("freshness-max-age-s-maxage-shared-longer", ["Cache-Control": "max-age=3600, s-maxage=1"], false),
            (
                "freshness-max-age-s-maxage-shared-longer-multiple",
                ["Cache-Control": "max-age=3600", "cache-control": "s-maxage=1"], false
            ),
            ("freshness-max-age-s-maxage-shared-shorter", ["Cache-Control": "max-age=1, s-maxage=3600"], true),
        ]
        for (name, fields, isAnswered) in cases { #expect(try answers(fields) == isAnswered, "\(name)") }
        let own = try answers(["Cache-Control": "s-maxage=3600, max-age=1"], isPrivate: true)
        #expect(!own, "freshness-max-age-s-maxage-private")
    }

    @Test("Cache-Control is read as it is written (section 5.2)")
    func parsing() throws {
        let cases: [(String, String, Bool)] = [
            ("freshness-max-age-two-fresh-stale-sameline", "max-age=1800, max-age=1", false),
            ("freshness-max-age-two-stale-fresh-sameline", "max-age=1, max-age=1800", false),
            ("freshness-max-age-quoted", "max-age=\"3600\"", true),
            ("freshness-max-age-ignore-quoted", "extension=\"max-age=3600\", max-age=1", false),
            ("freshness-max-age-ignore-quoted-rev", "max-age=1, extension=\"max-age=3600\"", false),
            ("freshness-max-age-space-before-equals", "max-age =3600", false),
            ("freshness-max-age-space-after-equals", "max-age= 3600", false),
            ("freshness-max-age-leading-zero", "max-age=003600", true),
            ("freshness-max-age-single-quoted", "max-age='3600'", false),
            ("freshness-max-age-decimal-five", "max-age=3600.5", false),
            ("freshness-max-age-a100", "max-age=a3600", false), ("freshness-max-age-100a", "max-age=3600a", false),
            ("nothing", "max-age", false), ("nothing", "max-age=", false), ("nothing", "max-age=\"", false),
        ]
        for (name, value, isAnswered) in cases {
            #expect(try answers(["Cache-Control": value]) == isAnswered, "\(name)")
        }
    }

    @Test("Age is read as it is written (section 5.1)")
    func ages() throws {
        let cases: [(String, KeyValuePairs<String, String>, Bool)] = [
            ("age-parse-nonnumeric", ["Age": "abc"], true), ("age-parse-negative", ["Age": "-7200"], true),
            ("age-parse-float", ["Age": "7200.0"], true), ("age-parse-large-minus-one", ["Age": "2147483647"], false),
            ("age-parse-large", ["Age": "2147483648"], false),
            ("age-parse-larger", ["Age": "99999999999999999999"], false),
            ("age-parse-suffix", ["Age": "7200, 0"], false), ("age-parse-prefix", ["Age": "0, 7200"], true),
            ("age-parse-suffix-twoline", ["Age": "7200", "age": "0"], false),
            ("age-parse-prefix-twoline", ["Age": "0", "age": "7200"], true),
        ]
        for (name, fields, isAnswered) in cases {
            var given = try response(200, ["Cache-Control": "max-age=3600"])
            for (field, value) in fields { try given.headers.append(try HeaderName(field), value) }
            let verdict = try ResponseCaching().storage(of: given, to: try request(), askedAt: .zero, at: .zero)
            var isFresh = false
            if case .stored(let freshness) = verdict { isFresh = freshness.remaining(at: .zero) > .zero }
            #expect(isFresh == isAnswered, "\(name)")
        }
    }

    @Test(
        "Expires counts from Date, in any of three forms (sections 4.2.1 and 5.3; RFC 9110, section 5.6.7)",
        arguments: [
            ("freshness-expires-32bit", "Tue, 19 Jan 2038 14:14:08 GMT", true),
            ("freshness-expires-far-future", "Sun, 21 Nov 2286 04:46:39 GMT", true),
            ("freshness-expires-rfc850", "Thursday, 18-Aug-50 02:01:18 GMT", true),
            ("freshness-expires-ansi-c", "Thu Aug  8 02:01:18 2050", true),
            ("freshness-expires-ansi-c", "Thu Aug 18 02:01:18 2050", true),
            ("freshness-expires-wrong-case-weekday", "THU, 18 Aug 2050 02:01:18 GMT", true),
            ("freshness-expires-wrong-case-month", "Thu, 18 AUG 2050 02:01:18 GMT", true),
            ("freshness-expires-wrong-case-tz", "Thu, 18 Aug 2050 02:01:18 gMT", true),
            ("freshness-expires-invalid-utc", "Thu, 18 Aug 2050 02:01:18 UTC", false),
            ("freshness-expires-invalid-aest", "Thu, 18 Aug 2050 02:01:18 AEST", false),
            ("freshness-expires-invalid-2-digit-year", "Thu, 18 Aug 50 02:01:18 GMT", false),
            ("freshness-expires-invalid-no-comma", "Thu 18 Aug 2050 02:01:18 GMT", false),
            ("freshness-expires-invalid-multiple-spaces", "Thu, 18  Aug  2050 02:01:18 GMT", false),
            ("freshness-expires-invalid-date-dashes", "Thu, 18-Aug-2050 02:01:18 GMT", false),
            ("freshness-expires-invalid-time-periods", "Thu, 18 Aug 2050 02.01.18 GMT", false),
            ("freshness-expires-invalid-1-digit-hour", "Thu, 18 Aug 2050 2:01:18 GMT", false),
            ("freshness-expires-present", "Thu, 18 Aug 2022 02:01:18 GMT", false),
            ("freshness-expires-past", "Thu, 18 Aug 2022 02:01:08 GMT", false),
            ("freshness-expires-future", "Thu, 18 Aug 2022 02:01:22 GMT", true),
            ("nothing", "", false), ("nothing", "0", false), ("nothing", ",", false), ("nothing", "Thu, ", false),
            ("nothing", "Thu, 32 Aug 2050 02:01:18 GMT", false), ("nothing", "Thu, 18 Aux 2050 02:01:18 GMT", false),
            ("nothing", "Thu, 18 Aug 2050 25:01:18 GMT", false),
        ])
    func expires(name: String, value: String, isAnswered: Bool) throws {
        #expect(try answers(["Expires": value, "Date": Self.date]) == isAnswered, "\(name)")
        let two = try answers(["Expires": value, "expires": value, "Date": Self.date])
        #expect(!two, "freshness-expires-invalid-multiple-lines")
    }

    @Test("moments of the calendar are as far apart as they are")
    func calendar() throws {
        let moments = [
            "Thu, 01 Jan 1970 00:00:00 GMT", "Tue, 29 Feb 2000 23:59:59 GMT", "Wed, 01 Mar 2000 00:00:00 GMT",
            "Sun, 28 Feb 2100 23:59:59 GMT", "Mon, 01 Mar 2100 00:00:00 GMT",
        ]
        let caching = try ResponseCaching(longestLifetime: .maximum)
        var lifetimes: [Int64] = []
        for (date, expires) in zip(moments, moments.dropFirst()) {
            let verdict = caching.storage(
                of: try response(200, ["Date": date, "Expires": expires]), to: try request(), askedAt: .zero, at: .zero)
            guard case .stored(let freshness) = verdict else { continue }
            lifetimes.append(freshness.lifetime.nanoseconds / 1_000_000_000)
        }
        #expect(lifetimes == [951_868_799, 1, 3_155_673_599, 1])
    }

    private func refusal(
        _ status: Int = 200, _ fields: KeyValuePairs<String, String> = ["Cache-Control": "max-age=3600"],
        to method: Method = .get, _ asked: KeyValuePairs<String, String> = [:], isPrivate: Bool = false
    ) throws -> StorageRefusal? {
        let caching = try ResponseCaching(isPrivate: isPrivate)
        let verdict = caching.storage(
            of: try response(status, fields), to: try request(method, "/", asked), askedAt: .zero, at: .zero)
        guard case .refused(let reason) = verdict else { return nil }
        return reason
    }

    @Test("what may not be stored is not, and says why (section 3)")
    func refused() throws {
        #expect(try refusal() == nil)
        #expect(try refusal(200, ["Cache-Control": "No-StOrE, max-age=10000"]) == .noStore)
        #expect(try refusal(200, ["Cache-Control": "no-store, must-understand, max-age=9"]) == nil)
        #expect(try refusal(to: .get, ["Cache-Control": "no-store"]) == .noStore)
        #expect(try refusal(200, ["Cache-Control": "private, max-age=3600"]) == .isPrivate)
        #expect(try refusal(200, ["Cache-Control": "private=\"a\", max-age=3600"]) == .isPrivate)
        #expect(try refusal(200, ["Cache-Control": "max-age=9", "Set-Cookie": "a=b"]) == .cookie)
        for method in Method.allCases where method != .get { #expect(try refusal(to: method) == .method) }
        #expect(try refusal(to: .get, ["Range": "bytes=0-9"]) == .method)
        for status in [100, 206, 304, 299, 499, 799, 0] { #expect(try refusal(status) == .status, "\(status)") }
        for status in [200, 203, 204, 301, 302, 404, 410, 503] { #expect(try refusal(status) == nil, "\(status)") }
        #expect(try refusal(200, [:]) == .lifetime)
        #expect(try refusal(200, ["Cache-Control": "max-age=0"]) == .stale)
        #expect(try refusal(200, ["Cache-Control": "max-age=0", "ETag": "\"a\""]) == nil)
        #expect(try refusal(200, ["Cache-Control": "no-cache, max-age=60"]) == .stale)
        let large = Response(.ok, headers: try Headers(["Cache-Control": "max-age=9"]), bodySize: 1_048_577)
        let verdict = try ResponseCaching().storage(of: large, to: try request(), askedAt: .zero, at: .zero)
        #expect(verdict == .refused(.size))
    }

    @Test("what varies by anything is not stored: vary-syntax-star and its kin (section 4.1)")
    func varyAny() throws {
        for value in ["*", "*, *", ", *", "*, Foo", "Foo, *"] {
            #expect(try refusal(200, ["Cache-Control": "max-age=5000", "Vary": value]) == .varyAny)
        }
        #expect(try refusal(200, ["Cache-Control": "max-age=5000", "Vary": "", "vary": "*"]) == .varyAny)
        #expect(try refusal(200, ["Cache-Control": "max-age=5000", "Vary": "Foo"]) == nil)
    }

    @Test("answers to requests with Authorization are shared if they allow it (section 3.5)")
    func authorization() throws {
        let asked: KeyValuePairs = ["Authorization": "FOO"]
        #expect(try refusal(200, ["Cache-Control": "max-age=3600"], to: .get, asked) == .authorization)
        for value in ["max-age=3600, public", "max-age=3600, must-revalidate", "s-maxage=3600"] {
            #expect(try refusal(200, ["Cache-Control": value], to: .get, asked) == nil)
        }
    }

    @Test("a cache of one identity stores what is for it alone (sections 3.5 and 5.2.2.7)")
    func ownCache() throws {
        let fields: KeyValuePairs = ["Cache-Control": "private, max-age=3600", "Set-Cookie": "a=b"]
        #expect(try refusal(200, fields, to: .get, ["Authorization": "FOO"], isPrivate: true) == nil)
        #expect(try refusal(200, ["Cache-Control": "no-store"], isPrivate: true) == .noStore)
    }

    @Test("a route's own lifetime goes for what says nothing, where the status allows it (section 4.2.2)")
    func ruleOfThumb() throws {
        let caching = try ResponseCaching(defaultLifetime: .seconds(30), longestLifetime: .seconds(60))
        let cases: [(Int, KeyValuePairs<String, String>, Duration?)] = [
            (200, [:], .seconds(30)), (404, [:], .seconds(30)), (302, [:], nil), (503, [:], nil),
            (302, ["Cache-Control": "public"], .seconds(30)), (200, ["Cache-Control": "max-age=5"], .seconds(5)),
            (200, ["Cache-Control": "max-age=3600"], .seconds(60)),
        ]
        for (status, fields, lifetime) in cases {
            let verdict = caching.storage(
                of: try response(status, fields), to: try request(), askedAt: .zero, at: .zero)
            var found: Duration?
            if case .stored(let freshness) = verdict { found = freshness.lifetime }
            #expect(found == lifetime, "\(status) \(fields)")
        }
        #expect(throws: SettingError.self) { try ResponseCaching(defaultLifetime: .zero) }
        #expect(throws: SettingError.self) { try ResponseCaching(longestLifetime: .zero) }
        #expect(throws: SettingError.self) { try ResponseCaching(mostBytes: -1) }
    }

    @Test("what a client wishes is heard: ccreq (section 5.2.1)")
    func wishes() throws {
        let hour = "max-age=3600"
        #expect(!(try answers(["Cache-Control": hour], then: ["Cache-Control": "max-age=0"])), "ccreq-ma0")
        #expect(!(try answers(["Cache-Control": hour], then: ["Cache-Control": "max-age=1"])), "ccreq-ma1")
        #expect(try answers(["Cache-Control": hour], then: ["Cache-Control": "max-age=3"]))
        let aged: KeyValuePairs = ["Cache-Control": hour, "Age": "1800"]
        #expect(!(try answers(aged, then: ["Cache-Control": "max-age=600"])), "ccreq-magreaterage")
        let short: KeyValuePairs = ["Cache-Control": "max-age=2", "ETag": "\"a\""]
        #expect(!(try answers(short)))
        #expect(try answers(short, then: ["Cache-Control": "max-stale=1000"]), "ccreq-max-stale")
        #expect(try answers(short, then: ["Cache-Control": "max-stale"]))
        #expect(!(try answers(short, then: ["Cache-Control": "max-stale=1"])))
        let old: KeyValuePairs = ["Cache-Control": "max-age=1500", "Age": "2000", "ETag": "\"a\""]
        #expect(try answers(old, then: ["Cache-Control": "max-stale=1000"]), "ccreq-max-stale-age")
        let half: KeyValuePairs = ["Cache-Control": "max-age=1500"]
        #expect(!(try answers(half, then: ["Cache-Control": "min-fresh=2000"])), "ccreq-min-fresh")
        #expect(try answers(half, then: ["Cache-Control": "min-fresh=1497"]))
        #expect(!(try answers(["Cache-Control": hour], then: ["Cache-Control": "no-cache"])), "ccreq-no-cache")
        for value in ["max-age=2, must-revalidate", "max-age=2, proxy-revalidate", "s-maxage=2"] {
            let given: KeyValuePairs = ["Cache-Control": value, "ETag": "\"a\""]
            #expect(!(try answers(given, then: ["Cache-Control": "max-stale"])), "section 4.2.4: \(value)")
        }
    }

    private func freshness(_ value: String, askedAt: Instant = .zero, at now: Instant = .zero) throws -> Freshness {
        let given = try response(200, ["Cache-Control": value, "ETag": "\"a\""], age: .seconds(2))
        let verdict = try ResponseCaching().storage(of: given, to: try request(), askedAt: askedAt, at: now)
        guard case .stored(let freshness) = verdict else { throw RequestError.malformedName }
        return freshness
    }

    @Test("a response ages on its way and in the cache, and ends at the very nanosecond (section 4.2.3)")
    func aging() throws {
        let freshness = try freshness("max-age=10", askedAt: .after(.seconds(1)), at: .after(.seconds(4)))
        #expect(freshness.initialAge == .seconds(5))
        let end = Instant.after(.seconds(9))
        #expect(freshness.answer(to: Headers(), at: end - .nanoseconds(1)) == .fresh(age: .nanoseconds(9_999_999_999)))
        #expect(freshness.answer(to: Headers(), at: end) == .validate)
        #expect(freshness.remaining(at: end) == .zero)
        var answer = try response(200, ["Age": "0", "age": "7"])
        freshness.stamp(&answer, at: end - .nanoseconds(1))
        #expect(answer.headers.values(of: .age) == ["9"], "other-age-gen")
        #expect(answer.age == .nanoseconds(9_999_999_999))
    }

    @Test("a request for cached answers alone gets 504 rather than the backend (section 5.2.1.7): ccreq-oic")
    func onlyIfCached() throws {
        let wish = try Headers(["Cache-Control": "only-if-cached"])
        let freshness = try freshness("max-age=10")
        #expect(freshness.answer(to: wish, at: .zero) == .fresh(age: .seconds(2)))
        #expect(freshness.answer(to: wish, at: .after(.seconds(8))) == .refuse)
    }

    @Test("a stale response answers when the backend fails, for as long as it says (RFC 5861, section 4)")
    func staleIfError() throws {
        let given = try freshness("max-age=10, stale-if-error=5")
        #expect(given.answersDespiteError(at: .after(.nanoseconds(12_999_999_999))))
        #expect(!given.answersDespiteError(at: .after(.seconds(13))))
        #expect(!(try freshness("max-age=10")).answersDespiteError(at: .after(.seconds(8))))
        let strict = try freshness("max-age=10, stale-if-error=5, must-revalidate")
        #expect(!strict.answersDespiteError(at: .after(.seconds(8))))
        #expect(strict.answersDespiteError(at: .after(.seconds(7))))
    }

    @Test("changes that may have worked invalidate (section 4.4): invalidate-*")
    func invalidation() {
        for method in Method.allCases {
            let changes = [Method.post, .put, .delete, .patch].contains(method)
            #expect(ResponseCaching.invalidates(method, Status(200)) == changes)
            #expect(ResponseCaching.invalidates(method, Status(303)) == changes)
            #expect(!ResponseCaching.invalidates(method, Status(500)))
            #expect(!ResponseCaching.invalidates(method, Status(404)))
        }
    }

    @Test("GET and HEAD of whole bodies are answered from a cache (section 4)")
    func methods() throws {
        let caching = try ResponseCaching()
        for method in Method.allCases {
            let isAnswered = method == .get || method == .head
            #expect(caching.mayAnswer(try request(method)) == isAnswered)
        }
        #expect(!caching.mayAnswer(try request(.get, "/", ["Range": "bytes=0-1"])))
    }
}
