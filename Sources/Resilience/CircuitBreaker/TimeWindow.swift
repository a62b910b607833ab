internal import Timeline

/// The calls of the last stretch of time, in ten buckets that expire one by one.
///
/// The newest bucket is still filling, so the window reaches back between nine tenths and the whole of its
/// length. Buckets begin at whole multiples of their length on the caller's clock. A result with an older
/// time than the newest bucket goes into the newest: a clock that steps back loses and moves nothing.
struct TimeWindow: Hashable, Sendable {
    static let bucketCount = 10

    /// The counts as of the latest record.
    private(set) var tally = CallTally()
    private var buckets: [CallTally]
    private var newest = 0
    /// Which multiple of the bucket length the newest bucket begins at.
    private var newestNumber = Int64.min
    private let bucketNanoseconds: Int64

    init(length: Duration) {
        buckets = Array(repeating: CallTally(), count: Self.bucketCount)
        let (whole, rest) = length.nanoseconds.quotientAndRemainder(dividingBy: Int64(Self.bucketCount))
        bucketNanoseconds = max(1, whole + (rest > 0 ? 1 : 0))
    }

    mutating func record(_ marks: CallMarks, at now: Instant) {
        advance(to: now)
        tally.add(marks)
        buckets[newest].add(marks)
    }

    mutating func clear() {
        for index in buckets.indices { buckets[index] = CallTally() }
        tally = CallTally()
    }

    /// The counts without the buckets that have expired by then.
    func tally(at now: Instant) -> CallTally {
        var counts = tally
        var expiring = newest
        for _ in 0..<expiredBuckets(at: now) {
            expiring = after(expiring)
            counts.remove(buckets[expiring])
        }
        return counts
    }

    private mutating func advance(to now: Instant) {
        let expired = expiredBuckets(at: now)
        guard expired > 0 else { return }
        for _ in 0..<expired {
            newest = after(newest)
            tally.remove(buckets[newest])
            buckets[newest] = CallTally()
        }
        newestNumber = number(of: now)
    }

    /// How many buckets lie too far back by then, oldest first; never more than there are.
    private func expiredBuckets(at now: Instant) -> Int {
        let (steps, overflow) = number(of: now).subtractingReportingOverflow(newestNumber)
        if overflow { return buckets.count }
        return Int(min(max(0, steps), Int64(buckets.count)))
    }

    private func number(of moment: Instant) -> Int64 {
        let (whole, rest) = moment.nanoseconds.quotientAndRemainder(dividingBy: bucketNanoseconds)
        return rest < 0 ? whole - 1 : whole
    }

    private func after(_ index: Int) -> Int { index + 1 == buckets.count ? 0 : index + 1 }
}
