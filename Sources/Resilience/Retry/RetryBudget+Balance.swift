public import Timeline

extension RetryBudget {
    /// Leave to make one attempt after a call's first; hand it back with the result.
    public struct Permit: Hashable, Sendable {
        let ticket: Places.Ticket
    }

    /// Counts since the start.
    public struct Totals: Hashable, Sendable {
        /// Calls that have begun.
        public internal(set) var calls = 0
        /// Permits given out.
        public internal(set) var granted = 0
        /// Permits that there was no budget for.
        public internal(set) var refused = 0
        /// Permits handed back.
        public internal(set) var returned = 0
    }

    /// How much is left: tokens of a throttle, units of a quota, permits of a window, and of the attempts under way
    /// at least so many permits; never negative.
    ///
    /// A throttle gives no permit once only half of its tokens are left.
    public func balance(at now: Instant) -> Double {
        switch settings.kind {
        case .throttle:
            return Double(stock) / 1_000
        case .quota:
            return Double(stock)
        case .inFlight(let maxRate, let minConcurrency):
            return Double(max(minConcurrency - permits.taken, extraShare <= maxRate ? 1 : 0))
        case .window:
            var window = window
            return Double(max(0, window.sum(at: now) + reserve) / TokenWindow.unit)
        }
    }

    /// What a window holds even without any deposit.
    var reserve: Int64 {
        guard case .window(let length, _, let minPerSecond) = settings.kind else { return 0 }
        return Kind.millionths(minPerSecond * length.seconds)
    }

    /// Goes on with new settings. What is under way stays so, and its permits stay good.
    ///
    /// A throttle or quota keeps the share of its stock that it has (as gRPC does) if the kind stays the same; another
    /// kind, or another window, starts full.
    public mutating func changeSettings(_ settings: Settings) {
        let share = self.settings.fullStock > 0 ? Double(stock) / Double(self.settings.fullStock) : 1
        switch (self.settings.kind, settings.kind) {
        case (.throttle, .throttle), (.quota, .quota):
            stock = Duration(roundingNanoseconds: share * Double(settings.fullStock)).nanoseconds
        case (.window(let old, _, _), .window(let new, _, _)) where old == new:
            break
        default:
            stock = settings.fullStock
            window = settings.emptyWindow
        }
        self.settings = settings
    }
}
