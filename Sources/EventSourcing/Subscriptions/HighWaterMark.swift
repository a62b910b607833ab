public import Timeline

/// Up to where a log may be read whose positions are drawn before their events are committed.
///
/// Such a log has holes: writers that have drawn a position and are not done, or never will be. Who reads past a hole
/// that is filled later has lost an event, and nothing tells. So the mark stands before the first position that is
/// neither committed nor known to be dead. A position is dead once its writer has given it up; where nobody can tell, it
/// counts as dead when it has been a hole for longer than the patience, from when it was first seen as one. What is
/// skipped is put on record, and a commit that comes after that is refused.
///
/// - ``drew(upTo:at:)``, ``committed(_:at:)`` and ``aborted(_:at:)`` say what is known, by a writer's call or by
///   looking. Who looks must see committed and drawn positions in one snapshot: a commit between two looks would look
///   like a hole.
/// - ``advance(at:oldestLive:)`` moves the mark past holes that are dead.
///
/// Two bits for each position above the mark, up to a limit; amortised constant time for each position.
///
/// Source: Marten, `HighWaterDetector`.
public struct HighWaterMark: Hashable, Sendable {
    /// The settings.
    public let settings: Settings
    /// Up to here the log may be read: nothing will ever be put in before it.
    public internal(set) var mark: Position
    /// The last position that is known to be drawn.
    public internal(set) var drawn: Position
    /// The last holes that were skipped, oldest first; see ``Settings/recordsKept``.
    public internal(set) var skips: [Skip] = []
    /// Positions that were skipped altogether.
    public internal(set) var skippedPositions: Int64 = 0
    /// The first position that was too far above the mark to be noted; nil if there is none.
    var firstTooFar: Position?

    var committed: PositionBits
    var dead: PositionBits
    /// When positions were first seen as drawn.
    var sightings: Sightings

    /// A hole that was skipped.
    public struct Skip: Hashable, Sendable {
        /// Its first position.
        public let first: Position
        /// Its last position.
        public internal(set) var last: Position
        /// When it was skipped.
        public let at: Instant
        /// Why.
        public let reason: Reason

        /// Why a hole was skipped.
        public enum Reason: Hashable, Sendable {
            /// Its writers had given it up.
            case aborted
            /// It had been there for longer than the patience, and nobody was known to fill it.
            case patience
            /// It had been there for so long that it was skipped although somebody might still fill it.
            case cap
        }
    }

    /// A mark at a position: all up to it is committed or dead.
    public init(_ settings: Settings, from mark: Position = .start) {
        let mark = max(mark, .start)
        self.settings = settings
        self.mark = mark
        drawn = mark
        committed = PositionBits(settings.window)
        dead = PositionBits(settings.window)
        sightings = Sightings(quantum: settings.patience.map { Duration(nanoseconds: $0.nanoseconds / 64) } ?? .zero)
    }

    /// What becomes of what is said about a position.
    public enum Report: Hashable, Sendable {
        /// It is noted.
        case noted
        /// The mark is there or beyond: it was known, or it was skipped, and then its event must not be committed.
        case behind
        /// It lies too far above the mark. Say so again once the mark has moved; until then the mark stays below it.
        case tooFar
    }

    /// Notes that a position's event is committed.
    public mutating func committed(_ position: Position, at now: Instant) -> Report {
        settle(position, isCommitted: true, at: now)
    }

    /// Notes that a position will never have an event.
    public mutating func aborted(_ position: Position, at now: Instant) -> Report {
        settle(position, isCommitted: false, at: now)
    }

    private mutating func settle(_ position: Position, isCommitted: Bool, at now: Instant) -> Report {
        guard position > mark else { return .behind }
        if isCommitted, position.number == mark.number + 1 {
            // The usual case, without any hole to note.
            mark = position
            drawn = max(drawn, position)
            passSettled(at: now)
            return .noted
        }
        guard position <= lastInWindow else {
            noteTooFar(position, at: now)
            return .tooFar
        }
        drew(upTo: position, at: now)
        // The first word about a position counts: an event that is committed cannot be given up.
        if !committed[position] && !dead[position] {
            if isCommitted { committed[position] = true } else { dead[position] = true }
        }
        passSettled(at: now)
        return .noted
    }

    private mutating func noteTooFar(_ position: Position, at now: Instant) {
        firstTooFar = min(firstTooFar ?? position, position)
        // It must be said again, and until then neither it nor what lies above may count as a hole.
        let below = Position(position.number - 1)
        drew(upTo: below, at: now)
        drawn = min(drawn, below)
        sightings.forget(above: below)
    }

    /// Whether a position was skipped, as far as the record reaches back.
    public func wasSkipped(_ position: Position) -> Bool {
        skips.contains { ($0.first...$0.last).contains(position) }
    }
}
