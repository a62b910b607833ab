public import CQRS
public import EventSourcing
public import Timeline

/// The read model of orders in memory, as one value: a copy of it is a backup.
public struct MemoryOrderReadModel: OrderReadModel, Sendable {
    /// What events do to it; a later program may put one in its place that reads more.
    public var projection: OrderProjection
    private var models: [Int: MemoryReadModel<MemoryOrderRows>] = [1: MemoryReadModel(MemoryOrderRows())]
    private var servingVersion = ServingVersion(1)

    /// A read model whose version 1 serves, without any event in it.
    public init(_ projection: OrderProjection = OrderProjection()) {
        self.projection = projection
    }

    /// The rows of a version, to look at; nil if there is no such version.
    public func rows(of version: Int) -> MemoryOrderRows? { models[version]?.tables }

    /// What a run of a version begins with.
    public func load(_ version: Int) throws(ReadModelError) -> ProjectionStart {
        let model = try model(version)
        let checkpoint = model.checkpoints.checkpoint(of: Self.id(version))?.position
        return ProjectionStart(
            loaded: .init(checkpoint: checkpoint, quarantined: model.tables.waiting),
            replayedThrough: servingVersion.replayedThrough(for: version))
    }

    /// Makes a batch's changes and moves the checkpoint, or does neither.
    public mutating func commit(
        _ batch: ProjectionRun.Batch, _ events: [RecordedEvent], to version: Int, at now: Instant
    ) throws(ReadModelError) -> ProjectionCommit {
        var model = try model(version)
        guard servingVersion.allows(batch.move, replayedThrough: batch.replayedThrough, by: version) else {
            return ProjectionCommit(.mismatch(stored: checkpoint(version)))
        }
        do {
            var tags: [String] = []
            let outcome = try model.commit(batch.move, of: Self.id(version), at: now) { rows in
                tags = try projection.take(batch, events, into: &rows, at: now)
            }
            models[version] = model
            return ProjectionCommit(outcome, tags: tags)
        } catch {
            throw Self.complaint(error)
        }
    }

    /// Deals again with what was set aside, if all is as the run believes.
    public mutating func replay(
        _ replay: ProjectionRun.Replay, in version: Int, at now: Instant
    ) throws(ReadModelError) -> ProjectionReplay {
        var model = try model(version)
        var taken: (count: Int, next: Position?, tags: [String])?
        do {
            _ = try model.change(ifAt: replay.checkpoint, Self.id(version)) { rows in
                taken = try projection.take(replay, in: &rows, at: now)
            }
        } catch ReadModelError.event(_, let problem) {
            return ProjectionReplay(.failedAgain(problem.failure))
        } catch {
            throw Self.complaint(error)
        }
        guard let taken else { return ProjectionReplay(.changed) }
        models[version] = model
        return ProjectionReplay(.applied(taken.count, next: taken.next), tags: taken.tags)
    }

    /// What is set aside in a version, in the order of the log.
    public func setAside(in version: Int) throws(ReadModelError) -> [SetAsideEvent] {
        try model(version).tables.setAside
    }

    /// Lends the rows of the version that serves, to be read, and its checkpoint of the same moment.
    public func read<Answer>(
        _ body: (inout any OrderRows, Position) throws -> Answer
    ) throws(ReadModelError) -> Answer {
        var rows: any OrderRows = try model(servingVersion.version).tables
        do { return try body(&rows, checkpoint(servingVersion.version)) } catch { throw Self.complaint(error) }
    }

    private func model(_ version: Int) throws(ReadModelError) -> MemoryReadModel<MemoryOrderRows> {
        guard let model = models[version] else { throw .noVersion(version) }
        return model
    }

    private func checkpoint(_ version: Int) -> Position {
        models[version]?.checkpoints.checkpoint(of: Self.id(version))?.position ?? .start
    }

    private static func id(_ version: Int) -> ProjectionID { ProjectionID("orders", version: version) }

    private static func complaint(_ error: any Error) -> ReadModelError {
        error as? ReadModelError ?? .storage("\(error)")
    }
}

// Versions.
extension MemoryOrderReadModel {
    /// Which version serves, and what becomes of it.
    public func serving() -> ServingVersion { servingVersion }

    /// Begins a version beside the one that serves.
    public mutating func prepare(_ version: Int, number: UInt64) -> Bool {
        guard servingVersion.propose(version, number: number) else { return false }
        for other in models.keys where servingVersion.replayedThrough(for: other) == nil { models[other] = nil }
        if models[version] == nil { models[version] = MemoryReadModel(MemoryOrderRows()) }
        return true
    }

    /// Lets a version serve.
    public mutating func serve(from old: Int, to new: Int, number: UInt64) -> ServingVersion.Switch {
        servingVersion.change(
            from: old, to: new, number: number, checkpoints: [checkpoint(old), checkpoint(new)])
    }

    /// Drops a version.
    public mutating func drop(_ version: Int, number: UInt64) -> ServingVersion.Withdrawal {
        let withdrawal = servingVersion.withdraw(version, number: number)
        if withdrawal == .withdrawn { models[version] = nil }
        return withdrawal
    }
}
