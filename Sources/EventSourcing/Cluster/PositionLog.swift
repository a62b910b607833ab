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

    private var sealed: [[Place]] = []
    private var latest: [Place] = []
    private static let segment = 4_096
    /// Up to here everything is decided.
    public private(set) var mark = Position.start

    /// The last position that was drawn.
    public var last: Position { Position(Int64(sealed.count * Self.segment + latest.count)) }

    /// The number of the entry at a position, in the tree.
    public func entry(at position: Position) -> UInt32 { place(position).entry }

    /// What became of the event at a position.
    public func fate(of position: Position) -> Fate { place(position).fate }

    private func place(_ position: Position) -> Place {
        let index = Int(position.number) - 1
        let segment = index / Self.segment
        return segment < sealed.count ? sealed[segment][index % Self.segment] : latest[index % Self.segment]
    }

    /// Draws a position for an entry.
    mutating func draw(for entry: UInt32, fate: Fate) {
        if latest.count == Self.segment {
            sealed.append(latest)
            latest.removeAll(keepingCapacity: true)
        }
        latest.append(Place(entry: entry, fate: fate))
        moveMark()
    }

    /// Says what became of the event at a position.
    mutating func decide(_ position: Position, _ fate: Fate) {
        let index = Int(position.number) - 1
        let segment = index / Self.segment
        if segment < sealed.count {
            sealed[segment][index % Self.segment].fate = fate
        } else {
            latest[index % Self.segment].fate = fate
        }
        if position.number == mark.number + 1 { moveMark() }
    }

    private mutating func moveMark() {
        while mark < last, fate(of: mark + 1) != .undecided { mark = mark + 1 }
    }
}
