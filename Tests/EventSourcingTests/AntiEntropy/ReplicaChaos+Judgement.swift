import EventSourcing
import Timeline

extension ReplicaChaos {
    /// What has come up in many runs.
    struct Seen {
        var conflicts = 0
        var open = 0
        var settled = 0
        var copies = 0
        var early = 0
        var known = 0
        var refused = 0
        var cut = 0
        var superseded = 0

        mutating func add(_ chaos: ReplicaChaos) {
            for replica in chaos.cluster.replicas {
                conflicts += replica.conflicts.count
                open += Int(replica.openConflictCount)
                settled += Int(replica.totals.settled)
                copies += Int(replica.totals.copies)
                early += Int(replica.totals.entriesEarly)
                known += Int(replica.totals.entriesKnown)
                refused += Int(replica.totals.refused)
            }
            for stream in UInt32(0)..<UInt32(chaos.cluster.replicas[0].settings.streams) {
                let history = chaos.cluster.replicas[0].history(of: stream, in: chaos.cluster.arena(of: 0))
                superseded += history.count { $0.isSuperseded }
            }
            cut += chaos.messagesCut
        }
    }

    /// Compares every node with the first one, and all with the model.
    mutating func judge() {
        complaints += model.complaints
        let conflicts = model.conflicts()
        let open = cluster.replicas[0].settings.resolution == .keepBoth ? model.open(conflicts) : []
        for node in 0..<nodes {
            expect(model.known[node] == Set(model.events.keys), "node \(node) has not all that was appended")
            judgeHistories(of: node)
            judgeArrivals(of: node)
            judgeConflicts(of: node, conflicts, open)
            let totals = cluster.replicas[node].totals
            expect(totals.appended + totals.entriesLearned == UInt64(model.events.count), "entries of \(node) counted")
        }
        expect(cluster.replicas.reduce(0) { $0 + $1.totals.messagesSent } == messagesMade, "messages counted")
    }

    mutating func expect(_ isTrue: Bool, _ promise: String) {
        if !isTrue { complaints.append(promise) }
    }

    private mutating func judgeHistories(of node: Int) {
        let (replica, arena) = (cluster.replicas[node], cluster.arena(of: node))
        for stream in UInt32(0)..<UInt32(replica.settings.streams) {
            let dots = model.events.keys.filter { $0.stream == stream }
            expect(replica.vector(of: stream).sum == UInt64(dots.count), "vector of \(stream) at \(node)")
            let history = replica.history(of: stream, in: arena)
            let entries = history.compactMap { arena[$0.entry] }
            expect(entries.map(\.event) == firstHistory(of: stream), "history of \(stream) at \(node)")
            expect(zip(entries, entries.dropFirst()).allSatisfy { $0.precedes($1) }, "order of \(stream) at \(node)")
            let counting = Set(history.filter { !$0.isSuperseded }.compactMap { arena[$0.entry]?.event })
            expect(counting == effective(stream, dots), "what counts in \(stream) at \(node)")
        }
    }

    /// The events of a stream as node 0 reads them, or as it should.
    private func firstHistory(of stream: UInt32) -> [EventID] {
        let arena = cluster.arena(of: 0)
        return cluster.replicas[0].history(of: stream, in: arena).compactMap { arena[$0.entry]?.event }
    }

    /// The events of a stream that count: all, or where the last writer wins the last one and what its author saw.
    private func effective(_ stream: UInt32, _ dots: [CausalModel.Dot]) -> Set<EventID> {
        guard cluster.replicas[0].settings.resolution == .lastWriterWins else {
            return Set(dots.compactMap { model.events[$0] })
        }
        var counting: Set<EventID> = []
        var past = Set(dots)
        while let last = past.max(by: { isBefore($0, $1) }) {
            if let event = model.events[last] { counting.insert(event) }
            past = model.pasts[last] ?? []
        }
        return counting
    }

    private func isBefore(_ one: CausalModel.Dot, _ other: CausalModel.Dot) -> Bool {
        let entries = [one, other].compactMap { dot in
            cluster.arena(of: 0).number(of: dot.stream, UInt8(dot.origin), dot.counter)
                .flatMap { cluster.arena(of: 0)[$0] }
        }
        return entries.count == 2 && entries[0].precedes(entries[1])
    }

    /// Each event comes once, and none is missing.
    private mutating func judgeArrivals(of node: Int) {
        struct Event: Hashable {
            let stream: UInt32
            let id: EventID
        }
        var arrived: [Event] = []
        var position = Position.start
        while position < cluster.replicas[node].lastArrival {
            let page = cluster.replicas[node].arrivals(after: position, limit: 7)
            arrived += page.compactMap { cluster.entry($0, at: node) }.map { Event(stream: $0.stream, id: $0.event) }
            position = position + page.count
        }
        expect(Set(arrived).count == arrived.count, "an event arrived twice at \(node)")
        let all = Set(model.events.map { Event(stream: $0.key.stream, id: $0.value) })
        expect(Set(arrived) == all, "an event never arrived at \(node)")
    }

    private mutating func judgeConflicts(
        of node: Int, _ wanted: Set<CausalModel.Pair>, _ open: Set<CausalModel.Pair>
    ) {
        let (replica, arena) = (cluster.replicas[node], cluster.arena(of: node))
        func pairs(_ conflict: Conflict, _ opponents: [UInt32]) -> [CausalModel.Pair] {
            guard let entry = arena[conflict.entry] else { return [] }
            return opponents.compactMap { arena[$0] }.map { CausalModel.Pair(.init($0), .init(entry)) }
        }
        let noted = replica.conflicts.flatMap { pairs($0, replica.opponents(of: $0, in: arena)) }
        expect(Set(noted) == wanted, "conflicts at \(node): \(noted.count) noted of \(wanted.count)")
        expect(noted.count == Set(noted).count, "a pair was noted twice at \(node)")
        let listed = (0..<UInt32(replica.settings.streams)).flatMap { replica.openConflicts(of: $0) }
        let stillOpen = listed.flatMap { pairs($0, replica.openOpponents(of: $0, in: arena)) }
        expect(Set(stillOpen) == open, "open at \(node): \(Set(stillOpen).count) of \(open.count)")
        expect(listed.count == Int(replica.openConflictCount), "count of open conflicts at \(node)")
        expect(listed.allSatisfy { !replica.openOpponents(of: $0, in: arena).isEmpty }, "settled, but open at \(node)")
    }
}
