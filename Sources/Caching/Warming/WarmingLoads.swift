import Timeline

/// The loads of a warmer that run, by source: how many may begin, when, and where.
struct WarmingLoads: Sendable {
    /// What a load is known by until it ends.
    struct Ticket: Hashable, Sendable {
        /// Where it stands among those that run.
        let place: Int
        /// Which one it is, counted through all that there ever were.
        let number: UInt64
    }

    /// Whether a load may begin.
    enum Answer {
        /// It has begun, at this source.
        case begun(Ticket, source: Int)
        /// Not before one has ended.
        case full
        /// Not before this moment, which is to come.
        case notBefore(Instant)
    }

    /// A load that runs, or a place for one.
    private struct Flight: Sendable {
        /// 0 for a place that is free.
        var number: UInt64
        var warming: UInt64
        var source: Int
    }

    private struct Source: Sendable {
        var inFlight = 0
        var avoidedUntil = Instant(nanoseconds: .min)
    }

    private let concurrency: Int
    private let spacing: Duration
    private let avoidance: Duration
    private var flights: [Flight] = []
    private var freePlaces: [Int] = []
    private var sources: [Source]
    /// The source that is asked first.
    private var turn = 0
    private var begun: UInt64 = 0
    private var notBefore = Instant(nanoseconds: .min)

    init(_ settings: CacheWarmerSettings) {
        concurrency = settings.concurrency
        spacing = settings.spacing
        avoidance = settings.avoidance
        sources = Array(repeating: Source(), count: settings.sources)
    }

    var count: Int { flights.count - freePlaces.count }

    func count(at source: Int) -> Int {
        sources.indices.contains(source) ? sources[source].inFlight : 0
    }

    /// Begins a load, if one may begin now.
    mutating func begin(for warming: UInt64, at now: Instant) -> Answer {
        guard count < concurrency else { return .full }
        guard now >= notBefore else { return .notBefore(notBefore) }
        guard let source = leastBusySource(at: now) else {
            return .notBefore(sources.map(\.avoidedUntil).min() ?? .distantFuture)
        }
        notBefore = now + spacing
        turn = (source + 1) % sources.count
        sources[source].inFlight += 1
        begun += 1
        let flight = Flight(number: begun, warming: warming, source: source)
        guard let place = freePlaces.popLast() else {
            flights.append(flight)
            return .begun(Ticket(place: flights.count - 1, number: begun), source: source)
        }
        flights[place] = flight
        return .begun(Ticket(place: place, number: begun), source: source)
    }

    /// A load has ended; returns for which warming it was begun, or nil if it does not run.
    mutating func end(_ ticket: Ticket, hasFailed: Bool, at now: Instant) -> UInt64? {
        guard flights.indices.contains(ticket.place), flights[ticket.place].number == ticket.number else { return nil }
        let flight = flights[ticket.place]
        flights[ticket.place].number = 0
        freePlaces.append(ticket.place)
        sources[flight.source].inFlight -= 1
        sources[flight.source].avoidedUntil = hasFailed ? now + avoidance : Instant(nanoseconds: .min)
        return flight.warming
    }

    private func leastBusySource(at now: Instant) -> Int? {
        var best: Int?
        for step in sources.indices {
            let source = (turn + step) % sources.count
            guard sources[source].avoidedUntil <= now else { continue }
            if let known = best, sources[known].inFlight <= sources[source].inFlight { continue }
            best = source
        }
        return best
    }
}
