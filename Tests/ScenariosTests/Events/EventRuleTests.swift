import Testing

/// A rule of event stores, projections and buses, as a small scenario that shows it.
struct EventRule: CustomTestStringConvertible, Sendable {
    let rule: String
    /// What is set differently: of the store, the bus, the projection, the operation that creates, the one that reads.
    var store = ""
    var bus = ""
    var projection = ""
    var create = ""
    var read = "query: table"
    var timeline: [String] = []
    let expect: [String]

    var testDescription: String { rule }

    var text: String {
        let caption = "at 0ms caption \"\(rule.prefix(60))\""
        let timeline = SmallScenario.block("timeline", [caption] + timeline)
        return """
            sagascope: 1
            name: rule
            seed: 5
            duration: 4s
            stores:
              log: {nodes: 3, partitions: 2, \(store.isEmpty ? "disk: constant 1ms" : store)}
            buses:
              bus: {\(bus)}
            projections:
              table: {reads: log, \(projection.contains("linger") ? "" : "linger: 10ms, ")\(projection)}
            services:
              orders:
                workers: 32
                queue: 64
                latency: constant 1ms
                operations: {create: {command: record event in log, \(create)}, read: {\(read)}}
              shop: {workers: 64, queue: 64, blocking: no, operations: {both: [call orders.create, call orders.read]}}
            load:
              writers: {call: shop.both, rate: 50/s, keys: uniform over 20}
            \(timeline)\(SmallScenario.block("expect", expect))
            """
    }

    static let all = projections + reading + commands + queries

    private static let projections = [
        EventRule(
            rule: "a crash between two batches loses nothing and does nothing twice", projection: "batch: 7",
            timeline: ["at 1s inject crash on table for 500ms", "at 2s inject crash on table for 10ms"],
            expect: [
                "at end projected(table) == appended(log)", "always projected twice(table) == 0",
                "at end unprojected(table) == 0",
            ]),
        EventRule(
            rule: "a checkpoint that moves behind the changes does again what a crash came between",
            projection: "checkpoint: after-changes, commit: constant 20ms, linger: 0s",
            timeline: (0..<12).map { "at \(500 + $0 * 200)ms inject crash on table for 50ms" },
            expect: ["at end projected twice(table) > 0", "at end unprojected(table) == 0"]),
        EventRule(
            rule: "a checkpoint that moves before the changes never does what a crash came between",
            projection: "checkpoint: before-changes, commit: constant 20ms, linger: 0s",
            timeline: (0..<12).map { "at \(500 + $0 * 200)ms inject crash on table for 50ms" },
            expect: ["at end projected twice(table) == 0", "at end unprojected(table) > 0"]),
        EventRule(
            rule: "lost answers of the table are asked again, and the checkpoint says what had taken place",
            projection: "timeout: 50ms", timeline: ["at 1s inject lose on table with probability 40% for 1500ms"],
            expect: ["at end projected(table) == appended(log)", "always projected twice(table) == 0"]),
        EventRule(
            rule: "a poison event takes only its own stream along, and a replay has them in order",
            projection: "poison: 5%",
            timeline: ["at 3s set projections.table.poison 0%", "at 3500ms replay table"],
            expect: [
                "by 3s dead letters(table) > 3", "by 3s projected(table) > 40", "at end dead letters(table) == 0",
                "at end projected(table) == appended(log)",
            ]),
        EventRule(
            rule: "one that stops stays in front of the event, and goes on from there",
            projection: "poison: 5%, on failure: stop",
            timeline: ["at 2s set projections.table.poison 0%", "at 3s resume table"],
            expect: [
                "by 2s lag(table) > 20", "during 0s..3s projected(table) < 100",
                "at end projected(table) == appended(log)", "at end dead letters(table) == 0",
            ]),
        EventRule(
            rule: "one that skips goes on and is wrong, until it is rebuilt",
            projection: "poison: 5%, on failure: skip",
            timeline: ["at 2s set projections.table.poison 0%"],
            expect: [
                "always lag time(table) < 2s", "at end projected(table) < appended(log)",
                "at end unprojected(table) == 0",
            ]),
        EventRule(
            rule: "a rebuild brings back what was skipped, beside the version that serves",
            projection: "poison: 5%, on failure: skip",
            timeline: ["at 2s set projections.table.poison 0%", "at 3s rebuild table"],
            expect: ["at end projected(table) == appended(log)", "always projected twice(table) == 0"]),
        EventRule(
            rule: "what is published is lost with its publisher; what is read from the log is not",
            projection: "feed: published", timeline: ["at 1s inject lose on table with probability 30% for 1s"],
            expect: ["at end unprojected(table) > 5", "at end lag(table) == 0"]),
        EventRule(
            rule: "lanes share the streams between them, and each event is one lane's",
            projection: "lanes: 5, batch: 3",
            expect: ["at end projected(table) == appended(log)", "always projected twice(table) == 0"]),
        EventRule(
            rule: "an old consumer sets aside what it cannot read, and has all of it once it can",
            timeline: [
                "at 1s set stores.log.schema 2", "at 3s set projections.table.schema 2", "at 3100ms replay table",
            ],
            expect: ["by 3s dead letters(table) > 50", "at end projected(table) == appended(log)"]),
    ]

    private static let reading = [
        EventRule(
            rule: "who reads at once does not see the own write", projection: "linger: 100ms",
            expect: ["at end own writes missed(table) > 100"]),
        EventRule(
            rule: "who waits for the position does", projection: "linger: 100ms", read: "query: table, own writes: 1s",
            expect: ["at end own writes missed(table) == 0", "at end error share(shop.both) == 0%"]),
        EventRule(
            rule: "nobody waits for longer than the limit", projection: "linger: 100ms",
            read: "query: table, own writes: 50ms", timeline: ["at 1s inject crash on table for 2s"],
            expect: ["at end own writes missed(table) > 50", "at end max(orders.read) < 60ms"]),
    ]

    private static let commands = [
        EventRule(
            rule: "a local bus tries again what failed, and its sender waits",
            bus: "attempts: 10, backoff: constant 10ms",
            create: "bus: bus", timeline: ["at 1s inject error on bus with probability 50% for 2s"],
            expect: ["at end error share(orders.create) == 0%", "at end command retries(bus) > 20"]),
        EventRule(
            rule: "a local bus that is down fails what comes, and nobody waits for ever",
            bus: "attempts: 2, backoff: constant 5ms", create: "bus: bus",
            timeline: ["at 1s inject crash on bus for 1s"],
            expect: [
                "at end error share(orders.create) > 10%", "at end in flight == 0", "at end max(orders.create) < 1s",
            ]),
        EventRule(
            rule: "a queue accepts while its workers are down, and each command is carried out once",
            bus: "delivery: queued, workers: 4, visibility: 300ms", create: "bus: bus",
            timeline: ["at 1s inject crash on bus for 1s"],
            expect: [
                "by 2s commands waiting(bus) > 25", "at end commands waiting(bus) == 0",
                "at end error share(orders.create) == 0%", "at end commands done(bus) == appended(log)",
                "at end appended(log) > 190", "at end appended(log) < 210",
            ]),
        EventRule(
            rule:
                "a command that fails for good is a dead letter, later ones of its aggregate wait, and a replay has all",
            bus: "delivery: queued, attempts: 2, backoff: constant 5ms, poison: 3%", create: "bus: bus",
            timeline: ["at 3s set buses.bus.poison 0%", "at 3500ms replay bus"],
            expect: [
                "by 3s dead letters(bus) > 5", "at end dead letters(bus) == 0",
                "at end commands done(bus) == appended(log)", "at end appended(log) > 190",
            ]),
        EventRule(
            rule: "conflicts on a bus are decided anew, and nothing is appended twice",
            store: "disk: constant 20ms", bus: "conflict retries: 50", create: "bus: bus",
            expect: ["at end command retries(bus) > 5", "at end error share(orders.create) == 0%"]),
    ]

    private static let queries = [
        EventRule(
            rule: "a cached answer is dropped when an event changes its row",
            projection: "linger: 0s, queries: {cache: 100 answers, ttl: 60s}", read: "query: table, own writes: 1s",
            expect: ["at end own writes missed(table) == 0"]),
        EventRule(
            rule: "without that it is wrong for as long as it is kept",
            projection: "linger: 0s, queries: {cache: 100 answers, ttl: 60s, invalidation: no}",
            read: "query: table, own writes: 1s", expect: ["at end own writes missed(table) > 100"]),
        EventRule(
            rule: "a shard that fails costs its own rows, and its breaker soon spares it",
            projection: "queries: {shards: 4, breaker: {window: 5 calls, open: 10s}}",
            timeline: ["at 1s inject error on table#1"],
            expect: ["at end error share(orders.read) > 5%", "at end error share(orders.read) < 50%"]),
    ]
}

@Suite("Rules of events, commands and queries in the simulation")
struct EventRuleTests {
    @Test("the longest names, of letters of four bytes, can be on a bus and before a projection")
    func longNames() throws {
        func long(_ letter: Character) -> String { String(repeating: letter, count: 64) }
        let (service, operation, bus, table) = (
            long("\u{10400}"), long("\u{10401}"), long("\u{10402}"), long("\u{10403}")
        )
        let text = """
            sagascope: 1
            name: names
            duration: 1s
            stores: {log: {}}
            buses: {\(bus): {delivery: queued}}
            projections: {\(table): {reads: log, queries: {shards: 2}}}
            services:
              \(service):
                workers: 8
                operations: {\(operation): {command: record event in log, bus: \(bus)}, read: {query: \(table)}}
            load:
              writers: {call: \(service).\(operation), rate: 20/s, keys: uniform over 3}
              readers: {call: \(service).read, rate: 20/s, keys: uniform over 3}
            expect: |
              at end commands done(\(bus)) == appended(log)
              at end appended(log) > 5
            """
        #expect(try SmallScenario.unmet(in: text) == [])
    }

    @Test("each rule holds", arguments: EventRule.all)
    func holds(rule: EventRule) throws {
        #expect(try SmallScenario.unmet(in: rule.text) == [])
    }
}
