/// A reader of the log that gets every event it wants, once and in order, from a checkpoint on.
///
/// It reads page after page behind what it has, until it has caught up; then it waits for news and reads on. News are
/// only a hint that it is worth reading: what it delivers always comes from the log, so lost, late and repeated news do
/// no harm. The next page is asked for when the events of the last one have been handled, so a slow handler is never
/// flooded. The checkpoint also passes events that the filter does not want.
///
/// It decides and does nothing itself: whoever drives it follows ``next`` and reports what came of it.
public struct CatchUpSubscription: Hashable, Sendable {
    /// What there is to do.
    public enum Step: Hashable, Sendable {
        /// Read the log behind this position, forward, with this filter; at most so many events.
        case read(LogFilter, after: Position, limit: Int)
        /// Handle the delivered events; see ``CatchUpSubscription/handled(upTo:)``.
        case handle
        /// It has caught up: nothing to do until there are ``CatchUpSubscription/news(head:)``.
        case wait
    }

    /// Which events it wants.
    public let filter: LogFilter
    /// Events on a page at most.
    public let pageSize: Int
    /// Everything that it wants up to here has been handled.
    public private(set) var checkpoint: Position
    /// The end of the log, as far as is known; the difference to the checkpoint is the lag.
    public private(set) var head: Position
    /// Whether it had read to the end of the log when it last read.
    public private(set) var isCaughtUp = false
    /// The events that were delivered and are not all handled yet.
    public private(set) var delivered: [RecordedEvent] = []
    /// How many of them have been handled.
    public private(set) var handledOfDelivered = 0
    private var reached: Position

    /// A reader that has handled everything up to a checkpoint.
    /// - Parameters:
    ///   - filter: which events.
    ///   - checkpoint: behind which it begins; the start if nobody says.
    ///   - pageSize: events on a page, 1 to 4096, 500 if nobody says.
    public init(_ filter: LogFilter, after checkpoint: Position = .start, pageSize: Int = 500) {
        self.filter = filter
        self.checkpoint = checkpoint
        self.pageSize = PageSize.clamped(pageSize)
        head = checkpoint
        reached = checkpoint
    }

    /// What to do now.
    public var next: Step {
        if handledOfDelivered < delivered.count { return .handle }
        if isCaughtUp, head <= reached { return .wait }
        return .read(filter, after: reached, limit: pageSize)
    }

    /// Takes a page; returns what of it is new.
    ///
    /// A page that does not begin where the last one ended, such as the second answer to one question, is ignored, and
    /// so is any page while events of the last one are not handled.
    public mutating func received(_ page: LogPage) -> [RecordedEvent] {
        guard page.from == reached, page.reached >= reached, handledOfDelivered == delivered.count else { return [] }
        head = max(head, page.head)
        reached = page.reached
        isCaughtUp = page.isEnd
        delivered = page.events
        handledOfDelivered = 0
        moveCheckpoint()
        return delivered
    }

    /// Events have been handled, all that were delivered up to this position; what was not delivered is not counted.
    public mutating func handled(upTo position: Position) {
        while handledOfDelivered < delivered.count, delivered[handledOfDelivered].position <= position {
            handledOfDelivered += 1
        }
        moveCheckpoint()
    }

    /// The log is said to reach to this position now.
    public mutating func news(head: Position) {
        self.head = max(self.head, head)
    }

    /// Goes on from the checkpoint, as after a crash: what was delivered and not handled is delivered again.
    public mutating func restart() {
        self = CatchUpSubscription(filter, after: checkpoint, pageSize: pageSize)
    }

    private mutating func moveCheckpoint() {
        if handledOfDelivered == delivered.count {
            checkpoint = reached
        } else if handledOfDelivered > 0 {
            checkpoint = delivered[handledOfDelivered - 1].position
        }
    }
}
