import CQRS
import EventSourcing
import Orders
import Storage
import Timeline

/// Where a read model is kept; what is true of one is true of the other.
enum ReadModelBackend: String, CaseIterable, Sendable {
    case memory
    case sqlite

    /// A read model without any event in it.
    func makeModel() throws -> any OrderReadModel {
        switch self {
        case .memory: MemoryOrderReadModel()
        case .sqlite: try SQLiteOrderReadModel(path: nil)
        }
    }
}

/// A read model that can be made to misbehave.
struct ShakyModel: OrderReadModel {
    var base: any OrderReadModel
    /// How many of the next commits and replays take place without an answer.
    var lostAnswers = 0
    /// How many of the next commits and replays do not take place.
    var outages = 0
    /// After how many changes whoever makes them is killed; nil for never.
    var lifetime: Int?

    var projection: OrderProjection {
        get { base.projection }
        set { base.projection = newValue }
    }

    mutating func load(_ version: Int) throws(ReadModelError) -> ProjectionStart { try base.load(version) }

    mutating func commit(
        _ batch: ProjectionRun.Batch, _ events: [RecordedEvent], to version: Int, at now: Instant
    ) throws(ReadModelError) -> ProjectionCommit {
        try failBefore()
        let commit = try base.commit(batch, events, to: version, at: now)
        try failAfter()
        return commit
    }

    mutating func replay(
        _ replay: ProjectionRun.Replay, in version: Int, at now: Instant
    ) throws(ReadModelError) -> ProjectionReplay {
        try failBefore()
        let done = try base.replay(replay, in: version, at: now)
        try failAfter()
        return done
    }

    private mutating func failBefore() throws(ReadModelError) {
        try live()
        guard outages > 0 else { return }
        outages -= 1
        throw .storage("nobody is there")
    }

    private mutating func live() throws(ReadModelError) {
        guard let left = lifetime else { return }
        guard left > 0 else { throw .storage("killed") }
        lifetime = left - 1
    }

    private mutating func failAfter() throws(ReadModelError) {
        guard lostAnswers > 0 else { return }
        lostAnswers -= 1
        throw .storage("the answer is lost")
    }

    mutating func setAside(in version: Int) throws(ReadModelError) -> [SetAsideEvent] {
        try base.setAside(in: version)
    }

    mutating func serving() throws(ReadModelError) -> ServingVersion { try base.serving() }

    mutating func prepare(_ version: Int, number: UInt64) throws(ReadModelError) -> Bool {
        try live()
        return try base.prepare(version, number: number)
    }

    mutating func serve(
        from old: Int, to new: Int, number: UInt64
    ) throws(ReadModelError) -> ServingVersion.Switch {
        try live()
        return try base.serve(from: old, to: new, number: number)
    }

    mutating func drop(_ version: Int, number: UInt64) throws(ReadModelError) -> ServingVersion.Withdrawal {
        try live()
        return try base.drop(version, number: number)
    }

    mutating func read<Answer>(
        _ body: (inout any OrderRows, Position) throws -> Answer
    ) throws(ReadModelError) -> Answer {
        try base.read(body)
    }
}
