public import Timeline

/// A pool of connections by the rules of HikariCP (`HikariPool.java`, `ConcurrentBag.java`).
///
/// 1. Callers wait for the pool, first come first served, and never for one connection: whichever connection is
///    free first, be it returned, validated or new, goes to whoever has waited longest.
/// 2. A connection is created while more callers wait than connections are idle or being validated, and to keep
///    `minimumIdle` connections idle. By default one is created at a time, and each only if it is still needed when
///    its turn comes; one that nobody needs any more when it is ready becomes idle.
/// 3. There are never more than `maximum` connections, those being created included.
/// 4. What was used a moment ago is handed out as it is; what has rested longer is validated first, and meanwhile
///    the pool goes on serving others.
/// 5. Idle connections are closed when `idleTimeout` has passed since their last use (looked at by the
///    housekeeper, and only above `minimumIdle`) or at the end of their lifetime; one in use never is, but only when it is
///    returned.
///
/// The most recently used idle connection goes out first, so that those which the load does not need come to rest.
///
/// Requests are the caller's numbers, and the pool opens, pings and closes nothing itself. Each method may leave
/// things to do: take them with ``popAction()`` until it answers nil. Reports come back with
/// ``created(_:at:using:)``, ``creationFailed(_:at:)`` and ``validated(_:alive:at:)``. Every method first does what
/// is due by its moment, and ``nextTimedAction`` says when ``advance(to:)`` is to be called if nothing else is.
public struct ConnectionPool: Hashable, Sendable {
    /// The settings in force; ``changeSettings(_:at:)`` replaces them.
    public internal(set) var settings: Settings
    /// Everything counted since the start.
    public internal(set) var totals = Totals()
    /// Whether the pool has been closed; it then serves nobody.
    public internal(set) var isClosed = false
    /// Connections in use.
    public internal(set) var active = 0
    /// Connections being created.
    public internal(set) var creating = 0
    /// Connections being validated, for a waiter or to keep them alive.
    public internal(set) var validating = 0
    /// Connections in use that were reported as leaks and have not come back.
    public internal(set) var leaked = 0
    /// The wait before the next attempt after failed creations; zero if the last one succeeded.
    public internal(set) var backoff = Duration.zero
    /// Until when no connection is created after a failure; nil if one may be at once.
    public internal(set) var retryAt: Instant?

    /// Every place that a connection has or had.
    var connections: [Connection] = []
    /// Places without a connection.
    var vacant: [UInt16] = []
    /// Idle connections, least recently used first.
    var resting: [UInt16] = []
    var line = Line()
    var actions = Ring<Action>()
    /// Whether `minimumIdle` is being restored. A borrowed connection alone does not start it: the housekeeper and
    /// the closing of a connection do.
    var filling = true
    var housekeepingAt: Instant
    /// No connection has anything due before this.
    var connectionsDue = Instant.distantFuture
    /// The moment of the latest call.
    var latest: Instant

    /// A pool without connections, the first of which it asks for at once if there is a minimum.
    public init(_ settings: Settings, at now: Instant) {
        self.settings = settings
        housekeepingAt = now + settings.housekeeping
        latest = now
        settle(at: now)
    }

    /// Connections ready to be handed out.
    public var idle: Int { resting.count }

    /// All connections, those being created included; at most `maximum`, or on its way there after a change.
    public var total: Int { active + resting.count + validating + creating }

    /// Requests that wait.
    public var waiting: Int { line.count }

    /// Since when the longest waiting request waits; nil if none does.
    public var oldestWaiterSince: Instant? { line.first?.since }

    /// All the counts at once.
    public var occupancy: Occupancy {
        Occupancy(
            total: total, active: active, idle: idle, creating: creating, validating: validating, waiting: waiting)
    }

    /// Gives idle connections to those who wait, and asks for the connections that are needed.
    mutating func settle(at now: Instant) {
        serveWaiters(at: now)
        createNeeded(at: now)
    }
}
