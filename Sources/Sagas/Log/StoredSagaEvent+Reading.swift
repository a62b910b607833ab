public import EventSourcing
internal import Timeline

extension StoredSagaEvent {
    /// Reads an event.
    public init(_ event: EventData) throws(UnreadableEvent) {
        guard let kind = Kind(rawValue: event.type) else { throw .unknownType(event.type) }
        guard event.schema == 1 else { throw .newerForm(event.type, schema: event.schema) }
        var fields = FieldReader(event.data)
        do throws(FieldError) {
            self = try Self.read(kind, &fields)
            try fields.end()
        } catch {
            throw .undecodable("\(event.type): \(error)")
        }
    }

    private static func read(_ kind: Kind, _ fields: inout FieldReader) throws(FieldError) -> StoredSagaEvent {
        let time = Instant(nanoseconds: try fields.number("at"))
        guard let position: UInt8 = try fields.numberIfAny("position") else {
            return StoredSagaEvent(Saga.Event(time: time, what: try what(kind, &fields)), step: "")
        }
        let name = try fields.text("step")
        return StoredSagaEvent(Saga.Event(time: time, what: try what(kind, of: position, &fields)), step: name)
    }

    /// What has happened to a saga as a whole.
    private static func what(_ kind: Kind, _ fields: inout FieldReader) throws(FieldError) -> Saga.Event.What {
        switch kind {
        case .started: return .started
        case .locked: return .locked
        case .forked: return .forked(of: try fields.number("of"))
        case .turnedBack: return .turnedBack(try fields.word("because"))
        case .compensationRetried: return .compensationRetried
        case .timeLimitPassed: return .timeLimitPassed
        case .overdue: return .overdue
        case .compensationOverdue: return .compensationOverdue
        case .paused: return .paused(try fields.word("because"))
        case .resumed: return .resumed
        case .recovered: return .recovered
        case .ordered: return .ordered(try fields.word("order"))
        case .completed: return .completed
        case .compensated: return .compensated
        case .compensationFailed: return .compensationFailed
        case .killed: return .killed
        case .stepAdopted, .stepRequested, .stepDone, .stepFailed, .stepStalled, .stepSkipped, .undoRequested,
            .undoDone, .undoFailed, .undoExhausted, .undoResolved:
            throw .missing("position")
        }
    }

    /// What has happened to a step.
    private static func what(
        _ kind: Kind, of step: UInt8, _ fields: inout FieldReader
    ) throws(FieldError) -> Saga.Event.What {
        switch kind {
        case .stepAdopted: return .stepAdopted(step: step, try fields.value("result"))
        case .stepSkipped: return .stepSkipped(step: step, try fields.value("result"))
        case .stepRequested: return .stepRequested(step: step, attempt: try fields.number("attempt"))
        case .undoRequested: return .undoRequested(step: step, attempt: try fields.number("attempt"))
        case .undoDone: return .undoDone(step: step, attempt: try fields.number("attempt"))
        case .stepDone:
            return .stepDone(step: step, attempt: try fields.number("attempt"), try fields.value("result"))
        case .stepFailed:
            return .stepFailed(
                step: step, attempt: try fields.number("attempt"), try fields.failure(), retryAt: try fields.retry())
        case .undoFailed:
            return .undoFailed(
                step: step, attempt: try fields.number("attempt"), try fields.failure(), retryAt: try fields.retry(),
                counts: try fields.word("counts"))
        case .stepStalled: return .stepStalled(step: step)
        case .undoResolved: return .undoResolved(step: step)
        case .undoExhausted: return .undoExhausted(step: step, try fields.word("then"))
        case .started, .locked, .forked, .turnedBack, .compensationRetried, .timeLimitPassed, .overdue,
            .compensationOverdue, .paused, .resumed, .recovered, .ordered, .completed, .compensated,
            .compensationFailed, .killed:
            throw .superfluous("position")
        }
    }
}

extension FieldReader {
    fileprivate mutating func failure() throws(FieldError) -> Saga.Failure {
        let code = Saga.Code(rawValue: try number("code"))
        return Saga.Failure(code, try word("outcome"), isRetryable: try word("retryable"))
    }

    fileprivate mutating func retry() throws(FieldError) -> Instant? {
        let nanoseconds: Int64? = try numberIfAny("retryAt")
        return nanoseconds.map { Instant(nanoseconds: $0) }
    }
}
