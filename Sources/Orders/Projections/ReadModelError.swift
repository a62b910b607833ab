public import EventSourcing

/// Why a read model did not do what it was asked to. Nothing of it took place, unless the read model could not answer.
public enum ReadModelError: Error, Hashable, Sendable {
    /// An event cannot be taken in.
    case event(Position, EventProblem)
    /// The events are not those of the batch.
    case otherEvents
    /// There is no such version of it.
    case noVersion(Int)
    /// Whoever keeps it refuses, or does not answer: one line that says what and what to do.
    case storage(String)
}

extension ReadModelError: CustomStringConvertible {
    /// One line.
    public var description: String {
        switch self {
        case .event(let position, let problem): "event \(position): \(problem)"
        case .otherEvents: "the events are not those of the batch"
        case .noVersion(let version): "the read model has no version \(version)"
        case .storage(let what): what
        }
    }
}
