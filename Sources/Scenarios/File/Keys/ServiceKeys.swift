import Bulkheads
import Simulation
import Timeline

/// The keys of a service.
enum ServiceKeys {
    static let replicas = Key(
        "replicas", CountNotation(range: 1...ServicePlan.replicaLimit), standard: "1", isLive: false,
        "how many of it there are, each with these workers and this queue: NAME#1, NAME#2 ...")
    static let running = Key(
        "running", CountNotation(range: 1...ServicePlan.replicaLimit),
        "how many of the replicas run, the first ones; all if left out. Who leaves finishes what it has")
    static let workers = Key(
        "workers", CountNotation(range: 1...1_000_000), standard: "1", "how many calls it works on at once")
    static let queue = Key("queue", CountNotation(range: 0...10_000_000), standard: "0", "how many more calls may wait")
    static let whenFull = Key(
        "when full",
        ChoiceNotation<ThreadPool.RejectionPolicy>(choices: [("abort", .abort), ("discard-oldest", .discardOldest)]),
        standard: "abort", "whether a call that finds the queue full is turned away, or the oldest one that waits")
    static let latency = Key(
        "latency", DistributionNotation(), standard: "constant 0s",
        "how long the work of one call takes, without the calls that it makes")
    static let errors = Key(
        "errors", ShareNotation(allowsZero: true), standard: "0%", "the share of calls that fail after their work")
    static let invalid = Key(
        "invalid", ShareNotation(allowsZero: true), standard: "0%",
        "the share of calls that ask for what it never does: they fail as the caller's fault")
    static let conflict = Key(
        "conflict", ChoiceNotation(choices: [("none", false), ("version", true)]), standard: "none", isLive: false,
        "version: it keeps a row that is written only by who has read its latest version; see row")
    static let stock = Key(
        "stock", CountNotation(range: 0...1_000_000_000), standard: "0", isLive: false,
        "how many pieces it has in stock at first; see the stock of an operation")
    static let blocking = Key(
        "blocking", FlagNotation(),
        "whether a worker waits for the calls that it makes; yes if left out, no of a gateway")

    static let section = Section(
        title: "a service",
        fields: [
            .setting(replicas), .setting(running), .setting(workers), .setting(queue), .setting(QueueKeys.order),
            .setting(QueueKeys.expired), .setting(QueueKeys.maximumWait), .setting(whenFull), .setting(latency),
            .setting(errors),
            .setting(invalid), .setting(blocking), .setting(conflict), .setting(stock),
            .section("cache", CacheKeys.section, meaning: "a cache for keyed calls that book nothing"),
            .section(
                "gateway", GatewayKeys.section,
                meaning: "makes it a gateway, whose operations are the routes of requests"),
            .section("memory", ServiceMemoryKeys.section, meaning: "its memory, if that has a limit"),
            .named(
                "operations", OperationKeys.section,
                meaning: "what can be called, by name; without this key, anything. A list stands for its calls"),
        ])
}

/// The keys of an operation of a service.
enum OperationKeys {
    static let books = Key(
        "books", NameNotation(pattern: "the name of an account"), isLive: false,
        "the account that its amount is booked to: charged, confirmed, refunded or another")
    static let command = Key(
        "command", CommandNotation(), isLive: false,
        "what it asks of an aggregate in an event store: that of the saga, of the call's key, or of the request")
    static let bus = Key(
        "bus", NameNotation(pattern: "the name of a command bus"), isLive: false,
        "the bus that its command goes on; without one the service asks the event store itself")
    static let query = Key(
        "query", NameNotation(pattern: "the name of a projection"), isLive: false,
        "the projection whose row it reads: that of the saga, of the call's key, or of the request")
    static let ownWrites = Key(
        "own writes", OptionalNotation(TimeNotation.positive), standard: "none", isLive: false,
        "how long a query waits at most for the projection to have what the request has written before")
    static let row = Key(
        "row", ChoiceNotation<RowAccess>(), standard: "none", isLive: false,
        "whether it reads or writes the versioned row of a service with conflict: version")
    static let stock = Key(
        "stock",
        ChoiceNotation(choices: [
            ("none", StockAccess.none), ("look", .look), ("take", .take), ("take-if-any", .takeIfAny),
            ("give-back", .giveBack),
        ]), standard: "none", isLive: false,
        "what it does with the stock of the service: look fails if nothing is left, take takes all the same")
    static let idempotent = Key(
        "idempotent", FlagNotation(), standard: "yes", isLive: false,
        "whether it knows a saga's call by its key when it comes again, and does it once")
    static let writes = Key(
        "writes", WritingNotation(), standard: "no", isLive: false,
        "whether it changes what the service's keyed calls answer, which a cache may have from before: for its key, or for "
            + "all that have its key's tag")
    static let latency = Key("latency", DistributionNotation(), "if it is not the service's")
    static let errors = Key("errors", ShareNotation(allowsZero: true), "if they are not the service's")

    static let section = Section(
        title: "an operation",
        fields: [
            .setting(books), .setting(command), .setting(bus), .setting(query), .setting(ownWrites), .setting(row),
            .setting(stock), .setting(idempotent), .setting(writes),
            .setting(latency),
            .setting(errors),
            .special(
                "calls", pattern: "[call catalog.read, ...]",
                meaning:
                    "the calls that it makes after its own work, one after another, "
                    + "at most \(Limits.callsOfOperation)"),
        ])
}
