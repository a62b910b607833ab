public import Timeline

extension WriteBehindQueue {
    /// The writes that failed for good and are kept, the one that failed first, first; the last of each key, until it
    /// is retried, discarded, superseded by a later write that was made, or forgotten for want of room.
    @inlinable
    public var failed: [FailedWrite] { failures.inOrder }

    /// How many failed writes are kept.
    @inlinable
    public var failedCount: Int { failures.count }

    /// Puts failed writes back into the queue, with new attempts, due at once.
    ///
    /// One for which there is no room stays failed, and so does one with a later write of its key in the queue, which
    /// it would undo. Nothing is put back into a closed queue.
    /// - Parameters:
    ///   - key: the key whose write is retried; nil for all.
    ///   - now: the time.
    /// - Returns: what is in the queue again. Their keys have to leave the cache, which may have read the store since.
    @inlinable
    public mutating func retryFailed(_ key: Key? = nil, at now: Instant) -> [Write] {
        let now = advance(to: now)
        var requeued: [Write] = []
        for failed in keptFailures(of: key) {
            guard !closed, depth < settings.capacity, read(failed.write.key) == nil else { continue }
            _ = failures.remove(failed.write.key)
            var write = failed.write
            (write.since, write.attempts) = (now, 0)
            append(write, due: now)
            requeued.append(write)
        }
        counts.requeued += requeued.count
        return requeued
    }

    /// Gives failed writes up: of one key, or all for nil. Returns them.
    @inlinable
    public mutating func discardFailed(_ key: Key? = nil) -> [FailedWrite] {
        let discarded = keptFailures(of: key)
        for failed in discarded { _ = failures.remove(failed.write.key) }
        counts.discarded += discarded.count
        return discarded
    }

    @inlinable
    func keptFailures(of key: Key?) -> [FailedWrite] {
        guard let key else { return failures.inOrder }
        return failures.find(key).map { [$0] } ?? []
    }

    /// Takes no more writes, and makes all that wait due at once, half batches and resting writes included.
    ///
    /// Take and settle batches as before until ``isDrained``. What fails from now on rests as ever before it is retried.
    @inlinable
    public mutating func close(at now: Instant) {
        let now = advance(to: now)
        closed = true
        while let line = resting.first?.slot { wake(line, due: now) }
    }

    /// Gives up what is not written, in flight or not, for when a shutdown has no more time; closes the queue as well.
    /// - Returns: what is given up, in order of sequence; a batch in flight may still reach the store.
    @inlinable
    public mutating func abandon(at now: Instant) -> [Write] {
        close(at: now)
        let left = unwritten
        lines = WriteLines()
        ready.removeAll()
        inFlight = []
        readyWrites = 0
        counts.abandoned += left.count
        return left
    }
}
