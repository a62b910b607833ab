import Timeline

/// What somebody knows of what up to eight nodes have made: the first so many entries of each.
///
/// Vectors are only partly ordered. Of two that are ``Order/concurrent`` each knows something that the other does not,
/// and that is how histories are told apart that grew on both sides of a cut. A trivial value of 32 bytes; counts
/// saturate.
///
/// Source: Parker and others, *Detection of Mutual Inconsistency in Distributed Systems*, IEEE TSE 9(3), 1983.
public struct VersionVector: Sendable {
    private var counts: [8 of UInt32]

    /// How many nodes there can be.
    public static var nodeLimit: Int { 8 }

    /// The vector of who knows nothing.
    public init() {
        counts = InlineArray(repeating: 0)
    }

    /// The vector of these counts, node 0's first; nodes that are left out have none, what is behind the eighth is
    /// ignored.
    public init(_ counts: [UInt32]) {
        self.init()
        for (node, count) in counts.prefix(Self.nodeLimit).enumerated() { self.counts[node] = count }
    }

    /// How many of a node's entries are known; 0 for a node that cannot be, and nothing is set there.
    public subscript(node: Int) -> UInt32 {
        get { (0..<Self.nodeLimit).contains(node) ? counts[node] : 0 }
        set { if (0..<Self.nodeLimit).contains(node) { counts[node] = newValue } }
    }

    /// Counts one more entry of a node.
    public mutating func increment(_ node: Int) {
        let count = self[node]
        self[node] = count < .max ? count + 1 : count
    }

    /// How many entries are known together.
    public var sum: UInt64 {
        var sum: UInt64 = 0
        for node in 0..<Self.nodeLimit { sum += UInt64(counts[node]) }
        return sum
    }

    /// Whether nothing is known.
    public var isZero: Bool { sum == 0 }

    /// A hash of the counts, the same on every machine; 0 for who knows nothing, and for nobody else.
    public var digest: UInt64 {
        guard !isZero else { return 0 }
        var digest = Digest()
        for node in stride(from: 0, to: Self.nodeLimit, by: 2) {
            digest.mix(UInt64(counts[node]) << 32 | UInt64(counts[node + 1]))
        }
        return max(1, digest.value)
    }
}

extension VersionVector {
    /// How two vectors relate.
    public enum Order: Hashable, Sendable {
        /// Both know the same.
        case equal
        /// The other one knows all of this, and more.
        case before
        /// This one knows all of the other, and more.
        case after
        /// Each knows something that the other does not.
        case concurrent
    }

    /// How this vector relates to another.
    public func compared(to other: VersionVector) -> Order {
        switch (covers(other), other.covers(self)) {
        case (true, true): .equal
        case (false, true): .before
        case (true, false): .after
        case (false, false): .concurrent
        }
    }

    /// Whether all that the other one knows is known here: it is equal or before.
    public func covers(_ other: VersionVector) -> Bool {
        for node in 0..<Self.nodeLimit where counts[node] < other.counts[node] { return false }
        return true
    }

    /// Learns all that the other one knows: the greater count of each node.
    public mutating func merge(_ other: VersionVector) {
        for node in 0..<Self.nodeLimit { counts[node] = max(counts[node], other.counts[node]) }
    }

    /// What at least one of the two knows.
    public func merged(with other: VersionVector) -> VersionVector {
        var both = self
        both.merge(other)
        return both
    }

    /// What both know: the smaller count of each node.
    public func shared(with other: VersionVector) -> VersionVector {
        var shared = self
        for node in 0..<Self.nodeLimit { shared.counts[node] = min(counts[node], other.counts[node]) }
        return shared
    }
}

extension VersionVector: Hashable {
    /// Whether both know the same.
    public static func == (left: VersionVector, right: VersionVector) -> Bool {
        for node in 0..<nodeLimit where left.counts[node] != right.counts[node] { return false }
        return true
    }

    /// Feeds the counts to a hasher.
    public func hash(into hasher: inout Hasher) {
        for node in 0..<Self.nodeLimit { hasher.combine(counts[node]) }
    }
}

extension VersionVector: CustomStringConvertible {
    /// The nodes of which something is known, with their counts: `0:2 3:1`, and `-` for nothing.
    public var description: String {
        let known = (0..<Self.nodeLimit).filter { counts[$0] > 0 }.map { "\($0):\(counts[$0])" }
        return known.isEmpty ? "-" : known.joined(separator: " ")
    }
}
