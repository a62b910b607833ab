public import Timeline

/// A pool of threads with a bounded queue: one callee's trouble cannot take more than this.
///
/// Who runs, waits or is turned away follows `java.util.concurrent.ThreadPoolExecutor` to the letter:
///
/// 1. Below the core size a new thread runs the task, even if others are idle.
/// 2. Otherwise an idle thread takes it, or it waits in the queue.
/// 3. If the queue is full, a new thread up to the maximum runs it, before the tasks that wait.
/// 4. If there are as many threads as may be, it is rejected.
///
/// A queue of no places is a direct hand-off: step 2 finds an idle thread or nothing.
///
/// Tasks are the caller's numbers; the pool runs nothing itself. It answers ``submit(_:at:)`` with what to do,
/// and ``finish(at:)`` with the task that the freed thread takes next. Idle threads above the core size end once
/// keep-alive has passed; since the pool has no clock, that is noticed by the next call.
public struct ThreadPool: Hashable, Sendable {
    /// The settings in force; ``resize(to:at:)`` replaces them.
    public internal(set) var settings: Settings
    /// Threads that are running a task.
    public internal(set) var active = 0
    /// Everything counted since the start.
    public internal(set) var totals = Totals()

    /// When each idle thread became idle, longest first.
    var idleSince = Ring<Instant>()
    var waiting = Ring<Waiter>()

    /// A task in the queue.
    struct Waiter: Hashable, Sendable {
        let task: UInt64
        let since: Instant
    }

    /// A pool without threads: they start with the tasks.
    public init(_ settings: Settings) {
        self.settings = settings
    }

    /// Threads that are waiting for a task, as of the latest call.
    public var idle: Int { idleSince.count }

    /// All threads, as of the latest call.
    public var size: Int { active + idleSince.count }

    /// Tasks in the queue.
    public var queued: Int { waiting.count }

    /// When the task that has waited longest was queued; nil if none waits.
    public var oldestWaiterSince: Instant? { waiting.first?.since }

    /// When ``advance(to:)`` will have a thread to end; nil if none is due.
    public var nextExpiry: Instant? {
        guard size > settings.core, let since = idleSince.first else { return nil }
        return since + settings.keepAlive
    }

    /// Ends the idle threads above the core size whose keep-alive has passed.
    public mutating func advance(to now: Instant) {
        while size > settings.core, let since = idleSince.first, since + settings.keepAlive <= now {
            _ = idleSince.popFirst()
        }
    }
}
