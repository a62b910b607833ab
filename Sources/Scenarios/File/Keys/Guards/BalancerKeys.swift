import Resilience
import Simulation
import Timeline

/// The keys of a balancer.
enum BalancerKeys {
    static let by = Key(
        "by", ChoiceNotation(choices: BalancerPlan.Choice.allCases.map { ($0.rawValue, $0) }), standard: "round-robin",
        "how it chooses: in turn; the one with the fewest calls of this caller under way; at random; always the same for the "
            + "same key, by its remainder as shards have it; in turn by weight; the less busy or the quicker of two drawn "
            + "at random; or by a key's place on a ring or in a table, which moves few keys when replicas come and go")
    static let weights = Key(
        "weights", WeightsNotation(), standard: "1",
        "the share of each replica in proportion to the others', or one for all")
    static let slowStart = Key(
        "slow start", OptionalNotation(TimeNotation.positive), standard: "none",
        "how long a replica that has come or is well again takes to get its whole weight")
    static let maximumFails = Key(
        "max fails", CountNotation(range: 0...1_000_000), standard: "1",
        "smooth weighted: how many failures take a replica's whole weight, which comes back with later choices; 0 for never"
    )
    static let decay = Key(
        "decay", TimeNotation.positive, standard: "10s",
        "peak EWMA: how long until an average without new latencies has come down to 1/e")
    static let bound = Key(
        "bound", OptionalNotation(BoundNotation()), standard: "none",
        "a hash: how much of its share of the calls under way a replica may have; what is above goes further on")
    static let zone = Key(
        "zone", NameNotation(pattern: "the name of a zone"), isLive: false,
        "where the caller is: calls stay there as far as its replicas are as many as its callers, one in each zone")
    static let zones = Key("zones", ZonesNotation(), isLive: false, "where each replica is")
    static let zoneMinimum = Key(
        "zone minimum", CountNotation(range: 1...ServicePlan.replicaLimit), standard: "6", isLive: false,
        "with fewer replicas that may be called zones are not looked at")
    static let retries = Key(
        "retries", ChoiceNotation<BalancerPlan.Retries>(), standard: "move",
        "where another attempt of a call goes: to a replica that it has not been to, or where it was before")
    static let panic = Key(
        "panic below", ShareNotation(allowsZero: true), standard: "50%",
        "with a smaller share of replicas left all of them are called, whatever is known of them; 0% for never")

    static let section = Section(
        title: "a balancer",
        fields: [
            .setting(by), .setting(weights), .setting(slowStart), .setting(maximumFails), .setting(decay),
            .setting(bound), .setting(zone), .setting(zones), .setting(zoneMinimum), .setting(retries),
            .setting(panic),
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
