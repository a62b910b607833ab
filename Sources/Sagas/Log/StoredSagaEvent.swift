public import EventSourcing

/// A saga's event as it is stored: with the name of its step, in a line that anybody can read.
///
/// `at=9000000 position=1 step=charge attempt=2 code=1 outcome=unknown retryable=yes retryAt=9100000`: times in
/// nanoseconds, and what there is not is left out. A definition counts its steps, and so do idempotency keys; the name
/// beside the position gives away a definition that has been changed since.
public struct StoredSagaEvent: StoredEvent, Hashable {
    /// The event.
    public let event: Saga.Event
    /// The name of the step that it is about; empty if it is about none.
    public let step: String

    /// An event, and the name of its step; empty for none.
    public init(_ event: Saga.Event, step: String) {
        self.event = event
        self.step = event.what.step == nil ? "" : step
    }

    /// An event under a definition; a step that the definition does not have goes without a name.
    public init(_ event: Saga.Event, under definition: SagaDefinition) {
        let step = event.what.step.flatMap { definition.has($0) ? definition.steps[$0].name : nil }
        self.init(event, step: step ?? "")
    }

    /// The event, if the definition has a step of this name at its place.
    /// - Throws: what is there instead.
    public func event(under definition: SagaDefinition) throws(UnexpectedStep) -> Saga.Event {
        guard let position = event.what.step else { return event }
        let expected = definition.has(position) ? definition.steps[position].name : nil
        guard expected == step else { throw UnexpectedStep(position: position, expected: expected, found: step) }
        return event
    }

    /// The definition has another step at this place than the one that was stored: it is not the saga's any more.
    ///
    /// Source: DBOS, `DBOSUnexpectedStepError`.
    public struct UnexpectedStep: Error, Hashable, Sendable {
        /// The place.
        public let position: Int
        /// The step that the definition has there; nil for none.
        public let expected: String?
        /// The step that was stored.
        public let found: String
    }

    /// What kind of event it is: `SagaStepRequested`.
    public var type: String { Kind(event.what).rawValue }

    /// The version of the form in which it is written.
    public var schema: Int { 1 }

    /// What it says, as text.
    public var data: [UInt8] {
        var line = FieldWriter()
        write(to: &line)
        return line.bytes
    }
}

extension StoredSagaEvent.UnexpectedStep: CustomStringConvertible {
    /// `step 2 is charge, but pay was stored: …`.
    public var description: String {
        "step \(position + 1) is \(expected ?? "missing"), but \(found) was stored: keep the definition that the saga "
            + "was started with, and give the changed one a new version"
    }
}

extension StoredSagaEvent: CustomStringConvertible {
    /// The type and the data.
    public var description: String { type + " " + String(decoding: data, as: UTF8.self) }
}

extension StoredSagaEvent {
    /// The types of events.
    enum Kind: String, CaseIterable {
        case started = "SagaStarted"
        case locked = "SagaLocked"
        case forked = "SagaForked"
        case stepAdopted = "SagaStepAdopted"
        case stepRequested = "SagaStepRequested"
        case stepDone = "SagaStepDone"
        case stepFailed = "SagaStepFailed"
        case stepStalled = "SagaStepStalled"
        case stepSkipped = "SagaStepSkipped"
        case turnedBack = "SagaTurnedBack"
        case undoRequested = "SagaUndoRequested"
        case undoDone = "SagaUndoDone"
        case undoFailed = "SagaUndoFailed"
        case undoExhausted = "SagaUndoExhausted"
        case undoResolved = "SagaUndoResolved"
        case compensationRetried = "SagaCompensationRetried"
        case timeLimitPassed = "SagaTimeLimitPassed"
        case overdue = "SagaOverdue"
        case compensationOverdue = "SagaCompensationOverdue"
        case paused = "SagaPaused"
        case resumed = "SagaResumed"
        case recovered = "SagaRecovered"
        case ordered = "SagaOrdered"
        case completed = "SagaCompleted"
        case compensated = "SagaCompensated"
        case compensationFailed = "SagaCompensationFailed"
        case killed = "SagaKilled"

        init(_ what: Saga.Event.What) {
            switch what {
            case .started: self = .started
            case .locked: self = .locked
            case .forked: self = .forked
            case .stepAdopted: self = .stepAdopted
            case .stepRequested: self = .stepRequested
            case .stepDone: self = .stepDone
            case .stepFailed: self = .stepFailed
            case .stepStalled: self = .stepStalled
            case .stepSkipped: self = .stepSkipped
            case .turnedBack: self = .turnedBack
            case .undoRequested: self = .undoRequested
            case .undoDone: self = .undoDone
            case .undoFailed: self = .undoFailed
            case .undoExhausted: self = .undoExhausted
            case .undoResolved: self = .undoResolved
            case .compensationRetried: self = .compensationRetried
            case .timeLimitPassed: self = .timeLimitPassed
            case .overdue: self = .overdue
            case .compensationOverdue: self = .compensationOverdue
            case .paused: self = .paused
            case .resumed: self = .resumed
            case .recovered: self = .recovered
            case .ordered: self = .ordered
            case .completed: self = .completed
            case .compensated: self = .compensated
            case .compensationFailed: self = .compensationFailed
            case .killed: self = .killed
            }
        }
    }
}
