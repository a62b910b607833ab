public import EventSourcing

/// Events that are being worked on and are done in any order, and up to where all of them are done.
///
/// For effects that cannot share a transaction with a checkpoint: mails, calls of other services. There the checkpoint
/// is the low-water mark, and after a crash what was done above it is done again; so the effect must know what it has
/// done, by the events' ids. Where there is such a transaction, each ``Segment`` has a checkpoint of its own instead.
///
/// Takes 16 bytes for each position between the mark and the newest one, up to a limit; amortised constant time.
///
/// Source: the checkpoint rule of KurrentDB's persistent subscriptions: the position before the first event that is
/// still out.
public struct PositionsInFlight: Hashable, Sendable {
    /// How many positions there may be above the mark.
    public let limit: Int
    /// Up to here all is done.
    public private(set) var mark: Position
    /// The last position that was begun or passed.
    public private(set) var newest: Position
    /// Positions that were begun and are not done.
    public private(set) var outstanding = 0

    private var entries: [Entry] = []
    /// Where the first entry is; those before it are behind the mark.
    private var first = 0

    private struct Entry: Hashable, Sendable {
        let position: Position
        var isDone = false
    }

    /// Nothing out, and all done up to a position.
    /// - Parameter limit: 1 or more; less counts as 1.
    public init(from mark: Position = .start, limit: Int = 4_096) {
        self.mark = mark
        newest = mark
        self.limit = max(1, limit)
    }

    /// Whether another position can be begun now.
    public var hasRoom: Bool { entries.count - first < limit }

    /// Begins the work on an event. False if there is no room, or if it does not come behind all others.
    public mutating func begin(_ position: Position) -> Bool {
        guard hasRoom, position > newest else { return false }
        entries.append(Entry(position: position))
        newest = position
        outstanding += 1
        return true
    }

    /// Ends the work on an event, whatever came of it; false if it was not being worked on.
    public mutating func finish(_ position: Position) -> Bool {
        guard let index = index(of: position), !entries[index].isDone else { return false }
        entries[index].isDone = true
        outstanding -= 1
        advance()
        return true
    }

    /// Goes past events that nobody wants, up to a position: without this the mark of a rare event's worker would
    /// stand still for ever.
    public mutating func pass(upTo position: Position) {
        newest = max(newest, position)
        advance()
    }

    private mutating func advance() {
        while first < entries.count, entries[first].isDone {
            mark = entries[first].position
            first += 1
        }
        if first == entries.count { mark = newest }
        // Moved down only once it pays: each entry is moved at most once for each one that has left.
        guard first > entries.count / 2 else { return }
        entries.removeFirst(first)
        first = 0
    }

    /// The positions ascend.
    private func index(of position: Position) -> Int? {
        var (low, high) = (first, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].position < position { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].position == position ? low : nil
    }
}
