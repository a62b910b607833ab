public import EventSourcing

/// What has been seen of a log by a part of a projection, or by two parts that were merged at different places.
///
/// Parts of this package merge only where they are at the same position; this one is for those of foreign stores.
///
/// Source: Axon Framework, `MergedTrackingToken`.
public indirect enum TrackingToken: Hashable, Sendable {
    /// One part, in a log whose positions may become visible out of order.
    case plain(GapAwareToken)
    /// Two parts, each as far as it says.
    case merged(TrackingToken, TrackingToken)

    /// All up to a position.
    public init(_ position: Position) {
        self = .plain(GapAwareToken(position))
    }

    /// The token of two parts: the one that both have, if they are equal.
    public init(merging one: TrackingToken, _ other: TrackingToken) {
        self = one == other ? one : .merged(one, other)
    }

    /// The last position of the part that is behind.
    public var position: Position {
        switch self {
        case .plain(let token): token.position
        case .merged(let one, let other): min(one.position, other.position)
        }
    }

    /// The last position of the part that is ahead: the merge is over when both are there.
    public var mergePosition: Position {
        switch self {
        case .plain(let token): token.position
        case .merged(let one, let other): max(one.mergePosition, other.mergePosition)
        }
    }

    /// Whether every part has seen this position.
    public func hasSeen(_ position: Position) -> Bool {
        switch self {
        case .plain(let token): token.hasSeen(position)
        case .merged(let one, let other): one.hasSeen(position) && other.hasSeen(position)
        }
    }

    /// Whether every part has seen all that a token has.
    public func covers(_ other: GapAwareToken) -> Bool {
        switch self {
        case .plain(let token): token.covers(other)
        case .merged(let one, let another): one.covers(other) && another.covers(other)
        }
    }

    /// What each part and the other token have both seen.
    public func lowerBound(_ other: GapAwareToken) -> TrackingToken {
        switch self {
        case .plain(let token): .plain(token.lowerBound(other))
        case .merged(let one, let another):
            TrackingToken(merging: one.lowerBound(other), another.lowerBound(other))
        }
    }

    /// What each part has seen, with what the other token has: a merge ends when both parts have come to the same.
    public func upperBound(_ other: GapAwareToken) -> TrackingToken {
        switch self {
        case .plain(let token): .plain(token.upperBound(other))
        case .merged(let one, let another):
            TrackingToken(merging: one.upperBound(other), another.upperBound(other))
        }
    }
}
