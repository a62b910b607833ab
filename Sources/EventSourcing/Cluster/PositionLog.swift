/// The order of all partitions' events: positions that leaders have drawn, and what became of each.
///
/// A position is drawn when a leader writes an event, before it is known whether the event will count, and later ones may
/// count before it. The ``mark`` stands before the first position that is undecided: up to it nothing changes any more,
/// so who reads no further than that misses nothing.
public struct PositionLog: Hashable, Sendable {
    /// What became of the event at a position.
    public enum Fate: UInt8, Hashable, Sendable {
        /// That is not known yet.
        case undecided
        /// It counts.
        case committed
        /// It never counted, and never will.
        case dead
        /// It counted, and does not any more.
        case lost
    }

    private struct Place: Hashable {
        var entry: UInt32
        var fate: Fate
    }

    private var places = SegmentedArray<Place>(segment: 4_096)
    /// Up to here everything is decided.
    public private(set) var mark = Position.start
    /// How many events up to the ``mark`` count.
    public private(set) var committedCount: UInt64 = 0

    /// The last position that was drawn.
    public var last: Position { Position(Int64(places.count)) }

    /// The number of the entry at a position, in the tree.
    public func entry(at position: Position) -> UInt32 { places[Self.index(of: position)].entry }

    /// What became of the event at a position.
    public func fate(of position: Position) -> Fate { places[Self.index(of: position)].fate }

    private static func index(of position: Position) -> Int { Int(position.number) - 1 }

    /// Draws a position for an entry.
    mutating func draw(for entry: UInt32, fate: Fate) {
        places.append(Place(entry: entry, fate: fate))
        moveMark()
    }

    /// Says what became of the event at a position.
    mutating func decide(_ position: Position, _ fate: Fate) {
        let former = self.fate(of: position)
        places[Self.index(of: position)].fate = fate
        if position <= mark {
            if former == .committed { committedCount -= 1 }
            if fate == .committed { committedCount += 1 }
        } else if position.number == mark.number + 1 {
            moveMark()
        }
    }

    private mutating func moveMark() {
        while mark < last, fate(of: mark + 1) != .undecided {
            mark = mark + 1
            if fate(of: mark) == .committed { committedCount += 1 }
        }
    }
}
