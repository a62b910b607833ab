public import EventSourcing
public import Timeline

/// Something that could not be handled, or that must wait behind something of its sequence that could not.
///
/// It is a command or an event; the queue knows of it only what is here.
public struct DeadLetter: Hashable, Sendable {
    /// Which letter of its queue it is: later ones have greater numbers, and no number comes twice.
    public let number: UInt64
    /// What it is about.
    public let id: EventID
    /// What it keeps its place in.
    public let sequence: String
    /// Where its owner finds it, such as an event's position; of no meaning to the queue.
    public let reference: Int64
    /// Why it could not be handled; nil if nobody has tried, since something before it could not be.
    public internal(set) var cause: Cause?
    /// How often it has been tried.
    public internal(set) var attempts: Int
    /// What its last handler had to say about it, for whoever looks at it.
    public internal(set) var note: String
    /// When it came here.
    public let parkedAt: Instant
    /// When it was last tried, or came here.
    public internal(set) var touchedAt: Instant

    /// Why something could not be handled.
    public struct Cause: Hashable, Sendable {
        /// What letters are grouped by, such as `timeout` or the type of an error.
        public var kind: String
        /// The particulars.
        public var detail: String

        /// A cause.
        public init(kind: String, detail: String = "") {
            self.kind = kind
            self.detail = detail
        }
    }
}

extension DeadLetter.Cause: CustomStringConvertible {
    /// `timeout: no answer from the warehouse`.
    public var description: String { detail.isEmpty ? kind : "\(kind): \(detail)" }
}
