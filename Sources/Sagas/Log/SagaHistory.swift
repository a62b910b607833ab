internal import Timeline

/// A saga that is read back from its events, each of which is checked first.
///
/// ``Saga/evolve(_:under:)`` believes what it is told. A history does not: an event is refused unless a saga that
/// stands as the earlier ones have left it can decide it next. So what has been read without an error is a saga that
/// can go on, or is over: no call was made out of turn, and nothing is taken back that cannot be.
///
/// Not every lost event is noticed. One that nothing later builds upon (the last decision, a crash that was survived,
/// an alarm) leaves a saga that stands as if it had not happened; what it asks for again has the same idempotency
/// keys. What limits and retry settings have decided is not checked, since they may change while a saga runs.
///
/// Source: DBOS and Temporal, which refuse a history that the workflow's code could not have produced.
public struct SagaHistory: Sendable {
    /// What the saga runs under.
    public let definition: SagaDefinition
    /// The saga so far.
    public private(set) var saga: Saga
    /// How many events it is made of.
    public private(set) var count = 0
    /// What came last; nil before the first event.
    var last: Saga.Event?
    /// Whether it runs another saga again.
    var isRerun = false
    /// Whether what came last belongs to the end of the time limit of the way back.
    var isGivingUp = false
    /// When an operator last wanted something called at once.
    var hurriedAt: Instant?

    /// The history of a saga to which nothing has happened.
    public init(of id: UInt64, data: SagaData = SagaData(), under definition: SagaDefinition) {
        self.definition = definition
        saga = Saga(id: id, data: data)
    }

    /// Reads a whole history.
    /// - Throws: the first event that cannot have happened, or what is missing at the end.
    public static func saga(
        of id: UInt64, data: SagaData = SagaData(), from events: some Sequence<Saga.Event>,
        under definition: SagaDefinition
    ) throws(SagaHistoryError) -> Saga {
        var history = SagaHistory(of: id, data: data, under: definition)
        for event in events { try history.take(event) }
        try history.end()
        return history.saga
    }

    /// Takes in the next event.
    /// - Throws: why it cannot have happened; nothing has changed then.
    public mutating func take(_ event: Saga.Event) throws(SagaHistoryError) {
        if let rule = objection(to: event) { throw error(about: event, rule) }
        saga.evolve(event, under: definition)
        count += 1
        last = event
        switch event.what {
        case .forked: isRerun = true
        case .ordered(.retryNow): hurriedAt = event.time
        default: break
        }
        switch event.what {
        case .compensationOverdue: isGivingUp = true
        case .undoExhausted: break
        default: isGivingUp = false
        }
    }

    /// Says that there are no more events.
    /// - Throws: what is missing of the last decision, all of whose events are stored together.
    public func end() throws(SagaHistoryError) {
        if let rule = missing(before: nil) { throw error(about: nil, rule) }
    }

    private func error(about event: Saga.Event?, _ rule: SagaHistoryError.Rule) -> SagaHistoryError {
        let step = event?.what.step
        let name = step.flatMap { definition.has($0) ? definition.steps[$0].name : nil }
        return SagaHistoryError(position: count, event: event, step: name, rule: rule)
    }

    /// Why an event cannot have happened; nil if it can.
    private func objection(to event: Saga.Event) -> SagaHistoryError.Rule? {
        if let last, event.time < last.time { return .time(latest: last.time) }
        if let step = event.what.step, !definition.has(step) { return .noSuchStep(step) }
        if let rule = missing(before: event.what) { return rule }
        if saga.isOver, !isAllowedAfterEnd(event.what) { return .phase(saga.phase) }
        return objectionToStep(event) ?? objectionToUndo(event) ?? objectionToTurn(event)
            ?? objectionToOperation(event.what)
    }

    /// Only what could not be undone can still be dealt with after the end.
    private func isAllowedAfterEnd(_ what: Saga.Event.What) -> Bool {
        switch what {
        case .ordered(.retryCompensation), .ordered(.markResolved), .compensationRetried, .undoResolved, .compensated:
            saga.course == .compensationFailed
        default: false
        }
    }
}

extension Saga.Event.What {
    /// The position of the step that it is about; nil if it is about the saga as a whole.
    public var step: Int? {
        switch self {
        case .stepAdopted(let step, _), .stepRequested(let step, _), .stepDone(let step, _, _),
            .stepFailed(let step, _, _, _), .stepStalled(let step), .stepSkipped(let step, _),
            .undoRequested(let step, _), .undoDone(let step, _), .undoFailed(let step, _, _, _, _),
            .undoExhausted(let step, _), .undoResolved(let step):
            Int(step)
        case .started, .locked, .forked, .turnedBack, .compensationRetried, .timeLimitPassed, .overdue,
            .compensationOverdue, .paused, .resumed, .recovered, .ordered, .completed, .compensated,
            .compensationFailed, .killed:
            nil
        }
    }
}
