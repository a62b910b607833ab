import Bulkheads
import Simulation
import Timeline

/// The keys of a load.
enum LoadKeys {
    static let start = Key(
        "start", NameNotation(pattern: "the name of a saga or choreography"), isLive: false,
        "the saga, or the flow of a choreography, that each request starts")
    static let call = Key("call", OperationNotation(), isLive: false, "the operation that each request calls")
    static let gateway = Key(
        "to", NameNotation(pattern: "the name of a gateway"), isLive: false,
        "the gateway that requests go to; see routes")
    static let apiKey = Key(
        "api key", NameNotation(pattern: "the name of an API key of the gateway"), isLive: false,
        "the API key that its requests present")
    static let rate = Key("rate", RateNotation(), "how many requests come")
    static let arrivals = Key(
        "arrivals", ChoiceNotation(choices: [("poisson", LoadPlan.Process.poisson), ("even", .even)]),
        standard: "poisson", "at random, or evenly spaced")
    static let users = Key(
        "users", CountNotation(range: 0...1_000_000),
        "instead of a rate: so many users, each of whom asks, waits for the answer, thinks, and asks again")
    static let think = Key(
        "think", DistributionNotation(leastMean: .milliseconds(1)), standard: "exponential mean 1s",
        "how long a user thinks")
    static let burst = Key(
        "burst", CountNotation(range: 1...1_000_000, unit: ("request", "requests")), isLive: false,
        "instead of a rate: so many requests, all at one moment")
    static let at = Key("at", TimeNotation.any, standard: "0s", isLive: false, "when a burst comes")
    static let tenant = Key(
        "tenant", NameNotation(), isLive: false, "for whom its requests are made, for guards that ask")
    static let priority = Key(
        "priority", ChoiceNotation<ThreadPool.Priority>(), standard: "normal", isLive: false,
        "how urgent its requests are, where somebody asks")
    static let keys = Key("keys", KeysNotation(), standard: "none", "which keys are asked for, for caches")
    static let amount = Key(
        "amount", MoneyNotation(), standard: "5.00 to 200.00", "what a call is worth; a saga has an amount of its own")

    static let section = Section(
        title: "a load",
        fields: [
            .setting(start), .setting(call), .setting(gateway),
            .special(
                "routes", pattern: "{browse: 70%, order: 20%, \"GET /old\": 10%}",
                meaning:
                    "the share of each route of the gateway, or of a request as it is written; {key} stands for a key"),
            .setting(apiKey),
            .section("token", TokenKeys.section, meaning: "the bearer token that its requests present"),
            .special("headers", pattern: "{Accept-Language: de, ...}", meaning: "fields that its requests have"),
            .setting(rate),
            .list("stages", StageKeys.section, meaning: "instead of one rate: rates one after another"),
            .setting(arrivals), .setting(users), .setting(think), .setting(burst), .setting(at), .setting(tenant),
            .setting(priority), .setting(keys), .setting(amount),
        ],
        choices: [
            Section.Choice(options: [["start"], ["call", "amount"], ["to", "routes"]], isRequired: true),
            Section.Choice(options: [["api key"], ["token"]], isRequired: false),
            Section.Choice(
                options: [["rate", "arrivals"], ["stages", "arrivals"], ["users", "think"], ["burst", "at"]],
                isRequired: true),
        ])
}

/// The keys of a stage of a load.
enum StageKeys {
    static let rate = Key("rate", RateNotation(), "a rate that stays")
    static let from = Key("from", RateNotation(), "the rate at the beginning of a ramp")
    static let to = Key("to", RateNotation(), "the rate at its end")
    static let length = Key(
        "for", TimeNotation.period,
        "how long the stage lasts; after the last one its rate stays")

    static let section = Section(
        title: "a stage", fields: [.setting(rate), .setting(from), .setting(to), .setting(length)],
        choices: [Section.Choice(options: [["rate"], ["from", "to"]], isRequired: true)])
}
