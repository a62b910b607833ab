public import Resilience

/// Why a projection could not deal with an event.
public enum EventFailure: UInt8, Hashable, Sendable, CaseIterable {
    /// Its handler failed.
    case apply
    /// What it says could not be read.
    case undecodable
    /// The projection wants all events and does not know this type.
    case unknownType

    /// How a retry policy sees it: only a handler may succeed the next time.
    public var kind: FailureKind {
        switch self {
        case .apply: .server
        case .undecodable, .unknownType: .client
        }
    }
}

extension EventFailure: CustomStringConvertible {
    /// In words.
    public var description: String {
        switch self {
        case .apply: "handler failed"
        case .undecodable: "undecodable"
        case .unknownType: "unknown type"
        }
    }
}

/// What becomes of an event that a projection cannot deal with, however often it is tried.
public struct ErrorPolicy: Hashable, Sendable {
    /// When its handler fails.
    public var apply: Verdict
    /// When it cannot be read.
    public var undecodable: Verdict
    /// When its type is unknown.
    public var unknownType: Verdict

    /// What becomes of such an event.
    public enum Verdict: Hashable, Sendable {
        /// The projection stops in front of it.
        case stop
        /// It is left out, and put on record.
        case skip
        /// It is set aside, and so is all that follows in its sequence, until somebody has it replayed. The other
        /// sequences go on (Axon's sequenced dead-letter queue).
        case quarantine
    }

    /// Stops at nothing, and loses no order: the event's sequence waits, unless only its type is unknown.
    ///
    /// Marten skips in all three cases and keeps a dead letter, so later events meet a row that lacks one.
    public static let continuous = ErrorPolicy(apply: .quarantine, undecodable: .quarantine, unknownType: .skip)

    /// Stops at everything: a version that cannot read its own history should not serve. Marten's default as well.
    public static let rebuild = ErrorPolicy(apply: .stop, undecodable: .stop, unknownType: .stop)

    /// A verdict for each failure.
    public init(apply: Verdict, undecodable: Verdict, unknownType: Verdict) {
        self.apply = apply
        self.undecodable = undecodable
        self.unknownType = unknownType
    }

    /// What becomes of an event after this failure.
    public func verdict(on failure: EventFailure) -> Verdict {
        switch failure {
        case .apply: apply
        case .undecodable: undecodable
        case .unknownType: unknownType
        }
    }
}
