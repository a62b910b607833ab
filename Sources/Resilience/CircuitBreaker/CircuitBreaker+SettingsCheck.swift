internal import Timeline

extension CircuitBreaker.Settings {
    /// Refuses the first setting that is out of its range.
    func check() throws(SettingError) {
        try checkWindow()
        try Self.check("failureRate", isShare: failureRate)
        try checkTripRule()
        if let slowCalls {
            try Self.check("slowCalls.rate", isShare: slowCalls.rate)
            try Self.check("slowCalls.limit", isNotNegative: slowCalls.limit)
        }
        try Self.check("openTime", isPositive: openTime)
        try checkGrowth()
        try Self.check("halfOpenLimit", isPositive: askedHalfOpenLimit ?? openTime)
        try checkProbes()
        if let askedMinimum {
            guard askedMinimum >= 1 else {
                throw SettingError("minimumCalls", given: askedMinimum, allowed: "1 or more")
            }
        }
    }

    private static let largestWindow = 1_000_000
    private static let mostBuckets = 10_000

    private func checkWindow() throws(SettingError) {
        switch window {
        case .calls(let count):
            guard (1...Self.largestWindow).contains(count) else {
                throw SettingError("window", given: "\(count) calls", allowed: "1 to \(Self.largestWindow) calls")
            }
        case .time(let length, let buckets):
            try Self.check("window", isPositive: length)
            try Self.check(buckets: buckets, most: Self.mostBuckets)
        case .interval(let length, let buckets):
            try Self.check("window", isNotNegative: length)
            // What is never cleared does not roll.
            try Self.check(buckets: buckets, most: length > .zero ? Self.mostBuckets : 1)
        }
    }

    private static func check(buckets: Int, most: Int) throws(SettingError) {
        guard (1...most).contains(buckets) else {
            throw SettingError("window.buckets", given: buckets, allowed: most > 1 ? "1 to \(most)" : "1")
        }
    }

    private func checkTripRule() throws(SettingError) {
        switch tripRule {
        case .rate, .callers:
            return
        case .consecutive(let count):
            guard count >= 1 else {
                throw SettingError("tripRule.consecutive", given: count, allowed: "1 or more")
            }
        case .failures(let count):
            if case .calls(let all) = window {
                guard (1...all).contains(count) else {
                    throw SettingError("tripRule.failures", given: count, allowed: "1 to \(all), the window")
                }
            }
            guard count >= 1 else { throw SettingError("tripRule.failures", given: count, allowed: "1 or more") }
        }
    }

    private func checkGrowth() throws(SettingError) {
        // Also refuses what is not a number.
        guard growth.factor >= 1, growth.factor.isFinite else {
            throw SettingError("growth.factor", given: growth.factor, allowed: "1 or more")
        }
        guard growth.cap >= openTime else {
            throw SettingError("growth.cap", given: growth.cap, allowed: "\(openTime), the open time, or more")
        }
    }

    private func checkProbes() throws(SettingError) {
        guard probes >= 1 else { throw SettingError("probes", given: probes, allowed: "1 or more") }
        guard case .successes(let count) = probeRule else { return }
        guard (1...probes).contains(count) else {
            throw SettingError("probeRule.successes", given: count, allowed: "1 to \(probes), the probes")
        }
    }

    private static func check(_ setting: String, isPositive length: Duration) throws(SettingError) {
        guard length > .zero else { throw SettingError(setting, given: length, allowed: "more than 0s") }
    }

    private static func check(_ setting: String, isNotNegative length: Duration) throws(SettingError) {
        guard length >= .zero else { throw SettingError(setting, given: length, allowed: "0s or more") }
    }

    private static func check(_ setting: String, isShare share: Double) throws(SettingError) {
        // Also refuses what is not a number.
        guard share > 0, share <= 1 else {
            throw SettingError(setting, given: share, allowed: "a share of more than 0 and at most 1")
        }
    }
}
