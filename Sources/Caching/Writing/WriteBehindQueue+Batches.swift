public import Timeline

extension WriteBehindQueue {
    /// Writes that go to the store together.
    public struct Batch: Sendable {
        /// By which it is settled; no other batch of the queue has it.
        public let id: UInt64
        /// In order of sequence, at least one. Of several writes of a key, none may be made after one has failed.
        public let writes: [Write]

        @inlinable
        init(id: UInt64, writes: [Write]) {
            self.id = id
            self.writes = writes
        }
    }

    /// When a batch is going to be due, as things are: a time in the past for at once; nil if none is, because no
    /// write could start or as many batches as allowed are in flight. Look again after every change.
    @inlinable
    public var nextDue: Instant? {
        guard inFlight.count < settings.concurrency else { return nil }
        let rested = resting.first?.priority.at
        guard let first = ready.first else { return rested }
        let waited = isDueAtOnce ? latest : first.priority.at
        return min(waited, rested ?? waited)
    }

    /// The batch that is due now, or nil. Take batches until there is none: the queue has to empty as fast as the store
    /// takes them, not one batch at a time that somebody looks.
    @inlinable
    public mutating func nextBatch(at now: Instant) -> Batch? {
        let now = advance(to: now)
        while let rested = resting.first, rested.priority.at <= now { wake(rested.slot, due: rested.priority.at) }
        guard inFlight.count < settings.concurrency, let first = ready.first,
            isDueAtOnce || first.priority.at <= now
        else { return nil }
        let slots = take().sorted { lines[$0].write.sequence < lines[$1].write.sequence }
        for (place, slot) in slots.enumerated() {
            lines[slot].nextInBatch = place + 1 < slots.count ? slots[place + 1] : .none
        }
        lastBatch += 1
        counts.batches += 1
        inFlight.append(BatchInFlight(id: lastBatch, first: slots.first ?? .none))
        return Batch(id: lastBatch, writes: slots.map { lines[$0].write })
    }

    @inlinable
    var isDueAtOnce: Bool { closed || readyWrites >= settings.batchSize }

    /// Takes as many writes as a batch holds, those that are due first, first.
    @inlinable
    mutating func take() -> [Slot] {
        var taken: [Slot] = []
        while taken.count < settings.batchSize, let line = ready.first?.slot {
            taken.append(lines.take(from: line))
            readyWrites -= 1
            if lines[line: line].waiting > 0 {
                ready.set(line, to: lines.firstDue(of: line))
            } else {
                ready.remove(line)
            }
        }
        // What is left of the keys in this batch has to wait for it.
        for slot in taken where ready.contains(lines[slot].line) {
            ready.remove(lines[slot].line)
            readyWrites -= lines[line: lines[slot].line].waiting
        }
        return taken
    }

    /// A key that rests may start again.
    @inlinable
    mutating func wake(_ line: Slot, due: Instant) {
        resting.remove(line)
        let first = lines[line: line].firstWaiting
        lines[first].due.at = min(lines[first].due.at, due)
        enterReady(line)
    }

    /// The writes of a line that has some, none of them in flight, may start.
    @inlinable
    mutating func enterReady(_ line: Slot) {
        ready.set(line, to: lines.firstDue(of: line))
        readyWrites += lines[line: line].count
    }
}

/// A batch of which the outcome is not known.
@usableFromInline
struct BatchInFlight: Sendable {
    @usableFromInline let id: UInt64
    /// The first of its writes, which are linked.
    @usableFromInline let first: Slot

    @inlinable
    init(id: UInt64, first: Slot) {
        self.id = id
        self.first = first
    }
}
