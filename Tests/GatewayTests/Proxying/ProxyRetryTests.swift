import Gateway
import Resilience
import Testing
import Timeline

@Suite("Trying again")
struct ProxyRetryTests {
    @Test(
        "only what may be done twice is sent twice (RFC 9110, section 9.2.2)",
        arguments: [
            (Method.get, AttemptEnd.broken, Proxy.Retries.Repeats.idempotent, 2), (.put, .timedOut, .idempotent, 2),
            (.delete, .broken, .idempotent, 2), (.post, .broken, .idempotent, 1), (.patch, .timedOut, .idempotent, 1),
            // Nothing was sent, so that nothing can have been done.
            (.post, .notConnected, .idempotent, 2), (.post, .broken, .all, 2), (.get, .cancelled, .all, 1),
        ])
    func repeats(method: Method, end: AttemptEnd, repeats: Proxy.Retries.Repeats, sent: Int) throws {
        var proxy = try makeProxy { $0.retries = try retries(2, repeats: repeats) }
        #expect(try proxy.play(request(method)) { _ in end }.sentTo.count == sent)
    }

    @Test(
        "a body that is larger than what is kept is streamed: it is sent again only if nothing of it was sent",
        arguments: [(1_000, AttemptEnd.broken, 2), (1_001, .broken, 1), (1_001, .notConnected, 2)])
    func streamed(bytes: Int, end: AttemptEnd, sent: Int) throws {
        var proxy = try makeProxy { $0.retries = try retries(2) }
        var request = try request(.put)
        request.body = Body(size: bytes)
        #expect(try proxy.play(request) { _ in end }.sentTo.count == sent)
    }

    @Test("what no retry helps is answered at once", arguments: [200, 304, 400, 404])
    func helpless(status: Int) throws {
        var proxy = try makeProxy { $0.retries = try retries() }
        let (reply, sentTo) = try proxy.play(request()) { _ in try .status(status) }
        #expect(reply.response.status.code == status && sentTo.count == 1)
    }

    @Test("attempts have an end, and what came last is the answer")
    func limit() throws {
        var proxy = try makeProxy { $0.retries = try retries(3) }
        let (reply, sentTo) = try proxy.play(request()) { try .status($0 == "b3" ? 502 : 500) }
        #expect(sentTo == ["b1", "b2", "b3"] && reply.response.status == .badGateway)
        #expect(reply.attempts == 3 && reply.backend == "b3" && proxy.totals.retries == 2)
    }

    @Test("where the budget is spent, what came is the answer")
    func budget() throws {
        var proxy = try makeProxy {
            $0.retries = try retries(3, budget: .quota(capacity: 10, costs: .init(5), deposit: 0))
        }
        #expect(try proxy.play(request()) { _ in try .status(500) }.sentTo.count == 3)
        let (reply, sentTo) = try proxy.play(request()) { _ in try .status(503) }
        #expect(sentTo.count == 1 && reply.response.status == .serviceUnavailable && reply.cause == .backend)
        #expect(proxy.totals.refusedByBudget == 1 && proxy.budget?.extrasInFlight == 0)
        #expect(proxy.budget?.callsInFlight == 0)
    }

    @Test("a retry waits as the policy says, and not if the request's time is over by then")
    func waits() throws {
        var proxy = try makeProxy {
            $0.retries = try retries(3, wait: .milliseconds(100))
            $0.deadline = try TimeLimit(.milliseconds(150))
        }
        let first = try proxy.sends(request())
        guard case .wait(let call, let until) = proxy.ended(first.id, .broken, at: millis(10)) else {
            Issue.record("it does not wait")
            return
        }
        #expect(until == millis(110))
        guard case .wait(call, until) = proxy.resume(call, at: millis(50)) else {
            Issue.record("it does not go on waiting")
            return
        }
        let second = try #require(proxy.resume(call, at: until).attempt)
        #expect(second.until == millis(150))
        #expect(proxy.ended(second.id, .broken, at: millis(120)).reply?.cause == .broken)
        guard case .nothing = proxy.resume(call, at: millis(300)) else {
            Issue.record("it is over, and goes on")
            return
        }
    }

    @Test(
        "a 503 with Retry-After closes its backend for so long, within a bound, and the retry goes elsewhere at once",
        arguments: [(5, 5), (100, 20)] as [(Int64, Int64)])
    func serviceUnavailable(asked: Int64, pause: Int64) throws {
        var proxy = try makeProxy(backends: 2) {
            $0.retries = try retries(2)
            $0.breaker = try .init(CircuitBreaker.Settings(), longestPause: .seconds(20))
        }
        let (reply, sentTo) = try proxy.play(request()) {
            try $0 == "b1" ? .status(503, ["Retry-After": "\(asked)"]) : .status(200)
        }
        #expect(reply.response.status == .ok && sentTo == ["b1", "b2"])
        for _ in 0..<3 { #expect(try proxy.play(request(), at: millis(20)) { _ in try .status(200) }.sentTo == ["b2"]) }
        guard case .open(_, let until)? = proxy.breaker(of: proxy.balancer.backends.ids[0])?.phase else {
            Issue.record("the breaker is not open")
            return
        }
        #expect(until == millis(10 + 1_000 * pause))
    }

    @Test("a 429 speaks for no breaker, and its Retry-After binds the request wherever it goes")
    func tooManyRequests() throws {
        var proxy = try makeProxy(backends: 2) {
            $0.retries = try retries(2)
            $0.breaker = try tripping(after: 1)
            $0.deadline = try TimeLimit(.seconds(10))
        }
        let first = try proxy.sends(request())
        guard case .wait(let call, let until) = try proxy.ended(first.id, .status(429, ["Retry-After": "3"]), at: .zero)
        else {
            Issue.record("it does not wait")
            return
        }
        #expect(until == millis(3_000) && proxy.breaker(of: first.backend)?.state == .closed)
        #expect(proxy.resume(call, at: until).attempt?.address == "b2")
        let late = try proxy.sends(request(), at: .zero)
        let reply = try #require(try proxy.ended(late.id, .status(429, ["Retry-After": "30"]), at: .zero).reply)
        #expect(reply.response.status == .tooManyRequests && reply.response.headers[.retryAfter] == "30")
    }

    @Test(
        "how long a response asks to wait (RFC 9110, section 10.2.3)",
        arguments: [
            ("7", nil, Duration.seconds(7)), ("0", nil, .zero), ("soon", nil, nil), ("-1", nil, nil),
            ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:30 GMT", .seconds(7)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:50:30 GMT", .zero),
            ("Sun, 06 Nov 1994 08:49:37 GMT", nil, nil),
        ] as [(String, String?, Duration?)])
    func retryAfter(value: String, date: String?, wait: Duration?) throws {
        var headers = try Headers(["Retry-After": value])
        if let date { try headers.append(.date, date) }
        #expect(RetryAfter.wait(in: headers) == wait)
    }

    @Test("what is told of an attempt that is over counts as late and changes nothing")
    func late() throws {
        var proxy = try makeProxy(backends: 2) {
            $0.retries = try retries(2)
            $0.breaker = try tripping(after: 2)
        }
        let first = try proxy.sends(request())
        let second = try #require(proxy.ended(first.id, .timedOut, at: millis(1_000)).attempt)
        let before = proxy.breaker(of: first.backend)?.totals
        guard case .nothing = try proxy.ended(first.id, .status(200), at: millis(1_100)) else {
            Issue.record("it answers twice")
            return
        }
        #expect(proxy.totals.late == 1 && proxy.breaker(of: first.backend)?.totals == before)
        #expect(proxy.balancer.backends.inFlight == 1)
        #expect(try proxy.ended(second.id, .status(200), at: millis(1_200)).reply?.response.status == .ok)
        guard case .nothing = proxy.ended(second.id, .broken, at: millis(1_300)) else {
            Issue.record("it answers twice")
            return
        }
        #expect(proxy.totals.late == 2 && proxy.breaker(of: second.backend)?.totals.failed == 0)
    }

    @Test("a result from before a breaker opened counts in no window after it")
    func generations() throws {
        var proxy = try makeProxy(backends: 1) { $0.breaker = try tripping(after: 1) }
        let slow = try proxy.sends(request())
        _ = try proxy.play(request()) { _ in .broken }
        let probe = try proxy.sends(request(), at: millis(60_010))
        _ = try proxy.ended(slow.id, .status(200), at: millis(60_020))
        let breaker = try #require(proxy.breaker(of: slow.backend))
        #expect(breaker.state == .halfOpen && breaker.totals.stale == 1)
        _ = try proxy.ended(probe.id, .status(200), at: millis(60_030))
        #expect(proxy.breaker(of: slow.backend)?.state == .closed)
    }

    @Test("a request that is called off is over, with a backend or waiting, and its permit comes back")
    func cancelled() throws {
        var proxy = try makeProxy { $0.retries = try retries(3, wait: .seconds(1), budget: .inFlight()) }
        let first = try proxy.sends(request())
        #expect(proxy.cancel(first.id.call, at: millis(5)).reply?.response.status.code == 499)
        let second = try proxy.sends(request())
        guard case .wait(let call, _) = proxy.ended(second.id, .broken, at: millis(10)) else {
            Issue.record("it does not wait")
            return
        }
        #expect(proxy.budget?.extrasInFlight == 1)
        #expect(proxy.cancel(call, at: millis(20)).reply?.cause == .cancelled)
        #expect(proxy.budget?.extrasInFlight == 0 && proxy.budget?.callsInFlight == 0 && proxy.callCount == 0)
        guard case .nothing = proxy.cancel(call, at: millis(30)) else {
            Issue.record("it ends twice")
            return
        }
    }

    @Test("once an answer is passed on, nothing is tried again")
    func responding() throws {
        var proxy = try makeProxy { $0.retries = try retries() }
        let attempt = try proxy.sends(request())
        proxy.responds(attempt.id)
        #expect(proxy.ended(attempt.id, .broken, at: millis(10)).reply?.cause == .broken)
    }

    @Test("a retry that nobody may be asked for is answered by what came")
    func nobodyLeft() throws {
        var proxy = try makeProxy(backends: 2) {
            $0.retries = try retries(3)
            $0.breaker = try tripping(after: 1)
        }
        let (reply, sentTo) = try proxy.play(request()) { _ in try .status(503) }
        #expect(sentTo == ["b1", "b2"] && reply.response.status == .serviceUnavailable && reply.cause == .backend)
    }

    @Test("where all others are closed, a retry goes to the one that was tried and is not")
    func backToTried() throws {
        var proxy = try makeProxy(backends: 2) {
            $0.retries = try retries(2)
            $0.breaker = try tripping(after: 2)
        }
        // Closes b2 alone.
        for _ in 0..<4 { _ = try proxy.play(request(.post)) { $0 == "b2" ? .broken : try .status(200) } }
        #expect(proxy.breaker(of: proxy.balancer.backends.ids[1])?.state == .open)
        let sentTo = try proxy.play(request(), at: millis(100)) { _ in try .status(500) }.sentTo
        #expect(sentTo == ["b1", "b1"])
    }
}
