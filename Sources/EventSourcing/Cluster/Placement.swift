import Timeline

/// Which partition a stream belongs to, and which nodes keep a partition.
///
/// Nodes are chosen by the highest hash of partition and node (rendezvous hashing), so that one node more, or one less,
/// moves no copies but its own. Source: Thaler and Ravishankar, *Using name-based mappings to increase hit rates*, 1998.
public enum Placement {
    /// The partition of a stream, out of so many; 0 if there is one at most.
    /// - Parameter stream: a hash of the stream's name, or its number.
    public static func partition(of stream: UInt64, among partitions: Int) -> Int {
        guard partitions > 1 else { return 0 }
        return Int(RandomStream.scramble(stream &+ 0x9e37_79b9_7f4a_7c15) % UInt64(partitions))
    }

    /// The nodes that keep a partition, the preferred leader first.
    /// - Parameters:
    ///   - partition: the partition.
    ///   - copies: how many nodes keep it; all if there are fewer.
    ///   - nodes: how many nodes there are.
    public static func nodes(for partition: Int, copies: Int, among nodes: Int) -> [Int] {
        let ranked = (0..<max(0, nodes)).sorted { rank(partition, $0) > rank(partition, $1) }
        return Array(ranked.prefix(max(0, copies)))
    }

    private static func rank(_ partition: Int, _ node: Int) -> UInt64 {
        var digest = Digest()
        digest.mix(UInt64(partition), UInt64(node))
        return RandomStream.scramble(digest.value)
    }
}
