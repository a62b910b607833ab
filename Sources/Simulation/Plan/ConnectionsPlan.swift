public import Bulkheads
public import Timeline

/// Connections that calls on an edge hold for as long as they are inside.
public struct ConnectionsPlan: Hashable, Sendable {
    /// The rules of each pool.
    public var settings: ConnectionPool.Settings
    /// How long it takes to open a connection.
    public var connect: Distribution
    /// How a connection is secured once it is open; not at all by default.
    public var tls = TLS.none
    /// How long it takes to see whether one is alive.
    public var ping: Distribution
    /// How many pools share the calls.
    public var pools: Int
    /// How they share them.
    public var balance: ConnectionRouter.Balance

    /// How a connection is secured.
    public enum TLS: String, CaseIterable, Hashable, Sendable {
        /// Not at all.
        case none
        /// A full handshake of TLS 1.2 (RFC 5246, section 7.3).
        case version12 = "1.2"
        /// A full handshake of TLS 1.3 (RFC 8446, section 2).
        case version13 = "1.3"

        /// How many round trips it takes before the first request can be sent.
        public var roundTrips: Int {
            switch self {
            case .none: 0
            case .version12: 2
            case .version13: 1
            }
        }
    }

    /// How many pools a guard can have.
    public static var poolLimit: Int { 16 }

    /// One pool, whose connections take 20 ms to open and 1 ms to ping.
    public init(
        _ settings: ConnectionPool.Settings, connect: Distribution = .constant(.milliseconds(20)),
        ping: Distribution = .constant(.milliseconds(1)), pools: Int = 1,
        balance: ConnectionRouter.Balance = .leastBusy
    ) {
        self.settings = settings
        self.connect = connect
        self.ping = ping
        self.pools = pools
        self.balance = balance
    }
}
