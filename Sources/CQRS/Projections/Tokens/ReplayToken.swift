public import EventSourcing

/// Which events a projection that was reset has seen before, so that what they did outside is not done again: mails are
/// not sent twice because a table is rebuilt.
///
/// Source: Axon Framework, `ReplayToken`.
public struct ReplayToken: Hashable, Sendable {
    /// What had been seen when it was reset.
    public let seen: TrackingToken
    /// The last position that was dealt with since.
    public private(set) var position: Position

    /// A projection that is reset.
    /// - Parameters:
    ///   - seen: what it has seen so far.
    ///   - start: where it begins again. Nil is returned if that is behind all that it has seen: nothing is a replay then.
    public init?(seen: TrackingToken, from start: Position = .start) {
        guard start <= seen.mergePosition else { return nil }
        self.seen = seen
        position = start
    }

    /// Whether the event at this position has been seen before the reset. One that was a gap then has not, and neither
    /// has one that only one of two merged parts had come to.
    public func isReplay(_ position: Position) -> Bool { seen.hasSeen(position) }

    /// Whether all has been seen again that was seen before the reset: from the next event on all is new.
    public var isConcluded: Bool { position >= seen.mergePosition }

    /// Goes on to a later position; the result is the token to go on with, or nil once the replay lies behind.
    public func advanced(to position: Position) -> ReplayToken? {
        guard position <= seen.mergePosition else { return nil }
        var next = self
        next.position = max(self.position, position)
        return next
    }
}
