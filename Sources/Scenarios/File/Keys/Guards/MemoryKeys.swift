import Timeline

/// The keys of a guard by which calls hold memory.
enum MemoryKeys {
    static let size = Key("size", BytesNotation.positive, "how much each call reserves")
    static let limit = Key(
        "limit", OptionalNotation(BytesNotation()), standard: "none",
        "how much all calls together may hold, overhead included; none for as much as the caller's memory allows")
    static let overhead = Key(
        "overhead", FactorNotation(range: 0...100), standard: "1",
        "what a reserved byte is charged as, for what was not foreseen")

    static let section = Section(
        title: "a memory guard", fields: [.setting(size), .setting(limit), .setting(overhead)])
}

/// The keys of a service's memory.
enum ServiceMemoryKeys {
    static let limit = Key("limit", BytesNotation(), "how much may be in use")
    static let evictable = Key(
        "evictable", BytesNotation(), standard: "0 B", isLive: false,
        "how much is in use from the beginning, in 16 parts that give way when calls need the room")
    static let warning = Key(
        "warning", ShareNotation(allowsZero: false), standard: "75%", "from which share of the limit on it warns")
    static let critical = Key(
        "critical", ShareNotation(allowsZero: false), standard: "90%", "from which share on it is critical")
    static let trend = Key(
        "trend", TimeNotation(range: .seconds(1)...TimeNotation.longest), standard: "10s",
        "how far back the growth is measured")
    static let horizon = Key(
        "horizon", OptionalNotation(TimeNotation.positive), standard: "1m",
        "it warns if all will be full sooner than that")

    static let section = Section(
        title: "a service's memory",
        fields: [
            .setting(limit), .setting(evictable), .setting(warning), .setting(critical), .setting(trend),
            .setting(horizon),
        ])
}
