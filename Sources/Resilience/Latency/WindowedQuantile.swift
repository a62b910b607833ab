public import Timeline

/// The exact quantiles of the latest samples: the last so many, and if wanted only those of the last stretch of time.
///
/// By nearest rank: quantile p of n samples is the ceil(n × p)-th smallest, so that p99 of 1...100 is 99 and p50 of
/// 1...10 is 5. There is no error bound to keep in mind, unlike with a histogram or a decaying estimate: a timeout
/// or hedging delay is judged by few samples, among which the one or two slowest decide.
///
/// The samples stand twice, in the order of their arrival and in the order of their length. A record finds two
/// places by bisection and moves what lies between them, which for windows of some hundred samples is a few cache
/// lines; a query reads one element, for any p. Memory is 16 bytes a sample, 24 with a stretch of time, taken
/// at init.
public struct WindowedQuantile: Hashable, Sendable {
    /// How many samples the window holds at most.
    public let capacity: Int
    /// How old a sample may become; nil if only newer samples push it out.
    public let within: Duration?

    /// Where in ``arrived`` the next sample goes.
    private var next = 0
    private var arrived: [Int64]
    /// When each sample of ``arrived`` came; empty without a stretch of time.
    private var times: [Int64]
    private var ascending: AscendingSamples

    /// An empty window.
    /// - Parameters:
    ///   - samples: 1 to 100 000; a record's cost grows with it beyond about a thousand.
    ///   - within: more than zero; nil for any age.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(samples: Int, within: Duration? = nil) throws(SettingError) {
        try Self.check(samples: samples, within: within)
        self.init(capacity: samples, within: within)
    }

    /// For settings that have been checked; also for no samples at all, where a window is not used.
    init(capacity: Int, within: Duration?) {
        self.capacity = capacity
        self.within = within
        arrived = Array(repeating: 0, count: capacity)
        times = within == nil ? [] : arrived
        ascending = AscendingSamples(capacity: capacity)
    }

    static func check(samples: Int, within: Duration?) throws(SettingError) {
        guard (1...largest).contains(samples) else {
            throw SettingError("samples", given: samples, allowed: "1 to \(largest)")
        }
        if let within, within <= .zero { throw SettingError("within", given: within, allowed: "more than 0s") }
    }

    private static let largest = 100_000
}

extension WindowedQuantile {
    /// How many samples the window holds.
    public var count: Int { ascending.count }

    /// Adds a sample, in place of the oldest if the window is full; a negative length counts as zero.
    ///
    /// With a stretch of time, samples that have become too old by then go first. A clock that steps back loses
    /// nothing: the sample counts as one of the time of the newest.
    public mutating func record(_ length: Duration, at now: Instant) {
        guard capacity > 0 else { return }
        let sample = max(0, length.nanoseconds)
        if stampAndExpire(at: now) || count == capacity {
            ascending.replace(arrived[place(ofSample: 0)], with: sample)
        } else {
            ascending.insert(sample)
        }
        arrived[next] = sample
        next = next + 1 == capacity ? 0 : next + 1
    }

    /// Drops the samples that have become too old by then; without a stretch of time there are none.
    public mutating func advance(to now: Instant) {
        drop(olderThan: now)
    }

    /// The length that a share p of the samples does not exceed; nil without samples.
    /// - Parameter p: 0 for the shortest sample, 1 for the longest; what lies outside counts as the nearer of them.
    public func quantile(_ p: Double) -> Duration? {
        guard count > 0 else { return nil }
        return Duration(nanoseconds: ascending[Self.index(of: p, among: count)])
    }

    /// The samples, oldest to newest.
    public var samples: [Duration] {
        (0..<count).map { Duration(nanoseconds: arrived[place(ofSample: $0)]) }
    }

    /// When the oldest sample becomes too old; nil without a stretch of time or samples.
    public var nextExpiry: Instant? {
        guard let within, count > 0 else { return nil }
        return Instant(nanoseconds: times[place(ofSample: 0)]) + within
    }

    /// Forgets all samples.
    public mutating func clear() {
        ascending.removeAll()
        next = 0
    }

    /// The same window with room for more or fewer samples, or another stretch of time; the newest samples stay.
    /// - Throws: a ``SettingError`` for what ``init(samples:within:)`` refuses.
    public func resized(to samples: Int, within: Duration? = nil, at now: Instant) throws(SettingError) -> Self {
        try Self.check(samples: samples, within: within)
        return resized(capacity: samples, within: within, at: now)
    }

    func resized(capacity: Int, within: Duration?, at now: Instant) -> Self {
        var window = Self(capacity: capacity, within: within)
        for number in max(0, count - capacity)..<count {
            let place = place(ofSample: number)
            // What came before ages were kept counts as new.
            let came = times.isEmpty ? now : Instant(nanoseconds: times[place])
            window.record(Duration(nanoseconds: arrived[place]), at: came)
        }
        window.advance(to: now)
        return window
    }

    /// The place of nearest rank, from 0.
    @inline(__always)
    static func index(of p: Double, among count: Int) -> Int {
        // Written so that what is not a number counts as 0.
        let exact = Double(count) * (p > 0 ? min(p, 1) : 0)
        let whole = Int(exact)
        // 100 × 0.07 is a little more than 7 in binary, and means 7.
        let rank = exact - Double(whole) > 1e-9 ? whole + 1 : whole
        return max(0, min(rank, count) - 1)
    }
}

extension WindowedQuantile {
    private func place(ofSample number: Int) -> Int {
        let place = next - count + number
        return place < 0 ? place + capacity : place
    }

    /// Stamps the sample to come, never earlier than the newest, and drops what is too old by then except for one
    /// sample, which the new one replaces; whether there is such a one.
    private mutating func stampAndExpire(at now: Instant) -> Bool {
        guard within != nil else { return false }
        let newest = count > 0 ? times[place(ofSample: count - 1)] : .min
        while isTooOld(sample: 1, at: now) { ascending.remove(arrived[place(ofSample: 0)]) }
        let replaces = isTooOld(sample: 0, at: now)
        times[next] = max(newest, now.nanoseconds)
        return replaces
    }

    private func isTooOld(sample number: Int, at now: Instant) -> Bool {
        guard let within, number < count else { return false }
        return Instant(nanoseconds: times[place(ofSample: number)]) + within <= now
    }

    private mutating func drop(olderThan now: Instant) {
        while isTooOld(sample: 0, at: now) { ascending.remove(arrived[place(ofSample: 0)]) }
    }
}
