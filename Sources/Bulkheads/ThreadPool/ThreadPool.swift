public import Timeline

/// A pool of threads with a bounded queue: one callee's trouble cannot take more than this.
///
/// Who runs, waits or is turned away follows `java.util.concurrent.ThreadPoolExecutor` to the letter:
///
/// 1. Below the core size a new thread runs the task, even if others are idle.
/// 2. Otherwise an idle thread takes it, or it waits in the queue.
/// 3. If the queue is full, a new thread up to the maximum runs it, before the tasks that wait.
/// 4. If there are as many threads as may be, the ``RejectionPolicy`` decides.
///
/// A queue of no places is a direct hand-off: step 2 finds an idle thread or nothing.
///
/// Tasks are the caller's numbers; the pool runs nothing itself. It answers
/// ``submit(_:priority:deadline:at:)`` with what to do, and ``finish(_:startedAt:at:)`` with the task that the freed
/// thread takes next. Every task that will not run is named in an answer, so that whoever waits for it can be told.
/// Idle threads above the core size end once keep-alive has passed; since the pool has no clock, that is noticed
/// by the next call.
public struct ThreadPool: Hashable, Sendable {
    /// The settings in force; ``resize(to:at:)`` replaces them.
    public internal(set) var settings: Settings
    /// Threads that are running a task, or were handed an expired one.
    public internal(set) var active = 0
    /// Everything counted since the start.
    public internal(set) var totals = Totals()
    /// Whether it takes no more tasks.
    public internal(set) var isShutDown = false

    /// Active threads that were handed an expired task and have not asked for the next one.
    var telling = 0
    /// When each idle thread became idle, longest first.
    var idleSince = Ring<Instant>()
    /// A lane for each priority; all in the lane of ``Priority/normal`` if the order knows no priorities.
    var waiting = WaitList()
    /// The time of the latest call, up to which the threads' time has been added up.
    var clock = Instant.zero

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
    public var oldestWaiterSince: Instant? {
        waiting.isEmpty ? nil : waiting[waiting.oldest].since
    }

    /// Whether it is shut down and all that it took has ended.
    public var isTerminated: Bool { isShutDown && active == 0 && waiting.isEmpty }
}
