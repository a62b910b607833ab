/// Where somebody waits.
public struct QueuePlace: Hashable, Sendable {
    /// How many are served up to this one, itself included, as the queue stands.
    public let position: Int
    /// Hand it back to leave the queue without being searched for.
    public let ticket: UInt32
}
