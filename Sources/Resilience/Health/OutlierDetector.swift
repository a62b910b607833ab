public import Timeline

/// Outlier detection: takes hosts that fail out of use for a while, by the results of the calls themselves.
///
/// A host is ejected at once after so many errors in a row, and at the end of an interval if its success rate lies far
/// below that of the others or its failures are too many. The time grows with each ejection and shrinks with each
/// interval in which the host was in use. Hosts are numbers from 0.
///
/// Tell ``record(_:of:at:using:)`` each result, and call ``advance(to:using:)`` at ``nextInterval``: only then hosts
/// come back, as in Envoy, and rates are judged. An interval that is noticed late is one interval, judged then.
///
/// What is detected is not always enforced: each rule has a percentage of enforcement, zero for a rule on trial, and
/// no more than a part of the hosts is out at a time. ``totals`` counts the three apart.
///
/// The rules are those of Envoy's `DetectorImpl` with its defaults, except that a host which two rules detect at the
/// end of the same interval is ejected once, and that one host may always be ejected unless
/// ``Settings/alwaysEjectOne`` is off (Envoy's default since 2024): of few hosts, 10 % is none.
public struct OutlierDetector: Hashable, Sendable {
    /// The settings in force; ``changeSettings(_:)`` replaces them.
    public internal(set) var settings: Settings
    /// How many hosts there are.
    public internal(set) var hostCount: Int
    /// How many of them are ejected.
    public internal(set) var ejectedCount = 0
    /// When the interval ends.
    public internal(set) var nextInterval: Instant
    /// Everything counted since the start.
    public internal(set) var totals = Totals()
    /// The success rates compared at the end of the latest interval; nil if there were too few hosts to compare.
    public internal(set) var comparison: Comparison?
    /// The same for calls that failed on this side, if they are told apart.
    public internal(set) var localComparison: Comparison?

    var hosts: [Host]

    /// A detector of hosts that are all in use; the first interval begins now.
    /// - Parameter hosts: none or more; a negative number counts as none.
    public init(_ settings: Settings, hosts: Int, at now: Instant) {
        self.settings = settings
        self.hosts = Array(repeating: Host(), count: max(0, hosts))
        hostCount = self.hosts.count
        nextInterval = now + settings.interval
    }
}

extension OutlierDetector {
    /// Whether the host is ejected; no for a host that there is not.
    public func isEjected(_ host: Int) -> Bool {
        isMember(host) && hosts[host].isEjected
    }

    /// From when on the next interval's end brings the host back; nil if it is not ejected.
    public func ejectionEnds(_ host: Int) -> Instant? {
        isEjected(host) ? hosts[host].ejectionEnds : nil
    }

    /// How many times the base time the next ejection of the host will last, before the maximum caps it.
    public func nextEjectionFactor(_ host: Int) -> Int {
        isMember(host) ? settings.raised(hosts[host].factor) : 1
    }

    /// How often the host has been ejected.
    public func ejections(of host: Int) -> Int {
        isMember(host) ? hosts[host].ejections : 0
    }

    /// The host's success rate in percent over the latest interval; nil if there were too few calls to judge it.
    public func successRate(of host: Int, _ origin: Origin = .external) -> Double? {
        guard isMember(host) else { return nil }
        let rate = hosts[host][origin].rate
        return rate < 0 ? nil : rate
    }

    /// Adds a host and says its number, that of a removed one if there is one.
    public mutating func addHost() -> Int {
        hostCount += 1
        if let free = hosts.firstIndex(where: { !$0.isMember }) {
            hosts[free] = Host()
            return free
        }
        hosts.append(Host())
        return hosts.count - 1
    }

    /// Removes a host; one that was ejected leaves its place among the ejected to others.
    public mutating func removeHost(_ host: Int) {
        guard isMember(host) else { return }
        if hosts[host].isEjected { ejectedCount -= 1 }
        hosts[host] = Host()
        hosts[host].isMember = false
        hostCount -= 1
    }

    /// Replaces the settings; counts and running ejections stay as they are.
    public mutating func changeSettings(_ new: Settings) {
        settings = new
    }

    func isMember(_ host: Int) -> Bool {
        hosts.indices.contains(host) && hosts[host].isMember
    }

    /// The success rates of several hosts compared, in percent.
    public struct Comparison: Hashable, Sendable {
        /// Their mean.
        public let average: Double
        /// A host below this is an outlier: the mean less so many standard deviations.
        public let threshold: Double
    }

    /// Where calls fail.
    public enum Origin: UInt8, Hashable, Sendable, CaseIterable {
        /// At the host; where they are not told apart, anywhere.
        case external
        /// On this side: the host could not be reached or did not answer.
        case local
    }
}
