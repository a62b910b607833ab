import Bulkheads
import Simulation

/// How large a system can be.
enum Limits {
    static let services = 1_000
    static let operations = 4_000
    static let edges = 2_000
    static let sagas = 1_000
    static let stores = 16
    static let projections = 64
    static let buses = 64
    static let loads = 1_000
    static let accounts = 100
    /// Of one load.
    static let kindsOfRequests = 200
    /// Breakers of operations and replicas, limiters of tenants, and compartments, of all edges together.
    static let guardParts = 100_000
    /// Of all pools of all edges together: the largest guard that there can be.
    static let connections = ConnectionPool.Settings.mostConnections * ConnectionsPlan.poolLimit
    /// Points on the rings and entries in the tables of all balancers together: some hundred megabytes.
    static let hashPoints = 4_000_000
    static let stages = 1_000
    static let users = 1_000_000
    static let callsOfOperation = 255
    /// How deep calls may nest.
    static let callDepth = 64
    /// How many calls one request may come to, retries not counted.
    static let callsOfRequest = 10_000
}
