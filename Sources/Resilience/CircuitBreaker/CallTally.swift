public import Timeline

/// How a number of calls went.
public struct CallTally: Hashable, Sendable {
    /// Calls with a result that counts.
    public internal(set) var calls = 0
    /// Those of them that failed.
    public internal(set) var failed = 0
    /// Those of them that were slow, whether they failed or not.
    public internal(set) var slow = 0
    /// Those of them that were slow and failed.
    public internal(set) var slowFailed = 0

    private var nanoseconds: Int64 = 0

    /// No calls yet.
    public init() {}

    /// Those of the calls that did not fail.
    public var succeeded: Int { calls - failed }

    /// Those of the calls that were slow but did not fail.
    public var slowSucceeded: Int { slow - slowFailed }

    /// The share that failed, 0 to 1; not a number without calls.
    public var failureRate: Double { Double(failed) / Double(calls) }

    /// The share that was slow, 0 to 1; not a number without calls.
    public var slowCallRate: Double { Double(slow) / Double(calls) }

    /// What the calls took together.
    public var totalTime: Duration { Duration(nanoseconds: nanoseconds) }

    /// What one call took on average, to a whole nanosecond; zero without calls.
    public var averageTime: Duration { Duration(nanoseconds: calls > 0 ? nanoseconds / Int64(calls) : 0) }

    @inline(__always)
    mutating func add(_ call: CallRecord) {
        calls &+= 1
        failed &+= call.failures
        slow &+= call.slowCalls
        slowFailed &+= call.slowFailures
        nanoseconds &+= call.nanoseconds
    }

    @inline(__always)
    mutating func remove(_ call: CallRecord) {
        calls &-= 1
        failed &-= call.failures
        slow &-= call.slowCalls
        slowFailed &-= call.slowFailures
        nanoseconds &-= call.nanoseconds
    }

    @inline(__always)
    mutating func remove(_ other: CallTally) {
        calls &-= other.calls
        failed &-= other.failed
        slow &-= other.slow
        slowFailed &-= other.slowFailed
        nanoseconds &-= other.nanoseconds
    }
}

/// What a window remembers of how one call went; no mark means a prompt success.
public struct CallMarks: OptionSet, Hashable, Sendable {
    /// The marks as bits.
    public let rawValue: UInt8

    /// The marks with these bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The call failed.
    public static let failed = CallMarks(rawValue: 1)
    /// The call took longer than the slow-call limit.
    public static let slow = CallMarks(rawValue: 2)
}
