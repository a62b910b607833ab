internal import Timeline

/// The window that a breaker judges by, of any kind.
struct RollingWindow: Hashable, Sendable {
    private enum Kind {
        case calls, time, interval
    }

    private let kind: Kind
    // They stand side by side, the idle ones empty: an enum payload would be moved out and back at every call.
    private var calls = CallWindow(capacity: 0)
    private var time = TimeWindow(length: .zero, buckets: 0)
    var interval = IntervalWindow(length: .zero, buckets: 1, start: .zero)

    init(_ shape: CircuitBreaker.Window, at now: Instant) {
        switch shape {
        case .calls(let count):
            kind = .calls
            calls = CallWindow(capacity: count)
        case .time(let length, let buckets):
            kind = .time
            time = TimeWindow(length: length, buckets: buckets)
        case .interval(let length, let buckets):
            kind = .interval
            interval = IntervalWindow(length: length, buckets: buckets, start: now)
        }
    }

    /// Whether calls count from when they began.
    var isInterval: Bool { kind == .interval }

    /// Adds a call that has ended; the breaker itself keeps an interval's.
    @inline(__always)
    mutating func record(_ call: CallRecord, at now: Instant) {
        switch kind {
        case .calls: calls.record(call)
        case .time: time.record(call, at: now)
        case .interval: break
        }
    }

    /// The counts as of the latest record.
    func latestTally(sum: CircuitBreaker.Counts) -> CallTally {
        switch kind {
        case .calls: calls.tally
        case .time: time.tally
        case .interval: sum.tally
        }
    }

    mutating func clear(at now: Instant) {
        calls.clear()
        time.clear()
        interval.clear(at: now)
    }

    /// A window of calls with room for more or fewer; the newest stay.
    mutating func resize(to count: Int) {
        calls = calls.resized(to: count)
    }

    func tally(at now: Instant, sum: CircuitBreaker.Counts) -> CallTally {
        switch kind {
        case .calls: calls.tally
        case .time: time.tally(at: now)
        case .interval: sum.tally
        }
    }

    /// The remembered calls, oldest to newest; only a window of calls remembers single ones.
    var marks: [CallMarks] { calls.calls.map(\.marks) }

    /// The buckets, oldest to newest; a window of calls has none.
    func contents(at now: Instant, sum: CircuitBreaker.Counts) -> [CircuitBreaker.Bucket] {
        switch kind {
        case .calls: []
        case .time: time.contents(at: now)
        case .interval: interval.contents(sum: sum)
        }
    }
}
