import Sagas
import Timeline

private let timeLimit = OptionalNotation(TimeNotation.positive)

/// The keys of a saga.
enum SagaKeys {
    static let home = Key(
        "runs in", NameNotation(pattern: "the name of a service"), isLive: false, "the service whose workers drive it")
    static let timeout = Key(
        "timeout", timeLimit, standard: "none",
        "after how long it turns back, or once it cannot, is overdue")
    static let amount = Key(
        "amount", MoneyNotation(), standard: "5.00 to 200.00", "what one is worth; all amounts of a range alike")

    static let takeover = Key(
        "takeover", TimeNotation.positive, standard: "1s",
        "how long after a crash of its orchestrator another one takes it over")
    static let recoveries = Key(
        "recoveries", CountNotation(range: 1...65_000), standard: "100",
        "how often it is taken over until an operator has to look at it")

    static let versionOf = Key(
        "version of", NameNotation(pattern: "the name of a saga further up"), isLive: false,
        "the saga that it takes the place of, when it is deployed; sagas under way keep the version they began with")
    static let isolation = Key(
        "isolation", IsolationNotation(), standard: "none", isLive: false,
        "what it locks from before its first step until it ends, so that others do not see what is half done")

    static let section = Section(
        title: "a saga",
        fields: [
            .setting(home), .setting(timeout), .setting(amount), .setting(takeover), .setting(recoveries),
            .setting(isolation), .setting(versionOf),
            .section("monitor", MonitorKeys.section, meaning: "when an operator is called"),
            .section("compensation", CompensationKeys.section, meaning: "how steps are taken back"),
            .list(
                "steps", StepKeys.section,
                meaning: "what it does, one after another, 1 to \(SagaDefinition.maximumSteps)"),
        ])
}

/// The keys of what looks after a saga.
enum MonitorKeys {
    static let stuck = Key(
        "stuck", TimeNotation.positive, standard: "10m",
        "after how long without getting any further an operator is called")
    static let compensating = Key(
        "compensating", TimeNotation.positive, standard: "5m", "after how long on its way back")
    static let waiting = Key("waiting", TimeNotation.any, standard: "0s", "after how long of waiting for an operator")
    static let old = Key("old", timeLimit, standard: "none", "at what age, if it has not ended")

    static let section = Section(
        title: "a monitor",
        fields: [.setting(stuck), .setting(compensating), .setting(waiting), .setting(old)], isImplied: true)
}

/// The keys of a saga's compensation.
enum CompensationKeys {
    static let timeout = Key(
        "timeout", TimeNotation.positive, standard: "5m",
        "how long all undos together may take")
    static let retry = Key(
        "retry", PersistenceNotation(), standard: PersistenceNotation.untilDone,
        "how often one undo is tried")

    static let order = Key(
        "order",
        ChoiceNotation(choices: [
            ("reverse", SagaDefinition.Order.reverse), ("parallel", .parallel), ("declared", .declared),
        ]), standard: "reverse", isLive: false,
        "which undo follows which: the last step's first, all at once, or as undo after says")
    static let exhausted = Key(
        "exhausted",
        ChoiceNotation(choices: [
            ("goes-on", SagaDefinition.Exhaustion.goesOn), ("waits-for-operator", .waitsForOperator),
        ]), standard: "goes-on", "what becomes of an undo that cannot be done")

    static let section = Section(
        title: "a compensation",
        fields: [.setting(timeout), .setting(retry), .setting(order), .setting(exhausted)], isImplied: true)
}

/// The keys of a saga's step.
enum StepKeys {
    static let name = Key("name", NameNotation(), isLive: false, "what it is called")
    static let call = Key("call", OperationNotation(), isLive: false, "what it calls")
    static let undo = Key("undo", OperationNotation(), isLive: false, "what takes it back")
    static let pivot = Key(
        "pivot", FlagNotation(), standard: "no", isLive: false, "whether the saga cannot turn back once this is done")
    static let retry = Key("retry", PersistenceNotation(), standard: "1 attempt", "how often it is tried")
    static let timeout = Key("timeout", timeLimit, standard: "none", "how long one attempt may take, of its undo too")
    static let limit = Key("limit", timeLimit, standard: "none", "how long all its attempts together may take")
    static let group = Key(
        "group", NameNotation(), isLive: false, "neighbours of the same group are called at the same time")
    static let critical = Key(
        "critical", FlagNotation(), standard: "yes", isLive: false, "whether the saga cannot do without it")
    static let returns = Key(
        "returns",
        ChoiceNotation(choices: [
            ("money", SagaValue.Kind.cents), ("number", .number), ("identifier", .identifier), ("flag", .flag),
        ]), isLive: false, "the kind of value that it returns")
    static let amount = Key(
        "amount", SourceNotation(), standard: "amount", isLive: false, "the money that its call is about")
    static let undoAmount = Key(
        "undo amount", SourceNotation(), standard: "amount", isLive: false, "the money that its undo is about")
    static let undoAfter = Key(
        "undo after", NamesNotation(), isLive: false, "the steps whose undos come before its own")
    static let undoRegistered = Key(
        "undo registered",
        ChoiceNotation(choices: [
            ("before-call", SagaDefinition.Undo.Registration.beforeCall), ("after-success", .afterSuccess),
        ]), standard: "before-call", isLive: false,
        "when its undo is put on the stack; after success only, what happened without a reply stays")

    static let section = Section(
        title: "a step",
        fields: [
            .setting(name), .setting(call), .setting(undo), .setting(pivot), .setting(retry), .setting(timeout),
            .setting(limit), .setting(group), .setting(critical), .setting(returns), .setting(amount),
            .setting(undoAmount), .setting(undoAfter), .setting(undoRegistered),
        ])
}
