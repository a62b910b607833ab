import Sagas
import Timeline

private let eventName = NameNotation(pattern: "the name of an event")
private let eventNames = NamesNotation(pattern: "names of events, such as confirmed, cancelled")

/// The keys of a choreography.
enum ChoreographyKeys {
    static let broker = Key(
        "broker", NameNotation(pattern: "the name of a service"), isLive: false,
        "the service that carries its events; while it is down, none is delivered")
    static let amount = Key(
        "amount", MoneyNotation(), standard: "5.00 to 200.00", "what one flow is worth; all amounts of a range alike")
    static let delivery = Key(
        "delivery", DistributionNotation(), standard: "constant 1ms", "how long an event takes to a subscriber")
    static let twice = Key(
        "twice", ShareNotation(allowsZero: true), standard: "0%", "the share of deliveries that are made twice")
    static let redelivery = Key(
        "redelivery", PersistenceNotation(), standard: "8 attempts exponential 100ms to 10s full jitter",
        "how often an event is delivered whose subscriber fails; then it is a dead letter")
    static let hops = Key(
        "hops", CountNotation(range: 1...Choreography.maximumHops), standard: "32", isLive: false,
        "how many steps of cause and effect a flow may take until it is parked for an operator")
    static let cycles = Key(
        "cycles", FlagNotation(), standard: "no", isLive: false,
        "whether events may lead back to themselves, bounded by the hops alone")
    static let start = Key("starts with", eventName, isLive: false, "the event that begins a flow, from outside")
    static let endsWell = Key("ends well", eventNames, isLive: false, "the events that end a flow, and all is well")
    static let endsBadly = Key(
        "ends badly", eventNames, isLive: false,
        "the events that end a flow when what had to be taken back has been")
    static let notes = Key("notes", eventNames, isLive: false, "the events that nobody need react to")

    static let section = Section(
        title: "a choreography",
        fields: [
            .setting(broker), .setting(amount), .setting(delivery), .setting(twice), .setting(redelivery),
            .setting(hops), .setting(cycles), .setting(start), .setting(endsWell), .setting(endsBadly),
            .setting(notes),
            .list(
                "policies", PolicyKeys.section,
                meaning: "who reacts to what, 1 to \(Choreography.maximumPolicies); every policy on an event acts"),
            .list(
                "timeouts", FlowTimeoutKeys.section,
                meaning: "what happens when nothing happens, up to \(Choreography.maximumTimeouts)"),
        ])
}

/// The keys of a policy.
enum PolicyKeys {
    static let name = Key("name", NameNotation(), isLive: false, "what it is called")
    static let event = Key("on", eventName, isLive: false, "the event that it reacts to")
    static let call = Key(
        "call", OperationNotation(), isLive: false, "what is done, by the service that has subscribed to the event")
    static let success = Key(
        "then", eventName, isLive: false, "the event that tells that it was done; none tells nobody")
    static let failure = Key(
        "else", eventName, isLive: false,
        "the event by which the service tells that it was not done, and never will be; not published while that is open"
    )
    static let undoes = Key(
        "undoes", NameNotation(pattern: "the name of a policy"), isLive: false,
        "the policy whose work it takes back: whether or not that has been done, it will not stand")

    static let section = Section(
        title: "a policy",
        fields: [
            .setting(name), .setting(event), .setting(call), .setting(success), .setting(failure), .setting(undoes),
        ])
}

/// The keys of a timeout of a choreography.
enum FlowTimeoutKeys {
    static let event = Key("after", eventName, isLive: false, "the event from which time is counted")
    static let length = Key("within", TimeNotation.positive, isLive: false, "how long")
    static let awaited = Key(
        "awaits", eventNames, isLive: false, "the events of which one must come in time; none for a plain delay")
    static let consequence = Key("then", eventName, isLive: false, "the event that the watchdog publishes if none does")
    static let late = Key(
        "late answers",
        ChoiceNotation(choices: [("refused", Choreography.LateAnswers.refused), ("accepted", .accepted)]),
        standard: "refused", isLive: false,
        "whether what comes too late changes nothing, or the flow goes on with it all the same")

    static let section = Section(
        title: "a timeout",
        fields: [.setting(event), .setting(length), .setting(awaited), .setting(consequence), .setting(late)])
}
