internal import Bulkheads
internal import Resilience
internal import Simulation
internal import Timeline

/// The numbers of a pool that calls run in: threads, permits or connections.
struct PoolFigures: Hashable, Sendable {
    var active = 0
    var maximum = 0
    /// Threads that wait for a call, permits that are free, connections that nobody uses.
    var idle = 0
    var queued = 0
    /// How many may wait; nil for no limit.
    var queue: Int?
    var oldestWaiterSince: Instant?
    /// How many were ever handed in.
    var submitted = 0
    /// How many of these did not run, by reason.
    var refusals = PoolRefusals()
    /// What became of those that ran.
    var runs = PoolRuns()
    /// How many calls it ran whose caller had already gone; nil where nobody counts them.
    var forNobody: Int?
    /// The time of busy threads, and of all, since the beginning; zero where it is not known.
    var busyTime = Duration.zero
    var allTime = Duration.zero
    /// The longest that anybody waited.
    var longestWait = Duration.zero
    /// Who waits with which priority, the most important first; empty where priorities mean nothing.
    var lanes: [PoolLane] = []
    /// How the breaker stands that is a part of it; nil without one.
    var breaker: CircuitBreaker.State?

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
        runs = PoolRuns(totals)
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
        refusals = PoolRefusals(
            full: totals.rejected - totals.timedOut, expired: totals.timedOut, withdrawn: totals.withdrawn)
        runs = PoolRuns(started: totals.permitted, ended: totals.finished, waited: totals.waited)
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
        runs = PoolRuns(
            started: totals.granted, ended: totals.usage.count, waited: totals.acquisition.sum, ran: totals.usage.sum)
        forNobody = totals.forNobody
        longestWait = totals.acquisition.longest
    }

    /// A compartment of an isolator; what its breaker and its limiter refused is none of its pool's business.
    init(_ compartment: Compartment) {
        if let threads = compartment.threads {
            self.init(threads)
        } else if let semaphore = compartment.semaphore {
            self.init(semaphore)
        } else {
            self.init()
        }
        let totals = compartment.totals
        active = compartment.running
        submitted = totals.asked
        refusals = PoolRefusals(
            full: totals.full + totals.displaced, expired: totals.expired, withdrawn: totals.withdrawn)
        runs = PoolRuns(
            started: totals.started, ended: totals.succeeded + totals.failed + totals.ignored, failed: totals.failed,
            waited: totals.waited, ran: totals.ran)
        longestWait = totals.longestWait
        breaker = compartment.breaker?.state
    }

    private init() {}

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
            add(
                PoolFigures(world.pool(ofService: service, replica: replica)),
                isRunning: world.isRunning(service: service, replica: replica))
        }
        forNobody = Int(clamping: world.workForNobody(service: service))
    }

    /// Adds the figures of another pool; of one that gets no more calls the workers count that are busy.
    private mutating func add(_ other: PoolFigures, isRunning: Bool = true) {
        active += other.active
        maximum += isRunning ? other.maximum : other.active
        idle += isRunning ? other.idle : 0
        queued += other.queued
        queue = queue.flatMap { own in other.queue.map { own + $0 } }
        oldestWaiterSince = [oldestWaiterSince, other.oldestWaiterSince].compactMap { $0 }.min()
        submitted += other.submitted
        refusals.add(other.refusals)
        runs.add(other.runs)
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

    init(full: Int = 0, expired: Int = 0, withdrawn: Int = 0) {
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

/// What became of the calls that ran in a pool, since the beginning.
struct PoolRuns: Hashable, Sendable {
    var started = 0
    var ended = 0
    /// How many ended with an error; nil where nobody counts them.
    var failed: Int?
    /// How long those that started had waited, together.
    var waited = Duration.zero
    /// How long those that ended ran, together; nil where it is not measured.
    var ran: Duration?

    init(started: Int = 0, ended: Int = 0, failed: Int? = nil, waited: Duration = .zero, ran: Duration? = nil) {
        (self.started, self.ended, self.failed, self.waited, self.ran) = (started, ended, failed, waited, ran)
    }

    init(_ totals: ThreadPool.Totals) {
        // A bulkhead is not told how long its calls ran; its threads were busy with nothing else.
        let ran = totals.ran > .zero ? totals.ran : totals.busy
        self.init(
            started: totals.started, ended: totals.completed, failed: totals.failed, waited: totals.waited, ran: ran)
    }

    mutating func add(_ other: PoolRuns) {
        started += other.started
        ended += other.ended
        failed = failed.flatMap { own in other.failed.map { own + $0 } }
        waited = waited + other.waited
        ran = ran.flatMap { own in other.ran.map { own + $0 } }
    }

    /// How long a call waited on average; nil before any has started.
    var meanWait: Duration? { started > 0 ? waited * (1 / Double(started)) : nil }

    /// How long a call ran on average; nil before any has ended, or where that is not measured.
    var meanRun: Duration? { ended > 0 ? ran.map { $0 * (1 / Double(ended)) } : nil }
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
