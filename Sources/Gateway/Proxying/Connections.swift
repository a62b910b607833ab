public import Timeline

/// The idle connections to one backend, and whether a new one can build on an earlier.
///
/// Of those that are idle the one that was used last is taken first, as in Go's `net/http` and in nginx: so the others grow
/// old and are closed, and as many stay as are needed.
public struct Connections: Hashable, Sendable {
    /// How connections to the backends of a proxy are kept; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// How they are protected.
        public let security: Handshake.Security
        /// How many may be idle for one backend.
        public let mostIdle: Int
        /// How long one may be idle.
        public let idleLimit: Duration
        /// For how long after a handshake its keys can be used again.
        public let ticketLife: Duration
        /// Whether safe requests go along with the greeting where the keys are known. A backend that does not want to do
        /// one so early (425; RFC 8470, section 5.2) gets it once more, after the handshake.
        public let usesEarlyData: Bool

        /// Checks the settings.
        /// - Parameters:
        ///   - security: TLS 1.3 by default.
        ///   - mostIdle: 0 to 100 000; by default 32, the `keepalive` of nginx's own example. With 0, each request has a
        ///     connection of its own.
        ///   - idleLimit: more than 0 s; by default 60 s, nginx's `keepalive_timeout` of upstreams. It should be shorter
        ///     than that of the backends, which else close a connection while a request is on its way.
        ///   - ticketLife: 0 s, for never, to 7 days (RFC 8446, section 4.6.1); 2 h by default.
        ///   - usesEarlyData: false by default.
        /// - Throws: a ``SettingError`` that names the first value out of its range.
        public init(
            security: Handshake.Security = .tls13, mostIdle: Int = 32, idleLimit: Duration = .seconds(60),
            ticketLife: Duration = .minutes(120), usesEarlyData: Bool = false
        ) throws(SettingError) {
            guard (0...100_000).contains(mostIdle) else {
                throw SettingError("mostIdle", given: mostIdle, allowed: "0 to 100000")
            }
            guard idleLimit > .zero else {
                throw SettingError("idleLimit", given: idleLimit, allowed: "more than 0s")
            }
            guard ticketLife >= .zero, ticketLife <= .minutes(7 * 24 * 60) else {
                throw SettingError("ticketLife", given: ticketLife, allowed: "0s to 168h")
            }
            self.security = security
            self.mostIdle = mostIdle
            self.idleLimit = idleLimit
            self.ticketLife = ticketLife
            self.usesEarlyData = usesEarlyData
        }
    }

    /// The connection that a request goes over.
    public enum Choice: Hashable, Sendable {
        /// One that has been idle for so long.
        case reused(idle: Duration)
        /// A new one, after this handshake.
        case new(Handshake)

        /// How often something goes to the backend and back before the request does.
        public var roundTrips: Int {
            switch self {
            case .reused: 0
            case .new(let handshake): handshake.roundTrips
            }
        }
    }

    /// How they are kept.
    public let settings: Settings
    /// Since when each is idle, the longest first.
    private var idleSince: [Instant] = []
    /// Until when the keys of the last handshake can be used again.
    private var keysUntil = Instant(nanoseconds: .min)

    /// None yet.
    public init(_ settings: Settings) {
        self.settings = settings
    }

    /// How many are idle, those included that are to be closed when the next is asked for.
    public var idleCount: Int { idleSince.count }

    /// Takes a connection for a request.
    /// - Parameter mayBeEarly: whether the request may be early data: one that asks for nothing to be changed.
    public mutating func take(mayBeEarly: Bool, at now: Instant) -> Choice {
        dropOld(at: now)
        if let since = idleSince.popLast() { return .reused(idle: max(.zero, now - since)) }
        guard settings.security != .none, now < keysUntil else { return .new(Handshake(settings.security)) }
        let isEarly = settings.usesEarlyData && mayBeEarly && settings.security == .tls13
        return .new(Handshake(settings.security, isEarly ? .earlyData : .resumed))
    }

    /// A new connection stands: its keys can be used again for a while.
    public mutating func connected(at now: Instant) {
        keysUntil = max(keysUntil, now + settings.ticketLife)
    }

    /// A connection has done its work and can be used again; if too many are idle, that one is closed which is for longest.
    public mutating func putBack(at now: Instant) {
        dropOld(at: now)
        guard settings.mostIdle > 0 else { return }
        if idleSince.count >= settings.mostIdle { idleSince.removeFirst() }
        idleSince.append(max(now, idleSince.last ?? now))
    }

    private mutating func dropOld(at now: Instant) {
        let kept = idleSince.firstIndex { now - $0 < settings.idleLimit } ?? idleSince.count
        if kept > 0 { idleSince.removeFirst(kept) }
    }
}
