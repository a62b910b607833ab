import Resilience
import Simulation
import Timeline

/// The keys of a balancer.
enum BalancerKeys {
    static let by = Key(
        "by", ChoiceNotation(choices: BalancerPlan.Choice.allCases.map { ($0.rawValue, $0) }), standard: "round-robin",
        "how it chooses: in turn, the one with the fewest calls of this caller under way, at random, or always the same "
            + "for the same key, as shards have it")
    static let panic = Key(
        "panic below", ShareNotation(allowsZero: true), standard: "50%",
        "with a smaller share of replicas left all of them are called, whatever is known of them; 0% for never")

    static let section = Section(
        title: "a balancer",
        fields: [
            .setting(by), .setting(panic),
            .section(
                "outliers", OutlierKeys.section,
                meaning: "replicas whose calls fail are left out for a while; {} for the defaults"),
            .section(
                "health", HealthKeys.section,
                meaning:
                    "replicas are asked whether they are well, and left out while they are not; {} for the defaults"),
        ])
}

/// The keys of a balancer's outlier detection.
enum OutlierKeys {
    static let errors = Key(
        "errors", ErrorsInARowNotation(), standard: "5", "so many errors in a row eject a replica, timeouts too")
    static let gatewayErrors = Key(
        "gateway errors", ErrorsInARowNotation(), standard: "none",
        "the same for errors of reaching it alone: refused, lost, turned away or timed out")
    static let interval = Key(
        "interval", TimeNotation.period, standard: "10s",
        "how often shares are judged, and replicas come back")
    static let ejection = Key(
        "ejection", TimeNotation.positive, standard: "30s",
        "how long the first ejection lasts; each further one by so much longer, each interval in use by so much shorter"
    )
    static let longest = Key(
        "longest ejection", TimeNotation.positive, "no ejection lasts longer; 300s, or the first one, if left out")
    static let jitter = Key(
        "ejection jitter", TimeNotation.any, standard: "0s", "up to so much longer, at random")
    static let atMost = Key(
        "at most", PercentNotation(), standard: "10%", "how many of the replicas may be ejected at a time")
    static let alwaysOne = Key(
        "always one", FlagNotation(), standard: "yes", "whether one may be ejected even if that is more")
    static let successRate = Key(
        "success rate", SuccessRateNotation(), standard: "1.9 deviations from 5 replicas with 100 calls",
        "how many standard deviations below the others' mean a replica's share of good answers is too low; among few "
            + "replicas none can be so far below")
    static let failures = Key(
        "failure percentage", FailurePercentageNotation(), standard: "none",
        "which share of failures is too much, whatever the others' is")

    static let section = Section(
        title: "an outlier detection",
        fields: [
            .setting(errors), .setting(gatewayErrors), .setting(interval), .setting(ejection), .setting(longest),
            .setting(jitter), .setting(atMost), .setting(alwaysOne), .setting(successRate), .setting(failures),
        ])
}

/// The keys of a balancer's health checks.
enum HealthKeys {
    private static let count = CountNotation(range: 1...1_000)

    static let every = Key(
        "every", TimeNotation.period, standard: "10s",
        "how long after one check the next one is made")
    static let jitter = Key(
        "jitter", ShareNotation(allowsZero: true), standard: "10%", "up to so much later, at random")
    static let timeout = Key(
        "timeout", TimeNotation.positive, standard: "1s", "a check that takes longer has failed")
    static let healthy = Key(
        "healthy after", count, standard: "1",
        "how many good checks in a row make a replica healthy again; the first check of all decides at once")
    static let unhealthy = Key(
        "unhealthy after", count, standard: "3", "how many failed checks in a row make it unhealthy")
    static let check = Key(
        "check", ChoiceNotation<HealthCheckPlan.Depth>(), standard: "shallow",
        "shallow: it is up; deep: a worker has done the work of a call")

    static let section = Section(
        title: "a health check",
        fields: [
            .setting(every), .setting(jitter), .setting(timeout), .setting(healthy), .setting(unhealthy),
            .setting(check),
        ])
}
