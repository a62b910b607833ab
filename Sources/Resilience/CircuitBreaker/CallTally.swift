/// How a number of calls went.
public struct CallTally: Hashable, Sendable {
    /// Calls with a result that counts.
    public internal(set) var calls = 0
    /// Those of them that failed.
    public internal(set) var failed = 0
    /// Those of them that were slow, whether they failed or not.
    public internal(set) var slow = 0

    /// No calls yet.
    public init() {}

    /// Those of the calls that did not fail.
    public var succeeded: Int { calls - failed }

    /// The share that failed, 0 to 1; not a number without calls.
    public var failureRate: Double { Double(failed) / Double(calls) }

    /// The share that was slow, 0 to 1; not a number without calls.
    public var slowCallRate: Double { Double(slow) / Double(calls) }

    mutating func add(_ marks: CallMarks) {
        calls += 1
        failed += marks.contains(.failed) ? 1 : 0
        slow += marks.contains(.slow) ? 1 : 0
    }

    mutating func remove(_ marks: CallMarks) {
        calls -= 1
        failed -= marks.contains(.failed) ? 1 : 0
        slow -= marks.contains(.slow) ? 1 : 0
    }

    mutating func remove(_ other: CallTally) {
        calls -= other.calls
        failed -= other.failed
        slow -= other.slow
    }
}

/// What a window remembers of one call; no mark means a prompt success.
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
