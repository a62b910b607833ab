// Rules of which keys have a value, how large it is, and which are loaded before they are asked for.

extension CacheRule {
    static let absence: [CacheRule] = [
        CacheRule(
            rule: "for a key that has no value the origin is asked each time",
            cache: "l1: 10 entries, existing keys: 0",
            expect: ["at end loads(web) > 590", "at end failed(readers) == 0", "at end hit ratio(web) == 0%"]),
        CacheRule(
            rule: "keys up to a number have one", cache: "l1: 10 entries, existing keys: 4, single flight: yes",
            reads: "rate: 100/s, keys: loop over 4", expect: ["at end loads(web) == 4"]),
        CacheRule(
            rule: "that a key has no value is remembered for so long, and no longer",
            cache: "l1: 10 entries, existing keys: 0, absence: 1s, ttl: 1m, single flight: yes",
            expect: ["at end loads(web) == 6", "at end failed(readers) == 0"]),
        CacheRule(
            rule: "who waits for a load that finds nothing is told so",
            cache: "l1: 10 entries, existing keys: 0, single flight: yes",
            expect: ["at end loads(web) < 130", "at end failed(readers) == 0", "at end max(readers) < 60ms"]),
        CacheRule(
            rule: "a key has a value once it is written, and who has not heard of it goes on saying that it has none",
            cache: "l1: 10 entries, existing keys: 0, absence: 1m", replicas: 2,
            writes: "rate: 1/s, keys: uniform over 1", expect: ["at end stale hits(web) > 100"]),
        CacheRule(
            rule: "who is told of the write asks for the value",
            cache: "l1: 10 entries, existing keys: 0, absence: 1m, coherence: {latency: constant 0s}", replicas: 2,
            writes: "rate: 1/s, keys: uniform over 1",
            expect: ["at end stale hits(web) == 0", "at end loads(web) > 10"]),
    ]

    static let sizes: [CacheRule] = [
        CacheRule(
            rule: "a level of so many bytes holds as many values as fit in",
            cache: "value size: constant 10kB, l1: 100kB",
            latency: "constant 1ms", reads: "rate: 100/s, keys: loop over 10",
            expect: ["during 1s..6s hit ratio(web) == 100%"]),
        CacheRule(
            rule: "and not one more", cache: "value size: constant 10kB, l1: 100kB", latency: "constant 1ms",
            reads: "rate: 100/s, keys: loop over 11", expect: ["at end hit ratio(web) == 0%"]),
        CacheRule(
            rule: "what is larger than a level is kept behind it",
            cache: "value size: constant 200kB, l1: 100kB, l2: 1MB",
            expect: ["at end hit ratio(web.l1) == 0%", "during 1s..6s hit ratio(web.l2) == 100%"]),
        CacheRule(
            rule: "that there is no value takes a kilobyte, however large a value would be",
            cache: "value size: constant 200kB, l1: 100kB, existing keys: 0, absence: 1m",
            expect: ["during 1s..6s hit ratio(web.l1) == 100%"]),
        CacheRule(
            rule: "by its size a value goes to the levels that it is worth, and is found there",
            cache: "value size: constant 50kB, l1: 1MB, l2: 1MB, l3: 1MB, placement: guide, promotion: guide",
            reads: "rate: 5/s, keys: loop over 10",
            expect: ["during 2200ms..4s hit ratio(web.l3) == 100%", "at end loads(web) == 10"]),
        CacheRule(
            rule: "without that it goes to all of them",
            cache: "value size: constant 50kB, l1: 1MB, l2: 1MB, l3: 1MB", reads: "rate: 5/s, keys: loop over 10",
            expect: ["during 2200ms..4s hit ratio(web.l1) == 100%", "at end loads(web) == 10"]),
        CacheRule(
            rule: "an exclusive level hands its victims down by their size",
            cache: "value size: constant 10kB, l1: 50kB, l2: 50kB, levels are: exclusive", latency: "constant 1ms",
            reads: "rate: 100/s, keys: loop over 10", expect: ["during 2s..6s hit ratio(web) == 100%"]),
    ]

    static let warming: [CacheRule] = [
        CacheRule(
            rule: "the first keys are there before anybody comes",
            cache: "l1: 100 entries, warming: {keys: first 100 at restart, concurrency: 100}",
            reads: "rate: 100/s, keys: loop over 100",
            expect: ["during 100ms..6s hit ratio(web) == 100%", "at end loads(web) < 107"]),
        CacheRule(
            rule: "a replica that comes back has what was used most",
            cache: "l1: 100 entries, warming: {keys: popular 100 at restart, concurrency: 100}",
            reads: "rate: 100/s, keys: loop over 100", timeline: ["at 2s inject crash on web for 1s"],
            expect: ["during 3100ms..6s hit ratio(web) == 100%"]),
        CacheRule(
            rule: "what all share is taken from there, without a load",
            cache: "l1: 100 entries, l3: 100 entries, warming: {keys: popular 100 at restart}",
            reads: "rate: 100/s, keys: loop over 100", timeline: ["at 2s inject crash on web for 1s"],
            expect: ["during 3s..6s hit ratio(web.l1) == 100%", "at end loads(web) == 100"]),
        CacheRule(
            rule: "what has expired is loaded again, every so often",
            cache: "l1: 10 entries, ttl: 1s, warming: {keys: popular 10 every 20ms, concurrency: 10}",
            latency: "constant 1ms", reads: "rate: 100/s, keys: loop over 10",
            expect: ["during 1s..6s hit ratio(web) > 97%"]),
        CacheRule(
            rule: "what usually follows a key is loaded while that is answered",
            cache: "l1: 3 entries, warming: {keys: next 1 above 50%}", latency: "constant 10ms",
            reads: "rate: 20/s, keys: loop over 10", expect: ["during 3s..6s hit ratio(web) == 100%"]),
        CacheRule(
            rule: "what is usually wanted in an hour of the day is loaded before it begins",
            cache: "l1: 10 entries, ttl: 1s, warming: {keys: coming hour 10 above 50%, day: 1920ms}",
            latency: "constant 5ms",
            reads: "keys: loop over 4, stages: [{rate: 0/s, for: 960ms}, {rate: 100/s, for: 80ms}, "
                + "{rate: 0/s, for: 1840ms}, {rate: 100/s, for: 80ms}, {rate: 0/s, for: 1840ms}, "
                + "{rate: 100/s, for: 80ms}, {rate: 0/s, for: 1s}]",
            expect: ["during 4s..5s hit ratio(web) == 100%", "at end loads(web) == 12"]),
        CacheRule(
            rule: "loads ahead begin no faster than they may",
            cache: "l1: 100 entries, warming: {keys: first 100 at restart, rate: 10/s}", reads: "rate: 0/s",
            expect: ["by 3s loads(web) > 25", "during 0s..2s loads(web) < 22"]),
        CacheRule(
            rule: "what is not loaded in time is given up",
            cache: "l1: 100 entries, warming: {keys: first 100 at restart, rate: 10/s, timeout: 500ms}",
            reads: "rate: 0/s", expect: ["at end loads(web) < 7", "at end loads(web) > 4"]),
        CacheRule(
            rule: "an operator can have it done", cache: "l1: 100 entries, warming: {keys: popular 100 at restart}",
            reads: "rate: 100/s, keys: loop over 100", timeline: ["at 2s inject flush on web", "at 2s warm web"],
            expect: ["during 2800ms..6s hit ratio(web) == 100%"]),
        CacheRule(
            rule: "an origin that fails leaves the rest cold, and does no harm",
            cache: "l1: 10 entries, warming: {keys: first 10 every 1s}", reads: "rate: 10/s, keys: loop over 10",
            timeline: ["at 0s inject error on db for 2s"],
            expect: ["during 0s..1s hit ratio(web) == 0%", "during 3s..6s hit ratio(web) == 100%"]),
    ]

    static let coherence: [CacheRule] = [
        CacheRule(
            rule: "what is written by its tag is read anew by all who hear of it",
            cache: "l1: 100 entries, l3: 100 entries, tags: 2, coherence: {latency: constant 0s}", replicas: 3,
            writing: "tag", reads: "rate: 100/s, keys: loop over 10", writes: "rate: 4/s, keys: loop over 2",
            expect: ["at end stale hits(web) == 0", "at end loads(web) > 80"]),
        CacheRule(
            rule: "who does not hear of it goes on with what is old",
            cache: "l1: 100 entries, tags: 2, coherence: {loss: 100%}", replicas: 3, writing: "tag",
            reads: "rate: 100/s, keys: loop over 10", writes: "rate: 4/s, keys: loop over 2",
            expect: ["at end stale hits(web) > 100"]),
        CacheRule(
            rule: "who reads after a tag was written does not join a load from before",
            cache: "l1: 10 entries, single flight: yes, tags: 1, coherence: {latency: constant 0s}",
            latency: "constant 1s", writing: "tag", writes: "rate: 4/s, keys: uniform over 1",
            expect: ["at end loads(web) > 20"]),
        CacheRule(
            rule: "keys of other tags stay", cache: "l1: 100 entries, tags: 10, coherence: {latency: constant 0s}",
            writing: "tag", reads: "rate: 100/s, keys: loop over 10", writes: "rate: 1/s, keys: loop over 1",
            expect: ["at end loads(web) < 18", "at end loads(web) > 13"]),
        CacheRule(
            rule: "copies of keys that a pattern matches live on for as long as it says",
            cache: "l1: 10 entries, coherence: {latency: constant 0s, patterns: "
                + "[{keys: 'read:1', strategy: ttl 100ms}, {keys: 'other:*', strategy: ttl 1m}]}",
            replicas: 3, writes: "rate: 1/s, keys: uniform over 1",
            expect: ["at end stale hits(web) > 20", "at end stale hits(web) < 60"]),
        CacheRule(
            rule: "keys that no pattern matches are dropped",
            cache: "l1: 10 entries, coherence: {latency: constant 0s, patterns: [{keys: 'other:*', strategy: ttl 1m}]}",
            replicas: 3, writes: "rate: 4/s, keys: uniform over 1", expect: ["at end stale hits(web) == 0"]),
        CacheRule(
            rule: "of all patterns that match, the strongest holds",
            cache: "l1: 10 entries, coherence: {latency: constant 0s, patterns: "
                + "[{keys: 'read:*', strategy: ttl 1m}, {keys: 'read:?', strategy: immediate}]}",
            replicas: 3, writes: "rate: 4/s, keys: uniform over 1", expect: ["at end stale hits(web) == 0"]),
        CacheRule(
            rule: "nobody hears of keys whose pattern says so",
            cache: "l1: 10 entries, coherence: {latency: constant 0s, patterns: [{keys: 'read:*', tell: nobody}]}",
            replicas: 3, writes: "rate: 4/s, keys: uniform over 1", expect: ["at end stale hits(web) > 100"]),
    ]
}
