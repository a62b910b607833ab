import Gateway
import Testing
import Timeline

@Suite("Tokens for a single use")
struct SingleUseTests {
    private func verifier(room: Int, leeway: Duration = .zero) throws -> TokenVerifier {
        try TokenAttackTests.verifier(
            TokenRules(
                issuer: "https://issuer.example", audiences: ["shop"], leeway: leeway, singleUse: room))
    }

    private func token(_ id: String?, life: Duration = .seconds(60)) throws -> BearerToken {
        var token = try TokenAttackTests.token()
        (token.id, token.expiresAt) = (id, TokenAttackTests.now + life)
        return token
    }

    @Test("a token is accepted once, and another with its id not at all while it could be used again")
    func replay() throws {
        let now = TokenAttackTests.now
        var verifier = try verifier(room: 10, leeway: .seconds(5))
        let first = try token("a", life: .seconds(1))
        #expect(verifier.verify(first, at: now).isAccepted)
        #expect(verifier.verify(first, at: now) == .refused(.replayed))
        #expect(verifier.verify(first, at: now + .seconds(6) - .nanoseconds(1)) == .refused(.replayed))
        #expect(verifier.verify(first, at: now + .seconds(6)) == .refused(.expired))
        let other = try token("b")
        #expect(verifier.verify(other, at: now).isAccepted)
        let same = try token("a")
        #expect(verifier.verify(same, at: now + .seconds(6)).isAccepted)
        #expect(verifier.verify(try token(nil), at: now) == .refused(.noTokenID))
        #expect(verifier.verify(try token(""), at: now) == .refused(.noTokenID))
    }

    @Test("a token that is refused is not used up")
    func refused() throws {
        var verifier = try verifier(room: 10)
        let (now, scopes) = (TokenAttackTests.now, try Scopes(["admin"]))
        let token = try token("a")
        #expect(verifier.verify(token, requiring: scopes, at: now) == .refused(.insufficientScope(scopes)))
        #expect(verifier.verify(token, at: now).isAccepted)
    }

    @Test("a full memory accepts nothing new until the first one in it ends, and forgets nothing before")
    func full() throws {
        let now = TokenAttackTests.now
        var verifier = try verifier(room: 3)
        for (id, life) in [("a", 30), ("b", 10), ("c", 20)] as [(String, Int64)] {
            let token = try token(id, life: .seconds(life))
            #expect(verifier.verify(token, at: now).isAccepted)
        }
        let late = try token("d", life: .seconds(60))
        let full = TokenRefusal.memoryFull(retryAfter: .seconds(10))
        #expect(verifier.verify(late, at: now) == .refused(full))
        #expect(full.status == 503 && full.retryAfter == .seconds(10) && full.challenge(realm: .gateway) == nil)
        for id in ["a", "b", "c"] {
            let again = try token(id)
            #expect(verifier.verify(again, at: now + .seconds(9)) == .refused(.replayed))
        }
        #expect(verifier.verify(late, at: now + .seconds(10)).isAccepted)
        let other = TokenRefusal.memoryFull(retryAfter: .seconds(10))
        #expect(verifier.verify(try token("e"), at: now + .seconds(10)) == .refused(other))
    }

    @Test("random uses are judged as by a list of all uses")
    func naive() throws {
        var random = RandomStream(seed: 1, name: "tokens", purpose: "uses")
        var verifier = try verifier(room: 8)
        var uses: [String: Instant] = [:]
        var (now, counts) = (TokenAttackTests.now, [0, 0, 0])
        for _ in 0..<3_000 {
            now = now + .milliseconds(Int64(random.below(200)))
            let id = "t\(random.below(40))"
            var token = try token(id)
            token.expiresAt = now + .milliseconds(1 + Int64(random.below(5_000)))
            let verdict = verifier.verify(token, at: now)
            let live = uses.filter { now < $0.value }
            if live[id] != nil {
                counts[0] += 1
                #expect(verdict == .refused(.replayed))
            } else if live.count == 8 {
                counts[1] += 1
                let wait = (live.values.min() ?? now) - now
                #expect(verdict == .refused(.memoryFull(retryAfter: wait)))
            } else {
                counts[2] += 1
                uses[id] = token.expiresAt
                #expect(verdict.isAccepted)
            }
        }
        #expect(counts.allSatisfy { $0 > 200 })
    }
}
