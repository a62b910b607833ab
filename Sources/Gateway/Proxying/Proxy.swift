public import Resilience
public import Timeline

/// Sends the requests of one route, or of several that share their backends, on to these.
///
/// 1. ``begin(_:deadline:at:)`` says to which backend a request goes, or that it is answered without one.
/// 2. ``ended(_:_:at:)`` is told what came of an attempt, and says whether that is the answer, or the request is tried again.
/// 3. Where there is a wait before that, ``resume(_:at:)`` goes on after it.
///
/// Each request is answered exactly once, always with a status, and each attempt counts once, whatever is told of it twice
/// or too late: against its backend, its breaker, the outliers, the budget. It reads no clock, sends nothing, and keeps no
/// timer: its owner ends an attempt at ``Attempt/until`` with ``AttemptEnd/timedOut``.
///
/// An attempt is over when its whole answer is there. An owner who passes the answer on as it comes says so first, with
/// ``responds(_:)``; nothing is tried again then.
public struct Proxy: Sendable {
    /// A backend and what is sent to it alone.
    public struct Member: Hashable, Sendable {
        /// The backend.
        public let backend: Backend
        /// The fields that it gets with each request.
        public let headers: BackendHeaders

        /// A backend with fields of its own; none by default.
        public init(_ backend: Backend, headers: BackendHeaders = .none) {
            self.backend = backend
            self.headers = headers
        }
    }

    /// What is known of a backend besides what the balancer knows.
    struct Known: Sendable {
        var id: BackendID
        var headers: BackendHeaders
        var breaker: CircuitBreaker?
        /// Its number among the outlier detector's hosts.
        var host: Int
        var connections: Connections
    }

    /// How it works.
    public let settings: Settings
    /// Who chooses.
    public internal(set) var balancer: Balancer
    /// Counts since the start.
    public internal(set) var totals = Totals()
    /// The breaker that all backends share; nil unless that is its scope.
    public internal(set) var breaker: CircuitBreaker?
    /// Who finds backends that fail more than others.
    public internal(set) var outliers: OutlierDetector?
    /// How much may be tried again.
    public internal(set) var budget: RetryBudget?
    /// How long one attempt may take.
    public internal(set) var timeout: Timeout

    var known: [Known?] = []
    /// Whom the outlier detector's hosts are.
    var hosts: [BackendID?] = []
    var calls = ProxiedCalls()
    var random: RandomStream

    /// A proxy of these backends, all well.
    /// - Parameter random: from which backends, waits and ejections are drawn.
    public init(_ settings: Settings, _ members: [Member], random: RandomStream, at now: Instant) {
        self.settings = settings
        self.random = random
        balancer = Balancer(settings.balancing, members.map(\.backend), at: now)
        breaker = settings.breaker.flatMap { $0.scope == .upstream ? CircuitBreaker($0.settings, at: now) : nil }
        outliers = settings.outliers.map { OutlierDetector($0, hosts: 0, at: now) }
        budget = settings.retries?.budget.map { RetryBudget($0) }
        timeout = Timeout(settings.timeout)
        for member in members { join(member, at: now) }
    }

    /// How many requests are on their way.
    public var callCount: Int { calls.count }

    /// The breaker of one backend; nil if it is not in the set, or has none of its own.
    public func breaker(of backend: BackendID) -> CircuitBreaker? { known(backend)?.breaker }

    /// The connections to one backend; nil if it is not in the set.
    public func connections(of backend: BackendID) -> Connections? { known(backend)?.connections }

    func known(_ id: BackendID) -> Known? {
        guard known.indices.contains(id.place), let entry = known[id.place], entry.id == id else { return nil }
        return entry
    }
}

extension Proxy {
    /// Takes these for the backends: who is not among them leaves, who is new comes, and who stays keeps what is known of it,
    /// with the weight and the fields that it has now. What is on its way to one that leaves goes on.
    public mutating func update(to members: [Member], at now: Instant) {
        let before = balancer.backends.ids
        balancer.update(to: members.map(\.backend), at: now)
        for id in before where !balancer.backends.contains(id) { leave(id) }
        for member in members { join(member, at: now) }
    }

    /// Says of an obstacle that is known elsewhere, as to a health checker, whether it stands in the way of a backend.
    /// ``Obstacles/ejected`` is the proxy's own to say where it looks for outliers.
    public mutating func set(_ obstacles: Obstacles, _ stands: Bool, of id: BackendID, at now: Instant) {
        balancer.set(outliers == nil ? obstacles : obstacles.subtracting(.ejected), stands, of: id, at: now)
    }

    private mutating func join(_ member: Member, at now: Instant) {
        guard let id = balancer.backends.id(of: member.backend.address) else { return }
        while known.count <= id.place { known.append(nil) }
        guard known(id) == nil else {
            known[id.place]?.headers = member.headers
            return
        }
        let own = settings.breaker.flatMap { $0.scope == .backend ? CircuitBreaker($0.settings, at: now) : nil }
        let host = outliers?.addHost() ?? 0
        while hosts.count <= host { hosts.append(nil) }
        hosts[host] = id
        known[id.place] = Known(
            id: id, headers: member.headers, breaker: own, host: host, connections: Connections(settings.connections))
    }

    private mutating func leave(_ id: BackendID) {
        guard let entry = known(id) else { return }
        known[id.place] = nil
        outliers?.removeHost(entry.host)
        hosts[entry.host] = nil
    }
}
