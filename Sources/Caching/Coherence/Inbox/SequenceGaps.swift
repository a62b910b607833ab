/// Messages that a receiver has not got, though it has got a later one of the same sender.
public struct SequenceGap: Hashable, Sendable {
    /// Who sent them.
    public var sender: Int
    /// Their numbers.
    public var missing: ClosedRange<UInt64>

    /// Messages with these numbers.
    public init(sender: Int, missing: ClosedRange<UInt64>) {
        self.sender = sender
        self.missing = missing
    }
}

/// Follows the numbers of each sender's messages. A gap is found once; what comes late does not fill it, and need not,
/// since whoever finds a gap asks for what it has missed.
struct SequenceGaps: Sendable {
    // The highest number of each sender.
    private var latest: [UInt64] = []

    mutating func receive(_ sequence: UInt64, from sender: Int) -> SequenceGap? {
        guard NodeSet.isNode(sender) else { return nil }
        while latest.count <= sender { latest.append(0) }
        let former = latest[sender]
        guard sequence > former else { return nil }
        latest[sender] = sequence
        return sequence - former > 1 ? SequenceGap(sender: sender, missing: former + 1...sequence - 1) : nil
    }
}
