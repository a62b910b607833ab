internal import Timeline

/// Consistent hashing by a ring or a table, over those of its members that may be chosen now.
///
/// A key whose owner may not be chosen, or has its share already, goes to the next on the ring (or in the table), so
/// that the keys of one that fails are spread over the others and come back to it; nobody else's move. A candidate
/// without a point, such as a backend of weight 0 in an emergency, gets keys only if no other candidate has any.
public struct ConsistentHash: Hashable, Sendable {
    /// How keys find their owners.
    public enum Method: Hashable, Sendable {
        /// ``HashRing``.
        case ring(HashRing.Style)
        /// ``Maglev`` with a table of this size.
        case maglev(size: Int)
    }

    private enum Table: Hashable, Sendable {
        case ring(HashRing)
        case maglev(Maglev)
    }

    /// How keys find their owners.
    public let method: Method
    private var members: [HashRing.Member] = []
    private var table: Table
    /// The weight of each place; 0 for no candidate.
    private var weights: [UInt32] = []
    private var bound: BoundedLoad?

    /// Among nobody.
    /// - Parameter boundPercent: how many percent of its share of the requests under way a place may have; 101 to
    ///   10 000, what is beyond that counts as its end; nil for no bound.
    public init(_ method: Method, boundPercent: Int? = nil) {
        self.method = method
        table = Self.table(method, [])
        bound = boundPercent.map(BoundedLoad.init(percent:))
    }

    /// Among these members, all of them candidates.
    public init(_ method: Method, _ members: [HashRing.Member], boundPercent: Int? = nil) {
        self.init(method, boundPercent: boundPercent)
        setMembers(members)
        for member in members { setWeight(member.weight, of: member.place) }
    }

    /// The hash of a key, as the method has it.
    public func hash(_ key: String) -> UInt64 {
        switch method {
        case .ring(let style): HashRing.hash(key, style)
        case .maglev: XXH64.hash(key)
        }
    }

    /// Says who has keys, candidates or not.
    public mutating func setMembers(_ members: [HashRing.Member]) {
        guard members != self.members else { return }
        self.members = members
        table = Self.table(method, members)
    }

    /// Gives a place a weight, up to 8 388 480, which counts for the bound; with 0 or less it is no candidate.
    public mutating func setWeight(_ weight: Int, of place: Int) {
        guard BackendSet.hasRoom(for: place) else { return }
        while weights.count <= place { weights.append(0) }
        weights[place] = UInt32(max(0, min(weight, SmoothRoundRobin.heaviest)))
        bound?.setWeight(weights[place], of: place)
    }

    /// Forgets what stood at a place, for who comes there next.
    public mutating func remove(_ place: Int) {
        guard weights.indices.contains(place) else { return }
        weights[place] = 0
        bound?.remove(place)
    }

    /// A request to a place has begun.
    public mutating func began(_ place: Int) { bound?.began(place) }

    /// A request to a place has ended.
    public mutating func ended(_ place: Int) { bound?.ended(place) }

    /// The place for a key of this hash, passing over those to avoid; nil if there are only those, or none.
    public func choose(_ hash: UInt64, avoiding: [Int] = []) -> Int? {
        if let bound, let place = owner(of: hash, where: { isOpen($0, avoiding) && bound.hasRoom($0) }) { return place }
        return owner(of: hash) { isOpen($0, avoiding) } ?? pointless(hash, avoiding)
    }

    /// The place that a key of this hash belongs to among the candidates, however busy it is; nil if there are none.
    public func owner(of hash: UInt64) -> Int? { owner(of: hash) { isOpen($0, []) } ?? pointless(hash, []) }

    private func isOpen(_ place: Int, _ avoided: [Int]) -> Bool {
        place < weights.count && weights[place] > 0 && (avoided.isEmpty || !avoided.contains(place))
    }

    private func owner(of hash: UInt64, where isUsable: (Int) -> Bool) -> Int? {
        switch table {
        case .ring(let ring): ring.owner(of: hash, where: isUsable)
        case .maglev(let maglev): maglev.owner(of: hash, where: isUsable)
        }
    }

    /// Any candidate, the same for the same hash: that with the highest hash together with it (rendezvous hashing).
    private func pointless(_ hash: UInt64, _ avoided: [Int]) -> Int? {
        var best: (place: Int, score: UInt64)?
        for place in weights.indices where isOpen(place, avoided) {
            let score = RandomStream.scramble(hash ^ RandomStream.scramble(UInt64(place) + 1))
            if best.map({ score > $0.score }) ?? true { best = (place, score) }
        }
        return best?.place
    }

    private static func table(_ method: Method, _ members: [HashRing.Member]) -> Table {
        switch method {
        case .ring(let style): .ring(HashRing(style, members))
        case .maglev(let size): .maglev(Maglev(members, size: size))
        }
    }
}
