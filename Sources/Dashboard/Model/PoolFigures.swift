internal import Bulkheads
internal import Simulation
internal import Timeline

/// The numbers of a pool that calls run in: a thread pool or a semaphore.
struct PoolFigures: Hashable, Sendable {
    var active: Int
    var maximum: Int
    /// Threads that wait for a call; of a semaphore, permits that are free.
    var idle: Int
    var queued: Int
    /// How many may wait; nil for no limit.
    var queue: Int?
    var oldestWaiterSince: Instant?
    /// How many were ever handed in.
    var submitted: Int
    /// How many of these did not run, by reason.
    var refusals: PoolRefusals
    /// How many calls it ran whose caller had already gone.
    var forNobody: Int
    /// The time of busy threads, and of all, since the beginning.
    var busyTime = Duration.zero
    var allTime = Duration.zero
    /// The longest that anybody waited.
    var longestWait: Duration
    /// Who waits with which priority, the most important first; empty where priorities mean nothing.
    var lanes: [PoolLane] = []

    init(_ pool: ThreadPool) {
        active = pool.active
        maximum = pool.settings.maximum
        idle = pool.idle
        queued = pool.queued
        queue = pool.settings.queue == ThreadPool.Settings.unbounded ? nil : pool.settings.queue
        oldestWaiterSince = pool.oldestWaiterSince
        let totals = pool.totals
        submitted = totals.submitted
        refusals = PoolRefusals(totals)
        forNobody = totals.forNobody
        busyTime = totals.busy
        allTime = totals.busy + totals.idle
        longestWait = totals.longestWait
        if case .priority = pool.settings.order {
            lanes = ThreadPool.Priority.allCases.map { PoolLane(priority: $0, in: pool) }
        }
    }

    init(_ semaphore: Semaphore) {
        active = semaphore.inUse
        maximum = semaphore.settings.permits
        idle = semaphore.available
        queued = semaphore.waiting
        queue = semaphore.settings.maximumWait == .zero ? 0 : nil
        oldestWaiterSince = semaphore.oldestWaiterSince
        let totals = semaphore.totals
        submitted = totals.asked
        refusals = PoolRefusals(full: totals.rejected, expired: totals.timedOut, withdrawn: totals.withdrawn)
        forNobody = totals.forNobody
        longestWait = totals.longestWait
    }

    /// All pools of connections of a guard together; nil without any.
    init?(_ pools: [ConnectionPool]) {
        guard let first = pools.first else { return nil }
        self.init(first)
        for pool in pools.dropFirst() { add(PoolFigures(pool)) }
    }

    init(_ pool: ConnectionPool) {
        active = pool.active
        maximum = pool.settings.maximum
        idle = pool.idle
        queued = pool.waiting
        queue = pool.settings.waiters == ConnectionPool.Settings.unbounded ? nil : pool.settings.waiters
        oldestWaiterSince = pool.oldestWaiterSince
        let totals = pool.totals
        submitted = totals.requested
        refusals = PoolRefusals(full: totals.rejected, expired: totals.timedOut, withdrawn: totals.withdrawn)
        forNobody = 0
        longestWait = totals.acquisition.longest
    }

    /// A compartment of an isolator; what its breaker and its limiter refused is none of its pool's business.
    init(_ compartment: Compartment) {
        if let threads = compartment.threads {
            self.init(threads)
        } else {
            // Without threads there are permits.
            let semaphore = compartment.semaphore
            self.init(
                active: compartment.running, maximum: semaphore?.settings.permits ?? 0, idle: semaphore?.available ?? 0,
                queued: compartment.queued)
        }
        let totals = compartment.totals
        queue = queue ?? (compartment.semaphore?.settings.maximumWait == .zero ? 0 : nil)
        oldestWaiterSince = compartment.oldestWaiterSince
        submitted = totals.asked
        refusals = PoolRefusals(
            full: totals.full + totals.displaced, expired: totals.expired, withdrawn: totals.withdrawn)
        longestWait = totals.longestWait
    }

    private init(active: Int, maximum: Int, idle: Int, queued: Int) {
        (self.active, self.maximum, self.idle, self.queued) = (active, maximum, idle, queued)
        submitted = 0
        refusals = PoolRefusals(full: 0, expired: 0, withdrawn: 0)
        forNobody = 0
        longestWait = .zero
    }

    /// The bulkhead, the semaphore or the connections at a place.
    init?(at place: GuardPlace, in world: World) {
        if let pool = world.bulkhead(edge: place.edge, stage: place.stage) {
            self.init(pool)
        } else if let semaphore = world.semaphore(edge: place.edge, stage: place.stage) {
            self.init(semaphore)
        } else {
            self.init(world.connections(edge: place.edge, stage: place.stage))
        }
    }

    /// All replicas of a service together.
    init(ofService service: Int, in world: World) {
        self.init(world.pool(ofService: service))
        for replica in 1..<max(1, world.replicas(ofService: service)) {
            add(PoolFigures(world.pool(ofService: service, replica: replica)))
        }
        forNobody = Int(clamping: world.workForNobody(service: service))
    }

    private mutating func add(_ other: PoolFigures) {
        active += other.active
        maximum += other.maximum
        idle += other.idle
        queued += other.queued
        queue = queue.flatMap { own in other.queue.map { own + $0 } }
        oldestWaiterSince = [oldestWaiterSince, other.oldestWaiterSince].compactMap { $0 }.min()
        submitted += other.submitted
        refusals.add(other.refusals)
        busyTime = busyTime + other.busyTime
        allTime = allTime + other.allTime
        longestWait = max(longestWait, other.longestWait)
        for index in lanes.indices { lanes[index].add(other.lanes[index]) }
    }

    var isFull: Bool { active >= maximum }

    var isQueueFull: Bool { queue.map { queued > 0 && queued >= $0 } ?? false }

    /// The share of the threads' time that was busy; nil where it is not known.
    var utilisation: Double? { allTime > .zero ? busyTime / allTime : nil }
}

/// Why calls did not run in a pool, each counted since the beginning.
struct PoolRefusals: Hashable, Sendable {
    /// Turned away for want of room.
    var full = 0
    /// Thrown away for want of room.
    var discarded = 0
    /// Waited for too long, or their deadline was over.
    var expired = 0
    /// Left the line before they ran.
    var withdrawn = 0
    /// Came after the pool was shut down.
    var shutDown = 0
    /// Ran with their callers, who could do nothing else meanwhile.
    var ranByCaller = 0

    init(full: Int, expired: Int, withdrawn: Int) {
        (self.full, self.expired, self.withdrawn) = (full, expired, withdrawn)
    }

    init(_ totals: ThreadPool.Totals) {
        full = totals.full
        discarded = totals.discarded
        expired = totals.expired
        withdrawn = totals.withdrawn
        shutDown = totals.shutDown
        ranByCaller = totals.ranByCaller
    }

    mutating func add(_ other: PoolRefusals) {
        full += other.full
        discarded += other.discarded
        expired += other.expired
        withdrawn += other.withdrawn
        shutDown += other.shutDown
        ranByCaller += other.ranByCaller
    }

    /// All of them with their names, whether there were any or not.
    var byReason: [(count: Int, reason: String)] {
        [
            (full, "full"), (discarded, "discarded"), (expired, "expired"), (withdrawn, "left the queue"),
            (shutDown, "shut down"), (ranByCaller, "run by the caller"),
        ]
    }
}

/// Those that wait in a pool with one priority.
struct PoolLane: Hashable, Sendable {
    let priority: ThreadPool.Priority
    var queued: Int
    var oldestSince: Instant?

    init(priority: ThreadPool.Priority, in pool: ThreadPool) {
        self.priority = priority
        queued = pool.queued(priority)
        oldestSince = pool.oldestWaiterSince(priority)
    }

    mutating func add(_ other: PoolLane) {
        queued += other.queued
        oldestSince = [oldestSince, other.oldestSince].compactMap { $0 }.min()
    }
}
