public import CQRS
public import EventSourcing
import Resilience
public import Timeline

/// One version of the read model of orders at work: a thin runner of a ``CQRS/ProjectionRun``, which reads the log of an
/// event store and commits to a read model, both of which are handed to it.
///
/// ```
/// var projection = LocalProjection(try .init(), version: 1, at: now)
/// let step = projection.work(on: &model, reading: &store, at: now)    // and again when the step's wait is over
/// for change in projection.takeChanges() { queries.take(change) }
/// ```
public struct LocalProjection: Sendable {
    /// The run, to look at, to stop, and to have deal again with what was set aside.
    public var run: ProjectionRun
    /// Which version of the read model it writes.
    public let version: Int
    /// The last thing that went wrong, in one line; nil if nothing has yet.
    public private(set) var lastComplaint: String?

    /// Events that were read and are not committed.
    private var held: [RecordedEvent] = []
    private var changes: [ReadModelChange] = []
    private var random: RandomStream

    /// A run of a version, started.
    /// - Parameters:
    ///   - settings: those of the run.
    ///   - version: the version.
    ///   - seed: where the jitter of waits comes from.
    ///   - now: the time.
    public init(_ settings: ProjectionRun.Settings, version: Int, seed: UInt64 = 0, at now: Instant) {
        run = ProjectionRun(settings)
        self.version = version
        random = RandomStream(seed: seed, name: "projection \(version)", purpose: "jitter")
        run.start(at: now)
    }

    /// What has changed in the read model since this was last asked.
    public mutating func takeChanges() -> [ReadModelChange] {
        defer { changes = [] }
        return changes
    }

    /// Notes that its version serves from now on.
    mutating func noteSwitch() { changes.append(.everything) }

    /// Takes steps until there is nothing more to do now.
    /// - Returns: ``CQRS/ProjectionRun/Step/wait(until:)``, or ``CQRS/ProjectionRun/Step/stopped(_:)``.
    public mutating func work<Model: OrderReadModel, Store: EventStore>(
        on model: inout Model, reading store: inout Store, at now: Instant
    ) -> ProjectionRun.Step {
        while true {
            let step = run.next(at: now)
            switch step {
            case .load(let ticket): load(ticket, from: &model, at: now)
            case .read(let after, let limit, let ticket): read(after, limit, ticket, from: &store, at: now)
            case .apply(let batch): commit(batch, to: &model, at: now)
            case .replay(let replay): self.replay(replay, in: &model, at: now)
            case .wait, .stopped: return step
            }
        }
    }

    private mutating func load(_ ticket: Ticket, from model: inout some OrderReadModel, at now: Instant) {
        do throws(ReadModelError) {
            let start = try model.load(version)
            guard let replayedThrough = start.replayedThrough else { throw .noVersion(version) }
            run.replayedThrough = replayedThrough
            run.loaded(start.loaded, for: ticket, at: now)
        } catch {
            fail(error, ticket, at: now)
        }
    }

    private mutating func read(
        _ after: Position, _ limit: Int, _ ticket: Ticket, from store: inout some EventStore, at now: Instant
    ) {
        do throws(EventStoreError) {
            let page = try store.readLog(OrderProjection.filter, from: after, .forward, limit: limit)
            held.removeAll { $0.position > after || $0.position <= run.checkpoint }
            held += page.events
            run.received(MarkPage(page), for: ticket, at: now, using: &random)
        } catch {
            fail(error, ticket, at: now)
        }
    }

    private mutating func commit(
        _ batch: ProjectionRun.Batch, to model: inout some OrderReadModel, at now: Instant
    ) {
        let events = held.filter { batch.move.from < $0.position && $0.position <= batch.move.to }
        do throws(ReadModelError) {
            let commit = try model.commit(batch, events, to: version, at: now)
            if commit.outcome != .moved {
                changes.append(.everything)
            } else if !commit.tags.isEmpty {
                changes.append(.tags(commit.tags, at: batch.move.to))
            }
            run.committed(commit.outcome, for: batch.ticket, at: now)
        } catch {
            guard case .event(let position, let problem) = error else { return fail(error, batch.ticket, at: now) }
            lastComplaint = "\(error)"
            run.eventFailed(at: position, problem.failure, for: batch.ticket, at: now, using: &random)
        }
    }

    private mutating func replay(
        _ replay: ProjectionRun.Replay, in model: inout some OrderReadModel, at now: Instant
    ) {
        do throws(ReadModelError) {
            let done = try model.replay(replay, in: version, at: now)
            if done.outcome == .changed {
                changes.append(.everything)
            } else if !done.tags.isEmpty {
                changes.append(.tags(done.tags, at: nil))
            }
            run.replayed(done.outcome, for: replay.ticket, at: now)
        } catch {
            fail(error, replay.ticket, at: now)
        }
    }

    /// What went wrong may have taken place all the same.
    private mutating func fail(_ error: any Error, _ ticket: Ticket, at now: Instant) {
        lastComplaint = "\(error)"
        run.failed(.server, for: ticket, at: now, using: &random)
    }
}
