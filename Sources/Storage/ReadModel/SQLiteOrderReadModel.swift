public import CQRS
public import EventSourcing
import GRDB
public import Orders
public import Timeline

/// The read model of orders in one SQLite file: its rows, its checkpoints and what is set aside change in one transaction.
///
/// After a crash each batch is there whole or not at all, and its checkpoint with it. One process should write the file,
/// and any number may read it. A file that is lost is made anew from the log.
///
/// The file can be looked at with any SQLite tool; the views `order_summary`, `customer_order_stats` and `set_aside` show
/// the version that serves.
public struct SQLiteOrderReadModel: OrderReadModel {
    /// What events do to it; a later program may put one in its place that reads more.
    public var projection: OrderProjection
    private let path: String
    private let queue: DatabaseQueue
    private let tables: ReadModelTables

    /// Opens a read model, or makes a new one, whose version 1 serves, where there is no file.
    /// - Parameters:
    ///   - path: the file; nil for one in memory that is gone when it is closed.
    ///   - projection: what events do to it.
    ///   - isReadOnly: whether the file must be there, and is not changed.
    ///   - maximumPages: how many pages of 4 KiB the file may have; as many as the disk has room for if nobody says.
    /// - Throws: why it cannot be opened.
    public init(
        path: String?, _ projection: OrderProjection = OrderProjection(), isReadOnly: Bool = false,
        maximumPages: Int? = nil
    ) throws(StorageError) {
        let file = try StorageFile(
            path: path, layout: OrderTables.layout, isReadOnly: isReadOnly, maximumPages: maximumPages)
        self.projection = projection
        self.path = path ?? "memory"
        queue = file.queue
        do {
            tables = try file.queue.writeWithoutTransaction { try ReadModelTables($0) }
        } catch {
            throw StorageError(error, path: self.path)
        }
    }

    /// Closes the file. Nothing can be asked of the read model afterwards.
    public func close() throws(StorageError) {
        do {
            queue.inDatabase { _ in tables.close() }
            try queue.close()
        } catch {
            throw StorageError(error, path: path)
        }
    }

    /// Does something with the tables in one transaction; what SQLite complains of becomes an error of the read model.
    func transaction<Answer>(
        isReading: Bool = false, _ body: (ReadModelTables) throws -> Answer
    ) throws(ReadModelError) -> Answer {
        do {
            return try queue.writeWithoutTransaction { _ in
                try tables.inTransaction(isReading: isReading) { try body(tables) }
            }
        } catch let error as ReadModelError {
            throw error
        } catch {
            throw .storage("\(StorageError(error, path: path))")
        }
    }

    /// What a run of a version begins with.
    public func load(_ version: Int) throws(ReadModelError) -> ProjectionStart {
        try transaction(isReading: true) { tables in
            let rows = try tables.rows(of: version)
            return ProjectionStart(
                loaded: .init(checkpoint: try tables.checkpoint(of: version), quarantined: try rows.waiting()),
                replayedThrough: try tables.serving().replayedThrough(for: version))
        }
    }

    /// Makes a batch's changes and moves the checkpoint, or does neither.
    public func commit(
        _ batch: ProjectionRun.Batch, _ events: [RecordedEvent], to version: Int, at now: Instant
    ) throws(ReadModelError) -> ProjectionCommit {
        try transaction { tables in
            var rows = try tables.rows(of: version)
            let stored = try tables.checkpoint(of: version) ?? .start
            guard try tables.serving().allows(batch.move, replayedThrough: batch.replayedThrough, by: version) else {
                return ProjectionCommit(.mismatch(stored: stored))
            }
            let outcome = batch.move.outcome(at: stored)
            guard outcome == .moved else { return ProjectionCommit(outcome) }
            let tags = try projection.take(batch, events, into: &rows, at: now)
            try tables.move(version, to: batch.move.to, at: now)
            return ProjectionCommit(.moved, tags: tags)
        }
    }

    /// Deals again with what was set aside, if all is as the run believes.
    public func replay(
        _ replay: ProjectionRun.Replay, in version: Int, at now: Instant
    ) throws(ReadModelError) -> ProjectionReplay {
        do throws(ReadModelError) {
            return try transaction { tables in
                var rows = try tables.rows(of: version)
                guard try tables.checkpoint(of: version) == replay.checkpoint,
                    let taken = try projection.take(replay, in: &rows, at: now)
                else { return ProjectionReplay(.changed) }
                return ProjectionReplay(.applied(taken.count, next: taken.next), tags: taken.tags)
            }
        } catch {
            guard case .event(_, let problem) = error else { throw error }
            return ProjectionReplay(.failedAgain(problem.failure))
        }
    }

    /// What is set aside in a version, in the order of the log.
    public func setAside(in version: Int) throws(ReadModelError) -> [SetAsideEvent] {
        try transaction(isReading: true) { try $0.rows(of: version).setAside() }
    }

    /// Lends the rows of the version that serves, to be read, and its checkpoint of the same moment.
    public func read<Answer>(
        _ body: (inout any OrderRows, Position) throws -> Answer
    ) throws(ReadModelError) -> Answer {
        try transaction(isReading: true) { tables in
            let version = try tables.serving().version
            var rows: any OrderRows = try tables.rows(of: version)
            return try body(&rows, try tables.checkpoint(of: version) ?? .start)
        }
    }
}
