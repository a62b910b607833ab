/// What a ``WriteBehindQueue`` has done since it was made.
///
/// No write is lost from these books:
/// `accepted = written + coalesced + discarded + forgotten + abandoned + depth + failed writes that are kept`.
public struct WriteBehindStatistics: Hashable, Sendable {
    /// Writes that were taken in, those included that took the place of a waiting one.
    public var accepted = 0
    /// Accepted writes that a later one of the same key made needless: while they waited, or after they had failed.
    public var coalesced = 0
    /// Writes that were not taken in, because the queue was full or closed.
    public var refused = 0
    /// Writes that the store has.
    public var written = 0
    /// Attempts that failed and are made again.
    public var retried = 0
    /// Writes that failed for good, again after each ``requeued``.
    public var failed = 0
    /// Failed writes that were put back into the queue.
    public var requeued = 0
    /// Failed writes that were given up by hand.
    public var discarded = 0
    /// Failed writes that had to make room for later ones.
    public var forgotten = 0
    /// Writes that were left when the queue was abandoned.
    public var abandoned = 0
    /// Batches that were taken.
    public var batches = 0

    /// Nothing done yet.
    @inlinable
    public init() {}
}
