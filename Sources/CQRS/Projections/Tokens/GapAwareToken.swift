public import EventSourcing

/// How far a reader is in a log whose positions become visible out of order: the last position that it has seen, and
/// which ones below it it has not.
///
/// For logs that draw a position before they commit and let readers see behind what is not committed yet. A log of this
/// package never does: its positions are final up to its head; see ``EventSourcing/HighWaterMark`` for how it gets there.
///
/// Source: Axon Framework, `GapAwareTrackingToken`.
public struct GapAwareToken: Sendable {
    /// The last position that was seen.
    public let position: Position
    /// Positions below it that were not, in ascending order.
    public private(set) var gaps: [Position]
    /// Gaps below this have been given up.
    private var truncated: Position

    /// All positions up to one have been seen.
    public init(_ position: Position) {
        self.init(position, [], truncated: .start)
    }

    /// All positions up to one, but not these; nil if one of them does not lie below it.
    public init?(_ position: Position, gaps: some Sequence<Position>) {
        let sorted = Set(gaps).sorted()
        guard sorted.last.map({ $0 < position }) ?? true else { return nil }
        self.init(position, sorted, truncated: .start)
    }

    private init(_ position: Position, _ gaps: [Position], truncated: Position) {
        self.position = position
        self.gaps = gaps
        self.truncated = truncated
    }

    /// The token once another position has been seen: a later one, or one of the gaps; nil for any other.
    /// - Parameters:
    ///   - next: the position.
    ///   - reach: how far below the last position a gap is kept, 0 to 1 048 576; what is outside counts as the nearest
    ///     of these. One that lies lower is given up, but none above a position that fills a gap.
    public func advanced(to next: Position, reach: Int) -> GapAwareToken? {
        let isGap = contains(gap: next)
        guard isGap || next > position else { return nil }
        let last = max(position, next)
        let reach = Int64(min(max(0, reach), 1 << 20))
        let lowest = min(next, max(truncated, last.moved(by: -reach)))
        var kept = gaps.filter { $0 >= lowest && $0 != next }
        if next > position {
            var missed = max(position.moved(by: 1), lowest)
            while missed < next {
                kept.append(missed)
                missed = missed.moved(by: 1)
            }
        }
        return GapAwareToken(last, kept, truncated: lowest)
    }

    /// The token without the gaps below a position.
    public func truncated(before position: Position) -> GapAwareToken {
        guard let first = gaps.first, first <= position else { return self }
        return GapAwareToken(self.position, gaps.filter { $0 >= position }, truncated: position)
    }

    /// Whether this position has been seen.
    public func hasSeen(_ position: Position) -> Bool {
        position <= self.position && !contains(gap: position)
    }

    private func contains(gap position: Position) -> Bool {
        var (low, high) = (0, gaps.count)
        while low < high {
            let middle = (low + high) / 2
            if gaps[middle] < position { low = middle + 1 } else { high = middle }
        }
        return low < gaps.count && gaps[low] == position
    }
}

extension GapAwareToken {
    /// Whether all that the other one has seen has been seen.
    public func covers(_ other: GapAwareToken) -> Bool {
        other.position <= position && !contains(gap: other.position)
            && gaps.allSatisfy { gap in
                gap < other.truncated || gap >= other.position || other.contains(gap: gap)
            }
    }

    /// What both have seen.
    public func lowerBound(_ other: GapAwareToken) -> GapAwareToken {
        let all = Set(gaps).union(other.gaps)
        var last = min(position, other.position)
        while all.contains(last), last.number > .min { last = last.moved(by: -1) }
        return GapAwareToken(last, all.filter { $0 < last }.sorted(), truncated: min(truncated, other.truncated))
    }

    /// What either has seen.
    public func upperBound(_ other: GapAwareToken) -> GapAwareToken {
        let unseen = gaps.filter { !other.hasSeen($0) } + other.gaps.filter { !hasSeen($0) }
        return GapAwareToken(
            max(position, other.position), Set(unseen).sorted(), truncated: min(truncated, other.truncated))
    }
}

extension GapAwareToken: Hashable {
    /// Whether both have the same last position and the same gaps, as far as neither has given them up.
    public static func == (left: GapAwareToken, right: GapAwareToken) -> Bool {
        let from = max(left.truncated, right.truncated)
        return left.position == right.position
            && left.gaps.filter { $0 > from } == right.gaps.filter { $0 > from }
    }

    /// Adds the last position: gaps that were given up make no difference.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(position)
    }
}
