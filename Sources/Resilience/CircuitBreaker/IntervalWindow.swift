internal import Timeline

/// The clock of gobreaker's window: calls count from when they began, in a window that begins with the phase.
///
/// In one bucket the window is cleared as a whole when its interval is over. In several it rolls on, and each
/// knows its own counts. The breaker keeps the sum, and gives the calls of every bucket a generation of
/// their own, so that a permit tells the bucket by itself.
struct IntervalWindow: Hashable, Sendable {
    /// The counts of each bucket, in a ring; empty unless the window rolls.
    private var buckets: [CircuitBreaker.Counts]
    private var newest = 0
    /// How many buckets the newest comes after the first since ``start``.
    private var newestNumber: Int64 = 0
    private var start: Instant
    /// Zero in a window that is never cleared.
    private let bucketNanoseconds: Int64

    init(length: Duration, buckets count: Int, start: Instant) {
        buckets = count > 1 ? Array(repeating: CircuitBreaker.Counts(), count: count) : []
        bucketNanoseconds = length > .zero ? length.bucketNanoseconds(count) : 0
        self.start = start
    }

    var rolls: Bool { !buckets.isEmpty }

    /// How many buckets before the newest are in a full window.
    var reach: UInt32 { UInt32(max(1, buckets.count)) - 1 }

    mutating func clear(at now: Instant) {
        start = now
        newest = 0
        newestNumber = 0
        for index in buckets.indices { buckets[index] = CircuitBreaker.Counts() }
    }

    /// Lets time pass: what it takes out of the window leaves the sum too.
    /// - Returns: how many generations the breaker has to begin.
    mutating func advance(to now: Instant, strictly: Bool, sum: inout CircuitBreaker.Counts) -> UInt32 {
        guard bucketNanoseconds > 0 else { return 0 }
        let elapsed = (now - start).nanoseconds
        if rolls { return roll(to: max(0, elapsed / bucketNanoseconds), &sum) }
        guard strictly ? elapsed > bucketNanoseconds : elapsed >= bucketNanoseconds else { return 0 }
        start = now
        sum = CircuitBreaker.Counts()
        return 1
    }

    mutating func admit() {
        if rolls { buckets[newest].admit() }
    }

    /// Ends a call that began so many buckets ago; false if none of that bucket's calls is under way.
    mutating func end(_ outcome: CircuitBreaker.Outcome, _ call: CallRecord, behind: UInt32) -> Bool {
        guard rolls else { return true }
        let index = newest - Int(behind)
        return buckets[index < 0 ? index + buckets.count : index].end(outcome, call)
    }

    /// Takes over calls that are under way.
    mutating func adopt(_ counts: CircuitBreaker.Counts) {
        if rolls { buckets[newest] = counts }
    }

    /// When each bucket begins and what is in it, oldest to newest.
    func contents(sum: CircuitBreaker.Counts) -> [CircuitBreaker.Bucket] {
        guard rolls else { return [.init(start: start, tally: sum.tally)] }
        let length = Duration(nanoseconds: bucketNanoseconds)
        return (buckets[(newest + 1)...] + buckets[...newest]).enumerated().compactMap { index, counts in
            let number = newestNumber - Int64(buckets.count - 1 - index)
            return number < 0 ? nil : .init(start: start + length * number, tally: counts.tally)
        }
    }

    private mutating func roll(to number: Int64, _ sum: inout CircuitBreaker.Counts) -> UInt32 {
        let steps = min(number - newestNumber, Int64(buckets.count))
        guard steps > 0 else { return 0 }
        for _ in 0..<steps {
            newest = newest + 1 == buckets.count ? 0 : newest + 1
            sum.remove(buckets[newest])
            buckets[newest] = CircuitBreaker.Counts()
        }
        newestNumber = number
        return UInt32(steps)
    }
}
