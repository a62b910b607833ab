import Bulkheads
import Timeline

/// A pool, the database behind it and its callers, in virtual time: it opens and pings connections, and each caller
/// uses its connection for the time that its work takes.
struct VirtualDatabase {
    var pool: ConnectionPool
    private(set) var now = Instant.zero
    var random: RandomStream

    /// How long it takes to open a connection, and how long to ping one.
    var openTime = Duration.zero
    var pingTime = Duration.zero
    /// Whether connections are refused.
    var isDown = false
    /// Connections that will not answer a ping.
    var dead: Set<ConnectionPool.ConnectionID> = []
    /// How long the other side leaves a connection open that it hears nothing from; nil for ever.
    var hangsUpAfter: Duration?

    /// Who got a connection, in order.
    private(set) var grants: [Grant] = []
    private(set) var timeouts: [Timeout] = []
    private(set) var refusals: [UInt64] = []
    private(set) var closed: [Closed] = []
    private(set) var leaks: [Leak] = []
    /// When the creation of a connection was asked for.
    private(set) var creationTimes: [Instant] = []
    /// The most connections open at once, and the most in use.
    private(set) var mostOpen = 0
    private(set) var mostActive = 0

    private var agenda: [Appointment] = []
    private var booked = 0
    private var lastHeard: [ConnectionPool.ConnectionID: Instant] = [:]
    /// The work of requests that have no connection yet; nil for one that keeps it.
    private var work: [UInt64: Duration?] = [:]
    private(set) var leases: [UInt64: ConnectionPool.Lease] = [:]
    /// Requests that come from callers which ask again as soon as they are done.
    private(set) var callersLeft = 0
    private var nextRequest: UInt64 = 1_000_000

    struct Grant: Hashable {
        let request: UInt64
        let connection: ConnectionPool.ConnectionID
        let at: Instant
    }

    struct Timeout: Hashable {
        let request: UInt64
        let at: Instant
        let waited: Duration
        let occupancy: ConnectionPool.Occupancy
    }

    struct Closed: Hashable {
        let connection: ConnectionPool.ConnectionID
        let reason: ConnectionPool.CloseReason
        let at: Instant
    }

    struct Leak: Hashable {
        let request: UInt64
        let heldFor: Duration
        let at: Instant
    }

    private struct Appointment {
        let at: Instant
        let order: Int
        let event: Event
    }

    private enum Event {
        case opened(ConnectionPool.ConnectionID)
        case pinged(ConnectionPool.ConnectionID)
        case call(UInt64, work: Duration?, deadline: Instant?)
        case done(UInt64)
    }

    init(_ settings: ConnectionPool.Settings, seed: UInt64 = 1, openTime: Duration = .zero) {
        pool = ConnectionPool(settings, at: .zero)
        random = RandomStream(seed: seed, name: "pool", purpose: "database")
        self.openTime = openTime
        carryOut()
    }

    var open: Int { pool.total - pool.creating }

    /// Every connection that was ever opened.
    var known: [ConnectionPool.ConnectionID] { Array(lastHeard.keys) }

    /// A call for a connection, later or now; without work it keeps the connection until it is returned.
    mutating func call(
        _ request: UInt64, work: Duration? = nil, deadline: Instant? = nil, after delay: Duration = .zero
    ) {
        book(after: delay, .call(request, work: work, deadline: deadline))
    }

    /// So many callers that do so many pieces of work in all, each the next as soon as it is done with one.
    mutating func loop(callers: Int, pieces: Int, work: Duration) {
        callersLeft = pieces - callers
        for _ in 0..<callers { callAgain(work: work) }
    }

    /// Hands a connection back.
    mutating func giveBack(_ request: UInt64, broken: Bool = false) {
        guard let lease = leases.removeValue(forKey: request) else { return }
        if broken { dead.insert(lease.connection) }
        lastHeard[lease.connection] = now
        pool.release(lease, broken: broken, at: now)
        carryOut()
    }

    mutating func giveBackAll() {
        for request in leases.keys.sorted() { giveBack(request) }
    }

    /// Does something to the pool and carries out what it asks for.
    mutating func operate(_ change: (inout ConnectionPool, Instant) -> Void) {
        change(&pool, now)
        carryOut()
    }

    mutating func run(for length: Duration) {
        run(until: now + length)
    }

    mutating func run(until end: Instant) {
        while let next = nextMoment, next <= end {
            now = next
            if let first = agenda.last, first.at <= now {
                agenda.removeLast()
                happen(first.event)
            } else {
                pool.advance(to: now)
            }
            carryOut()
        }
        now = end
        pool.advance(to: now)
        carryOut()
    }

    private var nextMoment: Instant? {
        switch (agenda.last?.at, pool.nextTimedAction) {
        case (let event?, let action?): min(event, action)
        case (let event, let action): event ?? action
        }
    }

    private mutating func book(after delay: Duration, _ event: Event) {
        booked += 1
        let appointment = Appointment(at: now + delay, order: booked, event: event)
        // Soonest last; of equals the one booked first.
        let position = agenda.lastIndex { $0.at > appointment.at }.map { $0 + 1 } ?? 0
        agenda.insert(appointment, at: position)
    }

    private mutating func happen(_ event: Event) {
        switch event {
        case .opened(let connection):
            lastHeard[connection] = now
            if isDown {
                pool.creationFailed(connection, at: now)
            } else {
                pool.created(connection, at: now, using: &random)
            }
        case .pinged(let connection):
            pool.validated(connection, alive: hears(connection), at: now)
        case .call(let request, let length, let deadline):
            work[request] = .some(length)
            switch pool.lease(request, deadline: deadline, at: now) {
            case .granted(let lease): begin(request, lease)
            case .waiting: break
            case .rejected(.timedOut(let occupancy)):
                timeouts.append(Timeout(request: request, at: now, waited: .zero, occupancy: occupancy))
            case .rejected: refusals.append(request)
            }
        case .done(let request):
            giveBack(request)
        }
    }

    private mutating func hears(_ connection: ConnectionPool.ConnectionID) -> Bool {
        if let limit = hangsUpAfter, now - (lastHeard[connection] ?? .zero) >= limit { return false }
        lastHeard[connection] = now
        return !dead.contains(connection)
    }

    private mutating func begin(_ request: UInt64, _ lease: ConnectionPool.Lease) {
        grants.append(Grant(request: request, connection: lease.connection, at: now))
        leases[request] = lease
        guard let kept = work.removeValue(forKey: request), let length = kept else { return }
        book(after: length, .done(request))
        if callersLeft > 0 {
            callersLeft -= 1
            callAgain(work: length, after: length)
        }
    }

    private mutating func callAgain(work: Duration, after delay: Duration = .zero) {
        nextRequest += 1
        call(nextRequest, work: work, after: delay)
    }

    private mutating func carryOut() {
        while let action = pool.popAction() {
            switch action {
            case .grant(let request, let lease, _):
                begin(request, lease)
            case .timedOut(let request, let waited, let occupancy):
                timeouts.append(Timeout(request: request, at: now, waited: waited, occupancy: occupancy))
            case .refused(let request):
                refusals.append(request)
            case .create(let connection):
                creationTimes.append(now)
                book(after: openTime, .opened(connection))
            case .validate(let connection):
                book(after: pingTime, .pinged(connection))
            case .close(let connection, let reason):
                closed.append(Closed(connection: connection, reason: reason, at: now))
            case .leak(_, let request, let heldFor):
                leaks.append(Leak(request: request, heldFor: heldFor, at: now))
            }
        }
        mostOpen = max(mostOpen, open)
        mostActive = max(mostActive, pool.active)
    }
}
