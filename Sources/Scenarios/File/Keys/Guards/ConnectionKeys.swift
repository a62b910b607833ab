import Bulkheads
import Simulation
import Timeline

/// The keys of a guard by which calls hold connections.
enum ConnectionKeys {
    private static let limit = OptionalNotation(TimeNotation.positive)
    private static let period = OptionalNotation(TimeNotation.period)

    static let maximum = Key(
        "max", CountNotation(range: 1...ConnectionPool.Settings.mostConnections), standard: "10",
        "how many connections there may be")
    static let minimumIdle = Key(
        "min idle", CountNotation(range: 0...ConnectionPool.Settings.mostConnections),
        "how many are kept open for calls to come; max if left out")
    static let wait = Key("wait", TimeNotation.any, standard: "30s", "how long a call waits for a connection")
    static let waiters = Key(
        "waiters", CountNotation(range: 0...10_000_000), "how many calls may wait; any number if left out")
    static let idleTimeout = Key(
        "idle timeout", limit, standard: "10m",
        "after how long without use a connection above min idle is closed")
    static let lifetime = Key("lifetime", period, standard: "30m", "how long a connection may live")
    static let keepalive = Key("keepalive", period, standard: "none", "how often an idle connection is pinged")
    static let housekeeping = Key(
        "housekeeping", TimeNotation.period, standard: "30s",
        "how often somebody looks for idle connections to close, and for too few of them")
    static let validateAfter = Key(
        "validate after", OptionalNotation(TimeNotation.any), standard: "500ms",
        "how long after its last use a connection is still handed out without a ping; none for ever")
    static let leakAfter = Key(
        "leak after", limit, standard: "none", "after how long in use a connection is reported as a leak")
    static let reclaimAfter = Key(
        "reclaim after", limit, standard: "none",
        "after how long in use a connection is closed; if its call is still under way, that fails")
    static let connect = Key(
        "connect", DistributionNotation(), standard: "constant 20ms", "how long it takes to open a connection")
    static let tls = Key(
        "tls", ChoiceNotation(choices: ConnectionsPlan.TLS.allCases.map { ($0.rawValue, $0) }), standard: "none",
        "how it is secured, which takes one round trip of the network more by TLS 1.3, and two by 1.2")
    static let ping = Key(
        "ping", DistributionNotation(), standard: "constant 1ms", "how long it takes to see whether one is alive")
    static let pools = Key(
        "pools", CountNotation(range: 1...ConnectionsPlan.poolLimit), standard: "1", isLive: false,
        "how many such pools share the calls")
    static let balance = Key(
        "balance",
        ChoiceNotation<ConnectionRouter.Balance>(choices: [
            ("least-busy", .leastBusy), ("fewest-waiters", .fewestWaiters), ("round-robin", .roundRobin),
        ]), standard: "least-busy", isLive: false, "how they share them")

    static let section = Section(
        title: "a pool of connections",
        fields: [
            .setting(maximum), .setting(minimumIdle), .setting(wait), .setting(waiters), .setting(idleTimeout),
            .setting(lifetime), .setting(keepalive), .setting(housekeeping), .setting(validateAfter),
            .setting(leakAfter), .setting(reclaimAfter), .setting(connect), .setting(tls), .setting(ping),
            .setting(pools),
            .setting(balance),
        ])
}
