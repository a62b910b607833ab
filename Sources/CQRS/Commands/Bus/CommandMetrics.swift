public import Timeline

/// What became of the commands of one type since the start.
///
/// At every moment `sent` = `duplicates` + `ended` + `held`.
public struct CommandMetrics: Hashable, Sendable {
    /// Commands that were sent, repetitions included.
    public internal(set) var sent = 0
    /// Repetitions of commands that were known: they joined, or got the answer of the first.
    public internal(set) var duplicates = 0
    /// Commands that were done.
    public internal(set) var done = 0
    /// Commands that were refused, by reason.
    public internal(set) var rejected = RejectionCounts()
    /// Commands that failed for good, as their senders were told.
    public internal(set) var failed = 0
    /// Commands that were not tried again since nobody waited for them any more.
    public internal(set) var cancelled = 0
    /// Commands that were dead letters when somebody took them out.
    public internal(set) var discarded = 0

    /// Attempts that were made.
    public internal(set) var attempts = 0
    /// Attempts that are to follow on one that failed.
    public internal(set) var retried = 0
    /// Of these, how many at once after a version conflict.
    public internal(set) var conflicts = 0
    /// Commands that became dead letters since they failed.
    public internal(set) var deadLettered = 0
    /// Commands that were parked behind a dead letter of their sequence.
    public internal(set) var heldBack = 0
    /// How often a command that failed could not become a dead letter for want of room.
    public internal(set) var parkingRefused = 0
    /// How long it took from each command's sending to its end, together.
    public internal(set) var duration = Duration.zero

    /// Commands that are being validated or executed, or wait between two attempts of their sender.
    public internal(set) var running = 0
    /// Commands that wait in the queue.
    public internal(set) var queued = 0
    /// Commands that are dead letters, or wait behind one.
    public internal(set) var parked = 0
    /// When the oldest of those that wait in the queue was sent; nil if none waits.
    public internal(set) var oldestQueuedSince: Instant?

    /// Commands that were too late.
    public var expired: Int { rejected[.expired] }
    /// Commands that are over.
    public var ended: Int { done + rejected.total + failed + cancelled + discarded }
    /// Commands that are not over.
    public var held: Int { running + queued + parked }

    /// What one command took on average, to a whole nanosecond; zero if none has ended.
    public var averageDuration: Duration { Duration(nanoseconds: ended > 0 ? duration.nanoseconds / Int64(ended) : 0) }
}

/// How many commands were refused for each reason.
public struct RejectionCounts: Hashable, Sendable {
    private var counts: [Int] = Array(repeating: 0, count: CommandRejection.Reason.allCases.count)

    /// None at all.
    public init() {}

    /// How many were refused for this reason.
    public internal(set) subscript(reason: CommandRejection.Reason) -> Int {
        get { place(of: reason).map { counts[$0] } ?? 0 }
        set { if let place = place(of: reason) { counts[place] = newValue } }
    }

    /// How many were refused.
    public var total: Int { counts.reduce(0, +) }

    private func place(of reason: CommandRejection.Reason) -> Int? {
        CommandRejection.Reason.allCases.firstIndex(of: reason)
    }
}
