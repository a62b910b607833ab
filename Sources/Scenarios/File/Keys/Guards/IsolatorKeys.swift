import Bulkheads
import Resilience
import Timeline

/// The keys of an isolator.
enum IsolatorKeys {
    static let section = Section(
        title: "an isolator",
        fields: [
            .named(
                "compartments", CompartmentKeys.section,
                meaning:
                    "what keeps the calls of one sort from others, by name; a call goes to the first that fits, or the last"
            )
        ])
}

/// The keys of a compartment of an isolator: those of a bulkhead or of a semaphore, and what stands with it.
enum CompartmentKeys {
    static let when = Key(
        "when", CompartmentRuleNotation(), standard: "any", isLive: false, "which calls go there")
    static let permits = Key(
        "permits", SemaphoreKeys.permits.form, "how many calls may be under way, in place of threads")
    static let rate = Key(
        "rate", LimiterNotation(), "how often calls may be made, by a token bucket; as often as they come if left out")
    static let burst = Key(
        "burst", CountNotation(range: 1...Rate.largestLimit),
        "how many permits that bucket saves; the number of the rate if left out")
    static let fallback = Key(
        "fallback", AnswerNotation(), standard: "none", isLive: false,
        "what is answered instead of refusals and failures")

    /// A compartment's breaker is its own, and is judged by no rule but the library's.
    static let breaker = Section(
        title: "a compartment's breaker",
        fields: BreakerKeys.section.fields.filter {
            ![BreakerKeys.each.name, BreakerKeys.health.name].contains($0.name)
        })

    static let section = Section(
        title: "a compartment",
        fields: [.setting(when)] + BulkheadKeys.section.fields + [
            .setting(permits), .setting(SemaphoreKeys.wait), .setting(rate), .setting(burst),
            .section("breaker", breaker, meaning: "it is refused calls while they are seen to fail"),
            .setting(fallback),
        ],
        choices: [
            Section.Choice(
                options: [
                    ["threads"] + queue, ["core", "max"] + queue, ["permits", "wait"],
                ], isRequired: true)
        ])

    private static let queue = ["queue", "keep alive", "when full", "order", "expired", "max wait"]
}
