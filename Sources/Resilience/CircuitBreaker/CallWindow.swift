/// The last so many calls: a ring with running counts, one byte a call, no allocation after init.
struct CallWindow: Hashable, Sendable {
    private(set) var tally = CallTally()
    private var ring: [CallMarks]
    private var next = 0

    init(capacity: Int) {
        ring = Array(repeating: [], count: capacity)
    }

    mutating func record(_ marks: CallMarks) {
        if tally.calls == ring.count { tally.remove(ring[next]) }
        tally.add(marks)
        ring[next] = marks
        next = next + 1 == ring.count ? 0 : next + 1
    }

    mutating func clear() {
        tally = CallTally()
        next = 0
    }

    /// The remembered calls, oldest to newest.
    var marks: [CallMarks] {
        let oldest = tally.calls == ring.count ? next : 0
        return Array(ring[oldest..<tally.calls] + ring[..<oldest])
    }

    /// The same window with room for more or fewer calls; the newest stay.
    func resized(to capacity: Int) -> CallWindow {
        var window = CallWindow(capacity: capacity)
        for mark in marks.suffix(capacity) { window.record(mark) }
        return window
    }
}
