import Gateway
import Testing
import Timeline

@Suite("Rotation of keys")
struct KeyRotationTests {
    private func at(_ seconds: Int64) -> Instant { .after(.seconds(seconds)) }

    @Test("a key is published before it signs and honoured after; what it has signed is accepted throughout")
    func rotation() throws {
        var issuer = try KeySet([SigningKey("a")])
        try issuer.rotate(to: "b", at: at(100), lead: .seconds(60), overlap: .seconds(300))
        let signers = [(99, "a"), (100, "a"), (159, "a"), (160, "b"), (1_000, "b")] as [(Int64, String)]
        for (second, id) in signers { #expect(issuer.signer(at: at(second))?.id == id) }
        let published: [(Int64, [String])] = [
            (99, ["a"]), (100, ["a", "b"]), (459, ["a", "b"]), (460, ["b"]), (9_999, ["b"]),
        ]
        for (second, ids) in published { #expect(issuer.published(at: at(second)).keys.map(\.id) == ids) }
        // A third key before the second has signed leaves the first at work until then.
        try issuer.rotate(to: "c", at: at(130), lead: .seconds(60), overlap: .seconds(10))
        #expect(issuer.signer(at: at(159))?.id == "a" && issuer.signer(at: at(160))?.id == "b")
        #expect(issuer.signer(at: at(190))?.id == "c" && issuer["b"]?.honouredUntil == at(200))
        // One that signs earlier than a key that waits takes its place: that one never signs.
        try issuer.rotate(to: "d", at: at(140), lead: .seconds(5), overlap: .seconds(10))
        #expect(issuer.signer(at: at(145))?.id == "d" && issuer.signer(at: at(170))?.id == "d")
        #expect(issuer["b"]?.retiredAt == at(160) && issuer["b"]?.signsFrom == at(160))
    }

    @Test("a key that is revoked neither signs nor is honoured, and an id is given only once")
    func revoked() throws {
        var issuer = try KeySet([SigningKey("a")])
        #expect(issuer.revoke("a", at: at(5)) && !issuer.revoke("b", at: at(5)))
        #expect(issuer.signer(at: at(5)) == nil && issuer.signer(at: at(4))?.id == "a")
        #expect(issuer.published(at: at(5)).keys.isEmpty)
        #expect(throws: SettingError.self) { try KeySet([SigningKey("a"), SigningKey("a")]) }
        try issuer.rotate(to: "a", at: at(6), lead: .zero, overlap: .zero)
        let before = issuer
        #expect(throws: SettingError.self) {
            try issuer.rotate(to: "a", at: Instant.after(.seconds(7)), lead: .zero, overlap: .zero)
        }
        #expect(issuer == before)
    }

    @Test("the keys are fetched once, and everybody waits for them")
    func firstFetch() throws {
        var cache = KeyCache(try KeyCacheSettings())
        #expect(cache.look("a", at: at(0)) == .fetch && cache.look("a", at: at(1)) == .wait)
        let keys = try KeySet([SigningKey("a")])
        cache.fetched(keys, at: at(2))
        let key = try #require(keys["a"])
        #expect(cache.look("a", at: at(2)) == .known(key) && cache.fetches == 1)
        // They are old after 10 min, and fetched anew.
        #expect(cache.look("a", at: at(601)) == .known(key))
        #expect(cache.look("a", at: at(602)) == .fetch && cache.look("a", at: at(603)) == .wait)
    }

    @Test("unknown ids make the gateway ask once in an interval, however many there are")
    func unknown() throws {
        var cache = KeyCache(try KeyCacheSettings(fetchInterval: .seconds(30), absence: .seconds(60)))
        let keys = try KeySet([SigningKey("a")])
        _ = cache.look("a", at: at(0))
        cache.fetched(keys, at: at(0))
        #expect(cache.look("x", at: at(1)) == .unknown)
        #expect(cache.look("y", at: at(30)) == .fetch && cache.look("z", at: at(30)) == .wait)
        // Who is known waits for nobody.
        #expect(cache.look("a", at: at(30)) == .known(try #require(keys["a"])))
        cache.fetched(keys, at: at(31))
        #expect(cache.look("y", at: at(31)) == .unknown)
        // The interval is over, but y is known to be unknown for a while.
        #expect(cache.look("y", at: at(90)) == .unknown && cache.fetches == 2)
        #expect(cache.look("y", at: at(91)) == .fetch)
        for number in 0..<1_000 { #expect(cache.look("evil\(number)", at: at(92)) == .wait) }
        cache.fetched(keys, at: at(92))
        for number in 0..<1_000 { #expect(cache.look("evil\(number)", at: at(93)) == .unknown) }
        #expect(cache.fetches == 3)
    }

    @Test("a key that was published after the last fetch is found by one more")
    func newKey() throws {
        var issuer = try KeySet([SigningKey("a")])
        var cache = KeyCache(try KeyCacheSettings())
        _ = cache.look("a", at: at(0))
        cache.fetched(issuer.published(at: at(0)), at: at(0))
        try issuer.rotate(to: "b", at: at(100), lead: .zero, overlap: .seconds(60))
        #expect(cache.look("b", at: at(100)) == .fetch)
        cache.fetched(issuer.published(at: at(100)), at: at(101))
        #expect(cache.look("b", at: at(101)) == .known(try #require(issuer["b"])))
        #expect(cache.look("a", at: at(101)) == .known(try #require(issuer["a"])))
    }

    @Test("while fetches fail, keys are used for a grace, and then none; one that is not heard of counts as failed")
    func failures() throws {
        let settings = try KeyCacheSettings(
            lifetime: .seconds(100), fetchInterval: .seconds(10), grace: .seconds(50))
        var cache = KeyCache(settings)
        _ = cache.look("a", at: at(0))
        cache.fetchFailed()
        #expect(cache.look("a", at: at(4)) == .unavailable(retryAfter: .seconds(6)))
        #expect(cache.look("a", at: at(10)) == .fetch)
        let keys = try KeySet([SigningKey("a")])
        cache.fetched(keys, at: at(10))
        #expect(cache.look("a", at: at(110)) == .fetch)
        cache.fetchFailed()
        #expect(cache.look("a", at: at(111)) == .known(try #require(keys["a"])))
        #expect(cache.look("b", at: at(111)) == .unavailable(retryAfter: .seconds(9)))
        #expect(cache.look("a", at: at(120)) == .fetch && cache.look("a", at: at(129)) == .wait)
        #expect(cache.look("a", at: at(155)) == .fetch)
        cache.fetchFailed()
        #expect(cache.look("a", at: at(159)) == .known(try #require(keys["a"])))
        #expect(cache.look("a", at: at(160)) == .unavailable(retryAfter: .seconds(5)))
    }

    @Test("a verifier asks for keys, accepts when it has them, and is out of order without")
    func verifier() throws {
        let rules = try TokenRules(issuer: "https://issuer.example", audiences: ["shop"])
        var verifier = TokenVerifier(rules, keys: try KeyCacheSettings())
        let (token, now) = (try TokenAttackTests.token(), TokenAttackTests.now)
        var foreign = token
        foreign.issuer = "evil"
        #expect(verifier.verify(foreign, at: now) == .refused(.issuer) && verifier.keys.fetches == 0)
        #expect(verifier.verify(token, at: now) == .fetchKeys && verifier.verify(token, at: now) == .awaitKeys)
        verifier.keys.fetchFailed()
        let refusal = TokenRefusal.keysUnavailable(retryAfter: .seconds(30))
        #expect(verifier.verify(token, at: now) == .refused(refusal))
        #expect(refusal.status == 503 && refusal.retryAfter == .seconds(30))
        verifier.keys.fetched(try KeySet([SigningKey("new")]), at: now)
        #expect(verifier.verify(token, at: now).isAccepted)
    }

    @Test("settings out of their ranges are refused")
    func settings() {
        #expect(throws: SettingError.self) { try KeyCacheSettings(lifetime: .zero) }
        #expect(throws: SettingError.self) { try KeyCacheSettings(fetchInterval: .zero) }
        #expect(throws: SettingError.self) { try KeyCacheSettings(absence: .seconds(-1)) }
        #expect(throws: SettingError.self) { try KeyCacheSettings(grace: .seconds(-1)) }
    }
}
