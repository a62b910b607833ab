public import Timeline

/// The moment by which a call must be over, handed on from caller to callee.
///
/// Whoever calls hands on the earlier of the own deadline and the caller's, never the later one, and whoever is
/// called after it has passed fails at once: nobody waits for the answer any more. (gRPC: *Deadlines*; the same in
/// Go's `context`.)
public struct Deadline: Hashable, Sendable {
    /// The moment from which on the call is late.
    public let moment: Instant

    /// The deadline at a moment.
    public init(_ moment: Instant) {
        self.moment = moment
    }

    /// The deadline so long after a moment, saturating.
    public init(_ limit: Duration, after start: Instant) {
        moment = start + limit
    }

    /// No deadline: it never passes.
    public static let never = Deadline(.distantFuture)

    /// Whether it has come; from the very moment on, a call is late.
    public func hasPassed(at now: Instant) -> Bool {
        self != .never && moment <= now
    }

    /// The time left, zero if none; ``Duration/maximum`` without a deadline.
    public func remaining(at now: Instant) -> Duration {
        self == .never ? .maximum : max(.zero, moment - now)
    }

    /// How long ago it passed, zero if it has not.
    public func late(at now: Instant) -> Duration {
        hasPassed(at: now) ? now - moment : .zero
    }

    /// The earlier of this and the deadline so long after a moment: what a callee with a limit of its own gets.
    public func limited(to limit: Duration, from start: Instant) -> Deadline {
        min(self, Deadline(limit, after: start))
    }

    /// A deadline so much earlier, to leave time for the way back or for a fallback; none stays none.
    public func leaving(_ reserve: Duration) -> Deadline {
        self == .never ? self : Deadline(moment - max(.zero, reserve))
    }

    /// Whether something that takes so long, such as a wait before the next attempt, ends before the deadline.
    public func leavesTime(for length: Duration, at now: Instant) -> Bool {
        self == .never || remaining(at: now) > length
    }
}

extension Deadline: Comparable {
    /// Whether the left deadline is the earlier.
    public static func < (left: Deadline, right: Deadline) -> Bool {
        left.moment < right.moment
    }
}
