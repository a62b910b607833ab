public import EventSourcing

/// Which version of a projection answers queries, and where the one before it handed over.
///
/// It is stored beside the checkpoints and asked in every commit's transaction. So there is no moment at which two
/// versions do what an event is to do outside, and none at which neither does.
public struct ServingVersion: Hashable, Sendable {
    /// The version that serves.
    public private(set) var version: Int
    /// The one that served before; nil if there was none.
    public private(set) var previous: Int?
    /// The one that may take over; nil if there is none.
    public private(set) var candidate: Int?
    /// Where the one before handed over: what events do outside up to here was up to it, the rest is up to this one.
    public private(set) var since = Position.start

    /// A version that nothing came before.
    public init(_ version: Int) {
        self.version = version
    }

    /// What came of a switch.
    public enum Outcome: Hashable, Sendable {
        /// The new version serves, and takes over behind this position.
        case switched(at: Position)
        /// It served before; the answer to an earlier switch was lost.
        case wasThere(at: Position)
        /// Another version serves by now, or the new one has been withdrawn.
        case refused(serving: Int)
    }

    /// Says that a version is being made that may take over, in place of any other. False if it serves already.
    public mutating func propose(_ new: Int) -> Bool {
        guard new != version else { return false }
        candidate = new
        return true
    }

    /// Says that a version is to be dropped: it cannot take over any more, even if somebody still asks for it. False if
    /// it serves; then it must not be dropped.
    public mutating func withdraw(_ version: Int) -> Bool {
        guard version != self.version else { return false }
        if candidate == version { candidate = nil }
        return true
    }

    /// Lets another version serve if the right one does until now: a compare-and-set.
    /// - Parameters:
    ///   - old: the version that must serve.
    ///   - new: the version that will.
    ///   - checkpoints: those of all segments of both versions, read in the same transaction. The furthest of them is
    ///     where the old version hands over; it still goes on to there, if it is not there yet.
    public mutating func change(from old: Int, to new: Int, checkpoints: [Position]) -> Outcome {
        if version == new { return .wasThere(at: since) }
        guard version == old, candidate == new else { return .refused(serving: version) }
        previous = old
        candidate = nil
        version = new
        since = checkpoints.max() ?? .start
        return .switched(at: since)
    }

    /// Whether a version may commit a batch. If not, its transaction is undone, and its move answered as
    /// ``CheckpointMove/Outcome/mismatch(stored:)``.
    ///
    /// The version that handed over must not go further. The one that took over must know where: what it would still
    /// hold to be a replay behind there nobody else does.
    public func allows(_ move: CheckpointMove, replayedThrough: Position, by version: Int) -> Bool {
        if version == previous { return move.to <= since }
        if version == self.version { return move.to <= since || replayedThrough <= since }
        return true
    }
}
