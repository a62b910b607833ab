import Gateway
import Timeline

/// Where the keys of a balancer go that looks at keys: how many calls of each part of the keyspace each replica got, and
/// whose a sample of keys is.
struct KeyMap: Sendable {
    /// The keyspace is seen in so many equal slices at most.
    static let slices = 48
    /// Whose the keys from 1 to this are is looked up anew at each change.
    static let sample: UInt32 = 1_000
    /// The owner of a key that nobody has.
    static let nobody = UInt8.max

    /// A key of the sample: where it lies, and whose it is.
    struct Place: Sendable {
        var slice: UInt8
        var owner: UInt8
    }

    /// Calls by replica and slice.
    private(set) var calls: [UInt32] = []
    /// The sample's keys.
    private(set) var places: [Place] = []
    /// The latest change that moved keys.
    private(set) var move: KeyMove?

    /// A call with a key of this slice has been given to a replica.
    mutating func count(_ replica: Int, _ slice: Int) { calls[replica * Self.slices + slice] &+= 1 }

    /// Takes over whose the sample's keys are now.
    mutating func update(_ places: [Place], replicas: Int, at now: Instant) {
        if calls.isEmpty { calls = Array(repeating: 0, count: replicas * Self.slices) }
        let moved = zip(self.places, places).count { $0.owner != $1.owner }
        if moved > 0 { move = KeyMove(at: now, share: Double(moved) / Double(places.count)) }
        self.places = places
    }

    /// Counts calls anew: the slices are others.
    mutating func forgetCalls() { for place in calls.indices { calls[place] = 0 } }
}

extension BalancerHost {
    /// Counts a call with a key of this hash, as the balancer hashes keys.
    mutating func countKey(_ index: Int, hash: UInt64, _ replica: Int) {
        keyMaps[index].count(replica, slice(of: hash, index))
    }

    /// The slice of the keyspace that a hash lies in.
    private func slice(of hash: UInt64, _ index: Int) -> Int {
        switch balancers[index].plan.by {
        case .key:
            let replicas = max(1, balancers[index].chooser.backends.count)
            return Int(hash % UInt64(replicas)) * sliceCount(index) / replicas
        case .hashMaglev: return Int(hash % UInt64(Maglev.usualSize)) * KeyMap.slices / Maglev.usualSize
        default: return Int(hash.multipliedFullWidth(by: UInt64(KeyMap.slices)).high)
        }
    }

    /// By a remainder there are no more slices than remainders.
    private func sliceCount(_ index: Int) -> Int {
        balancers[index].plan.by == .key
            ? max(1, min(KeyMap.slices, balancers[index].chooser.backends.count)) : KeyMap.slices
    }

    /// Where a key lies, as the balancer hashes keys.
    private func hash(of key: UInt32, _ index: Int) -> UInt64 {
        balancers[index].plan.by == .key
            ? RandomStream.scramble(UInt64(key)) : balancers[index].chooser.hash(String(key))
    }

    /// Sees whose the keys are, after who may be called has changed.
    mutating func redrawKeyMap(_ index: Int, at now: Instant) {
        guard balancers[index].plan.by.usesKey else { return }
        let places = (1...KeyMap.sample).map { key in
            KeyMap.Place(
                slice: UInt8(slice(of: hash(of: key, index), index)),
                owner: owner(of: key, index).map { UInt8($0) } ?? KeyMap.nobody)
        }
        keyMaps[index].update(places, replicas: balancers[index].count, at: now)
    }

    /// The replica that a key belongs to now, from 0 within its balancer and however busy it is; nil if none may be called,
    /// or keys do not decide.
    func owner(of key: UInt32, _ index: Int) -> Int? {
        if balancers[index].plan.by == .key { return keeper(of: key, index, avoiding: TriedReplicas()) }
        return balancers[index].chooser.owner(of: hash(of: key, index))?.place
    }

    /// The keyspace of a balancer that looks at keys; nil for another.
    func keyspace(_ index: Int) -> Keyspace? {
        guard balancers[index].plan.by.usesKey else { return nil }
        return Keyspace(slices: sliceCount(index), replicas: balancers[index].count, map: keyMaps[index])
    }
}
