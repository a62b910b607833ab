public import Timeline

/// What a receiver has dealt with, so that a message that comes again changes nothing.
///
/// It is kept in the same step as what the message has changed. It forgets the oldest where its room or its time ends;
/// both must be longer than any sender may try.
public struct Inbox: Hashable, Sendable {
    /// How many messages it remembers at most.
    public let capacity: Int
    /// For how long.
    public let memory: Duration
    /// How many messages came again.
    public private(set) var duplicates: UInt64 = 0
    private var known: Set<EventID> = []
    private var order: [Arrival] = []
    /// The oldest in ``order`` that is not forgotten.
    private var oldest = 0

    private struct Arrival: Hashable {
        let id: EventID
        let at: Instant
    }

    /// An empty inbox.
    /// - Parameters:
    ///   - capacity: 1 or more; 100 000.
    ///   - memory: more than 0; for ever if nobody says.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(capacity: Int = 100_000, memory: Duration = .maximum) throws(SettingError) {
        guard capacity >= 1 else { throw SettingError("capacity", given: capacity, allowed: "1 or more") }
        guard memory > .zero else { throw SettingError("memory", given: memory, allowed: "more than 0s") }
        self.capacity = capacity
        self.memory = memory
    }

    /// How many messages it remembers.
    public var count: Int { known.count }

    /// A message comes: true if it is to be dealt with, false if it has been.
    public mutating func isNew(_ id: EventID, at now: Instant) -> Bool {
        forget(at: now)
        guard known.insert(id).inserted else {
            duplicates += 1
            return false
        }
        order.append(Arrival(id: id, at: now))
        if known.count > capacity { forgetOldest() }
        return true
    }

    private mutating func forget(at now: Instant) {
        while oldest < order.count, now - order[oldest].at >= memory { forgetOldest() }
    }

    private mutating func forgetOldest() {
        known.remove(order[oldest].id)
        oldest += 1
        // What is forgotten is thrown away when it is half of all.
        guard oldest > order.count / 2 else { return }
        order.removeFirst(oldest)
        oldest = 0
    }
}
