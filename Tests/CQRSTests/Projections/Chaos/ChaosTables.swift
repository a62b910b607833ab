import CQRS
import EventSourcing
import Timeline

/// The tables of a read model that remembers everything that was done to it.
struct ChaosTables: Sendable {
    /// The positions that were applied, by stream, in the order in which they were.
    var rows: [String: [Position]] = [:]
    /// What was set aside.
    var letters = DeadLetterQueue(.standard)
    /// What was left out.
    var skipped: Set<Position> = []
}

/// Why a transaction was undone.
enum Undone: Error {
    case event(Position, EventFailure)
    case refused
    /// A letter that was to be dealt with again failed.
    case letter(EventFailure)
    /// What was set aside is not as it should be.
    case changed
}

/// Which events fail, and how.
struct ChaosHandler: Sendable {
    /// Events that fail until somebody mends them.
    var broken: [Position: EventFailure] = [:]
    /// Events that fail so many times more.
    var flaky: [Position: Int] = [:]

    mutating func handle(_ position: Position) throws(Undone) {
        if let failure = broken[position] { throw .event(position, failure) }
        if let left = flaky[position], left > 0 {
            flaky[position] = left - 1
            throw .event(position, .apply)
        }
    }
}
