public import CQRS
public import EventSourcing
import Timeline

/// A worker of a projection, as it stands.
public struct LaneView: Hashable, Sendable {
    /// The version that it works on.
    public let version: Int
    /// Whether queries are answered from that version.
    public let isServing: Bool
    /// Which of the version's lanes it is, from 0.
    public let number: Int
    /// The checkpoint that the table holds; nil if it has never moved.
    public let checkpoint: Position?
    /// Up to where it has dealt with what it hears of.
    public let position: Position
    /// Why it has stopped; nil while it goes on.
    public let stopReason: ProjectionRun.StopReason?
    /// How many events it has set aside.
    public let setAside: Int
    /// What it has done.
    public let totals: ProjectionRun.Totals
}

/// The first event of a stream that a projection has set aside; the others of its stream wait behind it.
public struct DeadLetterView: Hashable, Sendable {
    /// Where it stands in what the projection reads.
    public let position: Position
    /// The event.
    public let event: LoggedEvent
    /// Why it could not be dealt with if it came again now; nil if it could.
    public let failure: EventFailure?
    /// How many events of its stream wait behind it.
    public let waiting: Int
}

extension World {
    /// How far a projection is behind, how fast it goes, and when it will have caught up. It knows no age; see
    /// ``lagTime(ofProjection:)``.
    public func lag(ofProjection index: Int) -> Lag { projections[index].meter.lag(at: now) }

    /// The rebuild of a projection, if one is under way.
    public func rebuild(ofProjection index: Int) -> Rebuild? { projections[index].rebuild }

    /// The workers of all versions of a projection, those of the oldest version first.
    public func lanes(ofProjection index: Int) -> [LaneView] {
        let state = projections[index]
        return state.versions.flatMap { version in
            version.lanes.map { place in
                let lane = projections.lanes[place]
                return LaneView(
                    version: version.number, isServing: version.number == state.serving.version, number: lane.number,
                    checkpoint: version.table.checkpoints[lane.number], position: lane.run.settled,
                    stopReason: lane.run.stopReason, setAside: lane.run.letters, totals: lane.run.totals)
            }
        }
    }

    /// What a projection has set aside, stream by stream, those first that came first; so many streams at most.
    public func deadLetters(ofProjection index: Int, atMost count: Int) -> [DeadLetterView] {
        let (state, store) = (projections[index], stores[projections[index].plan.store])
        let sequences = state.versions[state.servingIndex].lanes.flatMap { projections.lanes[$0].run.quarantined }
        return sequences.sorted { $0.head < $1.head }.prefix(count).compactMap { sequence in
            guard sequence.head > .start, sequence.head <= end(ofFeedOf: index) else { return nil }
            let entry = entry(at: sequence.head, ofFeedOf: index)
            guard let event = store.event(entry) else { return nil }
            let id = store.cluster.tree[entry].id
            return DeadLetterView(
                position: sequence.head, event: event,
                failure: state.failure(of: id, schema: UInt8(clamping: event.schema)), waiting: sequence.letters - 1)
        }
    }
}
