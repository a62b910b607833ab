import Timeline

/// The keys at the top of a file.
enum FileKeys {
    /// The version of the format that this program reads.
    static let version = 1

    static let format = Key(
        "sagascope", CountNotation(range: 1...1_000_000), isLive: false,
        "the version of this format, \(version); it says that the file is a scenario")
    static let name = Key("name", TextNotation(), isLive: false, "what the run is called; the file's name if left out")
    static let about = Key("about", TextNotation(), standard: "", isLive: false, "what there is to see")
    static let teaches = Key(
        "teaches", QuestionsNotation(), standard: "", isLive: false,
        "which of the guide's ten interview questions it helps to answer; \"sagascope list\" has them")
    static let seed = Key("seed", SeedNotation(), standard: "1", isLive: false, "from which all chance is derived")
    static let duration = Key(
        "duration", TimeNotation.period, standard: "1m", isLive: false,
        "how long the load lasts")
    static let endless = Key(
        "endless", FlagNotation(), standard: "no", isLive: false,
        "whether the dashboard goes on after the duration, until somebody quits")

    static let section = Section(
        title: "a scenario",
        fields: [
            .setting(format), .setting(name), .setting(about), .setting(teaches), .setting(seed), .setting(duration),
            .setting(endless),
            .named("services", ServiceKeys.section, meaning: "who does work, by name"),
            .named(
                "edges", EdgeKeys.section,
                meaning:
                    "the ways from one to another: \"shop -> payment\", \"load -> shop\"; an operation that has a way of its "
                    + "own does not take its service's: \"shop.order -> payment\""),
            .named("stores", StoreKeys.section, meaning: "event stores, by name"),
            .named("buses", BusKeys.section, meaning: "buses that take commands to the aggregates of stores, by name"),
            .named(
                "projections", ProjectionKeys.section,
                meaning: "tables that are made of events and answer queries, by name"),
            .named("sagas", SagaKeys.section, meaning: "transactions of several steps, by name"),
            .named(
                "choreographies", ChoreographyKeys.section,
                meaning: "transactions without an orchestrator, of services that react to events, by name"),
            .named("load", LoadKeys.section, meaning: "who calls from outside, by name"),
            .special(
                "timeline", pattern: "a text block: |",
                meaning: "one command a line, at a moment: at 30s inject ...; in any order, see help commands"),
            .special("expect", pattern: "a text block: |", meaning: "one expectation a line, see help expect"),
        ])
}
