public import EventSourcing
public import Timeline

/// Makes a new version of a projection beside the old one, and switches to it when it has caught up.
///
/// The new version has tables and checkpoints of its own and reads the log from the start while the old one serves. What
/// events do outside is not done again: for the new version all are replays, up to where the old one hands over. How
/// fast it reads is up to its runs; see ``ProjectionRun/Settings/pace``.
///
/// Whoever drives it asks ``next(at:)`` for steps, as with a ``ProjectionRun``, and reports the new version's progress.
/// It can be called off at any time before the switch, and the old version never notices. After a crash it is made anew
/// with what serves then, and goes on.
public struct Rebuild: Sendable {
    /// The settings.
    public let settings: Settings
    /// The version that served before.
    public let old: Int
    /// The version that is to serve.
    public let new: Int
    /// What tells this rebuild from those before it.
    public let number: UInt64
    /// What it is at.
    public internal(set) var phase: Phase

    var errand = Errand()
    private var meter: LagMeter
    private var hasReported = false
    private var lastTicket: UInt32 = 0

    /// A rebuild.
    /// - Parameters:
    ///   - settings: the settings.
    ///   - serving: what serves. If that is the new version, the switch has taken place before a crash, and what is left
    ///     to do is done.
    ///   - new: the version to be made.
    /// - Throws: a ``SettingError`` if the new version serves and has taken over already, or if another one has not.
    public init(_ settings: Settings, from serving: ServingVersion, to new: Int) throws(SettingError) {
        self.settings = settings
        self.new = new
        meter = try LagMeter(window: settings.rateWindow)
        guard (serving.version == new) == (serving.previous != nil) else {
            let other = "another version than the one that serves"
            let allowed = serving.previous == nil ? other : "\(serving.version), which takes over"
            throw SettingError("new", given: new, allowed: allowed)
        }
        if let previous = serving.previous {
            old = previous
            number = serving.lastProposal
            phase = .handingOver(at: serving.since)
        } else {
            old = serving.version
            number = serving.lastProposal &+ 1
            phase = .preparing
        }
    }

    /// What to do now.
    public mutating func next(at now: Instant) -> Step {
        if case .ended(let ending) = phase { return .ended(ending) }
        if phase == .replaying {
            guard hasReported, meter.head.distance(from: meter.position) <= settings.switchLag else {
                return .wait(until: nil)
            }
            phase = .switching
        }
        guard errand.isReady(at: now) else { return .wait(until: errand.wake) }
        return step(at: now)
    }

    private mutating func step(at now: Instant) -> Step {
        lastTicket &+= 1
        let ticket = Ticket(generation: UInt32(truncatingIfNeeded: number), number: lastTicket)
        errand.ask(ticket, at: now)
        switch phase {
        case .preparing: return .prepare(version: new, ticket)
        case .switching: return .serve(from: old, to: new, ticket)
        case .handingOver(let position): return .handOver(from: old, at: position, ticket)
        case .dropping(let version, _): return .drop(version: version, ticket)
        case .replaying, .ended: return .wait(until: nil)
        }
    }

    /// Says where the new version is.
    /// - Parameters:
    ///   - position: up to where it has dealt with the log: the furthest behind of its segments.
    ///   - head: the end of the log.
    ///   - oldestUnprocessed: when the first event was appended that it has read and not dealt with.
    ///   - now: the time.
    public mutating func progressed(
        to position: Position, head: Position, oldestUnprocessed: Instant? = nil, at now: Instant
    ) {
        meter.note(position: position, head: head, oldestUnprocessed: oldestUnprocessed, at: now)
        if phase == .replaying { hasReported = true }
    }

    /// How far it is.
    public func progress(at now: Instant) -> Progress {
        Progress(position: meter.position, lag: meter.lag(at: now))
    }

    /// Calls it off.
    public mutating func cancel() -> Cancellation {
        switch phase {
        case .preparing, .replaying:
            drop(new, then: .cancelled)
            return .cancelled
        case .switching:
            // It may have taken place, or still may: who drops the new version will see.
            drop(new, then: .cancelled)
            return .undecided
        case .dropping(_, .cancelled), .ended(.cancelled):
            return .cancelled
        case .handingOver, .dropping, .ended:
            return .tooLate
        }
    }

    mutating func drop(_ version: Int, then ending: Ending) {
        errand.settle()
        phase = .dropping(version: version, then: ending)
    }
}
