public import Timeline

/// A bounded queue that keeps the order within each sequence, and hands out several sequences at once.
///
/// What waits is known by its id; the queue does not look further into it. Each sequence is a lane of its own: only its
/// first can be taken, and no other of the lane until that one is finished, however many workers there are. Lanes take
/// turns.
///
/// Who takes something has a lease on it. If the worker is not heard of until the lease is over, it has vanished, and
/// the same thing is handed out again (Amazon SQS calls this the visibility timeout): so everything is handed out at
/// least once, and a late word from the first worker is recognised by its ticket.
public struct SequencedQueue: Hashable, Sendable {
    /// How it is set.
    public let settings: Settings
    /// Everything counted since the start.
    public internal(set) var totals = Totals()
    /// How much it holds: what waits, what is held back and what is leased.
    public internal(set) var depth = 0
    /// How much of it workers have now.
    public internal(set) var leased = 0
    /// How many lanes hold something.
    public internal(set) var lanesInUse = 0

    var lanes: [Lane] = []
    var entries: [Entry] = []
    var laneOf: [String: UInt32] = [:]
    var firstFreeLane = SequencedQueue.none
    var firstFreeEntry = SequencedQueue.none
    /// The lanes whose first can be taken, in a circle of their own order.
    var firstReady = SequencedQueue.none
    var lastReady = SequencedQueue.none
    var timers = LaneTimers()

    /// The number of no lane and no entry.
    static let none = UInt32.max

    /// An empty queue.
    public init(_ settings: Settings) {
        self.settings = settings
    }

    /// How much of it no worker has now.
    public var waiting: Int { depth - leased }

    /// When a lease or a wait ends next, and with it ``take(at:)`` may find something that it does not find before; nil
    /// if none does.
    public var nextWake: Instant? { timers.first?.due }

    /// How many of a sequence it holds.
    public func depth(of sequence: String) -> Int { laneOf[sequence].map { lanes[Int($0)].count } ?? 0 }

    /// When the oldest of what no worker has was added; nil if there is nothing. The cost grows with the lanes.
    public var oldestWaitingSince: Instant? {
        lanes.compactMap { lane in
            guard lane.count > 0 else { return nil }
            let head = entries[Int(lane.head)]
            if !lane.isLeased { return head.addedAt }
            return head.next == Self.none ? nil : entries[Int(head.next)].addedAt
        }.min()
    }
}

extension SequencedQueue {
    /// How a queue is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// How much it holds at most, what workers have included.
        public let capacity: Int
        /// How long a worker may go unheard; ``Duration/maximum`` for as long as it likes.
        public let visibility: Duration

        /// Checks the settings.
        /// - Parameters:
        ///   - capacity: 1 or more, 10 000 by default.
        ///   - visibility: more than zero; 30 s by default, as in SQS.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(capacity: Int = 10_000, visibility: Duration = .seconds(30)) throws(SettingError) {
            guard (1...Self.most).contains(capacity) else {
                throw SettingError("capacity", given: capacity, allowed: "1 to \(Self.most)")
            }
            guard visibility > .zero else {
                throw SettingError("visibility", given: visibility, allowed: "more than 0s")
            }
            self.capacity = capacity
            self.visibility = visibility
        }

        /// As many as can be numbered with room to spare.
        private static let most = 1_000_000_000
    }

    /// Counts since the start.
    ///
    /// At every moment `added` = `finished` + `removed` + what the queue holds.
    public struct Totals: Hashable, Sendable {
        /// What came in.
        public internal(set) var added = 0
        /// What was refused since the queue was full.
        public internal(set) var refused = 0
        /// How often something was handed out.
        public internal(set) var taken = 0
        /// What workers finished.
        public internal(set) var finished = 0
        /// What was taken out by its owner without a worker.
        public internal(set) var removed = 0
        /// How often something was put off to be handed out again.
        public internal(set) var postponed = 0
        /// Leases that ended without a word.
        public internal(set) var lapsed = 0
        /// Words about a lease that was over.
        public internal(set) var late = 0
    }
}
