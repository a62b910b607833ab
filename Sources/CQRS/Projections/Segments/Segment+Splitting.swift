extension Segment {
    /// The two halves, the one that keeps the id first; nil if the mask cannot grow any more.
    public func split() -> (low: Segment, high: Segment)? {
        guard mask < Self.longestMask else { return nil }
        let longer = mask << 1 | 1
        return (
            low: Segment(unchecked: id, mask: longer), high: Segment(unchecked: id | (longer ^ mask), mask: longer)
        )
    }

    /// The other half of what this one is a half of; the root is its own.
    public var sibling: Segment { Segment(unchecked: id ^ (mask ^ mask >> 1), mask: mask) }

    /// The segment that two halves make; nil if the two are none. The root, which is no half, makes itself.
    public func merged(with other: Segment) -> Segment? {
        guard other == sibling else { return nil }
        return Segment(unchecked: min(id, other.id), mask: mask >> 1)
    }

    /// So many segments, as equal as can be, in order of their ids, which count from 0.
    ///
    /// Two sizes occur at most, one twice the other. Numbers outside 1 to 1 048 576 count as the nearest of these.
    public static func balanced(_ count: Int) -> [Segment] {
        let count = UInt32(clamping: min(max(1, count), 1 << 20))
        let half = UInt32(1) << UInt32(count.bitWidth - 1 - count.leadingZeroBitCount)
        return (0..<count).map { id in
            let wasSplit = id >= half || id + half < count
            return Segment(unchecked: id, mask: wasSplit ? half * 2 - 1 : half - 1)
        }
    }

    /// The segment of an id among all ids that there are; nil if it is not among them.
    ///
    /// The others' ids say how often it was split, even if they were split unevenly.
    public init?(id: UInt32, among ids: Set<UInt32>) {
        guard id <= Self.longestMask, ids.contains(id) else { return nil }
        var mask = id == 0 ? 0 : UInt32.max >> UInt32(id.leadingZeroBitCount)
        while mask < Self.longestMask, ids.contains(id | (mask + 1)) { mask = mask << 1 | 1 }
        self.init(unchecked: id, mask: mask)
    }
}
