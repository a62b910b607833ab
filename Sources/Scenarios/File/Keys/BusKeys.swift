import Simulation
import Timeline

/// The keys of a command bus.
enum BusKeys {
    static let delivery = Key(
        "delivery", ChoiceNotation<Bool>(choices: [("local", false), ("queued", true)]), standard: "local",
        isLive: false,
        "whether a command is carried out while its sender waits, or waits in a queue for a worker of the bus")
    static let workers = Key(
        "workers", CountNotation(range: 1...10_000), standard: "4",
        "how many commands of the queue are carried out at once")
    static let queue = Key(
        "queue", CountNotation(range: 1...10_000_000), standard: "10000", isLive: false,
        "how many commands the queue holds")
    static let visibility = Key(
        "visibility", TimeNotation.positive, standard: "30s", isLive: false,
        "how long a worker may go unheard before its command is given to another")
    static let attempts = Key(
        "attempts", CountNotation(range: 1...1_000), standard: "1", isLive: false,
        "how often a command is tried that fails; at last one of a queue becomes a dead letter")
    static let backoff = Key(
        "backoff", BackoffNotation(), standard: "exponential 100ms to 10s", isLive: false,
        "how the wait between attempts grows")
    static let conflictRetries = Key(
        "conflict retries", CountNotation(range: 0...1_000), standard: "3", isLive: false,
        "how often a command is decided anew at once when somebody else has appended meanwhile")
    static let deadLetters = Key(
        "dead letters", CountNotation(range: 1...1_000_000), standard: "1024", isLive: false,
        "for how many aggregates, and of each how many commands, can become dead letters")
    static let work = Key(
        "work", DistributionNotation(), standard: "constant 0s", "how long a handler works before it asks the store")
    static let poison = Key(
        "poison", ShareNotation(allowsZero: true), standard: "0%",
        "the share of commands that handlers cannot carry out, however often: always the same ones")

    static let section = Section(
        title: "a command bus",
        fields: [
            .setting(delivery), .setting(workers), .setting(queue), .setting(visibility), .setting(attempts),
            .setting(backoff), .setting(conflictRetries), .setting(deadLetters), .setting(work), .setting(poison),
        ])
}

/// The keys of the bus that answers queries of a projection.
enum QueryBusKeys {
    /// A shard's breaker is its own, and is judged by no rule but the library's.
    static let breaker = Section(
        title: "a shard's breaker",
        fields: BreakerKeys.section.fields.filter {
            ![BreakerKeys.each.name, BreakerKeys.health.name].contains($0.name)
        })
    static let cache = Key(
        "cache", CountNotation(range: 0...10_000_000, unit: ("answer", "answers")), standard: "0 answers",
        isLive: false, "how many answers are kept")
    static let timeToLive = Key(
        "ttl", TimeNotation.positive, standard: "30s", isLive: false, "how long an answer may be used again")
    static let invalidation = Key(
        "invalidation", FlagNotation(), standard: "yes",
        "whether an answer is dropped when an event changes the row that it shows")
    static let shards = Key(
        "shards", CountNotation(range: 1...64), standard: "1", isLive: false,
        "over how many shards the rows are spread by consistent hashing: NAME#1, NAME#2 ...")
    static let replicas = Key(
        "replicas", CountNotation(range: 1...100), standard: "1", isLive: false, "how many replicas each shard has")
    static let latency = Key(
        "latency", DistributionNotation(), standard: "constant 1ms", "how long a shard takes to answer")

    static let section = Section(
        title: "a query bus",
        fields: [
            .setting(cache), .setting(timeToLive), .setting(invalidation), .setting(shards), .setting(replicas),
            .setting(latency),
            .section("breaker", breaker, meaning: "the circuit breaker before each shard"),
        ])
}
