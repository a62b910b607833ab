import Gateway
import Testing
import Timeline

@Suite("Authenticator")
struct AuthenticatorTests {
    private let now = TokenAttackTests.now

    private func keys() throws -> APIKeys {
        let scopes = try Scopes(["orders:read"])
        return try APIKeys([
            APIKey(
                name: "shop-1", KeyFingerprint(simulating: "secret 1"), subject: "shop", tenant: "acme",
                scopes: scopes, rateClass: "gold"),
            APIKey(name: "shop-2", KeyFingerprint(simulating: "secret 2"), subject: "shop", expiresAt: now),
            APIKey(
                name: "shop-3", KeyFingerprint(simulating: "secret 3"), subject: "shop",
                expiresAt: now + .nanoseconds(1)),
            APIKey(name: "lost", KeyFingerprint(simulating: "secret 4"), subject: "shop", isRevoked: true),
        ])
    }

    private func authenticator(
        _ order: Authenticator.Order = .apiKeyFirst, failures: FailureGuard? = nil
    ) throws -> Authenticator {
        Authenticator(order, apiKeys: try keys(), tokens: try TokenAttackTests.verifier(), failures: failures)
    }

    private func key(_ text: String) -> Credentials {
        Credentials(apiKey: KeyFingerprint(simulating: text), client: 1)
    }

    @Test(
        "API keys: several of one subject are good at once; at its end one has ended",
        arguments: [
            ("secret 1", nil), ("secret 2", .expired("shop-2")), ("secret 3", nil), ("secret 4", .revoked("lost")),
            ("secret 5", .unknown), ("", .unknown),
        ] as [(String, APIKeyRefusal?)])
    func apiKeys(secret: String, refusal: APIKeyRefusal?) throws {
        switch try keys().verify(KeyFingerprint(simulating: secret), at: now) {
        case .success(let identity): #expect(refusal == nil && identity.subject == "shop")
        case .failure(let found): #expect(found == refusal)
        }
    }

    @Test("an identity says whose key it is, and what its owner may do")
    func identity() throws {
        var authenticator = try authenticator()
        let scopes = try Scopes(["orders:read"])
        let expected = Identity(
            subject: "shop", tenant: "acme", scopes: scopes, rateClass: "gold", means: .apiKey("shop-1"))
        #expect(authenticator.authenticate(key("secret 1"), for: .required(scopes), at: now) == .identified(expected))
        let decision = authenticator.authenticate(key("secret 3"), for: .required(scopes), at: now)
        #expect(decision == .refused(.apiKey(.insufficientScope(scopes))))
    }

    @Test("fingerprints differ in any of their bits, and only then")
    func fingerprints() throws {
        let zero = KeyFingerprint(0, 0, 0, 0)
        for bit in 0..<64 as Range<UInt64> {
            let one: UInt64 = 1 << bit
            #expect(KeyFingerprint(one, 0, 0, 0) != zero && KeyFingerprint(0, one, 0, 0) != zero)
            #expect(KeyFingerprint(0, 0, one, 0) != zero && KeyFingerprint(0, 0, 0, one) != zero)
        }
        #expect(zero == KeyFingerprint(0, 0, 0, 0))
        // Keys whose short forms are the same are told apart.
        var keys = APIKeys()
        for number in 0..<100 as Range<UInt64> {
            try keys.add(APIKey(name: "k\(number)", KeyFingerprint(7, number, 0, 0), subject: "s\(number)"))
        }
        for number in 0..<100 as Range<UInt64> {
            let found = keys.verify(KeyFingerprint(7, number, 0, 0), at: .zero)
            #expect(try found.get().subject == "s\(number)")
        }
        #expect(keys.verify(KeyFingerprint(7, 100, 0, 0), at: .zero) == .failure(.unknown))
    }

    @Test("a name or a secret that another key has is refused; keys can be revoked and ended")
    func keyTable() throws {
        var keys = try keys()
        let (known, new) = (KeyFingerprint(simulating: "secret 1"), KeyFingerprint(simulating: "new"))
        #expect(throws: SettingError.self) { try keys.add(APIKey(name: "shop-1", new, subject: "a")) }
        #expect(throws: SettingError.self) { try keys.add(APIKey(name: "other", known, subject: "a")) }
        #expect(throws: SettingError.self) { try APIKey(name: "a", new, subject: "") }
        #expect(keys.expire("shop-1", at: now) && keys.verify(known, at: now) == .failure(.expired("shop-1")))
        #expect(keys.revoke("shop-1") && keys.verify(known, at: .zero) == .failure(.revoked("shop-1")))
        #expect(!keys.revoke("nobody") && !keys.expire("nobody", at: now) && keys.keys.count == 4)
    }

    @Test("the client hears nothing of what was wrong with a key", arguments: ["secret 2", "secret 4", "secret 5"])
    func silence(secret: String) throws {
        var authenticator = try authenticator()
        guard case .refused(let refusal) = authenticator.authenticate(key(secret), for: .optional, at: now) else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.status == 401 && refusal.retryAfter == nil)
        #expect(authenticator.challenges(for: refusal, realm: .gateway) == ["ApiKey realm=\"gateway\""])
    }

    @Test("of two credentials the one decides that is set to go first, and it alone")
    func order() throws {
        let good = KeyFingerprint(simulating: "secret 1")
        var token = try TokenAttackTests.token()
        token.expiresAt = now
        let both = Credentials(apiKey: good, bearer: token, client: 1)
        var (keyFirst, bearerFirst) = (try authenticator(), try authenticator(.bearerFirst))
        guard case .identified = keyFirst.authenticate(both, for: .optional, at: now) else {
            Issue.record("not identified")
            return
        }
        #expect(bearerFirst.authenticate(both, for: .optional, at: now) == .refused(.token(.expired)))
        // What is not accepted is not looked at.
        bearerFirst.tokens = nil
        #expect(bearerFirst.authenticate(both, for: .optional, at: now) != .refused(.token(.expired)))
        let alone = Credentials(bearer: token, client: 1)
        #expect(keyFirst.authenticate(alone, for: .optional, at: now) == .refused(.token(.expired)))
        #expect(bearerFirst.authenticate(alone, for: .required(.none), at: now) == .refused(.missing))
    }

    @Test("nobody in particular: an open route looks at nothing, an optional one only at what is there")
    func anonymous() throws {
        var authenticator = try authenticator()
        let nothing = Credentials(client: 1)
        let required = AuthRequirement.required(.none)
        #expect(authenticator.authenticate(key("wrong"), for: .open, at: now) == .identified(.anonymous))
        #expect(authenticator.authenticate(nothing, for: .optional, at: now) == .identified(.anonymous))
        #expect(authenticator.authenticate(nothing, for: required, at: now) == .refused(.missing))
        #expect(authenticator.authenticate(key("wrong"), for: .optional, at: now) == .refused(.apiKey(.unknown)))
    }

    @Test("a 401 always says how to do better (RFC 9110, section 15.5.2), and names no error to who presented nothing")
    func challenges() throws {
        let authenticator = try authenticator()
        let (key, bearer) = ("ApiKey realm=\"gateway\"", "Bearer realm=\"gateway\"")
        #expect(authenticator.challenges(for: .missing, realm: .gateway) == [key, bearer])
        let onlyKeys = Authenticator(apiKeys: try keys())
        #expect(onlyKeys.challenges(for: .missing, realm: .gateway) == [key])
        #expect(Authenticator().challenges(for: .missing, realm: .gateway) == [bearer])
        let expired = authenticator.challenges(for: .token(.expired), realm: .gateway)
        #expect(expired == [bearer + ", error=\"invalid_token\""])
        #expect(AuthRefusal.missing.status == 401 && AuthRefusal.token(.expired).status == 401)
    }

    @Test("who fails too often is kept away, with what is right too, and others are not")
    func keptAway() throws {
        let rules = try FailureRules(free: 2, firstDelay: .seconds(1), longestDelay: .seconds(3))
        var authenticator = try authenticator(failures: FailureGuard(rules))
        for _ in 0..<3 {
            let decision = authenticator.authenticate(key("guess"), for: .optional, at: now)
            #expect(decision == .refused(.apiKey(.unknown)))
        }
        let refusal = AuthRefusal.keptAway(retryAfter: .seconds(1))
        #expect(authenticator.authenticate(key("secret 1"), for: .optional, at: now) == .refused(refusal))
        #expect(refusal.status == 429 && refusal.retryAfter == .seconds(1))
        #expect(authenticator.challenges(for: refusal, realm: .gateway).isEmpty)
        let other = Credentials(apiKey: KeyFingerprint(simulating: "secret 1"), client: 2)
        guard case .identified = authenticator.authenticate(other, for: .optional, at: now) else {
            Issue.record("another client was kept away")
            return
        }
        let later = now + .seconds(1)
        #expect(authenticator.authenticate(key("guess"), for: .optional, at: later) == .refused(.apiKey(.unknown)))
        let longer = AuthRefusal.keptAway(retryAfter: .seconds(2))
        #expect(authenticator.authenticate(key("guess"), for: .optional, at: later) == .refused(longer))
    }

    @Test("what time and rotation bring about does not count against a client")
    func honest() throws {
        let rules = try FailureRules(free: 0)
        var authenticator = try authenticator(failures: FailureGuard(rules))
        var token = try TokenAttackTests.token()
        token.expiresAt = now
        let expired = Credentials(bearer: token, client: 1)
        for _ in 0..<10 {
            #expect(authenticator.authenticate(expired, for: .optional, at: now) == .refused(.token(.expired)))
        }
        token.signedBy = "evil"
        let forged = Credentials(bearer: token, client: 1)
        #expect(authenticator.authenticate(forged, for: .optional, at: now) == .refused(.token(.signature)))
        guard case .refused(.keptAway) = authenticator.authenticate(forged, for: .optional, at: now) else {
            Issue.record("not kept away")
            return
        }
    }
}
