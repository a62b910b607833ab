/// Why an event store did not do what it was asked to.
public enum EventStoreError: Error, Hashable, Sendable {
    /// The stream is not as expected; somebody else has appended to it, or nobody yet has.
    case wrongVersion(StreamName, expected: ExpectedVersion, actual: StreamVersion?)
    /// The stream was deleted for ever; or for the time being, where it was expected to exist.
    case streamDeleted(StreamName)
    /// The append is more than the store takes at once; nothing of it was stored.
    case tooLarge(what: String, given: Int, limit: Int)
    /// A part of several appends was there before, and a part was not; nothing was stored.
    case partlyThere(StreamName)
    /// One stream stands twice in several appends; nothing was stored.
    case streamTwice(StreamName)
    /// The streams of several appends do not lie together, so they cannot be appended in one step; nothing was stored.
    case notTogether(StreamName, StreamName)
    /// Such an append is under way, and not safe yet; ask again.
    case notYetReplicated(StreamName)
    /// Too few of the store's nodes answer. Whether the append took place is unknown; repeat it with the same ids.
    case unavailable(String)
    /// What is stored cannot be read.
    case corrupt(String)
    /// The disk, or what keeps it, refuses: one line that says what and what to do.
    case storage(String)
}

extension EventStoreError: CustomStringConvertible {
    /// One line.
    public var description: String {
        switch self {
        case .wrongVersion(let stream, let expected, let actual):
            "stream \(stream): expected \(expected), it has \(actual.map { "version \($0)" } ?? "no events")"
        case .streamDeleted(let stream): "stream \(stream) has been deleted"
        case .tooLarge(let what, let given, let limit): "an append with \(given) \(what); at most \(limit) are allowed"
        case .partlyThere(let stream): "stream \(stream) holds a part of these appends, and the others do not"
        case .streamTwice(let stream): "stream \(stream) stands twice in these appends"
        case .notTogether(let one, let other): "streams \(one) and \(other) lie in different partitions"
        case .notYetReplicated(let stream): "such an append to stream \(stream) is under way; ask again"
        case .unavailable(let why): "the event store is not available: \(why)"
        case .corrupt(let what): "the event store is damaged: \(what)"
        case .storage(let what): what
        }
    }
}
