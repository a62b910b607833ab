import Sagas
import Timeline

private let limit = OptionalTimeNotation(time: TimeNotation.positive)

/// The keys of a saga.
enum SagaKeys {
    static let home = Key(
        "runs in", NameNotation(pattern: "the name of a service"), isLive: false, "the service whose workers drive it")
    static let timeout = Key(
        "timeout", limit, standard: "none",
        "after how long it turns back, or once it cannot, is overdue")
    static let amount = Key(
        "amount", MoneyNotation(), standard: "5.00 to 200.00", "what one is worth; all amounts of a range alike")

    static let section = Section(
        title: "a saga",
        fields: [
            .setting(home), .setting(timeout), .setting(amount),
            .section("compensation", CompensationKeys.section, meaning: "how steps are taken back"),
            .list(
                "steps", StepKeys.section,
                meaning: "what it does, one after another, 1 to \(SagaDefinition.maximumSteps)"),
        ])
}

/// The keys of a saga's compensation.
enum CompensationKeys {
    static let timeout = Key(
        "timeout", TimeNotation.positive, standard: "5m",
        "how long all undos together may take")
    static let retry = Key(
        "retry", PersistenceNotation(), standard: PersistenceNotation.untilDone,
        "how often one undo is tried")

    static let section = Section(
        title: "a compensation", fields: [.setting(timeout), .setting(retry)], isImplied: true)
}

/// The keys of a saga's step.
enum StepKeys {
    static let name = Key("name", NameNotation(), isLive: false, "what it is called")
    static let call = Key("call", OperationNotation(), isLive: false, "what it calls")
    static let undo = Key("undo", OperationNotation(), isLive: false, "what takes it back")
    static let pivot = Key(
        "pivot", FlagNotation(), standard: "no", isLive: false, "whether the saga cannot turn back once this is done")
    static let retry = Key("retry", PersistenceNotation(), standard: "1 attempt", "how often it is tried")
    static let timeout = Key("timeout", limit, standard: "none", "how long one attempt may take, of its undo too")

    static let section = Section(
        title: "a step",
        fields: [
            .setting(name), .setting(call), .setting(undo), .setting(pivot), .setting(retry), .setting(timeout),
        ])
}
