internal import Bulkheads
internal import Sagas
internal import Simulation
internal import Timeline

/// What changes faster than anybody can read, as it was a moment ago: while time passes it is taken only now and then.
struct Sample: Sendable {
    /// When it was taken.
    private(set) var time = Instant.zero
    /// The sagas under way, those first that need looking at first.
    private(set) var running: [RunningSaga] = []
    /// The latest sagas that have ended, those first that did not end well.
    private(set) var ended: [EndedSaga] = []
    /// The pools of the services, in the order of the plan.
    private(set) var services: [PoolFigures] = []
    /// The bulkheads.
    private(set) var bulkheads: [GuardPlace: PoolFigures] = [:]

    /// Nothing taken yet.
    init() {}

    private static let unhappyKept = 12
    private static let happyKept = 4

    /// Takes what a screen with so many rows can show.
    init(of world: World, _ plan: Plan, rows: Int) {
        time = world.now
        let worstFirst = world.runningSagas.map { (Self.badness($0), $0) }.sorted { $0.0 > $1.0 }
        running = worstFirst.prefix(rows).map(\.1)
        let newest = Array(world.endedSagas.reversed())
        // Those that went well are all alike: a few are enough to see that they flow.
        ended =
            Array(newest.filter { !$0.isHappy }.prefix(Self.unhappyKept))
            + newest.filter(\.isHappy).prefix(Self.happyKept)
        services = plan.services.indices.map { PoolFigures(ofService: $0, in: world) }
        for place in plan.bulkheadPlaces {
            bulkheads[place] = world.bulkhead(edge: place.edge, stage: place.stage).map { PoolFigures($0) }
        }
    }

    /// Those that go back come first, then those that are overdue, then those that have failed calls; among equals the
    /// oldest, which is the first in order of arrival.
    private static func badness(_ saga: RunningSaga) -> (Int, UInt64) {
        let machine = saga.machine
        let grade =
            machine.turnedBack != nil ? 3 : machine.isOverdue ? 2 : machine.retries > 0 || machine.isBackingOff ? 1 : 0
        return (grade, .max - saga.request)
    }
}

/// The numbers of a thread pool.
struct PoolFigures: Hashable, Sendable {
    var active: Int
    var maximum: Int
    var queued: Int
    /// How many may wait; nil for no limit.
    var queue: Int?
    var oldestWaiterSince: Instant?

    init(_ pool: ThreadPool) {
        active = pool.active
        maximum = pool.settings.maximum
        queued = pool.queued
        queue = pool.settings.queue == ThreadPool.Settings.unbounded ? nil : pool.settings.queue
        oldestWaiterSince = pool.oldestWaiterSince
    }

    /// All replicas of a service together.
    init(ofService service: Int, in world: World) {
        self.init(world.pool(ofService: service))
        for replica in 1..<max(1, world.replicas(ofService: service)) {
            let other = PoolFigures(world.pool(ofService: service, replica: replica))
            active += other.active
            maximum += other.maximum
            queued += other.queued
            queue = queue.flatMap { own in other.queue.map { own + $0 } }
            oldestWaiterSince = [oldestWaiterSince, other.oldestWaiterSince].compactMap { $0 }.min()
        }
    }

    var isFull: Bool { active >= maximum }

    var isQueueFull: Bool { queue.map { queued > 0 && queued >= $0 } ?? false }
}
