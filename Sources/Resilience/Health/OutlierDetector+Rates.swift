internal import Timeline

extension OutlierDetector {
    /// Judges the interval's calls of one origin by both rules about rates, and begins to count anew.
    mutating func judge(
        _ origin: Origin, at now: Instant, using random: inout RandomStream, into changes: inout [Change]
    ) -> Comparison? {
        setRates(origin)
        let compared = compare(origin)
        // Counted before the other rule ejects any.
        let judgesFailures = countRated(origin, settings.failurePercentage) >= settings.failurePercentage.minimumHosts
        if let compared {
            let rule = origin == .external ? Rule.successRate : .localSuccessRate
            for host in hosts.indices where isRated(host, origin, settings.successRate.minimumCalls) {
                guard hosts[host][origin].rate < compared.threshold else { continue }
                if let change = detect(host, rule, at: now, using: &random) { changes.append(change) }
            }
        }
        if judgesFailures {
            let rule = origin == .external ? Rule.failurePercentage : .localFailurePercentage
            let least = Double(settings.failurePercentage.threshold)
            for host in hosts.indices where isRated(host, origin, settings.failurePercentage.minimumCalls) {
                guard 100 - hosts[host][origin].rate >= least, !hosts[host].isEjected else { continue }
                if let change = detect(host, rule, at: now, using: &random) { changes.append(change) }
            }
        }
        startCounting(origin)
        return compared
    }

    /// Computes the rates of the hosts in use that had enough calls for one of the rules.
    private mutating func setRates(_ origin: Origin) {
        let (rates, failures) = (settings.successRate, settings.failurePercentage)
        let isEnough = hostCount >= min(rates.minimumHosts, failures.minimumHosts)
        let leastCalls = min(rates.minimumCalls, failures.minimumCalls)
        for host in hosts.indices {
            let interval = hosts[host][origin]
            let isRated = isEnough && hosts[host].isMember && !hosts[host].isEjected && interval.calls >= leastCalls
            hosts[host][origin].rate = isRated ? interval.successRate : -1
        }
    }

    private func isRated(_ host: Int, _ origin: Origin, _ minimumCalls: Int) -> Bool {
        let interval = hosts[host][origin]
        return interval.rate >= 0 && interval.calls >= minimumCalls
    }

    private func countRated(_ origin: Origin, _ rule: FailurePercentage) -> Int {
        hosts.indices.count { isRated($0, origin, rule.minimumCalls) }
    }

    /// The mean of the rates, and the threshold so many of their standard deviations below it.
    private func compare(_ origin: Origin) -> Comparison? {
        let rule = settings.successRate
        var (count, sum) = (0, 0.0)
        for host in hosts.indices where isRated(host, origin, rule.minimumCalls) {
            count += 1
            sum += hosts[host][origin].rate
        }
        guard count >= rule.minimumHosts else { return nil }
        let mean = sum / Double(count)
        var squares = 0.0
        for host in hosts.indices where isRated(host, origin, rule.minimumCalls) {
            let distance = hosts[host][origin].rate - mean
            squares += distance * distance
        }
        let deviation = (squares / Double(count)).squareRoot()
        return Comparison(average: mean, threshold: mean - rule.deviations * deviation)
    }

    private mutating func startCounting(_ origin: Origin) {
        for host in hosts.indices {
            hosts[host][origin].calls = 0
            hosts[host][origin].succeeded = 0
        }
    }
}
