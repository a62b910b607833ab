internal import Timeline

/// The window that a breaker judges by, of either kind.
struct RollingWindow: Hashable, Sendable {
    private var shape: CircuitBreaker.Window
    // Both stand side by side, the idle one empty: an enum payload would be moved out and back at every call.
    private var calls: CallWindow
    private var time: TimeWindow

    init(_ shape: CircuitBreaker.Window) {
        self.shape = shape
        switch shape {
        case .calls(let count):
            calls = CallWindow(capacity: count)
            time = .unused
        case .time(let length):
            calls = .unused
            time = TimeWindow(length: length)
        }
    }

    /// Adds a call and returns the counts with it.
    mutating func record(_ marks: CallMarks, at now: Instant) -> CallTally {
        switch shape {
        case .calls:
            calls.record(marks)
            return calls.tally
        case .time:
            time.record(marks, at: now)
            return time.tally
        }
    }

    mutating func clear() {
        calls.clear()
        time.clear()
    }

    /// The same kind and length keep everything, a window of calls keeps the newest that fit, and any other
    /// change starts empty.
    mutating func reshape(to wanted: CircuitBreaker.Window) {
        guard wanted != shape else { return }
        if case .calls = shape, case .calls(let count) = wanted {
            calls = calls.resized(to: count)
            shape = wanted
        } else {
            self = RollingWindow(wanted)
        }
    }

    func tally(at now: Instant) -> CallTally {
        switch shape {
        case .calls: calls.tally
        case .time: time.tally(at: now)
        }
    }

    /// The remembered calls, oldest to newest; a window of time remembers only counts.
    var marks: [CallMarks] {
        switch shape {
        case .calls: calls.marks
        case .time: []
        }
    }
}

extension CallWindow {
    fileprivate static let unused = CallWindow(capacity: 0)
}

extension TimeWindow {
    fileprivate static let unused = TimeWindow(length: .zero)
}
