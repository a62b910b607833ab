/// How one version stands to another.
public enum VersionOrder: Hashable, Sendable {
    /// The other includes it, and more.
    case before
    /// They are the same.
    case equal
    /// It includes the other, and more.
    case after
    /// Each has something that the other does not know: a conflict.
    case concurrent
}

/// How many changes of each node a value includes: a version vector (Parker et al., *Detection of Mutual Inconsistency in
/// Distributed Systems*, IEEE TSE 9(3), 1983).
///
/// Counters of nodes that were never heard of are 0, so vectors of different lengths can be compared. There are
/// ``NodeSet/mostNodes`` nodes at most.
public struct NodeVersions: Hashable, Sendable {
    // Never ends with a 0, so that equal vectors have equal arrays.
    private var counters: [UInt64] = []

    /// Nothing known of any node.
    public init() {}

    /// The changes of a node that are included.
    public subscript(node: Int) -> UInt64 {
        counters.indices.contains(node) ? counters[node] : 0
    }

    /// The nodes up to the last one that was heard of.
    public var count: Int { counters.count }

    /// A node changes the value; returns its new counter, or nil for a number that no node can have.
    @discardableResult
    public mutating func increment(_ node: Int) -> UInt64? {
        guard NodeSet.isNode(node) else { return nil }
        while counters.count <= node { counters.append(0) }
        if counters[node] < .max { counters[node] += 1 }
        return counters[node]
    }

    /// How this vector stands to another.
    public func compared(to other: NodeVersions) -> VersionOrder {
        var (isLess, isMore) = (false, false)
        for node in 0..<max(count, other.count) {
            if self[node] < other[node] { isLess = true }
            if self[node] > other[node] { isMore = true }
        }
        switch (isLess, isMore) {
        case (false, false): return .equal
        case (true, false): return .before
        case (false, true): return .after
        case (true, true): return .concurrent
        }
    }

    /// Includes what another vector includes.
    public mutating func merge(_ other: NodeVersions) {
        while count < other.count { counters.append(0) }
        for node in 0..<other.count { counters[node] = max(counters[node], other[node]) }
    }

    /// Hears of another vector: compares first, and merges only then.
    /// - Returns: how what was heard stands to what was known before; `.after` is news, `.before` and `.equal` are not.
    public mutating func receive(_ heard: NodeVersions) -> VersionOrder {
        let order = heard.compared(to: self)
        merge(heard)
        return order
    }
}
