public import Timeline

/// Where the keys of a balancer go that looks at keys: the keyspace in equal slices, by the hash on a ring, by the entry in
/// a table, or by the remainder.
public struct Keyspace: Sendable {
    /// How many slices there are: 48, or as many as there are remainders if those are fewer.
    public let slices: Int
    /// How many replicas there are, those that do not run among them.
    public let replicas: Int
    private let map: KeyMap

    init(slices: Int, replicas: Int, map: KeyMap) {
        self.slices = slices
        self.replicas = replicas
        self.map = map
    }

    /// How many calls with keys of a slice a replica was chosen for, since the beginning; by a remainder, since replicas
    /// came or went last. It begins at 0 again after 4 billion.
    public func calls(ofReplica replica: Int, inSlice slice: Int) -> UInt32 {
        map.calls[replica * KeyMap.slices + slice]
    }

    /// The latest change of who may be called that moved keys; nil if none has.
    public var move: KeyMove? { map.move }

    /// By replica and slice, whether any of the keys from 1 to 1,000 that lie in the slice belongs to the replica now.
    public var owned: [[Bool]] {
        var owned = Array(repeating: Array(repeating: false, count: slices), count: replicas)
        for place in map.places where place.owner != KeyMap.nobody { owned[Int(place.owner)][Int(place.slice)] = true }
        return owned
    }
}

/// A change that gave keys to other replicas.
public struct KeyMove: Hashable, Sendable {
    /// When it was.
    public let at: Instant
    /// The share that has moved of the keys from 1 to 1,000, above 0 to 1.
    public let share: Double
}

extension World {
    /// The keyspace of the balancer at a place of an edge's chain; nil if none stands there, or it does not look at keys.
    public func keyspace(edge: Int, stage: Int) -> Keyspace? {
        guard case .balancer(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return nil }
        return balancers.keyspace(Int(index))
    }

    /// The replica, from 0, to which the balancer at a place of an edge's chain would give a call with this key now,
    /// however busy that is; nil without a balancer that looks at keys, and if none may be called.
    public func owner(ofKey key: UInt32, edge: Int, stage: Int) -> Int? {
        guard case .balancer(let index)? = edges.guardRef(UInt16(edge), UInt8(stage)) else { return nil }
        return balancers.balancers[Int(index)].plan.by.usesKey ? balancers.owner(of: key, Int(index)) : nil
    }
}
