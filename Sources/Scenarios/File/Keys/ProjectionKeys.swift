import CQRS
import EventSourcing
import Simulation
import Timeline

/// The keys of a projection.
enum ProjectionKeys {
    static let reads = Key(
        "reads", NameNotation(pattern: "the name of an event store"), isLive: false,
        "the event store whose events it takes in")
    static let events = Key(
        "events",
        ChoiceNotation<CommandPlan.Category?>(
            choices: [("all", nil), ("order", .order), ("payment", .payment), ("event", .event)]),
        standard: "all", isLive: false, "the aggregates whose events it takes in; event is what record event appends")
    static let feed = Key(
        "feed", ChoiceNotation<ProjectionPlan.Feed>(choices: [("log", .log), ("published", .published)]),
        standard: "log", isLive: false,
        "whether it reads the store's log, as an outbox does, or services send each event after the append: a dual write"
    )
    static let filter = Key(
        "filter", ChoiceNotation<Bool>(choices: [("store", true), ("projection", false)]), standard: "store",
        isLive: false, "whether the store sends only what it wants, or it reads everything and passes by the rest")
    static let lanes = Key(
        "lanes", CountNotation(range: 1...64), standard: "1", isLive: false,
        "how many workers it has, each with streams and a checkpoint of its own")
    static let batch = Key(
        "batch", CountNotation(range: 1...PageSize.limit), standard: "500", isLive: false,
        "how many events it takes in with one transaction at most")
    static let linger = Key(
        "linger", TimeNotation.any, standard: "100ms", isLive: false,
        "how long the first event of a batch waits for others")
    static let readAhead = Key(
        "read ahead", CountNotation(range: 0...PageSize.limit), standard: "0", isLive: false,
        "how many events it reads while a batch is not done")
    static let poll = Key(
        "poll", TimeNotation.positive, standard: "1s", isLive: false,
        "how long it waits at the end if it hears of nothing")
    static let attempts = Key(
        "attempts", CountNotation(range: 1...1_000), standard: "3", isLive: false,
        "how often an event is tried that fails")
    static let failing = Key(
        "on failure",
        ChoiceNotation<ErrorPolicy.Verdict>(choices: [("set-aside", .quarantine), ("skip", .skip), ("stop", .stop)]),
        standard: "set-aside", isLive: false,
        "what becomes of an event that goes on failing: it and what follows in its stream wait as dead letters, "
            + "it is left out, or the projection stops")
    static let deadLetters = Key(
        "dead letters", CountNotation(range: 1...1_000_000), standard: "1024", isLive: false,
        "in how many streams, and of each how many events, can be set aside before it stops")
    static let checkpoint = Key(
        "checkpoint",
        ChoiceNotation<ProjectionPlan.Checkpointing>(choices: [
            ("with-changes", .withChanges), ("after-changes", .afterChanges), ("before-changes", .beforeChanges),
        ]),
        standard: "with-changes", isLive: false,
        "whether the checkpoint moves in the transaction that changes the table, or in one of its own")
    static let rebuild = Key(
        "rebuild", ShareNotation(allowsZero: false), standard: "100%", isLive: false,
        "the share of the time that a rebuild works, so that it leaves room for others")
    static let network = Key(
        "network", DistributionNotation(), standard: "constant 500us",
        "how long a message takes one way, between it, its table and the store")
    static let work = Key("work", TimeNotation.any, standard: "50us", "how long it takes to deal with one event")
    static let commit = Key(
        "commit", DistributionNotation(), standard: "constant 2ms", "how long the table takes for a transaction")
    static let timeout = Key("timeout", TimeNotation.positive, standard: "1s", "how long it waits for an answer")
    static let poison = Key(
        "poison", ShareNotation(allowsZero: true), standard: "0%",
        "the share of events that it cannot deal with, however often: always the same ones; 0% is the mended code")
    static let schema = Key(
        "schema", CountNotation(range: 1...255), standard: "1", "the latest schema of events that it understands")

    static let section = Section(
        title: "a projection",
        fields: [
            .setting(reads), .setting(events), .setting(feed), .setting(filter), .setting(lanes), .setting(batch),
            .setting(linger), .setting(readAhead), .setting(poll), .setting(attempts), .setting(failing),
            .setting(deadLetters), .setting(checkpoint), .setting(rebuild), .setting(network), .setting(work),
            .setting(commit), .setting(timeout), .setting(poison), .setting(schema),
            .section(
                "queries", QueryBusKeys.section,
                meaning: "the bus that answers queries of it; without one they read its table"),
        ])
}
