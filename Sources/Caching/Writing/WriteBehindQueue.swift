public import Timeline

/// Writes that reach the store later than they are answered: taken in one by one, handed out in batches.
///
/// - **Queue first, then the cache.** A write may be refused, so put it here before any cache level has it; else
///   readers see a value whose writer was told that it failed.
/// - **Sequence numbers decide**, never times: the later of two writes at one instant is the later one.
/// - **Order of a key**: while a write of a key is in flight no batch holds another one of that key. One batch may hold
///   several, in their order, if ``WriteBehindSettings/coalescing`` is off; all of them reach the store then.
///   With it the store sees the last.
/// - **Batches**: one is due when it is full, or when a write has waited for ``WriteBehindSettings/maxDelay``, a new
///   value for a waiting key included: a key that is written all the time is written all the same.
/// - **Failures** of a write are retried until it is out of attempts. Then it is kept as failed, and its key has to
///   leave the cache (ehcache3#628), which holds what the store never got.
/// - **Reads** ask here before the store: what is accepted is not there yet.
///
/// A write without an answer may still reach the store after its retry and after later writes of its key. A store
/// that can be that late has to refuse what is older than what it holds: ``ConflictResolver``, by sequence.
///
/// Taking a write in costs time in the logarithm of the number of keys that wait; so does each write of a batch.
public struct WriteBehindQueue<Key: CacheKey, Value: Sendable>: Sendable {
    /// A write that was accepted.
    public struct Write: Sendable {
        /// What is written.
        public var key: Key
        /// Its number; of two writes the one with the higher number is the later.
        public var sequence: UInt64
        /// What becomes of the key.
        public var operation: WriteOperation<Value>
        /// Since when it is waited for: when it was accepted, or the first of those in whose place it is.
        public var since: Instant
        /// How often it has been tried and has failed.
        public var attempts = 0

        @inlinable
        init(key: Key, sequence: UInt64, operation: WriteOperation<Value>, since: Instant) {
            self.key = key
            self.sequence = sequence
            self.operation = operation
            self.since = since
        }
    }

    /// What became of a write that was to be taken in.
    public enum Enqueued: Hashable, Sendable {
        /// It waits, under this number.
        case accepted(sequence: UInt64)
        /// It waits under this number, in the place of an earlier write of its key that is not made any more.
        case coalesced(sequence: UInt64, replacing: UInt64)
        /// The queue is full. Whether the caller fails or waits is the caller's choice; room comes with a settled
        /// batch.
        case full
        /// The queue takes no more writes.
        case closed
    }

    /// The settings.
    public let settings: WriteBehindSettings

    @usableFromInline var counts = WriteBehindStatistics()
    @usableFromInline var closed = false
    @usableFromInline var lines = WriteLines<Key, Value>()
    /// The keys of which a write could start, by when it is due.
    @usableFromInline var ready = DueSlots()
    /// The keys that rest after a failure, by when that ends.
    @usableFromInline var resting = DueSlots()
    /// The writes of all ready keys.
    @usableFromInline var readyWrites = 0
    @usableFromInline var inFlight: [BatchInFlight] = []
    @usableFromInline var failures: FailedWrites<Key, Value>
    @usableFromInline var lastBatch: UInt64 = 0
    @usableFromInline var lastSequence: UInt64
    /// The latest time that it was told.
    @usableFromInline var latest = Instant(nanoseconds: .min)

    /// An empty queue.
    /// - Parameters:
    ///   - settings: its settings.
    ///   - sequence: the number after which its own begin; after a restart, the highest that the store has seen.
    @inlinable
    public init(_ settings: WriteBehindSettings, after sequence: UInt64 = 0) {
        self.settings = settings
        failures = FailedWrites(capacity: settings.failedCapacity)
        lastSequence = sequence
    }

    /// Takes a write in; call it before the cache is changed.
    ///
    /// A full queue still takes a write that coalesces, since that needs no room.
    @inlinable
    public mutating func enqueue(_ key: Key, _ operation: WriteOperation<Value>, at now: Instant) -> Enqueued {
        let now = advance(to: now)
        guard !closed else {
            counts.refused += 1
            return .closed
        }
        if settings.coalescing, let waiting = lines.lastWaiting(of: key) {
            let replaced = lines[waiting].write.sequence
            lines[waiting].write.sequence = nextSequence()
            lines[waiting].write.operation = operation
            // Another value, another try; but a key that rests goes on resting.
            lines[waiting].write.attempts = 0
            counts.coalesced += 1
            return .coalesced(sequence: lastSequence, replacing: replaced)
        }
        guard depth < settings.capacity else {
            counts.refused += 1
            return .full
        }
        let sequence = nextSequence()
        append(
            Write(key: key, sequence: sequence, operation: operation, since: now), due: now + settings.maxDelay)
        return .accepted(sequence: sequence)
    }

    /// The last accepted write of a key that the store does not have yet, in flight or not; nil if the queue holds
    /// none, and the store knows better. A failed write is not among them.
    @inlinable
    public func read(_ key: Key) -> Write? {
        lines.last(of: key).map { lines[$0].write }
    }

    @inlinable
    mutating func nextSequence() -> UInt64 {
        lastSequence &+= 1
        counts.accepted += 1
        return lastSequence
    }

    /// Puts a write behind the others of its key.
    @inlinable
    mutating func append(_ write: Write, due: Instant) {
        let line = lines.append(write, due: WriteDue(at: due, order: write.sequence))
        guard !lines[line: line].isInFlight, !resting.contains(line) else { return }
        readyWrites += 1
        if !ready.contains(line) { ready.set(line, to: lines.firstDue(of: line)) }
    }

    /// The time as the queue sees it: it never goes back.
    @inlinable
    mutating func advance(to now: Instant) -> Instant {
        latest = max(latest, now)
        return latest
    }
}

extension WriteBehindQueue {
    /// What it has done so far.
    @inlinable
    public var statistics: WriteBehindStatistics { counts }

    /// Whether it was closed: it takes no more writes then.
    @inlinable
    public var isClosed: Bool { closed }

    /// The writes that wait or are in flight.
    @inlinable
    public var depth: Int { lines.count }

    /// The batches that are in flight.
    @inlinable
    public var batchesInFlight: Int { inFlight.count }

    /// Since when the oldest write is waited for, in flight or not; nil if there is none.
    @inlinable
    public var oldest: Instant? { lines.oldest }

    /// Whether every accepted write is written, made needless, or failed.
    @inlinable
    public var isDrained: Bool { depth == 0 }

    /// What was accepted and is not known to be written, in order of sequence; a batch in flight may have reached the
    /// store. This and the ``failed`` writes are lost when the process that holds the queue dies.
    @inlinable
    public var unwritten: [Write] { lines.writes }
}

extension WriteBehindQueue.Write: Equatable where Value: Equatable {}
