import Timeline

/// A subscription that many consumers share: each event goes to one of them, until one has dealt with it.
///
/// Its driver feeds it the places of events, in order of the log; hands out what ``dispatch(at:)`` says to whom; and
/// tells it what the consumers answer. An event that nobody answers in time is handed out again, and one that has been
/// handed out too often is parked. Everything before the ``checkpoint`` has been dealt with, so going on from there
/// repeats events but skips none.
///
/// It knows events by their positions alone, and by a key of whatever is to stay together: the stream, or the
/// correlation. Source: KurrentDB's persistent subscriptions.
public struct PersistentSubscription: Hashable, Sendable {
    /// How it is set.
    public let settings: Settings
    /// What it has done so far.
    public internal(set) var totals = Totals()
    /// The events that were given up, in the order in which they were.
    public internal(set) var parked: [Parked] = []
    /// Up to where it has been fed.
    public private(set) var reached: Position
    /// The checkpoint that was asked to be stored last.
    public internal(set) var stored: Position

    /// The consumers in the order in which they came.
    var consumers: [Consumer] = []
    /// What is to be handed out again: by position, then what was parked.
    var again: [Delivery] = []
    /// What is to be handed out for the first time, by position.
    var fresh: [Delivery] = []
    /// What is handed out.
    var underWay: [Delivery] = []
    /// The place among the consumers of whose turn it is.
    var turn = 0
    /// The consumer to which each bucket of keys belongs.
    var buckets: [UInt32?]
    var storedAt = Instant.zero

    /// An event on its way.
    struct Delivery: Hashable, Sendable {
        let position: Position
        let key: UInt64
        /// How often it has been handed out before.
        var attempts = 0
        /// Who has it.
        var consumer: UInt32 = 0
        /// When it is taken back.
        var due = Instant.distantFuture
        /// Whether it was parked: the checkpoint has passed it already.
        var isReplay = false
    }

    /// Who takes events.
    struct Consumer: Hashable, Sendable {
        let id: UInt32
        let capacity: Int
        var load = 0

        var hasRoom: Bool { load < capacity }
    }

    /// A subscription without consumers that begins behind a position.
    public init(_ settings: Settings, after checkpoint: Position = .start) {
        self.settings = settings
        reached = checkpoint
        stored = checkpoint
        buckets = [UInt32?](repeating: nil, count: settings.strategy == .pinned ? Self.bucketCount : 0)
    }

    /// Into how many buckets keys are sorted. Source: KurrentDB.
    static let bucketCount = 1_024

    /// Everything up to here has been dealt with: acknowledged, skipped or parked.
    public var checkpoint: Position {
        var first = Position(reached.number + 1)
        for list in [again, fresh, underWay] {
            for delivery in list where !delivery.isReplay { first = min(first, delivery.position) }
        }
        return Position(first.number - 1)
    }

    /// How many more events it can be fed now.
    public var room: Int { max(0, settings.buffer - again.count - fresh.count - underWay.count) }

    /// Events that are handed out and not answered yet.
    public var underWayCount: Int { underWay.count }

    /// Events that wait to be handed out for the first time.
    public var freshCount: Int { fresh.count }

    /// Events that wait to be handed out again.
    public var againCount: Int { again.count }

    /// Takes an event of the log; false if there is no room. What it has been fed before is ignored.
    /// - Parameter key: what of the event is to stay together, such as its stream's name as a number.
    @discardableResult
    public mutating func feed(_ position: Position, key: UInt64) -> Bool {
        guard position > reached else { return true }
        guard room > 0 else { return false }
        fresh.append(Delivery(position: position, key: key))
        reached = position
        totals.fed += 1
        return true
    }

    /// The log was read up to here, and nothing more of it is wanted.
    public mutating func feed(upTo position: Position) {
        reached = max(reached, position)
    }
}
