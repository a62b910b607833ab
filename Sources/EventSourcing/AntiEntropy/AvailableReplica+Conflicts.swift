extension AvailableReplica {
    /// Notes whom an entry that has just arrived is in conflict with, if there is anybody.
    mutating func noteConflict(
        of number: UInt32, _ entry: ReplicatedEntry, with known: VersionVector, in arena: EntryArena
    ) {
        guard !entry.upon.covers(known) else { return }
        var conflict = Conflict(
            stream: entry.stream, entry: number, known: known, parted: parting(of: entry, known, in: arena),
            isOpen: settings.resolution == .keepBoth)
        if hasCopies(entry.stream), !hasOpponents(conflict, in: arena) { return }
        totals.conflicts += 1
        if conflict.isOpen {
            conflict.older = streams[Int(entry.stream)].openConflict
            streams[Int(entry.stream)].openConflict = UInt32(conflicts.count)
        } else {
            totals.settled += 1
        }
        conflicts.append(conflict)
    }

    /// What an entry and all the others beyond what it is made upon have in common.
    private func parting(
        of entry: ReplicatedEntry, _ known: VersionVector, in arena: EntryArena
    ) -> VersionVector {
        var parted = entry.upon
        for origin in 0..<settings.nodes where known[origin] > entry.upon[origin] {
            // The first of an origin's entries knows least.
            let first = arena.number(of: entry.stream, UInt8(origin), entry.upon[origin] + 1)
            if let first = first.flatMap({ arena[$0] }) { parted = parted.shared(with: first.upon) }
        }
        return parted
    }

    /// Whether an entry may settle what no earlier one of its origin has: only if it is made upon more of the others.
    /// For its origin's own entries are made upon all of those that its earlier ones are made upon.
    func maySettle(_ entry: ReplicatedEntry, in arena: EntryArena) -> Bool {
        guard entry.settles else { return false }
        let origin = Int(entry.origin)
        guard var seen = arena.settler(of: entry.stream, origin, upTo: entry.counter - 1)?.upon else { return true }
        seen[origin] = entry.upon[origin]
        return seen != entry.upon
    }

    /// Closes those conflicts of a stream that are settled, or were none after all.
    mutating func reconsiderConflicts(of stream: UInt32, in arena: EntryArena) {
        var kept = Conflict.none
        for number in openNumbers(of: stream).reversed() {
            if hasOpenOpponents(conflicts[Int(number)], in: arena) {
                conflicts[Int(number)].older = kept
                kept = number
            } else {
                conflicts[Int(number)].isOpen = false
                totals.settled += 1
            }
        }
        streams[Int(stream)].openConflict = kept
    }

    /// The numbers of a stream's open conflicts, the latest first.
    func openNumbers(of stream: UInt32) -> [UInt32] {
        var numbers: [UInt32] = []
        var next = Int(stream) < streams.count ? streams[Int(stream)].openConflict : Conflict.none
        while next != Conflict.none {
            numbers.append(next)
            next = conflicts[Int(next)].older
        }
        return numbers
    }
}
