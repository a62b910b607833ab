public import Resilience
public import Timeline

/// Chooses a backend for each request of one route.
///
/// Ask ``choose(hash:avoiding:at:using:)``, say when a request to the chosen backend ``begin(_:)``s, and how it
/// ``end(_:took:_:at:)``ed. What becomes of backends is said from outside: who belongs to the route
/// (``update(to:at:)``), and what stands in the way of one (``set(_:_:of:at:)``).
///
/// It never chooses a backend that is not in the set, or may not be used. A late end of one that has left is nobody's:
/// its id names a generation that is gone.
public struct Balancer: Hashable, Sendable {
    /// The settings at work.
    public let settings: Settings
    /// The backends, and who of them may be chosen.
    public private(set) var backends: BackendSet
    /// How requests are shared out among zones now.
    public private(set) var routing = ZoneRouting.everywhere
    private var pools: BalancerPools

    /// A balancer of these backends, all well and with their whole weights. One with an address that another has is that
    /// one, with the latter weight and zone.
    public init(_ settings: Settings, _ backends: [Backend] = [], at now: Instant) {
        self.settings = settings
        self.backends = BackendSet(panic: settings.panic, slowStart: settings.slowStart)
        pools = BalancerPools(settings)
        for backend in backends { self.backends.add(backend, slowly: false, at: now) }
        membersChanged()
    }

    /// The hash of a request's key (``HashKey``); 0 unless the algorithm looks at it.
    public func hash(_ key: String) -> UInt64 {
        pools.hash(key)
    }

    /// The backend that a key of this hash belongs to now, of those that may be used and however busy it is; nil unless the
    /// algorithm looks at keys, and if none may be used.
    public func owner(of hash: UInt64) -> BackendID? { pools.owner(of: hash).map(backends.id(at:)) }

    /// The backend for a request; nil if none may be used.
    ///
    /// Those to avoid, as a retry avoids those that have failed it, are passed over as long as there is another.
    /// - Parameter hash: where the request's key lies; of no account unless the algorithm looks at keys.
    public mutating func choose(
        hash: UInt64 = 0, avoiding: [BackendID] = [], at now: Instant, using random: inout RandomStream
    ) -> BackendID? {
        if now >= backends.nextStep {
            backends.advance(to: now)
            weightsChanged()
        }
        guard backends.candidateCount > 0 else { return nil }
        let request = BalancerPools.Request(hash: hash, now: now)
        guard avoiding.isEmpty else { return choose(request, avoiding: avoiding, using: &random) }
        if let zone = zone(using: &random), let place = pools.choose(request, [], zone: zone, using: &random) {
            return backends.id(at: place)
        }
        return pools.choose(request, [], zone: nil, using: &random).map(backends.id(at:))
    }

    private mutating func choose(
        _ request: BalancerPools.Request, avoiding: [BackendID], using random: inout RandomStream
    ) -> BackendID? {
        let places = avoiding.filter(backends.contains).map(\.place)
        let zone = zone(using: &random)
        let place =
            zone.flatMap { pools.choose(request, places, zone: $0, using: &random) }
            ?? pools.choose(request, places, zone: nil, using: &random)
            ?? pools.choose(request, [], zone: nil, using: &random)
        return place.map(backends.id(at:))
    }

    /// The zone whose turns a backend takes part in; nil where zones do not count.
    private func zone(of place: Int) -> Int? {
        settings.zones == nil ? nil : Int(backends.slots[place].zone)
    }

    private func zone(using random: inout RandomStream) -> Int? {
        guard let zones = settings.zones, !backends.isPanicking else { return nil }
        return routing.zone(own: zones.zone, using: &random)
    }

    /// A request to a backend begins.
    public mutating func begin(_ id: BackendID) {
        guard backends.begin(id) else { return }
        pools.began(id.place, zone: zone(of: id.place))
    }

    /// A request to a backend has ended, which had begun before.
    /// - Parameters:
    ///   - took: how long it took.
    ///   - outcome: whether it speaks for or against the backend.
    public mutating func end(_ id: BackendID, took: Duration, _ outcome: CircuitBreaker.Outcome, at now: Instant) {
        guard backends.end(id) else { return }
        pools.ended(id.place, zone: zone(of: id.place), took: took, outcome, at: now)
    }
}

extension Balancer {
    /// Takes these for the backends of the route: who is not among them leaves, who is new comes, and who stays keeps its
    /// state, with the weight and zone that it has now.
    public mutating func update(to list: [Backend], at now: Instant) {
        let stay = Set(list.map(\.address))
        for id in backends.ids where !stay.contains(backends.addresses[id.place]) {
            backends.remove(id, at: now)
        }
        for backend in list { backends.add(backend, at: now) }
        membersChanged()
    }

    /// Adds a backend; nil if there is no room for it. See ``BackendSet/add(_:slowly:at:)``.
    @discardableResult
    public mutating func add(_ backend: Backend, at now: Instant) -> BackendID? {
        let id = backends.add(backend, at: now)
        membersChanged()
        return id
    }

    /// Takes a backend out.
    public mutating func remove(_ id: BackendID, at now: Instant) {
        guard backends.contains(id) else { return }
        backends.remove(id, at: now)
        membersChanged()
    }

    /// Gives a backend another weight, from 0 to 65 535.
    public mutating func setWeight(_ weight: Int, of id: BackendID, at now: Instant) {
        guard backends.contains(id) else { return }
        backends.setWeight(weight, of: id, at: now)
        membersChanged()
    }

    /// Says of one or more obstacles whether they stand in the way of a backend.
    public mutating func set(_ obstacles: Obstacles, _ stands: Bool, of id: BackendID, at now: Instant) {
        backends.set(obstacles, stands, of: id, at: now)
        weightsChanged()
    }

    private mutating func membersChanged() {
        if settings.algorithm.usesKey { pools.setMembers(backends.members) }
        weightsChanged()
    }

    /// Tells the algorithms who has become a candidate, is none any more, or has another weight.
    private mutating func weightsChanged() {
        for place in backends.departed { pools.remove(Int(place)) }
        backends.departed.removeAll(keepingCapacity: true)
        guard !backends.changed.isEmpty else { return }
        for place in backends.changed {
            let weight = Int(backends.slots[Int(place)].candidateWeight)
            pools.setWeight(weight, of: Int(place), zone: zone(of: Int(place)))
        }
        backends.changed.removeAll(keepingCapacity: true)
        guard let zones = settings.zones else { return }
        routing = zones.routing(capacity: backends.capacityByZone, backends: backends.candidateCount)
    }
}
