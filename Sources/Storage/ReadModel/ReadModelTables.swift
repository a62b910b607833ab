import CQRS
import EventSourcing
import GRDB
import Orders
import Timeline

/// The versions of a read model with their checkpoints, and which of them serves. To be used on the database's queue.
final class ReadModelTables {
    private let database: Database
    /// nil once the file is closed.
    private var statements: Statements?
    /// The tables of versions, each once it is asked for.
    private var versions: [Int: OrderTables] = [:]

    struct Statements {
        let begin, beginReading, commit, rollback: PreparedStatement
        let checkpoint, setCheckpoint, listVersions: PreparedStatement
        let serving, setServing: PreparedStatement

        init(_ database: Database) throws {
            func prepare(_ sql: String) throws -> PreparedStatement { try PreparedStatement(sql, in: database) }
            begin = try prepare("BEGIN IMMEDIATE")
            beginReading = try prepare("BEGIN")
            commit = try prepare("COMMIT")
            rollback = try prepare("ROLLBACK")
            checkpoint = try prepare("SELECT checkpoint FROM projection WHERE version = ?1")
            setCheckpoint = try prepare("UPDATE projection SET checkpoint = ?2, moved_at = ?3 WHERE version = ?1")
            listVersions = try prepare("SELECT version FROM projection ORDER BY version")
            serving = try prepare("SELECT * FROM serving")
            setServing = try prepare(
                """
                UPDATE serving SET version = ?1, since = ?2, previous = ?3, previous_since = ?4, candidate = ?5,
                  last_proposal = ?6
                """)
        }
    }

    init(_ database: Database) throws {
        self.database = database
        statements = try Statements(database)
    }

    func close() {
        statements = nil
        versions = [:]
    }

    func prepared() throws -> Statements {
        guard let statements else { throw ReadModelError.storage("the read model is closed") }
        return statements
    }

    /// Does all of it or none.
    func inTransaction<Answer>(isReading: Bool = false, _ body: () throws -> Answer) throws -> Answer {
        let statements = try prepared()
        try isReading ? statements.beginReading.run() : statements.begin.run()
        do {
            let answer = try body()
            try statements.commit.run()
            return answer
        } catch {
            // Tables that were made in it are not there any more.
            versions = [:]
            if database.isInsideTransaction { try? statements.rollback.run() }
            throw error
        }
    }

    /// Where a version is; nil if there is no such version.
    func checkpoint(of version: Int) throws -> Position? {
        let find = try prepared().checkpoint
        find.bind(Int64(version), at: 1)
        return try find.number().map { Position($0) }
    }

    func move(_ version: Int, to position: Position, at now: Instant) throws {
        let set = try prepared().setCheckpoint
        set.bind(Int64(version), at: 1)
        set.bind(position.number, at: 2)
        set.bind(now.nanoseconds, at: 3)
        try set.run()
    }

    /// The rows of a version.
    func rows(of version: Int) throws -> OrderTables {
        if let tables = versions[version] { return tables }
        guard try checkpoint(of: version) != nil else { throw ReadModelError.noVersion(version) }
        let tables = try OrderTables(version, in: database)
        versions[version] = tables
        return tables
    }

    /// Makes a version's tables unless they are there.
    func make(_ version: Int) throws {
        guard try checkpoint(of: version) == nil else { return }
        try database.execute(sql: OrderTables.schema(of: version))
    }

    /// Drops a version's tables if they are there.
    func drop(_ version: Int) throws {
        guard try checkpoint(of: version) != nil else { return }
        versions[version] = nil
        try database.execute(sql: OrderTables.dropping(version))
    }

    /// Lets the views show a version.
    func show(_ version: Int) throws { try database.execute(sql: OrderTables.views(of: version)) }

    /// All versions, in order.
    func all() throws -> [Int] {
        let list = try prepared().listVersions
        defer { list.reset() }
        var versions: [Int] = []
        while try list.step() { versions.append(Int(list.number(0))) }
        return versions
    }
}
