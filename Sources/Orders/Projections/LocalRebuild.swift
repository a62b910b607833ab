public import CQRS
public import EventSourcing
import Resilience
public import Timeline

/// Makes a new version of the read model of orders beside the one that serves, and switches to it: a thin runner of a
/// ``CQRS/Rebuild``.
///
/// Between calls of ``work(beside:on:reading:at:)`` the old version's projection goes on as before. Once the rebuild has
/// ended with ``CQRS/Rebuild/Ending/switched(at:)``, ``new`` is the projection to go on with. One that has stopped, as its
/// run says, never catches up: then the rebuild is to be called off.
public struct LocalRebuild: Sendable {
    /// The rebuild, to look at, and to call off.
    public var rebuild: Rebuild
    /// The new version's projection; nil before there is such a version.
    public private(set) var new: LocalProjection?

    private let settings: ProjectionRun.Settings
    private let seed: UInt64
    private var random: RandomStream
    /// What is to be answered once the old version has come to where it hands over.
    private var handover: Ticket?

    /// A rebuild that has done nothing yet, or goes on where a crash has interrupted one.
    /// - Parameters:
    ///   - rebuild: the rebuild, made with what serves now.
    ///   - settings: those of the new version's run; ``CQRS/ErrorPolicy/rebuild`` stops it at what it cannot take in.
    ///   - seed: where the jitter of waits comes from.
    public init(_ rebuild: Rebuild, _ settings: ProjectionRun.Settings, seed: UInt64 = 0) {
        self.rebuild = rebuild
        self.settings = settings
        self.seed = seed
        random = RandomStream(seed: seed, name: "rebuild \(rebuild.number)", purpose: "jitter")
    }

    /// Takes steps until there is nothing more to do now.
    /// - Returns: ``CQRS/Rebuild/Step/wait(until:)``, or ``CQRS/Rebuild/Step/ended(_:)``.
    public mutating func work<Model: OrderReadModel, Store: EventStore>(
        beside old: inout LocalProjection, on model: inout Model, reading store: inout Store, at now: Instant
    ) -> Rebuild.Step {
        while true {
            let waits = [advance(&model, &store, at: now), handOver(&old, &model, &store, at: now)]
            let step = rebuild.next(at: now)
            switch step {
            case .wait(let until): return .wait(until: (waits + [until]).compactMap { $0 }.min())
            case .ended: return step
            case .handOver(_, let position, let ticket):
                begin(at: now)
                new?.run.replayedThrough = position
                old.run.stop(at: position)
                handover = ticket
            case .prepare(_, let ticket), .serve(_, _, let ticket), .drop(_, let ticket):
                do throws(ReadModelError) {
                    try answer(step, with: &model, at: now)
                } catch {
                    rebuild.failed(.server, for: ticket, at: now, using: &random)
                }
            }
        }
    }

    private mutating func answer(
        _ step: Rebuild.Step, with model: inout some OrderReadModel, at now: Instant
    ) throws(ReadModelError) {
        switch step {
        case .prepare(let version, let ticket):
            let isPrepared = try model.prepare(version, number: rebuild.number)
            rebuild.prepared(isPrepared, for: ticket)
            if isPrepared { begin(at: now) }
        case .serve(let old, let new, let ticket):
            rebuild.served(try model.serve(from: old, to: new, number: rebuild.number), for: ticket)
            self.new?.noteSwitch()
        case .drop(let version, let ticket):
            if version == rebuild.new { new = nil }
            rebuild.dropped(try model.drop(version, number: rebuild.number), for: ticket)
        case .handOver, .wait, .ended: break
        }
    }

    private mutating func begin(at now: Instant) {
        if new == nil { new = LocalProjection(settings, version: rebuild.new, seed: seed, at: now) }
    }

    /// Lets the new version go on; returns when it wants to again.
    private mutating func advance(
        _ model: inout some OrderReadModel, _ store: inout some EventStore, at now: Instant
    ) -> Instant? {
        guard let step = new?.work(on: &model, reading: &store, at: now), let run = new?.run else { return nil }
        // What changes in a version that does not serve is of interest to nobody.
        if rebuild.phase == .replaying { _ = new?.takeChanges() }
        rebuild.progressed(to: run.settled, head: run.head, oldestUnprocessed: run.oldestUnprocessed, at: now)
        return step.moment
    }

    /// Lets the old version finish, if it is to; returns when it wants to go on. One that cannot has nothing to finish.
    private mutating func handOver(
        _ old: inout LocalProjection, _ model: inout some OrderReadModel, _ store: inout some EventStore,
        at now: Instant
    ) -> Instant? {
        guard let ticket = handover else { return nil }
        let step = old.work(on: &model, reading: &store, at: now)
        guard case .stopped = step else { return step.moment }
        handover = nil
        rebuild.handedOver(ticket)
        return nil
    }
}

extension ProjectionRun.Step {
    /// When a wait is over; nil for one without end, and for anything else.
    fileprivate var moment: Instant? {
        if case .wait(let moment) = self { moment } else { nil }
    }
}
