public import Timeline

extension OutlierDetector {
    /// What is told of a call to a host.
    public enum Outcome: UInt8, Hashable, Sendable, CaseIterable {
        /// The host answered well.
        case success
        /// The host answered with an error of its own: 500 and the like.
        case serverError
        /// Something before the host answered that it does not work: 502, 503, 504.
        case gatewayError
        /// The host was reached, and the answer is still to come; only counts where origins are told apart.
        case connected
        /// The host could not be reached.
        case connectFailure
        /// The host did not answer in time.
        case timeout

        /// What an HTTP status means: everything below 500 is well, as far as the host is concerned.
        public init(status: Int) {
            self =
                switch status {
                case 502, 503, 504: .gatewayError
                case 500..<600: .serverError
                default: .success
                }
        }
    }

    /// Tells the result of a call; the ejection that it brought about, if any.
    ///
    /// Without ``Settings/splitsOrigins``, failures to reach the host count as gateway errors, which are errors too,
    /// and being connected counts as nothing.
    public mutating func record(
        _ outcome: Outcome, of host: Int, at now: Instant, using random: inout RandomStream
    ) -> Change? {
        guard isMember(host) else { return nil }
        switch (outcome, settings.splitsOrigins) {
        case (.success, let splits):
            succeed(host, isLocal: splits)
        case (.serverError, _):
            return fail(host, isGateway: false, at: now, using: &random)
        case (.gatewayError, _), (.connectFailure, false), (.timeout, false):
            return fail(host, isGateway: true, at: now, using: &random)
        case (.connected, true):
            hosts[host].local.count(true)
            hosts[host].localFailures = 0
        case (.connected, false):
            break
        case (.connectFailure, true), (.timeout, true):
            hosts[host].local.count(false)
            return failLocally(host, at: now, using: &random)
        }
        return nil
    }

    private mutating func succeed(_ host: Int, isLocal: Bool) {
        hosts[host].external.count(true)
        hosts[host].errors = 0
        hosts[host].gatewayErrors = 0
        guard isLocal else { return }
        hosts[host].local.count(true)
        hosts[host].localFailures = 0
    }

    private mutating func fail(
        _ host: Int, isGateway: Bool, at now: Instant, using random: inout RandomStream
    ) -> Change? {
        hosts[host].external.count(false)
        hosts[host].errors &+= 1
        hosts[host].gatewayErrors = isGateway ? hosts[host].gatewayErrors &+ 1 : 0
        var change: Change?
        if hosts[host].gatewayErrors >= settings.gatewayErrors.inARow, !hosts[host].isEjected {
            hosts[host].gatewayErrors = 0
            change = detect(host, .consecutiveGatewayErrors, at: now, using: &random)
        }
        if hosts[host].errors >= settings.errors.inARow, !hosts[host].isEjected {
            hosts[host].errors = 0
            change = detect(host, .consecutiveErrors, at: now, using: &random)
        }
        return change
    }

    private mutating func failLocally(
        _ host: Int, at now: Instant, using random: inout RandomStream
    ) -> Change? {
        hosts[host].localFailures &+= 1
        guard hosts[host].localFailures >= settings.localFailures.inARow, !hosts[host].isEjected else { return nil }
        hosts[host].localFailures = 0
        return detect(host, .consecutiveLocalFailures, at: now, using: &random)
    }

    /// Counts an outlier that is in use, and ejects it if the limit and the rule's enforcement let it.
    mutating func detect(
        _ host: Int, _ rule: Rule, at now: Instant, using random: inout RandomStream
    ) -> Change? {
        totals.detected.count(rule)
        guard settings.mayEject(another: ejectedCount, of: hostCount) else {
            totals.overflow &+= 1
            return nil
        }
        guard random.chance(Double(settings.enforcement(of: rule)) / 100) else { return nil }
        totals.enforced.count(rule)
        ejectedCount += 1
        return eject(host, rule, at: now, using: &random)
    }

    private mutating func eject(
        _ host: Int, _ rule: Rule, at now: Instant, using random: inout RandomStream
    ) -> Change {
        hosts[host].isEjected = true
        hosts[host].ejections &+= 1
        hosts[host].factor = settings.raised(hosts[host].factor)
        let most = settings.ejectionJitter.nanoseconds
        let jitter = most > 0 ? Duration(nanoseconds: Int64(random.below(UInt64(most) + 1))) : .zero
        let until = now + (settings.ejectionTime(factor: hosts[host].factor) + jitter)
        hosts[host].ejectionEnds = until
        return .ejected(host, rule, at: now, until: until)
    }
}
