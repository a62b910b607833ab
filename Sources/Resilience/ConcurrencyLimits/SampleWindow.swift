public import Timeline

extension ConcurrencyLimit {
    /// How calls are summed up before an algorithm sees them (concurrency-limits' WindowedLimit): as one sample with
    /// their average time, the most in flight, and whether any was dropped.
    ///
    /// A window ends with the first call after twice its shortest time, within the bounds below; one with too few
    /// calls is thrown away.
    public struct Window: Hashable, Sendable {
        /// The shortest length: 100 ms or more.
        public let minimumLength: Duration
        /// The greatest length: no less than the shortest.
        public let maximumLength: Duration
        /// The fewest calls that a window needs: 10 or more.
        public let minimumCalls: Int
        /// Calls that took less time than this are left out; zero or more.
        public let minimumTime: Duration

        /// The defaults are concurrency-limits'.
        public init(
            minimumLength: Duration = .seconds(1), maximumLength: Duration = .seconds(1), minimumCalls: Int = 10,
            minimumTime: Duration = .microseconds(100)
        ) {
            self.minimumLength = minimumLength
            self.maximumLength = maximumLength
            self.minimumCalls = minimumCalls
            self.minimumTime = minimumTime
        }

        func check() throws(SettingError) {
            guard minimumLength >= .milliseconds(100) else {
                throw SettingError("window.minimumLength", given: minimumLength, allowed: "100ms or more")
            }
            guard maximumLength >= minimumLength else {
                throw SettingError("window.maximumLength", given: maximumLength, allowed: "\(minimumLength) or more")
            }
            guard minimumCalls >= 10 else {
                throw SettingError("window.minimumCalls", given: minimumCalls, allowed: "10 or more")
            }
            guard minimumTime >= .zero else {
                throw SettingError("window.minimumTime", given: minimumTime, allowed: "0s or more")
            }
        }
    }
}

/// The calls of the present window, summed up.
struct SampleWindow: Hashable, Sendable {
    private var ends = Instant(nanoseconds: .min)
    private var calls = 0
    private var sum = Duration.zero
    private var shortest = Duration.maximum
    private var mostInFlight = 0
    private var hasDropped = false

    /// Adds a call that ends now; the summary if that ends the window and there are enough calls.
    mutating func add(
        _ sample: ConcurrencyLimit.Sample, at now: Instant, settings: ConcurrencyLimit.Window
    ) -> ConcurrencyLimit.Sample? {
        guard sample.took >= settings.minimumTime else { return nil }
        calls &+= 1
        sum = sum + sample.took
        shortest = min(shortest, sample.took)
        mostInFlight = max(mostInFlight, sample.inFlight)
        hasDropped = hasDropped || sample.isDropped
        guard now > ends else { return nil }
        let full = self
        self = SampleWindow()
        ends = now + min(max(full.shortest + full.shortest, settings.minimumLength), settings.maximumLength)
        return full.calls >= settings.minimumCalls ? full.summary : nil
    }

    private var summary: ConcurrencyLimit.Sample {
        ConcurrencyLimit.Sample(
            took: .nanoseconds(sum.nanoseconds / Int64(calls)), inFlight: mostInFlight, isDropped: hasDropped)
    }
}
