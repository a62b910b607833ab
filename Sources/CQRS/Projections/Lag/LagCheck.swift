public import EventSourcing
public import Timeline

/// Says whether a projection is well, by how far it is behind.
///
/// It is unwell if it is more than so many positions behind; exactly that many is still well. Marten's code has it the
/// other way round, against its documentation, so that with a limit of zero a projection that has caught up is unwell.
///
/// With a time, it is unwell only if it is too far behind and has not moved for that long: a rebuild is far behind and
/// well. The time counts from when it was first seen too far behind where it is, and asking more often does not start
/// it anew; in Marten it does, so that who asks more often than that never hears of it.
///
/// The same check watches a ``EventSourcing/HighWaterMark`` against the positions that were drawn.
///
/// Source: Marten, `AsyncDaemonHealthCheckExtensions`.
public struct LagCheck: Hashable, Sendable {
    /// The most positions that it may be behind.
    public let mostBehind: Int64
    /// For how long it must not have moved; nil if that does not matter.
    public let unmovedFor: Duration?

    private var position: Position?
    private var since = Instant.zero

    /// What was found.
    public enum Health: Hashable, Sendable {
        /// It is well.
        case healthy
        /// It is that far behind.
        case behind(by: Int64)
        /// It is that far behind, and has not moved for that long.
        case stuck(behindBy: Int64, for: Duration)
    }

    /// A check that has not looked yet.
    /// - Parameters:
    ///   - mostBehind: zero or more; 100 by default, as in Marten.
    ///   - unmovedFor: zero or more; nil, the default, if it does not matter.
    /// - Throws: a ``SettingError`` that names the setting out of its range.
    public init(mostBehind: Int64 = 100, unmovedFor: Duration? = nil) throws(SettingError) {
        guard mostBehind >= 0 else { throw SettingError("mostBehind", given: mostBehind, allowed: "0 or more") }
        if let unmovedFor, unmovedFor < .zero {
            throw SettingError("unmovedFor", given: unmovedFor, allowed: "0s or more")
        }
        self.mostBehind = mostBehind
        self.unmovedFor = unmovedFor
    }

    /// Looks.
    /// - Parameters:
    ///   - position: where the projection is; nil if it never moved, which counts as the start. Marten leaves such a one
    ///     out, so that one that cannot even begin is well.
    ///   - head: how far the log may be read; nil if nobody knows, and then all is well.
    ///   - now: the time.
    public mutating func check(position: Position?, head: Position?, at now: Instant) -> Health {
        let position = position ?? .start
        guard let lag = head?.distance(from: position), lag > mostBehind else {
            self.position = nil
            return .healthy
        }
        guard let unmovedFor else { return .behind(by: lag) }
        if position != self.position {
            self.position = position
            since = now
            return .healthy
        }
        let unmoved = max(.zero, now - since)
        return unmoved >= unmovedFor ? .stuck(behindBy: lag, for: unmoved) : .healthy
    }
}
