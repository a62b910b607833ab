import Scenarios
import Simulation
import Timeline

/// A queue with Poisson arrivals, exponential service and so many servers, made of ordinary parts of a
/// scenario: a service with workers and a queue that never fills, and a load that calls it without network or guards.
///
/// Waits are in units of the mean service time.
struct QueueSystem: Sendable {
    let name: String
    let servers: Int
    /// The share of their time that the servers work.
    let utilisation: Double

    static let mm3 = QueueSystem(name: "M/M/3 at 90 %", servers: 3, utilisation: 0.9)
    static let mm1 = QueueSystem(name: "M/M/1 at 80 %", servers: 1, utilisation: 0.8)

    static let meanService = Duration.milliseconds(1)

    /// Arrivals per second.
    var rate: Double { utilisation * Double(servers) / Self.meanService.seconds }

    /// The queue as an ordinary scenario.
    func scenario(seed: UInt64) -> String {
        """
        sagascope: 1
        name: \(name)
        seed: \(seed)
        duration: 1m
        services:
          server: {workers: \(servers), queue: 10000000, latency: exponential mean 1ms}
        load:
          customers: {call: server.work, rate: \(Int(rate.rounded()))/s, arrivals: poisson}
        """
    }

    func plan(seed: UInt64) throws -> Plan {
        try Scenario(parsing: scenario(seed: seed), file: name).plan
    }
}

extension QueueSystem {
    /// The share of customers that have to wait (Erlang's second formula).
    var shareThatWaits: Double {
        let offered = utilisation * Double(servers)
        let blocked = (1...servers).reduce(1) { blocked, server in
            offered * blocked / (Double(server) + offered * blocked)
        }
        return blocked / (1 - utilisation * (1 - blocked))
    }

    /// The mean wait before service.
    var meanWait: Double { shareThatWaits / (Double(servers) * (1 - utilisation)) }

    /// The time that 99 % of all customers do not exceed between arrival and departure, with one server: there it
    /// is exponentially distributed.
    var p99OfStay: Double? {
        servers == 1 ? -log(0.01) / (1 - utilisation) : nil
    }

    private func log(_ x: Double) -> Double { ElementaryFunctions.log(x) }
}
