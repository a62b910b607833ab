import Gateway
import Testing
import Timeline

@Suite("Attacks on tokens")
struct TokenAttackTests {
    static let now = Instant.after(.seconds(10_000))

    /// A verifier that has fetched the keys: one that signs, an old one that is still honoured, one that is not any more,
    /// and one that is not published yet.
    static func verifier(_ rules: TokenRules? = nil) throws -> TokenVerifier {
        let keys = try KeySet([
            SigningKey("new", publishedAt: .after(.seconds(8_000)), signsFrom: .after(.seconds(9_000))),
            SigningKey("old", retiredAt: .after(.seconds(9_000)), honouredUntil: .after(.seconds(11_000))),
            SigningKey("retired", retiredAt: .after(.seconds(5_000)), honouredUntil: now),
            SigningKey("coming", publishedAt: now + .nanoseconds(1)),
            SigningKey("rsa", .rs256),
        ])
        let rules = try rules ?? TokenRules(issuer: "https://issuer.example", audiences: ["shop", "stock"])
        var verifier = TokenVerifier(rules, keys: try KeyCacheSettings())
        _ = verifier.keys.look("new", at: now)
        verifier.keys.fetched(keys, at: now)
        return verifier
    }

    static func token() throws -> BearerToken {
        BearerToken(
            issuer: "https://issuer.example", audiences: ["shop"], subject: "ada", tenant: "acme",
            scopes: try Scopes(["orders:read", "orders:write"]), expiresAt: now + .seconds(60), notBefore: now,
            issuedAt: now, id: "t1", keyID: "new")
    }

    struct Attack: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var refusal: TokenRefusal?
        var change: @Sendable (inout BearerToken) -> Void

        init(_ name: String, _ refusal: TokenRefusal?, _ change: @escaping @Sendable (inout BearerToken) -> Void) {
            (testDescription, self.refusal, self.change) = (name, refusal, change)
        }
    }

    static let signatureAttacks: [Attack] = [
        Attack("nothing changed", nil) { _ in },
        Attack("alg none (RFC 8725, section 3.2)", .algorithm(.none)) { $0.algorithm = .none },
        Attack("alg none and no signature", .algorithm(.none)) { ($0.algorithm, $0.signedBy) = (.none, nil) },
        Attack("the public key as HMAC secret (RFC 8725, section 2.1)", .algorithm(.hs256)) { $0.algorithm = .hs256 },
        Attack("an allowed algorithm that is not the key's (RFC 8725, section 3.1)", .algorithmOfKey) {
            $0.algorithm = .rs256
        },
        Attack("no signature", .unsigned) { $0.signedBy = nil },
        Attack("no key named", .noKeyID) { $0.keyID = nil },
        Attack("signed with another of the issuer's keys", .signature) { $0.signedBy = "old" },
        Attack("signed with a key of the attacker's", .signature) { $0.signedBy = "attacker's" },
        Attack("an attacker's key, named and used", .unknownKey) { ($0.keyID, $0.signedBy) = ("evil", "evil") },
        Attack("an empty key id", .unknownKey) { ($0.keyID, $0.signedBy) = ("", "") },
        Attack("a key id that is the start of another", .unknownKey) { $0.keyID = "ne" },
        Attack("a key id in upper case", .unknownKey) { $0.keyID = "NEW" },
        Attack("a key that was retired, in its overlap", nil) { ($0.keyID, $0.signedBy) = ("old", "old") },
        Attack("a key after its overlap", .keyRetired) { ($0.keyID, $0.signedBy) = ("retired", "retired") },
        Attack("a key before its publication", .keyNotPublished) { ($0.keyID, $0.signedBy) = ("coming", "coming") },
    ]

    static let claimAttacks: [Attack] = [
        Attack("another issuer", .issuer) { $0.issuer = "https://evil.example" },
        Attack("the issuer with a slash more", .issuer) { $0.issuer += "/" },
        Attack("the issuer with another last letter", .issuer) { $0.issuer = "https://issuer.examplf" },
        Attack("the issuer with another first letter", .issuer) { $0.issuer = "ittps://issuer.example" },
        Attack("the issuer in upper case", .issuer) { $0.issuer = "https://ISSUER.example" },
        Attack("no audience", .audience) { $0.audiences = [] },
        Attack("another audience", .audience) { $0.audiences = ["bank"] },
        Attack("an audience that begins as ours", .audience) { $0.audiences = ["shop2", "sho", "Shop", ""] },
        Attack("ours among several audiences", nil) { $0.audiences = ["bank", "stock"] },
        Attack("nobody", .noSubject) { $0.subject = "" },
        Attack("no end", .noExpiry) { $0.expiresAt = nil },
        Attack("a nanosecond before its end", nil) { $0.expiresAt = now + .nanoseconds(1) },
        Attack("at its end (RFC 7519, section 4.1.4)", .expired) { $0.expiresAt = now },
        Attack("a nanosecond after its end", .expired) { $0.expiresAt = now - .nanoseconds(1) },
        Attack("an end before all time", .expired) { $0.expiresAt = Instant(nanoseconds: .min) },
        Attack("at its beginning (RFC 7519, section 4.1.5)", nil) { $0.notBefore = now },
        Attack("a nanosecond before its beginning", .notYetValid) { $0.notBefore = now + .nanoseconds(1) },
        Attack("issued in a nanosecond", .issuedInFuture) { $0.issuedAt = now + .nanoseconds(1) },
        Attack("without beginning and issue", nil) { ($0.notBefore, $0.issuedAt) = (nil, nil) },
    ]

    @Test("signatures and keys", arguments: signatureAttacks)
    func signatures(attack: Attack) throws { try check(attack) }

    @Test("claims", arguments: claimAttacks)
    func claims(attack: Attack) throws { try check(attack) }

    private func check(_ attack: Attack) throws {
        var (verifier, token) = (try Self.verifier(), try Self.token())
        attack.change(&token)
        var verdict = verifier.verify(token, requiring: .none, at: Self.now)
        // A second later an unknown key is still unknown, and nobody has been asked again meanwhile.
        if attack.refusal == .unknownKey { verdict = verifier.verify(token, requiring: .none, at: Self.now) }
        if let refusal = attack.refusal {
            #expect(verdict == .refused(refusal))
            #expect(refusal.status == 401)
            #expect(refusal.challenge(realm: .gateway) == "Bearer realm=\"gateway\", error=\"invalid_token\"")
        } else {
            let identity = Identity(
                subject: "ada", tenant: "acme", scopes: token.scopes, means: .bearer(keyID: token.keyID ?? ""))
            #expect(verdict == .accepted(identity))
        }
        #expect(verifier.keys.fetches == 1)
    }

    @Test("texts are compared byte by byte, though Swift holds some of other bytes to be equal")
    func canonicalEquivalence() throws {
        let rules = try TokenRules(issuer: "Key", audiences: ["caf\u{e9}"])
        var verifier = try Self.verifier(rules)
        var token = try Self.token()
        (token.issuer, token.audiences) = ("\u{212a}ey", ["caf\u{e9}"])
        #expect(token.issuer == rules.issuer)
        #expect(verifier.verify(token, at: Self.now) == .refused(.issuer))
        (token.issuer, token.audiences) = ("Key", ["cafe\u{301}"])
        #expect(verifier.verify(token, at: Self.now) == .refused(.audience))
        // Marks in another order are as many bytes.
        let other = try TokenRules(issuer: "a\u{323}\u{307}", audiences: ["shop"])
        verifier = try Self.verifier(other)
        (token.issuer, token.audiences) = ("a\u{307}\u{323}", ["shop"])
        #expect(token.issuer == other.issuer)
        #expect(verifier.verify(token, at: Self.now) == .refused(.issuer))
    }

    @Test(
        "a scope is a whole name: not the start of one, nor another case (RFC 6750, section 3.1)",
        arguments: [
            (["orders:read"], ["orders:read"], true), (["orders:read"], [], true), ([], ["orders:read"], false),
            (["orders"], ["orders:read"], false), (["orders:read:all"], ["orders:read"], false),
            (["Orders:Read"], ["orders:read"], false), (["orders:read"], ["orders:read", "orders:write"], false),
            (["b", "c", "a"], ["c", "a"], true), (["a", "c"], ["b"], false), (["*"], ["orders:read"], false),
        ] as [([String], [String], Bool)])
    func scopes(given: [String], wanted: [String], isEnough: Bool) throws {
        var (verifier, token) = (try Self.verifier(), try Self.token())
        token.scopes = try Scopes(given)
        let required = try Scopes(wanted)
        let verdict = verifier.verify(token, requiring: required, at: Self.now)
        let refusal = TokenRefusal.insufficientScope(required)
        #expect(verdict.isAccepted == isEnough && (isEnough || verdict == .refused(refusal)))
        let challenge = "Bearer realm=\"gateway\", error=\"insufficient_scope\", scope=\"\(required)\""
        #expect(refusal.status == 403 && refusal.challenge(realm: .gateway) == challenge)
    }

    @Test("scopes are names as RFC 6749 has them (section 3.3)")
    func scopeNames() throws {
        #expect(try Scopes(text: "b a  b").names == ["a", "b"])
        #expect(try Scopes(["b", "a", "b"]).description == "a b")
        for name in ["", "a b", "a\"b", "a\\b", "é", "a\n", "\u{7f}"] {
            #expect(throws: SettingError.self) { try Scopes([name]) }
        }
        let many = (0...64).map { "s\($0)" }
        #expect(throws: SettingError.self) { try Scopes(many) }
    }

    @Test("with a leeway all bounds of time move by exactly it")
    func leeway() throws {
        let rules = try TokenRules(issuer: "https://issuer.example", audiences: ["shop"], leeway: .seconds(30))
        let (now, nano) = (Self.now, Duration.nanoseconds(1))
        let (early, late) = (now - .seconds(30), now + .seconds(30))
        let moments: [(Instant, Instant, Instant, TokenRefusal?)] = [
            (early + nano, late, late, nil), (early, late, late, .expired),
            (early + nano, late + nano, late, .notYetValid), (early + nano, late, late + nano, .issuedInFuture),
        ]
        for (end, start, issued, refusal) in moments {
            var (verifier, token) = (try Self.verifier(rules), try Self.token())
            (token.expiresAt, token.notBefore, token.issuedAt) = (end, start, issued)
            let expected: TokenVerdict = refusal.map { .refused($0) } ?? .accepted(identity(of: token))
            #expect(verifier.verify(token, at: now) == expected)
        }
    }

    private func identity(of token: BearerToken) -> Identity {
        Identity(subject: "ada", tenant: "acme", scopes: token.scopes, means: .bearer(keyID: "new"))
    }

    @Test("a token lives no longer than is allowed, from its issue or else from now")
    func longestLife() throws {
        let rules = try TokenRules(issuer: "https://issuer.example", audiences: ["shop"], longestLife: .seconds(60))
        let cases: [(Duration, Duration?, TokenRefusal?)] = [
            (.seconds(60), .zero, nil), (.nanoseconds(60_000_000_001), .zero, .lifeTooLong),
            (.seconds(59), .seconds(-2), .lifeTooLong), (.seconds(60), nil, nil), (.seconds(61), nil, .lifeTooLong),
        ]
        for (life, issued, refusal) in cases {
            var (verifier, token) = (try Self.verifier(rules), try Self.token())
            token.expiresAt = Self.now + life
            token.issuedAt = issued.map { Self.now + $0 }
            let expected: TokenVerdict = refusal.map { .refused($0) } ?? .accepted(identity(of: token))
            #expect(verifier.verify(token, at: Self.now) == expected)
        }
    }

    @Test("the first rule that is broken is named, in one order")
    func order() throws {
        var (verifier, token) = (try Self.verifier(), try Self.token())
        (token.algorithm, token.signedBy, token.keyID, token.issuer) = (.none, nil, nil, "evil")
        (token.audiences, token.subject, token.expiresAt, token.scopes) = ([], "", nil, .none)
        let required = try Scopes(["orders:read"])
        var rules: [String] = []
        func note(_ change: (inout BearerToken) -> Void) {
            if case .refused(let refusal) = verifier.verify(token, requiring: required, at: Self.now) {
                rules.append(refusal.description)
            }
            change(&token)
        }
        note { $0.algorithm = .rs256 }
        note { $0.signedBy = "old" }
        note { $0.keyID = "new" }
        note { $0.issuer = "https://issuer.example" }
        note { $0.algorithm = .es256 }
        note { $0.signedBy = "new" }
        note { $0.audiences = ["shop"] }
        note { $0.subject = "ada" }
        note { $0.expiresAt = Self.now + .seconds(1) }
        note { $0.scopes = required }
        note { _ in }
        #expect(
            rules == [
                "algorithm none not allowed", "no signature", "no key id", "another issuer",
                "key is for another algorithm", "signed with another key", "another audience", "no subject",
                "no expiry", "does not allow orders:read",
            ])
    }

    @Test("rules that cannot be are refused by name")
    func settings() throws {
        func name(_ make: () throws(SettingError) -> TokenRules) -> String? {
            do throws(SettingError) { return try make().issuer } catch { return error.setting }
        }
        #expect(name { () throws(SettingError) in try TokenRules(issuer: "", audiences: ["a"]) } == "issuer")
        #expect(name { () throws(SettingError) in try TokenRules(issuer: "i", audiences: []) } == "audiences")
        #expect(name { () throws(SettingError) in try TokenRules(issuer: "i", audiences: [""]) } == "audiences")
        let none = name { () throws(SettingError) in
            try TokenRules(issuer: "i", audiences: ["a"], algorithms: [.es256, .none])
        }
        #expect(none == "algorithms")
        let leeway = name { () throws(SettingError) in
            try TokenRules(issuer: "i", audiences: ["a"], leeway: .minutes(6))
        }
        #expect(leeway == "leeway")
        let single = name { () throws(SettingError) in try TokenRules(issuer: "i", audiences: ["a"], singleUse: 0) }
        #expect(single == "singleUse")
        #expect(throws: SettingError.self) { try Realm("a\"b") }
        #expect(throws: SettingError.self) { try SigningKey("") }
        #expect(throws: SettingError.self) { try SigningKey("a", SigningAlgorithm.none) }
        #expect(throws: SettingError.self) { try SigningKey("a", signsFrom: .after(.seconds(-1))) }
    }
}

extension TokenVerdict {
    var isAccepted: Bool { if case .accepted = self { true } else { false } }
}
