import Timeline

/// When positions were first seen, as a list of stretches in ascending order.
///
/// It is bounded: what is seen within a short time is one stretch, and when there are too many stretches the last one
/// takes in what comes. A stretch counts from when its last position was seen, so that nothing is skipped early.
struct Sightings: Hashable, Sendable {
    struct Sighting: Hashable, Sendable {
        /// The stretch goes from the end of the one before up to here.
        var upTo: Position
        let begunAt: Instant
        var at: Instant
    }

    static let limit = 256
    /// How long a stretch may take.
    let quantum: Duration

    private var sightings: [Sighting] = []
    private var start = 0

    init(quantum: Duration) {
        self.quantum = quantum
    }

    mutating func add(upTo position: Position, at now: Instant) {
        let isFull = sightings.count - start >= Self.limit
        if start < sightings.count, isFull || now - sightings[sightings.count - 1].begunAt <= quantum {
            sightings[sightings.count - 1].upTo = position
            sightings[sightings.count - 1].at = max(sightings[sightings.count - 1].at, now)
        } else {
            sightings.append(Sighting(upTo: position, begunAt: now, at: now))
        }
    }

    /// The stretch that the position behind this one is in. What lies below is forgotten.
    mutating func first(above position: Position) -> Sighting? {
        while start < sightings.count, sightings[start].upTo <= position { start += 1 }
        if start > sightings.count / 2 {
            sightings.removeFirst(start)
            start = 0
        }
        return start < sightings.count ? sightings[start] : nil
    }

    /// Takes back that anything above a position was seen.
    mutating func forget(above position: Position) {
        while let last = sightings.last, start < sightings.count - 1, sightings[sightings.count - 2].upTo >= position,
            last.upTo > position
        {
            sightings.removeLast()
        }
        if start < sightings.count, sightings[sightings.count - 1].upTo > position {
            sightings[sightings.count - 1].upTo = position
        }
    }

    /// The stretch that the position behind this one is in.
    func oldest(above position: Position) -> Sighting? {
        sightings[start...].first { $0.upTo > position }
    }
}
