public import Timeline

/// Something whose state is what its events have made of it.
///
/// ``decide(_:at:)`` looks at the state and a command and says what happens, changing nothing; ``evolve(_:)`` is the one
/// place where state changes. So what was decided live and what is read back later cannot differ.
///
/// Source: the decider (Jérémie Chassaing, 2021); Emmett's `decide` and `evolve`.
public protocol Aggregate: Equatable, Sendable {
    /// What can be asked of it.
    associatedtype Command: Sendable
    /// What can happen to it.
    associatedtype Event: StoredEvent
    /// Why a command is refused.
    associatedtype Refusal: Error, Equatable

    /// Before anything has happened.
    init()

    /// What happens if this is asked now; nothing if it is done already.
    /// - Throws: why it is refused.
    func decide(_ command: Command, at now: Instant) throws(Refusal) -> [Event]

    /// Something has happened.
    mutating func evolve(_ event: Event)

    /// The version of the form in which its state is written, for snapshots.
    static var snapshotSchema: Int { get }

    /// Its state, as bytes.
    var snapshotData: [UInt8] { get }

    /// Reads a state; nil if these bytes are none.
    init?(snapshotData: [UInt8])
}

/// An event that can be written as bytes, and read again.
public protocol StoredEvent: Equatable, Sendable {
    /// What kind of event it is.
    var type: String { get }

    /// The version of the form in which it is written.
    var schema: Int { get }

    /// What it says, as bytes.
    var data: [UInt8] { get }

    /// Reads an event.
    /// - Parameter event: an event in its newest form.
    /// - Throws: why it cannot be read.
    init(_ event: EventData) throws(UnreadableEvent)
}

/// An event that its reader makes nothing of.
public enum UnreadableEvent: Error, Hashable, Sendable {
    /// Its type is not known.
    case unknownType(String)
    /// Its type is known, in older forms only.
    case newerForm(String, schema: Int)
    /// Its data do not have the form that they should have; one line that says what is wrong.
    case undecodable(String)
}
