public import Timeline

extension ConnectionPool {
    /// Something that the caller has to do.
    public enum Action: Hashable, Sendable {
        /// The waiting request has a connection, after so long.
        case grant(request: UInt64, Lease, waited: Duration)
        /// The waiting request has reached its deadline, with the pool as it then was.
        case timedOut(request: UInt64, waited: Duration, Occupancy)
        /// The waiting request gets nothing since the pool was closed.
        case refused(request: UInt64)
        /// Open this connection, and report with ``created(_:at:using:)`` or ``creationFailed(_:at:)``.
        case create(ConnectionID)
        /// Ping this connection, and report with ``validated(_:alive:at:)``.
        case validate(ConnectionID)
        /// Close this connection, or give up opening it. The pool has forgotten it.
        case close(ConnectionID, CloseReason)
        /// A request has had this connection for longer than `leakThreshold`; said once per lease.
        case leak(ConnectionID, request: UInt64, heldFor: Duration)
    }

    /// The oldest thing to do that has not been taken yet; nil if there is none.
    ///
    /// Take them all after each call: what is not taken is kept.
    public mutating func popAction() -> Action? {
        actions.popFirst()
    }
}
