extension AvailableReplica {
    /// What becomes of an entry that comes.
    enum Arrival {
        /// It is new, and is known now.
        case learned
        /// It was known.
        case known
        /// It is made upon something that is not known yet, and is left to come again.
        case early
    }

    /// Takes an entry from elsewhere, if its time has come.
    mutating func take(_ number: UInt32, in arena: EntryArena) -> Arrival {
        guard let entry = arena[number], Int(entry.stream) < settings.streams else { return .known }
        if knows(entry) {
            totals.entriesKnown += 1
            return .known
        }
        guard vector(of: entry.stream).covers(entry.upon) else {
            totals.entriesEarly += 1
            return .early
        }
        totals.entriesLearned += 1
        let copies = arena.copies(of: entry.event, in: entry.stream, knownTo: vector(of: entry.stream))
        learn(number, entry, isCopy: !copies.isEmpty, in: arena)
        return .learned
    }

    /// An entry is known from now on; its event may have come before under another one.
    mutating func learn(_ number: UInt32, _ entry: ReplicatedEntry, isCopy: Bool, in arena: EntryArena) {
        let stream = Int(entry.stream)
        while streams.count <= stream { streams.append(StreamRecord()) }
        let before = streams[stream].vector
        streams[stream].vector.increment(Int(entry.origin))
        tree.update(UInt64(entry.stream), from: before.digest, to: streams[stream].vector.digest)
        clock = max(clock, entry.lamport)
        if isCopy {
            streams[stream].copies += 1
            totals.copies += 1
        } else {
            arrived.append(number)
        }
        noteConflict(of: number, entry, with: before, in: arena)
        guard streams[stream].openConflict != Conflict.none else { return }
        if isCopy || maySettle(entry, in: arena) { reconsiderConflicts(of: entry.stream, in: arena) }
    }
}
