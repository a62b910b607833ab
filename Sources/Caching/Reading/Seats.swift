import Timeline

/// The place of a reader that waits; one that was left is not found by it.
public struct Seat: Hashable, Sendable {
    let index: UInt32
    let generation: UInt32
}

/// The readers that wait for loads: a row for each load, all in one array, so that anybody can leave in constant time.
struct Seats: Sendable {
    /// The readers of one load, by the ends.
    struct Row: Sendable {
        fileprivate var first: Int32 = -1
        fileprivate var last: Int32 = -1
    }

    fileprivate struct Place: Sendable {
        var reader: UInt32
        var flight: UInt32 = 0
        var since = Instant.zero
        var generation: UInt32 = 0
        var isTaken = false
        var before: Int32 = -1
        var after: Int32 = -1
    }

    private var places: [Place] = []
    private var free: [Int32] = []

    var taken: Int { places.count - free.count }

    /// Seats a reader at the end of a row.
    mutating func take(_ reader: UInt32, in row: inout Row, of flight: UInt32, at now: Instant) -> Seat {
        let index: Int32
        if let last = free.popLast() {
            index = last
        } else {
            index = Int32(truncatingIfNeeded: places.count)
            places.append(Place(reader: reader))
        }
        places[Int(index)].seat(reader, flight, behind: row.last, at: now)
        if row.last < 0 { row.first = index } else { places[Int(row.last)].after = index }
        row.last = index
        return Seat(index: UInt32(index), generation: places[Int(index)].generation)
    }

    /// For which flight a seat waits, and since when; nil if it was left.
    func find(_ seat: Seat) -> (flight: UInt32, since: Instant)? {
        guard places.indices.contains(Int(seat.index)) else { return nil }
        let place = places[Int(seat.index)]
        guard place.isTaken, place.generation == seat.generation else { return nil }
        return (place.flight, place.since)
    }

    /// A reader leaves a row.
    mutating func leave(_ seat: Seat, _ row: inout Row) {
        let place = places[Int(seat.index)]
        if place.before < 0 { row.first = place.after } else { places[Int(place.before)].after = place.after }
        if place.after < 0 { row.last = place.before } else { places[Int(place.after)].before = place.before }
        vacate(Int32(bitPattern: seat.index))
    }

    /// All readers leave a row, in the order in which they came.
    mutating func empty(_ row: inout Row) -> [UInt32] {
        var readers: [UInt32] = []
        var index = row.first
        while index >= 0 {
            readers.append(places[Int(index)].reader)
            let next = places[Int(index)].after
            vacate(index)
            index = next
        }
        row = Row()
        return readers
    }

    private mutating func vacate(_ index: Int32) {
        places[Int(index)].isTaken = false
        places[Int(index)].generation &+= 1
        free.append(index)
    }
}

extension Seats.Place {
    fileprivate mutating func seat(_ reader: UInt32, _ flight: UInt32, behind last: Int32, at now: Instant) {
        self.reader = reader
        self.flight = flight
        since = now
        isTaken = true
        (before, after) = (last, -1)
    }
}
