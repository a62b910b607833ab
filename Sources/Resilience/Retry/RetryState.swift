public import Timeline

/// What a call remembers between its attempts, 20 bytes.
public struct RetryState: Hashable, Sendable {
    /// When the first attempt began.
    public let startedAt: Instant
    /// What the jitter remembers of the waits so far.
    var memory = Duration.zero
    private var count: UInt32 = 1

    /// A call whose first attempt begins now.
    public init(startedAt: Instant) {
        self.startedAt = startedAt
    }

    /// The number of the present attempt, from 1; stays at 2³² - 1 once it is there.
    public var attempt: Int { Int(count) }

    mutating func beginNext() {
        if count < .max { count += 1 }
    }
}
