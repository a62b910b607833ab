public import Timeline

extension ConcurrencyLimit {
    /// Additive increase, multiplicative decrease: one more for each call served in time while at least half of the
    /// limit is in use, a share of the limit after a call that was dropped or took too long.
    public struct AIMD: Hashable, Sendable {
        /// What is left of the limit after a bad call: 0.5 or more, below 1.
        public let backoff: Double
        /// A call that takes longer than this is bad; more than zero.
        public let timeout: Duration

        /// Backs off to that share of the limit when a call is dropped or takes longer than the timeout.
        public init(backoff: Double = 0.9, timeout: Duration = .seconds(5)) {
            self.backoff = backoff
            self.timeout = timeout
        }

        func check() throws(SettingError) {
            guard backoff >= 0.5, backoff < 1 else {
                throw SettingError("backoff", given: backoff, allowed: "0.5 or more and less than 1")
            }
            guard timeout > .zero else { throw SettingError("timeout", given: timeout, allowed: "more than 0s") }
        }

        func update(limit: Int, _ sample: Sample) -> (estimate: Double, reason: Change.Reason)? {
            if sample.isDropped { return ((Double(limit) * backoff).rounded(.down), .dropped) }
            if sample.took > timeout {
                return ((Double(limit) * backoff).rounded(.down), .timeout(took: sample.took))
            }
            guard sample.inFlight * 2 >= limit else { return nil }
            return (Double(limit + 1), .used(inFlight: sample.inFlight))
        }
    }
}
