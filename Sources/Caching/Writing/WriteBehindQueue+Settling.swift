public import Timeline

extension WriteBehindQueue {
    /// What follows from the outcome of a batch. A write of the batch that is in none of its lists was held back: it
    /// waits behind an earlier one of its key that failed, and no attempt is counted.
    public struct Settlement: Sendable {
        /// What the store has now, in order of sequence.
        public var written: [Write] = []
        /// What is tried again.
        public var retries: [Retry] = []
        /// What failed for good; each is among ``WriteBehindQueue/failed`` now.
        public var failed: [FailedWrite] = []
        /// What is not made any more, because a later write of the key was made or takes its place.
        public var superseded: [Write] = []
        /// Failed writes, from earlier times too, for which there is no room any more: nobody else knows of them.
        public var forgotten: [FailedWrite] = []
        /// The keys that have to leave every cache level: the store never got what is held there.
        public var drop: [Key] = []

        @inlinable
        init() {}
    }

    /// A write that is tried again.
    public struct Retry: Sendable {
        /// The write; its attempts include the failed one.
        public var write: Write
        /// Why the attempt failed.
        public var reason: WriteFailure
        /// When it may start again.
        public var at: Instant

        @inlinable
        init(write: Write, reason: WriteFailure, at: Instant) {
            self.write = write
            self.reason = reason
            self.at = at
        }
    }

    /// Takes the outcome of a batch in.
    ///
    /// Of several writes of a key in one batch, those before one that was made are superseded if they failed: made
    /// again, they would undo it. Those after the first that failed, and that was not overtaken so, are held back.
    /// - Returns: what follows; nil if no such batch is in flight, because it was settled or abandoned before.
    @inlinable
    public mutating func settle(_ batch: UInt64, _ outcome: BatchOutcome, at now: Instant) -> Settlement? {
        let now = advance(to: now)
        guard let place = inFlight.firstIndex(where: { $0.id == batch }) else { return nil }
        var settlement = Settlement()
        for line in note(outcome, from: inFlight.remove(at: place).first) {
            settle(line, at: now, into: &settlement)
        }
        settlement.written.sort { $0.sequence < $1.sequence }
        return settlement
    }

    /// Notes the outcome of each write of a batch; returns the lines that it is about.
    @inlinable
    mutating func note(_ outcome: BatchOutcome, from first: Slot) -> [Slot] {
        var (touched, place, slot): ([Slot], Int, Slot) = ([], 0, first)
        while !slot.isNone {
            lines[slot].failure = outcome.failure(at: place)
            let line = lines[slot].line
            if lines[line: line].first == slot { touched.append(line) }
            (place, slot) = (place + 1, lines[slot].nextInBatch)
        }
        return touched
    }

    @inlinable
    mutating func settle(_ line: Slot, at now: Instant, into settlement: inout Settlement) {
        removePast(lastWritten(in: line), of: line, into: &settlement)
        let first = lines[line: line].first
        let failure = lines[line: line].isInFlight ? lines[first].failure : nil
        lines.giveBack(line, at: now)
        if let failure {
            lines[first].write.attempts += 1
            settleFailure(failure, of: line, at: now, into: &settlement)
        } else {
            resume(line)
        }
    }

    /// The last write of a line's batch that was made.
    @inlinable
    func lastWritten(in line: Slot) -> Slot? {
        var (written, slot): (Slot?, Slot) = (nil, lines[line: line].first)
        for _ in 0..<lines[line: line].taken {
            if lines[slot].failure == nil { written = slot }
            slot = lines[slot].next
        }
        return written
    }

    /// Removes what was made, and what cannot be made after it.
    @inlinable
    mutating func removePast(_ written: Slot?, of line: Slot, into settlement: inout Settlement) {
        guard let written else { return }
        var slot = Slot.none
        while slot != written {
            slot = lines[line: line].first
            let failure = lines[slot].failure
            let write = lines.removeFirst(of: line)
            if failure == nil {
                counts.written += 1
                settlement.written.append(write)
                supersede(failures.remove(write.key)?.write, into: &settlement)
            } else {
                supersede(write, into: &settlement)
            }
        }
    }

    @inlinable
    mutating func supersede(_ write: Write?, into settlement: inout Settlement) {
        guard let write else { return }
        counts.coalesced += 1
        settlement.superseded.append(write)
    }

    @inlinable
    mutating func settleFailure(
        _ failure: WriteFailure, of line: Slot, at now: Instant, into settlement: inout Settlement
    ) {
        let write = lines[lines[line: line].first].write
        let isRetried = failure != .rejected && write.attempts < settings.attempts
        let end = now + settings.rest(afterAttempt: write.attempts)
        if settings.coalescing, lines[line: line].count > 1 {
            supersede(lines.removeFirst(of: line), into: &settlement)
            if isRetried { rest(line, until: end) } else { resume(line) }
        } else if isRetried {
            counts.retried += 1
            settlement.retries.append(Retry(write: write, reason: failure, at: end))
            rest(line, until: end)
        } else {
            fail(line, failure, at: now, into: &settlement)
            resume(line)
        }
    }

    /// The first write of a line has failed for good.
    @inlinable
    mutating func fail(
        _ line: Slot, _ reason: WriteFailure, at now: Instant, into settlement: inout Settlement
    ) {
        let failed = FailedWrite(write: lines.removeFirst(of: line), reason: reason, since: now)
        counts.failed += 1
        settlement.failed.append(failed)
        supersede(failures.remove(failed.write.key)?.write, into: &settlement)
        if let forgotten = failures.add(failed) {
            counts.forgotten += 1
            settlement.forgotten.append(forgotten)
        }
        // Otherwise the cache holds what a later write set, which is still to come.
        if lines[line: line].count == 0 { settlement.drop.append(failed.write.key) }
    }

    @inlinable
    mutating func rest(_ line: Slot, until end: Instant) {
        resting.set(line, to: WriteDue(at: end, order: lines.firstDue(of: line).order))
    }

    @inlinable
    mutating func resume(_ line: Slot) {
        if lines[line: line].count == 0 { lines.close(line) } else { enterReady(line) }
    }
}
