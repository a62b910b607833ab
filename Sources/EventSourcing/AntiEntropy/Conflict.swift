/// An event of a stream and those that were appended in ignorance of it, as it was of them; noted by a node when the
/// last of them arrives.
///
/// With copies of an event, appended to several nodes under one id, only those events count of which no copy was made
/// upon any copy of the other: who appends an event again after a time-out is in no conflict with what followed it.
///
/// It is open until an event settles it that was made upon both sides by an author who had read them; see
/// ``AvailableReplica/append(_:payload:to:expecting:at:in:)``.
public struct Conflict: Hashable, Sendable {
    /// The stream.
    public let stream: UInt32
    /// The entry that arrived.
    public let entry: UInt32
    /// What was known of the stream when it arrived. Of that, its opponents are what it is not made upon.
    public let known: VersionVector
    /// What all of them are made upon: where the histories parted.
    public let parted: VersionVector
    /// Whether it is not settled.
    public internal(set) var isOpen: Bool
    /// The next older one of the stream that is open.
    var older: UInt32 = none

    /// Stands for no conflict.
    static let none = UInt32.max
}

extension AvailableReplica {
    /// The conflicts of a stream that are open, in the order in which they were noted.
    public func openConflicts(of stream: UInt32) -> [Conflict] {
        openNumbers(of: stream).reversed().map { conflicts[Int($0)] }
    }

    /// How many conflicts are open.
    public var openConflictCount: UInt64 { totals.conflicts - totals.settled }

    /// The entries that a conflict's entry is in conflict with, in order, settled ones among them.
    public func opponents(of conflict: Conflict, in arena: EntryArena) -> [UInt32] {
        guard let entry = arena[conflict.entry] else { return [] }
        let its = copies(of: conflict.entry, in: arena)
        return arena.walk(conflict.stream, from: entry.upon, through: conflict.known).filter {
            disagree($0, its, in: arena)
        }
    }

    /// Those of the opponents of a conflict's entry whose conflict with it is open.
    public func openOpponents(of conflict: Conflict, in arena: EntryArena) -> [UInt32] {
        guard conflict.isOpen else { return [] }
        let settlers = settlers(of: conflict.stream, in: arena)
        let its = copies(of: conflict.entry, in: arena)
        return notSettled(of: conflict, settlers, in: arena).filter { isOpen($0, its, settlers, in: arena) }
    }

    /// Whether there is any opponent, settled or not.
    func hasOpponents(_ conflict: Conflict, in arena: EntryArena) -> Bool {
        guard let entry = arena[conflict.entry] else { return false }
        let its = copies(of: conflict.entry, in: arena)
        return arena.walk(conflict.stream, from: entry.upon, through: conflict.known).contains {
            disagree($0, its, in: arena)
        }
    }

    /// Whether there is any opponent whose conflict with the entry is open.
    func hasOpenOpponents(_ conflict: Conflict, in arena: EntryArena) -> Bool {
        let settlers = settlers(of: conflict.stream, in: arena)
        let its = copies(of: conflict.entry, in: arena)
        return notSettled(of: conflict, settlers, in: arena).contains { isOpen($0, its, settlers, in: arena) }
    }

    /// The opponents, and events that are none because of their copies, without those that were settled together with
    /// this very entry.
    private func notSettled(
        of conflict: Conflict, _ settlers: [ReplicatedEntry], in arena: EntryArena
    ) -> EntryWalk {
        var settled = conflict.known
        if let entry = arena[conflict.entry] {
            settled = entry.upon
            for settler in settlers where settler.isMadeUpon(entry) { settled.merge(settler.upon) }
        }
        return arena.walk(conflict.stream, from: settled, through: conflict.known)
    }

    private func isOpen(
        _ opponent: UInt32, _ its: [UInt32], _ settlers: [ReplicatedEntry], in arena: EntryArena
    ) -> Bool {
        disagree(opponent, its, in: arena) && !isSettled(opponent, its, by: settlers, in: arena)
    }

    /// Whether an entry holds another event than these copies of one, and no copy of either was made upon the other.
    private func disagree(_ opponent: UInt32, _ copies: [UInt32], in arena: EntryArena) -> Bool {
        let mine = self.copies(of: opponent, in: arena).compactMap { arena[$0] }
        return copies.compactMap { arena[$0] }.allSatisfy { copy in
            mine.allSatisfy { $0.isConcurrent(with: copy) }
        }
    }

    /// Whether somebody who had read both has appended an event upon them.
    private func isSettled(
        _ opponent: UInt32, _ copies: [UInt32], by settlers: [ReplicatedEntry], in arena: EntryArena
    ) -> Bool {
        let mine = self.copies(of: opponent, in: arena).compactMap { arena[$0] }
        let its = copies.compactMap { arena[$0] }
        return settlers.contains { settler in
            mine.contains { settler.isMadeUpon($0) } && its.contains { settler.isMadeUpon($0) }
        }
    }

    /// The entries known here that hold the same event as this one, itself among them.
    func copies(of number: UInt32, in arena: EntryArena) -> [UInt32] {
        guard let entry = arena[number], hasCopies(entry.stream) else { return [number] }
        return arena.copies(of: entry.event, in: entry.stream, knownTo: vector(of: entry.stream))
    }

    /// Whether there is an event in a stream of which several entries are known.
    func hasCopies(_ stream: UInt32) -> Bool {
        Int(stream) < streams.count && streams[Int(stream)].copies > 0
    }

    /// The latest entry of each origin that settles: what any settles, one of these does.
    private func settlers(of stream: UInt32, in arena: EntryArena) -> [ReplicatedEntry] {
        let known = vector(of: stream)
        return (0..<settings.nodes).compactMap { arena.settler(of: stream, $0, upTo: known[$0]) }
    }
}
