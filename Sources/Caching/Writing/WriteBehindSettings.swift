public import Timeline

/// How a ``WriteBehindQueue`` is set; every value has been checked.
public struct WriteBehindSettings: Hashable, Sendable {
    /// The capacities that a queue and its set of failed writes can have.
    public static let capacities = 1...1_000_000_000
    /// The numbers of batches that can be in flight at once.
    public static let concurrencies = 1...1_000

    /// The most writes that wait or are in flight.
    public let capacity: Int
    /// The most writes in a batch; as many make a batch due.
    public let batchSize: Int
    /// How long a write waits at most until a batch is due for its sake.
    public let maxDelay: Duration
    /// The most batches in flight at once.
    public let concurrency: Int
    /// Whether a write takes the place of one that waits for the same key.
    public let coalescing: Bool
    /// How often a write is tried at most, the first time included.
    public let attempts: Int
    /// How long a write rests after its first failed attempt.
    public let retryDelay: Duration
    /// How long it rests at most: each rest is twice the one before, up to this.
    public let maxRetryDelay: Duration
    /// The most failed writes that are kept.
    public let failedCapacity: Int

    /// Checks the settings.
    /// - Parameters:
    ///   - capacity: 1 to 1 000 000 000 writes.
    ///   - batchSize: 1 to the capacity; a larger batch could never be full.
    ///   - maxDelay: zero, for no waiting at all, or more; ``Duration/maximum`` to go by the size alone.
    ///   - concurrency: 1 to 1000 batches; 1 by default.
    ///   - coalescing: true by default; false where the store has to see every write.
    ///   - attempts: 1 or more, the first included; 5 by default.
    ///   - retryDelay: zero or more; 100 ms by default.
    ///   - maxRetryDelay: the retry delay or more; 10 s by default.
    ///   - failedCapacity: 1 to 1 000 000 000 writes; 1000 by default.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(
        capacity: Int, batchSize: Int, maxDelay: Duration, concurrency: Int = 1, coalescing: Bool = true,
        attempts: Int = 5, retryDelay: Duration = .milliseconds(100), maxRetryDelay: Duration = .seconds(10),
        failedCapacity: Int = 1_000
    ) throws(SettingError) {
        try Self.check("capacity", capacity, in: Self.capacities, "1 to 1000000000 writes")
        try Self.check("batchSize", batchSize, in: 1...capacity, "1 to the capacity (\(capacity))")
        try Self.check("maxDelay", maxDelay, in: .zero ... .maximum, "0s or more")
        try Self.check("concurrency", concurrency, in: Self.concurrencies, "1 to 1000 batches")
        try Self.check("attempts", attempts, in: 1...Int.max, "1 or more")
        try Self.check("retryDelay", retryDelay, in: .zero ... .maximum, "0s or more")
        try Self.check("maxRetryDelay", maxRetryDelay, in: retryDelay ... .maximum, "the retry delay or more")
        try Self.check("failedCapacity", failedCapacity, in: Self.capacities, "1 to 1000000000 writes")
        self.capacity = capacity
        self.batchSize = batchSize
        self.maxDelay = maxDelay
        self.concurrency = concurrency
        self.coalescing = coalescing
        self.attempts = attempts
        self.retryDelay = retryDelay
        self.maxRetryDelay = maxRetryDelay
        self.failedCapacity = failedCapacity
    }

    private static func check<Given: Comparable & CustomStringConvertible>(
        _ name: String, _ given: Given, in range: ClosedRange<Given>, _ allowed: String
    ) throws(SettingError) {
        guard range.contains(given) else { throw SettingError(name, given: given, allowed: allowed) }
    }

    /// How long a write rests after its n-th failed attempt, counted from 1.
    @usableFromInline
    func rest(afterAttempt attempt: Int) -> Duration {
        min(maxRetryDelay, retryDelay * (Int64(1) << Int64(min(62, max(0, attempt - 1)))))
    }
}
