import Gateway
import Resilience
import Testing
import Timeline

/// What goes wrong in the gateway of the guide cannot go wrong here.
@Suite("The guide's gateway, mended")
struct GuideProxyTests {
    @Test(
        "an attempt is over only when its whole answer is there, and its time reaches so far (the guide: empty bodies)")
    func wholeAnswers() throws {
        var proxy = try makeProxy(backends: 1)
        let attempt = try proxy.sends(request())
        #expect(proxy.callCount == 1 && proxy.balancer.backends.inFlight == 1)
        proxy.responds(attempt.id)
        #expect(proxy.callCount == 1 && proxy.balancer.backends.inFlight == 1)
        let reply = try #require(
            proxy.ended(attempt.id, .answered(Response(.ok, bodySize: 70_000)), at: millis(900)).reply)
        #expect(reply.response.bodySize == 70_000 && proxy.balancer.backends.inFlight == 0)
    }

    @Test("each attempt has a whole time of its own (the guide: the second fails in 0 s)")
    func ownTimes() throws {
        var proxy = try makeProxy { $0.retries = try retries(3) }
        var attempt = try proxy.sends(request())
        for number in 1...2 as ClosedRange<Int64> {
            #expect(attempt.until == millis(1_000 * number))
            attempt = try #require(proxy.ended(attempt.id, .timedOut, at: attempt.until).attempt)
        }
        #expect(attempt.until == millis(3_000) && attempt.id.number == 3)
    }

    @Test("each attempt has the whole body and the query (the guide: consumed by the first, and dropped)")
    func wholeRequests() throws {
        var proxy = try makeProxy { $0.retries = try retries(3) }
        var sent = try request(.put, "/a?x=1&y=2")
        sent.body = Body(size: 800)
        var attempt = try proxy.sends(sent)
        for _ in 0..<2 {
            attempt = try #require(proxy.ended(attempt.id, .broken, at: .zero).attempt)
            #expect(attempt.request.body.size == 800 && attempt.request.target.description == "/a?x=1&y=2")
            // What the gateway appends is appended once.
            #expect(attempt.request.headers.values(of: .xForwardedFor) == ["198.51.100.7"])
        }
    }

    @Test(
        "a retry goes to a backend that has not failed it; one that stays fails each time (the guide: 33 % errors)",
        arguments: Proxy.Retries.Target.allCases)
    func elsewhere(target: Proxy.Retries.Target) throws {
        // By session, so that no turn leads elsewhere by itself.
        var proxy = try makeProxy(backends: 3, .consistentHash(.ring(.xxhash(.pointsPerWeight(160))))) {
            $0.retries = try retries(3, target: target)
        }
        var failures = 0
        for session in 0..<60 {
            let (reply, sentTo) = try proxy.play(request(.get, "/a", ["X-Session-ID": "s\(session)"])) {
                $0 == "b2" ? .notConnected : try .status(200)
            }
            if reply.response.status != .ok { failures += 1 }
            guard sentTo.first == "b2" else { continue }
            #expect(target == .stay ? sentTo == ["b2", "b2", "b2"] : sentTo.count == 2 && sentTo.last != "b2")
        }
        #expect(target == .stay ? (10...30).contains(failures) : failures == 0)
    }

    @Test("5xx is a failure: it is tried again, its backend's breaker opens and it is ejected (the guide: no error)")
    func serverErrors() throws {
        var proxy = try makeProxy(backends: 2) {
            $0.retries = try retries(2)
            $0.breaker = try tripping(after: 3)
        }
        for _ in 0..<6 {
            #expect(try proxy.play(request()) { try .status($0 == "b1" ? 503 : 200) }.reply.response.status == .ok)
        }
        #expect(proxy.breaker(of: proxy.balancer.backends.ids[0])?.state == .open)
        var other = try ejecting()
        for _ in 0..<6 { _ = try other.play(request()) { try .status($0 == "b1" ? 500 : 200) } }
        #expect(other.outliers?.ejectedCount == 1)
        #expect(other.balancer.backends.obstacles(of: other.balancer.backends.ids[0]) == .ejected)
    }

    private func ejecting() throws -> Proxy {
        try makeProxy(backends: 2) { $0.outliers = try .init(errors: OutlierDetector.InARow(3)) }
    }

    @Test("a backend's breaker closes it alone, and a route's trouble is not another's (the guide: one for all)")
    func ownBreakers() throws {
        var bad = try makeProxy(backends: 2) { $0.breaker = try tripping(after: 2) }
        var good = bad
        for _ in 0..<4 { _ = try bad.play(request()) { $0 == "b1" ? .broken : try .status(200) } }
        for _ in 0..<4 { #expect(try bad.play(request(), at: millis(50)) { _ in try .status(200) }.sentTo == ["b2"]) }
        #expect(try good.play(request()) { _ in try .status(200) }.sentTo == ["b1"])
    }

    @Test("one breaker for all backends of a route is there for who asks for it")
    func sharedBreaker() throws {
        var proxy = try makeProxy(backends: 2) { $0.breaker = try tripping(after: 2, scope: .upstream) }
        for _ in 0..<2 { _ = try proxy.play(request()) { _ in .broken } }
        #expect(try proxy.begin(request(), at: millis(50)).reply?.cause == .breakerOpen)
        #expect(proxy.breaker?.state == .open && proxy.breaker(of: proxy.balancer.backends.ids[0]) == nil)
    }

    @Test("weights 1 and 5 with the heavy one going down and up: each request has a backend (the guide: an empty one)")
    func flappingWeights() throws {
        let settings = try Proxy.Settings(
            balancing: .init(.smoothRoundRobin(maxFails: 0), panic: PanicMode(below: 0)),
            timeout: .fixed(TimeLimit(.seconds(1))))
        let members = [Proxy.Member(try Backend("A", weight: 1)), .init(try Backend("B", weight: 5))]
        var proxy = Proxy(settings, members, random: RandomStream(seed: 1, name: "proxy", purpose: "test"), at: .zero)
        let heavy = proxy.balancer.backends.ids[1]
        #expect(try (0..<3).map { _ in try proxy.sends(request()).address } == ["B", "B", "A"])
        for round in 0..<5 {
            proxy.set(.unhealthy, true, of: heavy, at: .zero)
            #expect(try (0..<2).map { _ in try proxy.sends(request()).address } == ["A", "A"], "round \(round)")
            proxy.set(.unhealthy, false, of: heavy, at: .zero)
            #expect(try (0..<6).count { _ in try proxy.sends(request()).address == "B" } >= 4, "round \(round)")
        }
    }

    @Test("weights that are all 0 count alike (the guide: always the first)")
    func noWeights() throws {
        let settings = try Proxy.Settings(
            balancing: .init(.smoothRoundRobin(maxFails: 0)), timeout: .fixed(TimeLimit(.seconds(1))))
        let members = try (0..<3).map { Proxy.Member(try Backend("b\($0)", weight: 0)) }
        var proxy = Proxy(settings, members, random: RandomStream(seed: 1, name: "proxy", purpose: "test"), at: .zero)
        #expect(Set(try (0..<3).map { _ in try proxy.sends(request()).address }).count == 3)
    }

    @Test("the keys of a backend that is down go to several others, those next on the ring (the guide: to the first)")
    func ring() throws {
        var proxy = try makeProxy(backends: 5, .consistentHash(.ring(.xxhash(.pointsPerWeight(160)))))
        let owner = proxy.balancer.backends.ids[0]
        let before = try Self.owners(&proxy)
        proxy.set(.unhealthy, true, of: owner, at: .zero)
        let after = try Self.owners(&proxy)
        var heirs: Set<String> = []
        for (was, now) in zip(before, after) {
            if was == "b1" { heirs.insert(now) } else { #expect(was == now) }
        }
        #expect(heirs == ["b2", "b3", "b4", "b5"])
        // A backend that comes has keys at once: the ring is fed by the route's backends.
        proxy.update(to: try (1...6).map { .init(try Backend("b\($0)")) }, at: .zero)
        #expect(try Self.owners(&proxy).contains("b6"))
    }

    private static func owners(_ proxy: inout Proxy) throws -> [String] {
        try (0..<300).map { try proxy.sends(request(.get, "/a", ["X-Session-ID": "s\($0)"])).address }
    }
}
