import Gateway
import Resilience
import Testing
import Timeline

/// A proxy as the tests of this folder need it: backends `b1`, `b2` and so on in turn, one attempt of a second, no forwarding
/// fields of its own beyond the usual.
func makeProxy(
    backends: Int = 3, _ algorithm: Balancer.Algorithm = .roundRobin,
    _ change: (inout Proxy.Settings) throws -> Void = { _ in }
) throws -> Proxy {
    var settings = try Proxy.Settings(
        balancing: .init(algorithm, panic: PanicMode(below: 0)), timeout: .fixed(TimeLimit(.seconds(1))))
    try change(&settings)
    let members = try (0..<backends).map { Proxy.Member(try Backend("b\($0 + 1)")) }
    return Proxy(settings, members, random: RandomStream(seed: 1, name: "proxy", purpose: "test"), at: .zero)
}

/// So many attempts in all, without a wait in between.
func retries(
    _ attempts: Int = 3, wait: Duration = .zero, budget: RetryBudget.Kind? = nil,
    target: Proxy.Retries.Target = .elsewhere, repeats: Proxy.Retries.Repeats = .idempotent,
    mostKeptBytes: Int = 1_000
) throws -> Proxy.Retries {
    try Proxy.Retries(
        RetryPolicy(attempts: attempts, backoff: .constant(wait), jitter: .none),
        budget: budget.map { kind throws(SettingError) in try RetryBudget.Settings(kind) }, target: target,
        repeats: repeats, mostKeptBytes: mostKeptBytes)
}

/// Opens after so many failures in a row, for a minute.
func tripping(after failures: Int, scope: Proxy.Breaker.Scope = .backend) throws -> Proxy.Breaker {
    try Proxy.Breaker(
        CircuitBreaker.Settings(
            window: .calls(failures), tripRule: .consecutive(failures), minimumCalls: failures,
            openTime: .seconds(60), probes: 1, probeRule: .successes(1)),
        scope: scope)
}

func millis(_ count: Int64) -> Instant { .after(.milliseconds(count)) }

extension AttemptEnd {
    static func status(_ code: Int, _ headers: KeyValuePairs<String, String> = [:]) throws -> AttemptEnd {
        .answered(try response(code, headers))
    }
}

extension Proxy {
    /// The attempt that a request begins with.
    mutating func sends(_ request: Request, at now: Instant = .zero) throws -> Attempt {
        try #require(begin(request, at: now).attempt)
    }

    /// How a request is answered if each of its attempts ends as the backend's address says, and where it was sent.
    mutating func play(
        _ request: Request, at start: Instant = .zero, taking took: Duration = .milliseconds(10),
        _ end: (String) throws -> AttemptEnd
    ) throws -> (reply: Reply, sentTo: [String]) {
        var now = start
        var step = begin(request, at: now)
        var sentTo: [String] = []
        while true {
            switch step {
            case .send(let attempt):
                sentTo.append(attempt.address)
                now = now + took
                step = ended(attempt.id, try end(attempt.address), at: now)
            case .wait(let call, let until):
                now = until
                step = resume(call, at: now)
            case .answer(let reply): return (reply, sentTo)
            case .nothing: throw TransformError.noParameter("nothing is to be done, and it is not answered")
            }
        }
    }
}
