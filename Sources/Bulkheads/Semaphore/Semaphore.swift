public import Timeline

/// A number of permits: no more calls than that are under way at once, in whatever threads they run.
///
/// The semantics are those of resilience4j's `SemaphoreBulkhead` and failsafe-go's bulkhead (both with a fair
/// queue), and of Hystrix's semaphore isolation if nobody may wait. A permit that becomes free goes in the same call
/// to the one who has waited longest and still waits; so a newcomer never overtakes, and no permit lies idle while
/// somebody waits.
///
/// Callers are the caller's numbers. One whose wait is over is refused exactly at its deadline: whoever owns the
/// semaphore calls ``popExpired(at:)`` at ``nextExpiry``, and after that it is too late for a permit, whether it has
/// been called or not.
public struct Semaphore: Hashable, Sendable {
    /// The settings in force; ``resize(to:at:)`` replaces them.
    public internal(set) var settings: Settings
    /// Permits that are held; more than there are just after a resize.
    public internal(set) var inUse = 0
    /// Everything counted since the start.
    public internal(set) var totals = Totals()

    /// A lane of those who wait, and one of those who were refused and have not been told.
    var callers = WaitList()
    /// When the wait of each ends, unless it has no end.
    var deadlines = DeadlineHeap()

    static let waitingLane = 0
    static let refusedLane = 1

    /// A semaphore whose permits are all free.
    public init(_ settings: Settings) {
        self.settings = settings
    }

    /// Permits that are free.
    public var available: Int { max(0, settings.permits - inUse) }

    /// Callers that wait for a permit.
    public var waiting: Int { callers.length(of: Self.waitingLane) }

    /// When the caller that has waited longest began to; nil if none waits.
    public var oldestWaiterSince: Instant? {
        let slot = callers.first(of: Self.waitingLane)
        return slot == WaitList.none ? nil : callers[slot].since
    }

    /// When ``popExpired(at:)`` will have a caller to refuse; nil if none is due.
    public var nextExpiry: Instant? {
        let refused = callers.first(of: Self.refusedLane)
        return refused == WaitList.none ? deadlines.first?.deadline : callers[refused].deadline
    }
}
