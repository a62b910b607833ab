internal import Timeline

/// One call as the windows remember it, in eight bytes: its marks, and what it took up to 73 years.
struct CallRecord: Hashable, Sendable {
    private let bits: UInt64

    /// A call that took less than no time, by a clock that stepped back, took none.
    init(_ marks: CallMarks, took: Duration) {
        let length = min(max(0, took.nanoseconds), Int64.max >> Self.markBits)
        bits = UInt64(length) << Self.markBits | UInt64(marks.rawValue) & Self.markMask
    }

    var marks: CallMarks { CallMarks(rawValue: UInt8(truncatingIfNeeded: bits & Self.markMask)) }
    var nanoseconds: Int64 { Int64(bits >> Self.markBits) }

    // Zero or one, for adding up without a branch.
    var failures: Int { Int(bits & 1) }
    var slowCalls: Int { Int(bits >> 1 & 1) }
    var slowFailures: Int { failures & slowCalls }

    private static let markBits = 2
    private static let markMask: UInt64 = 3
}
