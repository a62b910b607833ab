/// Counts uses exactly, in memory that grows with the number of keys: the yardstick for sketches.
///
/// After as many uses as ten times the capacity all counts are halved, as those of a sketch are.
public struct ExactFrequency: FrequencyCounter {
    private var counts: [UInt64: Int] = [:]
    private var uses = 0
    private let period: Int

    /// A counter that halves its counts every ten times so many uses.
    public init(capacity: Int) { period = 10 * min(max(1, capacity), .max / 10) }

    /// A key was used.
    public mutating func increment(_ fingerprint: UInt64) {
        counts[fingerprint, default: 0] += 1
        uses += 1
        if uses == period { age() }
    }

    /// How often a key was used; a use before the last halving counts as half of one.
    public func frequency(of fingerprint: UInt64) -> Int {
        counts[fingerprint] ?? 0
    }

    private mutating func age() {
        counts = counts.compactMapValues { $0 > 1 ? $0 / 2 : nil }
        uses /= 2
    }
}
