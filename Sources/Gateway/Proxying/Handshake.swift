public import Timeline

/// What has to be said on a new connection before a request can be: each round trip costs the time to the backend and back.
///
/// | security | first time | known from before | with early data |
/// |----------|------------|-------------------|-----------------|
/// | none     | 1          | 1                 | 1               |
/// | TLS 1.3  | 2          | 2                 | 1               |
/// | TLS 1.2  | 3          | 2                 | 2               |
///
/// One of them is TCP's (RFC 9293, section 3.5). TLS 1.3 takes one more, none if the request goes along as early data (RFC
/// 8446, section 2; resuming alone saves no round trip). TLS 1.2 takes two more, one if a session is resumed (RFC 5246,
/// section 7.3).
public struct Handshake: Hashable, Sendable {
    /// How a connection is protected.
    public enum Security: String, CaseIterable, Hashable, Sendable {
        /// Not at all.
        case none
        /// By TLS 1.2.
        case tls12 = "TLS 1.2"
        /// By TLS 1.3.
        case tls13 = "TLS 1.3"
    }

    /// What both ends know of each other beforehand.
    public enum Resumption: String, CaseIterable, Hashable, Sendable {
        /// Nothing.
        case full
        /// The keys of an earlier connection.
        case resumed
        /// The same, and the first request goes along with the greeting: only one that may be replayed, since whoever
        /// listens can do so (RFC 8470, section 4).
        case earlyData = "early data"
    }

    /// How the connection is protected.
    public let security: Security
    /// What both ends know of each other; of no account without TLS.
    public let resumption: Resumption

    /// A handshake over TCP.
    public init(_ security: Security, _ resumption: Resumption = .full) {
        self.security = security
        self.resumption = resumption
    }

    /// How often something goes to the backend and back before the request does.
    public var roundTrips: Int {
        switch (security, resumption) {
        case (.none, _), (.tls13, .earlyData): 1
        case (.tls13, .full), (.tls13, .resumed), (.tls12, .resumed), (.tls12, .earlyData): 2
        case (.tls12, .full): 3
        }
    }

    /// How long it takes, if nothing is lost and no time goes into computing.
    /// - Parameter roundTrip: the time to the backend and back; less than none counts as none.
    public func duration(roundTrip: Duration) -> Duration { max(.zero, roundTrip) * Int64(roundTrips) }
}
