import Timeline

extension Advice {
    /// The settings as a scenario file has them, under the name of the edge.
    public func settings(of edge: String) -> String {
        """
        edges:
          \(edge):
            guards:  [breaker, timeout]
            timeout: \(timeout)
            breaker: {window: \(window) calls, failures: \(percent(threshold)), slow: 50% over \(slowLimit), \
        open: \(openTime), probes: \(probes)}
        """
    }

    /// Why each of them: a line or two of numbers.
    public var reasons: [String] {
        let latencies = "p50 \(record.quantile(0.5)), p99 \(record.quantile(0.99)), p99.9 \(record.quantile(0.999))"
        let outages =
            record.outages.isEmpty
            ? "no fault ended in this run, so the usual \(openTime)"
            : "the faults of this run lasted \(record.outages[record.outages.count / 2]) in the middle; a tenth of that"
        return [
            "measured: \(record.calls) good answers in \(record.calmSeconds) calm seconds of \(record.seconds), "
                + "\(Decimals.rounded(record.rate, 1))/s, \(percent(record.errorShare)) failed; \(latencies)",
            "timeout \(timeout): the larger of p99.9 and 1.5 times p99, rounded up; it would have cut off "
                + "\(percent(cutOff)) of the good answers",
            "window \(window) calls: those of 5 s at this rate, 20 to 200",
            "failures \(percent(threshold)): a healthy service, of whose calls \(percent(record.errorShare + cutOff)) "
                + "fail, reaches it in \(chance(falseAlarm)) of its windows; a dead one in \(reaction)",
            "slow 50% over \(slowLimit): p99; of healthy calls one in a hundred takes so long, never half of them",
            "open \(openTime): \(outages)",
            "probes \(probes): a healthy service fails them less than once in a hundred times",
        ]
    }

    private func percent(_ share: Double) -> String {
        let percent = share * 100
        return "\(Decimals.rounded(percent, percent < 1 ? 3 : percent < 10 ? 1 : 0))%"
    }

    private func chance(_ chance: Double) -> String {
        guard chance > 0 else { return "none" }
        let one = 1 / chance
        return one > 1e9 ? "less than one in 1000000000" : "one in \(Int(one.rounded()))"
    }
}
