internal import Timeline

/// The calls that ended in the last stretch of time, in buckets that expire one by one.
///
/// The newest bucket is still filling, so the window reaches back between its length less a bucket and the
/// whole of it. Buckets begin at whole multiples of their length on the caller's clock. A result with an older
/// time than the newest bucket goes into the newest: a clock that steps back loses and moves nothing.
struct TimeWindow: Hashable, Sendable {
    /// The counts as of the latest record.
    private(set) var tally = CallTally()
    private var buckets: [CallTally]
    private var newest = 0
    /// Which multiple of the bucket length the newest bucket begins at.
    private var newestNumber = Int64.min
    private let bucketNanoseconds: Int64

    init(length: Duration, buckets count: Int) {
        buckets = Array(repeating: CallTally(), count: count)
        bucketNanoseconds = length.bucketNanoseconds(count)
    }

    mutating func record(_ call: CallRecord, at now: Instant) {
        advance(to: now)
        tally.add(call)
        buckets[newest].add(call)
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

    /// When each bucket begins and what is in it, oldest to newest.
    func contents(at now: Instant) -> [CircuitBreaker.Bucket] {
        let expired = expiredBuckets(at: now)
        let kept = (buckets[(newest + 1)...] + buckets[...newest]).dropFirst(expired)
        let filled = kept + Array(repeating: CallTally(), count: expired)
        let last = max(number(of: now), newestNumber)
        return filled.enumerated().map { index, tally in
            let number = last &- Int64(buckets.count - 1 - index)
            return .init(start: .after(Duration(nanoseconds: bucketNanoseconds) * number), tally: tally)
        }
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

extension Duration {
    /// The length of one of so many buckets that together are no shorter than this.
    func bucketNanoseconds(_ count: Int) -> Int64 {
        let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: Int64(max(1, count)))
        return max(1, whole + (rest > 0 ? 1 : 0))
    }
}
