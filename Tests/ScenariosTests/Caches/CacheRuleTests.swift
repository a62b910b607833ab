import Testing

/// A rule of a service's cache, as a small scenario that shows it.
struct CacheRule: CustomTestStringConvertible, Sendable {
    let rule: String
    let cache: String
    var replicas = 1
    var latency = "constant 50ms"
    /// What its operation that writes does.
    var writing = "yes"
    /// What reads come, and what writes.
    var reads = "rate: 100/s, keys: uniform over 1"
    var writes = "rate: 0/s, keys: uniform over 1"
    var timeline: [String] = []
    let expect: [String]

    var testDescription: String { rule }

    var text: String {
        let timeline = SmallScenario.block("timeline", ["at 0s caption \"\(rule)\""] + timeline)
        return """
            sagascope: 1
            name: rule
            seed: 5
            duration: 6s
            services:
              web:
                replicas: \(replicas)
                workers: 200
                latency: constant 1ms
                operations: {read: [call db.query], write: {writes: \(writing)}}
                cache: {\(cache)}
              db: {workers: 100, queue: 1000, latency: \(latency)}
            edges:
              readers -> web: {guards: [balancer], balancer: {by: round-robin}}
              writers -> web: {guards: [balancer], balancer: {by: round-robin}}
            load:
              readers: {call: web.read, arrivals: even, \(reads)}
              writers: {call: web.write, arrivals: even, \(writes)}
            \(timeline)\(SmallScenario.block("expect", expect))
            """
    }
}

extension CacheRule {
    static let loads: [CacheRule] = [
        CacheRule(
            rule: "without single flight each call that misses a key loads it", cache: "l1: 10 entries",
            expect: ["at end loads(web) == 6"]),
        CacheRule(
            rule: "with single flight the first loads it, and the others wait for that",
            cache: "l1: 10 entries, single flight: yes",
            expect: ["at end loads(web) == 1", "at end max(readers) < 60ms", "at end failed(readers) == 0"]),
        CacheRule(
            rule: "a load that fails fails for all who wait for it, and the next call loads again",
            cache: "l1: 10 entries, single flight: yes",
            timeline: ["at 0s inject error on db for 1s"],
            expect: [
                "during 0s..1s error share(readers) > 99%", "at end loads(web) > 15", "at end loads(web) < 30",
                "during 2s..6s error share(readers) == 0%",
            ]),
        CacheRule(
            rule: "who waits for a load for longer than the hard timeout gives up, and the load goes on",
            cache: "l1: 10 entries, single flight: yes, hard timeout: 100ms", latency: "constant 500ms",
            expect: [
                "at end loads(web) == 1", "at end failed(readers) == 40", "during 2s..6s hit ratio(web) == 100%",
            ]),
        CacheRule(
            rule: "who reads after a write loads, and does not wait for a load from before it",
            cache: "l1: 10 entries, single flight: yes", latency: "constant 1s",
            writes: "rate: 4/s, keys: uniform over 1", expect: ["at end loads(web) > 20"]),
        CacheRule(
            rule: "what is loaded anew before its end is always there",
            cache: "l1: 10 entries, ttl: 1s, refresh: eager 50%",
            expect: ["during 1s..6s hit ratio(web) == 100%", "at end loads(web) > 14", "at end loads(web) < 20"]),
        CacheRule(
            rule: "a life that is over costs a load", cache: "l1: 10 entries, ttl: 1s, single flight: yes",
            expect: ["at end loads(web) == 6"]),
        CacheRule(
            rule: "fail-safe serves what is over while its loads fail, and loads once in a pause",
            cache: "l1: 10 entries, ttl: 1s, single flight: yes, fail safe: 1m, fail safe pause: 1s",
            timeline: ["at 500ms inject error on db for 4s"],
            expect: ["at end failed(readers) == 0", "at end loads(web) < 10", "at end loads(web) > 4"]),
        CacheRule(
            rule: "at the soft timeout what is over is served, while the load goes on",
            cache: "l1: 10 entries, ttl: 1s, single flight: yes, fail safe: 1m, soft timeout: 20ms",
            expect: ["during 1s..6s max(readers) < 25ms", "at end loads(web) == 6"]),
        CacheRule(
            rule: "a failed refresh deletes what it could not replace, where failures do",
            cache: "l1: 10 entries, ttl: 10s, refresh: eager 10%, after failure: delete",
            timeline: ["at 500ms inject error on db for 2s"],
            expect: ["at end failed(readers) > 50"]),
    ]

    static let levels: [CacheRule] = [
        CacheRule(
            rule: "a crash loses what a replica has in memory, and not what all share",
            cache: "l1: 10 entries, l3: 10 entries", replicas: 2,
            timeline: ["at 2s inject crash on web for 100ms"],
            expect: ["at end loads(web) < 12", "during 3s..6s hit ratio(web) == 100%"]),
        CacheRule(
            rule: "levels by names of one's own are flushed and measured by them",
            cache:
                "levels: {memory: {entries: 1 entry}, cdn: {entries: 10 entries, shared: yes, latency: constant 5ms}}",
            reads: "rate: 100/s, keys: loop over 2",
            timeline: ["at 2s inject flush on web.cdn"],
            expect: [
                "during 3s..6s hit ratio(web.memory) == 0%", "during 3s..6s hit ratio(web.cdn) == 100%",
                "at end loads(web) > 11",
            ]),
        CacheRule(
            rule: "exclusive levels hold together what both have room for",
            cache: "l1: 5 entries, l2: 5 entries, levels are: exclusive",
            latency: "constant 1ms", reads: "rate: 100/s, keys: loop over 10",
            expect: ["during 2s..6s hit ratio(web) == 100%"]),
        CacheRule(
            rule: "inclusive levels hold together what the larger has room for", cache: "l1: 5 entries, l2: 5 entries",
            latency: "constant 1ms", reads: "rate: 100/s, keys: loop over 10",
            expect: ["during 2s..6s hit ratio(web) == 0%"]),
        CacheRule(
            rule: "a policy that resists loops hits in one", cache: "l1: 5 entries, l1 policy: s3fifo",
            reads: "rate: 100/s, keys: loop over 6", expect: ["during 2s..6s hit ratio(web) > 20%"]),
        CacheRule(
            rule: "a level that fails is passed over, and behind its breaker it costs no time",
            cache: "l1: 1 entry, l3: 50 entries, l3 latency: constant 9ms",
            reads: "rate: 100/s, keys: loop over 10", timeline: ["at 2s inject error on web.l3 for 3s"],
            expect: [
                "during 1s..2s hit ratio(web) == 100%", "during 3s..5s hit ratio(web) < 15%",
                "at end failed(readers) == 0", "during 3s..4s p50(readers) < 55ms",
            ]),
        CacheRule(
            rule: "a level that is slow slows what is found in it",
            cache: "l1: 10 entries", timeline: ["at 2s inject latency on web.l1 add 30ms for 2s"],
            expect: ["during 2s..4s p50(readers) > 29ms", "during 4100ms..6s p50(readers) < 2ms"]),
        CacheRule(
            rule: "by the guide's rule a key that is seldom wanted is not worth the nearest level",
            cache: "l1: 10 entries, l2: 10 entries, promotion: guide", reads: "rate: 5/s, keys: uniform over 1",
            expect: ["during 1s..6s hit ratio(web.l1) == 0%", "during 1s..6s hit ratio(web.l2) == 100%"]),
        CacheRule(
            rule: "by the guide's rule a key that is wanted all the time is",
            cache: "l1: 10 entries, l2: 10 entries, promotion: guide",
            expect: ["during 2s..6s hit ratio(web.l1) == 100%"]),
    ]

    static let writes: [CacheRule] = [
        CacheRule(
            rule: "a load that was under way at a write is not kept where that was made, though nobody is told",
            cache: "l1: 10 entries", latency: "constant 300ms", reads: "rate: 10/s, keys: uniform over 1",
            writes: "rate: 1/s, keys: uniform over 1", expect: ["at end stale hits(web) == 0"]),
        CacheRule(
            rule: "replicas that hear nothing answer with what was overwritten", cache: "l1: 10 entries", replicas: 3,
            writes: "rate: 4/s, keys: uniform over 1", expect: ["at end stale hits(web) > 100"]),
        CacheRule(
            rule: "replicas that are told drop it", cache: "l1: 10 entries, coherence: {latency: constant 0s}",
            replicas: 3,
            writes: "rate: 4/s, keys: uniform over 1",
            expect: ["at end stale hits(web) == 0", "at end loads(web) > 50"]),
        CacheRule(
            rule: "copies that may live on for a while do so, and no longer",
            cache: "l1: 10 entries, coherence: {latency: constant 0s, strategy: ttl 100ms}", replicas: 3,
            writes: "rate: 1/s, keys: uniform over 1",
            expect: ["at end stale hits(web) > 20", "at end stale hits(web) < 60"]),
        CacheRule(
            rule: "what is marked as stale is not read any more",
            cache: "l1: 10 entries, coherence: {latency: constant 0s, strategy: lazy}",
            replicas: 3, writes: "rate: 4/s, keys: uniform over 1", expect: ["at end stale hits(web) == 0"]),
        CacheRule(
            rule: "what was lost on the way is sent again",
            cache: "l1: 10 entries, coherence: {latency: constant 0s, loss: 100%, recovery: 1s}", replicas: 3,
            writes: "rate: 4/s, keys: uniform over 1",
            timeline: [
                "at 3s set services.web.cache.coherence.loss 0%", "at 3s set load.writers.rate 0/s",
                "at 5s mark \"all told\"",
            ],
            expect: ["during 5s..6s hit ratio(web) == 100%", "by 3s stale hits(web) > 50"]),
        CacheRule(
            rule: "what a load from before a write puts into a shared level is not read by who knows of the write",
            cache: "l1: 10 entries, l3: 10 entries, coherence: {latency: constant 300ms}", replicas: 2,
            latency: "constant 250ms", reads: "rate: 10/s, keys: uniform over 1",
            writes: "rate: 1/s, keys: uniform over 1",
            timeline: ["at 750ms inject flush on web", "at 1500ms set load.writers.rate 0/s"],
            expect: ["at end stale hits(web) < 5"]),
        CacheRule(
            rule: "a write may put the new value in the place of the old one",
            cache: "l1: 10 entries, on write: update",
            writes: "rate: 4/s, keys: uniform over 1",
            expect: ["at end stale hits(web) == 0", "during 1s..6s hit ratio(web) == 100%"]),
        CacheRule(
            rule: "a write that does nothing to the cache is seen when the life is over",
            cache: "l1: 10 entries, ttl: 1s, on write: ignore",
            writes: "rate: 4/s, keys: uniform over 1", expect: ["at end stale hits(web) > 200"]),
    ]

    static let writeBehind: [CacheRule] = [
        CacheRule(
            rule: "writes reach their store in batches, all of them",
            cache:
                "l1: 10 entries, on write: update, write behind: {call: db.write, batch: 10 writes, delay: 200ms, coalesce: no}",
            writes: "rate: 50/s, keys: uniform over 5", timeline: ["at 5s set load.writers.rate 0/s"],
            expect: ["at end unwritten(web) == 0", "at end lost writes(web) == 0", "at end stale hits(web) == 0"]),
        CacheRule(
            rule: "a run is not over before every write is in its store",
            cache: "l1: 10 entries, write behind: {call: db.write, delay: 10s}",
            writes: "rate: 1/s, keys: uniform over 5",
            expect: ["at end unwritten(web) == 0", "at end lost writes(web) == 0"]),
        CacheRule(
            rule: "a crash loses what was answered and not written",
            cache: "l1: 10 entries, write behind: {call: db.write, delay: 10s}",
            writes: "rate: 50/s, keys: loop over 1000", timeline: ["at 1s inject crash on web for 1s"],
            expect: ["at end lost writes(web) > 40", "at end lost writes(web) < 60"]),
        CacheRule(
            rule: "a queue that is full refuses, and nobody reads what was refused",
            cache:
                "l1: 10 entries, on write: update, write behind: {call: db.write, queue: 20 writes, batch: 20 writes, delay: 10s}",
            writes: "rate: 50/s, keys: loop over 1000", timeline: ["at 0s inject hang on db for 10s"],
            expect: [
                "at end failed(writers) > 200", "during 5s..6s unwritten(web) == 20", "at end lost writes(web) == 0",
            ]),
        CacheRule(
            rule: "others hear of a write when its store has it, and read it there",
            cache: "l1: 10 entries, coherence: {latency: constant 0s}, write behind: {call: db.write, delay: 500ms}",
            replicas: 2, latency: "constant 1ms", reads: "rate: 100/s, keys: uniform over 1",
            writes: "rate: 1/s, keys: uniform over 1",
            expect: ["at end stale hits(web) > 100", "at end stale hits(web) < 170", "at end loads(web) < 20"]),
        CacheRule(
            rule: "a write that is lost with its replica keeps nobody from caching what the store has",
            cache: "l1: 10 entries, coherence: {latency: constant 0s}, write behind: {call: db.write, delay: 10s}",
            replicas: 2, writes: "rate: 1/s, keys: uniform over 1",
            timeline: [
                "at 1500ms inject crash on web#1 for 100ms", "at 1500ms inject crash on web#2 for 100ms",
                "at 1500ms set load.writers.rate 0/s",
            ],
            expect: ["at end lost writes(web) > 0", "during 3s..6s hit ratio(web) == 100%"]),
        CacheRule(
            rule: "what cannot be written leaves the cache in the end",
            cache: "l1: 10 entries, on write: update, write behind: {call: db.write, delay: 10ms, attempts: 2}",
            writes: "rate: 10/s, keys: loop over 1000", timeline: ["at 0s inject error on db for 10s"],
            expect: ["at end lost writes(web) > 20", "at end unwritten(web) < 3"]),
    ]
}

@Suite("Rules of caches")
struct CacheRuleTests {
    static let all =
        CacheRule.loads + CacheRule.absence + CacheRule.warming + CacheRule.levels + CacheRule.sizes + CacheRule.writes
        + CacheRule.coherence + CacheRule.writeBehind

    @Test("each rule holds", arguments: all)
    func holds(rule: CacheRule) throws {
        #expect(try SmallScenario.unmet(in: rule.text) == [])
    }
}
