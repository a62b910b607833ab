public import Timeline

/// Hashes over hashes of keys: two nodes find what differs between them without telling each other all that is equal.
///
/// Keys lie in a fixed number of buckets. A bucket's hash is that of its keys whatever their order, an inner node's is
/// that of its two children, and the root's is that of everything. So equal content has an equal root whatever its
/// history; and where roots differ, only branches that differ need be looked into, down to the buckets. Another hash
/// of one key changes as many nodes as the tree is deep.
///
/// One flat array. Hashes have 64 bits, so that two different contents are taken for equal by a chance of 2⁻⁶⁴.
/// Sources: Merkle, CRYPTO '87; DeCandia and others, *Dynamo*, SOSP 2007, section 4.7; Riak's `hashtree`.
public struct MerkleTree: Hashable, Sendable {
    /// How many buckets there are.
    public let buckets: Int
    /// As in a heap: the root is number 1, the children of n are 2n and 2n + 1, and the last ones are the buckets.
    private var hashes: [UInt64]

    /// The number of the root.
    public static var rootNode: Int { 1 }

    /// A tree without keys.
    /// - Parameter buckets: a power of two from 1 to 65 536.
    /// - Throws: a ``SettingError`` for any other number.
    public init(buckets: Int) throws(SettingError) {
        guard (1...65_536).contains(buckets), buckets.nonzeroBitCount == 1 else {
            throw SettingError("buckets", given: buckets, allowed: "a power of two from 1 to 65536")
        }
        self.buckets = buckets
        hashes = Array(repeating: 0, count: buckets * 2)
        for node in stride(from: buckets - 1, to: 0, by: -1) { rehash(node) }
    }

    /// The hash of everything.
    public var root: UInt64 { hashes[Self.rootNode] }

    /// How many levels lie below the root.
    public var depth: Int { buckets.trailingZeroBitCount }

    /// In which bucket a key lies. The lowest bits say so: keys should be dense numbers, or hashes.
    public func bucket(of key: UInt64) -> Int {
        Int(key & UInt64(buckets - 1))
    }

    /// The hash of a key has changed; 0 stands for a key that is not there.
    public mutating func update(_ key: UInt64, from old: UInt64, to new: UInt64) {
        guard old != new else { return }
        var node = buckets + bucket(of: key)
        hashes[node] ^= Self.share(of: key, old) ^ Self.share(of: key, new)
        while node > Self.rootNode {
            node /= 2
            rehash(node)
        }
    }

    /// What a key adds to the hash of its bucket.
    private static func share(of key: UInt64, _ hash: UInt64) -> UInt64 {
        guard hash != 0 else { return 0 }
        var digest = Digest()
        digest.mix(key, hash)
        return digest.value
    }

    private mutating func rehash(_ node: Int) {
        var digest = Digest()
        digest.mix(hashes[node * 2], hashes[node * 2 + 1])
        hashes[node] = digest.value
    }
}

extension MerkleTree {
    /// The hashes of the children of a node; nil if it has none, or does not exist.
    public func children(of node: Int) -> (left: UInt64, right: UInt64)? {
        guard node >= Self.rootNode, node < buckets else { return nil }
        return (hashes[node * 2], hashes[node * 2 + 1])
    }

    /// Which bucket a node is; nil for an inner node, and one that does not exist.
    public func bucket(at node: Int) -> Int? {
        (buckets..<buckets * 2).contains(node) ? node - buckets : nil
    }

    /// In which buckets two trees differ.
    public struct Difference: Hashable, Sendable {
        /// The buckets, in order.
        public let buckets: [Int]
        /// How many pairs of nodes were compared.
        public let compared: Int
    }

    /// Walks down both trees where they differ; nil if they have not equally many buckets.
    ///
    /// For d buckets at most 1 + 2 d ``depth`` pairs of nodes are compared, and never more than there are.
    public func difference(from other: MerkleTree) -> Difference? {
        guard buckets == other.buckets else { return nil }
        var compared = 1
        var level = root == other.root ? [] : [Self.rootNode]
        for _ in 0..<depth {
            var next: [Int] = []
            for node in level {
                compared += 2
                for child in [node * 2, node * 2 + 1] where hashes[child] != other.hashes[child] { next.append(child) }
            }
            level = next
        }
        return Difference(buckets: level.map { $0 - buckets }, compared: compared)
    }
}
