/// Places that are taken and given back, each exactly once however often the holder says so.
///
/// Grows to the most places ever taken at the same time, eight bytes each.
struct Places: Hashable, Sendable {
    /// A place that was taken, to be given back.
    struct Ticket: Hashable, Sendable {
        fileprivate let index: UInt32
        fileprivate let turn: UInt32
    }

    /// A place nobody gives back is lost, so there is an end to how many a careless caller can take.
    static let most = 1_000_000

    private struct Place: Hashable, Sendable {
        /// Odd while the place is taken; goes up with each taking and each giving back.
        var turn: UInt32
        /// The note left by whoever took the place or, while it is free, the next free place.
        var note: UInt32
    }

    private var places: [Place] = []
    private var firstFree = UInt32.max
    /// How many places are taken.
    private(set) var taken = 0

    /// Takes a place and leaves a note there; nil if ``most`` are taken.
    mutating func take(note: UInt32 = 0) -> Ticket? {
        guard taken < Self.most else { return nil }
        taken += 1
        guard firstFree != .max else {
            places.append(Place(turn: 1, note: note))
            return Ticket(index: UInt32(places.count - 1), turn: 1)
        }
        let index = firstFree
        let turn = places[Int(index)].turn &+ 1
        firstFree = places[Int(index)].note
        places[Int(index)] = Place(turn: turn, note: note)
        return Ticket(index: index, turn: turn)
    }

    /// Gives a place back and returns the note; nil if it had been given back before.
    mutating func giveBack(_ ticket: Ticket) -> UInt32? {
        let index = Int(ticket.index)
        guard index < places.count, places[index].turn == ticket.turn else { return nil }
        let note = places[index].note
        places[index] = Place(turn: ticket.turn &+ 1, note: firstFree)
        firstFree = ticket.index
        taken -= 1
        return note
    }
}
