public import Resilience
public import Timeline

/// The backends of a route, and which of them may be chosen now with which weight.
///
/// Whether a backend is well is said from outside (``set(_:_:of:at:)``): by a health checker, an outlier detector, a
/// limit of connections. If too few are well, all are candidates that are not full (``Resilience/PanicMode``). Those
/// of weight 0 are candidates only where there is no other, and then alike.
///
/// Each stands at a place from 0, the lowest that is free, and its state with it, whoever else comes or goes.
public struct BackendSet: Hashable, Sendable {
    /// What stands at one place.
    struct Slot: Hashable, Sendable {
        var generation: UInt32 = 0
        var weight: UInt16 = 0
        var zone: UInt8 = 0
        var obstacles: Obstacles = []
        var isMember = false
        /// Nothing stands in its way that counts now.
        var isEligible = false
        /// And it has a weight.
        var isWeighted = false
        var isRamping = false
        var inFlight: UInt32 = 0
        /// What the algorithms see: 0 for no candidate.
        var candidateWeight: UInt32 = 0
        var rampsSince = Instant.zero
    }

    /// How many backends a set has room for; algorithms take no heed of places beyond.
    public static let capacity = 65_536

    static func hasRoom(for place: Int) -> Bool { (0..<capacity).contains(place) }

    /// When all backends are used for want of healthy ones.
    public let panic: PanicMode
    /// How backends begin; nil for at once.
    public let slowStart: SlowStart?
    /// Whether too few backends are healthy, so that all are used.
    public internal(set) var isPanicking = false
    /// How many backends there are.
    public internal(set) var count = 0
    /// How many of them are neither unhealthy nor ejected.
    public internal(set) var healthyCount = 0
    /// How many may be chosen now.
    public internal(set) var candidateCount = 0
    /// Requests under way to backends of the set.
    public internal(set) var inFlight = 0

    var slots: [Slot] = []
    var addresses: [String] = []
    var places: [String: Int32] = [:]
    /// How many have a weight and nothing in their way.
    var weighted = 0
    /// Whether those of weight 0 are the candidates, since there are no others.
    var usesWeightless = true
    /// Those that start slowly, and when their weights are taken anew.
    var ramping: [Int32] = []
    var nextStep = Instant.distantFuture
    /// Places that somebody has left, and those whose candidate weight has changed, since the balancer looked.
    var departed: [Int32] = []
    var changed: [Int32] = []
    /// The weight of the candidates of each zone.
    var capacityByZone: [Int] = []

    /// A set without backends.
    public init(panic: PanicMode, slowStart: SlowStart? = nil) {
        self.panic = panic
        self.slowStart = slowStart
    }
}

extension BackendSet {
    /// The backends, in the order of their places.
    public var ids: [BackendID] {
        slots.indices.filter { slots[$0].isMember }.map(id(at:))
    }

    /// The backend with this address; nil if there is none.
    public func id(of address: String) -> BackendID? {
        places[address].map { id(at: Int($0)) }
    }

    /// Whether the backend is in the set.
    public func contains(_ id: BackendID) -> Bool {
        slots.indices.contains(id.place) && slots[id.place].isMember && slots[id.place].generation == id.generation
    }

    /// Where the backend is; nil if it is not in the set.
    public func address(of id: BackendID) -> String? {
        contains(id) ? addresses[id.place] : nil
    }

    /// The backend's weight in the long run; nil if it is not in the set.
    public func weight(of id: BackendID) -> Int? {
        contains(id) ? Int(slots[id.place].weight) : nil
    }

    /// The number of the backend's zone; nil if it is not in the set.
    public func zone(of id: BackendID) -> Int? {
        contains(id) ? Int(slots[id.place].zone) : nil
    }

    /// Why the backend may not be used; nil if it is not in the set.
    public func obstacles(of id: BackendID) -> Obstacles? {
        contains(id) ? slots[id.place].obstacles : nil
    }

    /// Whether the backend may be chosen now.
    public func isCandidate(_ id: BackendID) -> Bool {
        contains(id) && slots[id.place].candidateWeight > 0
    }

    /// The share of its weight that the backend has now, from 0 to 1: below 1 while it starts slowly.
    public func startShare(of id: BackendID, at now: Instant) -> Double {
        guard contains(id), slots[id.place].isRamping, let slowStart else { return 1 }
        return slowStart.share(after: now - slots[id.place].rampsSince)
    }

    /// Requests under way to the backend; 0 if it is not in the set.
    public func inFlight(of id: BackendID) -> Int {
        contains(id) ? Int(slots[id.place].inFlight) : 0
    }

    /// Who has points on a ring: those with a weight, or all alike if there are none.
    var members: [HashRing.Member] {
        let members = slots.indices.filter { slots[$0].isMember }
        let isWeightless = members.allSatisfy { slots[$0].weight == 0 }
        return members.map { place in
            HashRing.Member(
                place: place, address: addresses[place], weight: isWeightless ? 1 : Int(slots[place].weight))
        }
    }

    func id(at place: Int) -> BackendID {
        BackendID(place: place, generation: slots[place].generation)
    }
}
