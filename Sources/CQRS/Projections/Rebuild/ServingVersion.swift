public import EventSourcing

/// Which version of a projection answers queries, which one is to be next, and where the one before handed over.
///
/// It is stored beside the checkpoints, and asked in every commit's transaction. So there is no moment at which two
/// versions do what an event is to do outside, and none at which neither does; and a message of a rebuild that was called
/// off, or of a version that was dropped, comes too late to do harm.
public struct ServingVersion: Hashable, Sendable {
    /// The version that serves.
    public private(set) var version: Int
    /// Up to here what events do outside has been done before the version took over, by the one before it.
    public private(set) var since = Position.start
    /// The one that hands over; nil once it is dropped.
    public private(set) var previous: Int?
    /// Where the one that hands over had taken over itself.
    public private(set) var previousSince = Position.start
    /// The one that is to be next; nil if there is none.
    public private(set) var candidate: Int?
    /// The number of the last rebuild that proposed a version.
    public private(set) var lastProposal: UInt64 = 0

    /// A version that nothing came before.
    public init(_ version: Int) {
        self.version = version
    }

    /// Says that a version is being made to be next, in place of any other; saying so again changes nothing.
    ///
    /// False if it serves, if the last one that was replaced has not been dropped yet, or if a later rebuild has said so.
    /// - Parameters:
    ///   - new: the version.
    ///   - number: the rebuild's; see ``Rebuild/number``.
    public mutating func propose(_ new: Int, number: UInt64) -> Bool {
        guard new != version, previous == nil, number >= lastProposal else { return false }
        if number == lastProposal { return candidate == new }
        lastProposal = number
        candidate = new
        return true
    }

    /// What came of a switch.
    public enum Switch: Hashable, Sendable {
        /// The new version serves, and takes over behind this position.
        case switched(at: Position)
        /// It served before: the answer to an earlier attempt was lost.
        case wasThere(at: Position)
        /// Another version is to be next, or the old one does not serve any more. Nothing has changed.
        case refused
    }

    /// Lets the version that is to be next serve: a compare-and-set.
    /// - Parameters:
    ///   - old: the version that must serve.
    ///   - new: the version that will.
    ///   - number: the rebuild's.
    ///   - checkpoints: those of all segments of both versions, read in the same transaction. The furthest of them is
    ///     where the old version hands over; it still goes on to there, if it is not there yet.
    public mutating func change(from old: Int, to new: Int, number: UInt64, checkpoints: [Position]) -> Switch {
        guard number == lastProposal else { return .refused }
        if version == new { return .wasThere(at: since) }
        guard version == old, candidate == new else { return .refused }
        (previous, previousSince) = (old, since)
        version = new
        candidate = nil
        since = max(since, checkpoints.max() ?? .start)
        return .switched(at: since)
    }

    /// What comes of dropping a version.
    public enum Withdrawal: Hashable, Sendable {
        /// It is to be dropped, and cannot serve any more even if somebody still asks for it.
        case withdrawn
        /// It serves, and has taken over behind this position. It must not be dropped.
        case serves(since: Position)
        /// A later rebuild has to do with it. It must not be dropped.
        case taken
    }

    /// Says that a version is to be dropped.
    /// - Parameters:
    ///   - old: the version.
    ///   - number: the rebuild's.
    public mutating func withdraw(_ old: Int, number: UInt64) -> Withdrawal {
        if old == version { return number == lastProposal ? .serves(since: since) : .taken }
        if old == candidate {
            guard number == lastProposal else { return .taken }
            candidate = nil
        }
        if old == previous { previous = nil }
        return .withdrawn
    }
}

// What a version may do.
extension ServingVersion {
    /// What a version's runs take for replays; see ``ProjectionRun/replayedThrough``. Nil if the version has no business
    /// to run, and what there is of it may be dropped: it was left over when whoever drove its rebuild crashed.
    public func replayedThrough(for version: Int) -> Position? {
        switch version {
        case self.version: since
        case previous: previousSince
        case candidate: Position(.max)
        default: nil
        }
    }

    /// Whether a version may commit a batch. If not, its transaction is undone, and its move answered as
    /// ``CheckpointMove/Outcome/mismatch(stored:)``.
    ///
    /// One that hands over must not go further than to there, and none may take for a replay what it is to do, or do what
    /// was a replay: a batch that has been on its way since before a switch is not always right any more.
    public func allows(_ move: CheckpointMove, replayedThrough: Position, by version: Int) -> Bool {
        guard let right = self.replayedThrough(for: version) else { return false }
        if version == previous && move.to > since { return false }
        if right == replayedThrough { return true }
        // An event between the two would be dealt with otherwise than it should be.
        return move.to <= min(right, replayedThrough) || move.from >= max(right, replayedThrough)
    }

    /// Says that the version that serves is put back to the start, and that what events do outside has been done up to a
    /// position: as a rule where its checkpoint was.
    public mutating func restart(replayingThrough position: Position) {
        since = max(since, position)
    }
}
