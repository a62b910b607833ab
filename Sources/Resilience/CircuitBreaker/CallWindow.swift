internal import Timeline

/// The last so many calls: a ring with running counts, eight bytes a call, no allocation after init.
struct CallWindow: Hashable, Sendable {
    private(set) var tally = CallTally()
    private var ring: [CallRecord]
    private var next = 0

    init(capacity: Int) {
        ring = Array(repeating: CallRecord([], took: .zero), count: capacity)
    }

    @inline(__always)
    mutating func record(_ call: CallRecord) {
        if tally.calls == ring.count { tally.remove(ring[next]) }
        tally.add(call)
        ring[next] = call
        next = next + 1 == ring.count ? 0 : next + 1
    }

    mutating func clear() {
        tally = CallTally()
        next = 0
    }

    /// The remembered calls, oldest to newest.
    var calls: [CallRecord] {
        let oldest = tally.calls == ring.count ? next : 0
        return Array(ring[oldest..<tally.calls] + ring[..<oldest])
    }

    /// The same window with room for more or fewer calls; the newest stay.
    func resized(to capacity: Int) -> CallWindow {
        var window = CallWindow(capacity: capacity)
        for call in calls.suffix(capacity) { window.record(call) }
        return window
    }
}
