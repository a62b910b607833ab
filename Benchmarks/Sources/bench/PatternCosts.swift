import Bulkheads
import Caching
import Resilience
import Sagas
import Timeline

/// What one use of each pattern costs by itself.
enum PatternCosts {
    private static let uses = 1_000_000

    static func measure() throws -> [Result] {
        [
            try breaker(), try pool(), try retry(), cache(), try saga(),
        ]
    }

    private static func result(_ name: String, _ body: () -> Void) -> Result {
        Result(name: name, unit: "ns", samples: (0..<7).map { _ in secondsTaken(by: body) / Double(uses) * 1e9 })
    }

    private static func breaker() throws -> Result {
        let settings = try CircuitBreaker.Settings(window: .calls(100))
        return result("breaker: admit, record") {
            var breaker = CircuitBreaker(settings)
            for use in 0..<uses {
                let now = Instant(nanoseconds: Int64(use) * 1_000)
                guard let permit = breaker.admit(at: now).permit else { continue }
                _ = breaker.record(use % 10 == 0 ? .failure : .success, took: .milliseconds(1), permit: permit, at: now)
            }
            consume(breaker.totals.failed)
        }
    }

    private static func pool() throws -> Result {
        let settings = try ThreadPool.Settings(core: 16, queue: 64)
        return result("pool: submit, finish") {
            var pool = ThreadPool(settings)
            for use in 0..<uses {
                let now = Instant(nanoseconds: Int64(use) * 1_000)
                _ = pool.submit(UInt64(use), at: now)
                if use >= 32 { _ = pool.finish(at: now) }
            }
            consume(pool.totals.completed)
        }
    }

    private static func retry() throws -> Result {
        let policy = try RetryPolicy(
            attempts: 3, backoff: .exponential(initial: .milliseconds(50), cap: .seconds(2)), jitter: .full)
        return result("retry: next delay") {
            var random = RandomStream(seed: 1, name: "retry", purpose: "jitter")
            var sum: Int64 = 0
            for use in 0..<uses {
                let delay = policy.next(afterAttempt: 1 + use % 2, previous: .zero, using: &random)
                sum &+= delay?.nanoseconds ?? 0
            }
            consume(Int(truncatingIfNeeded: sum))
        }
    }

    private static func cache() -> Result {
        var random = RandomStream(seed: 1, name: "cache", purpose: "keys")
        let law = Zipf(ranks: 20_000, exponent: 1)
        let keys = (0..<65_536).map { _ in law.sample(using: &random) }
        return result("LRU cache: get, insert if missed") {
            var cache = LRUCache<UInt32, UInt32>(capacity: 2_000)
            for use in 0..<uses {
                let (key, now) = (keys[use & 65_535], Instant(nanoseconds: Int64(use)))
                if case .hit = cache.get(key, at: now) { continue }
                cache.insert(key, key, at: now)
            }
            consume(cache.statistics.hits)
        }
    }

    /// Four steps that all succeed; the figure is for one step.
    private static func saga() throws -> Result {
        let definition = try SagaDefinition(
            name: "order",
            steps: [
                .init(name: "reserve", undo: "release"), .init(name: "charge", undo: "refund"),
                .init(name: "confirm", isPivot: true),
                .init(
                    name: "notify",
                    retry: .untilDone(.exponential(initial: .milliseconds(100), cap: .seconds(5)), .full)),
            ])
        return result("saga: one step") {
            var random = RandomStream(seed: 1, name: "saga", purpose: "retries")
            var steps = 0
            var events: [Saga.Event] = []
            while steps < uses {
                var saga = Saga(id: UInt64(steps))
                events.removeAll(keepingCapacity: true)
                saga.handle(.start, at: .zero, under: definition, using: &random, into: &events)
                for step in definition.steps.indices {
                    saga.handle(
                        .stepReplied(step: step, attempt: 1, .success(nil)), at: .zero, under: definition,
                        using: &random, into: &events)
                    steps += 1
                }
            }
            consume(steps)
        }
    }

    /// Lets the optimiser believe that a number is needed.
    @inline(never)
    private static func consume(_ number: Int) {
        precondition(number > 0, "something was done")
    }
}
