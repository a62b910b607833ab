import EventSourcing
import GRDB

/// The tables of an event store, with the statements that read and change them. To be used on the database's queue.
final class EventTables {
    let database: Database
    /// nil once the file is closed.
    var statements: EventStatements?
    /// The numbers of streams by their names, and the other way round; never changed once given.
    var streamNumbers: [StreamName: Int64] = [:]
    var streamNames: [Int64: StreamName] = [:]
    var categoryNumbers: [String: Int64] = [:]
    var typeNumbers: [String: Int64] = [:]
    var typeNames: [Int64: String] = [:]
    /// The last block that is noted for each category.
    var notedBlocks: [Int64: Int64] = [:]

    init(_ database: Database) throws {
        self.database = database
        statements = try EventStatements(database)
    }

    func prepared() throws -> EventStatements {
        guard let statements else { throw EventStoreError.storage("the event store is closed") }
        return statements
    }

    /// Does all of it or none.
    func inTransaction<Answer>(_ body: () throws -> Answer) throws -> Answer {
        let statements = try prepared()
        try statements.begin.run()
        do {
            let answer = try body()
            try statements.commit.run()
            return answer
        } catch {
            // What was numbered in it is not there any more.
            forgetNumbers()
            if database.isInsideTransaction { try? statements.rollback.run() }
            throw error
        }
    }

    private func forgetNumbers() {
        streamNumbers = [:]
        streamNames = [:]
        categoryNumbers = [:]
        typeNumbers = [:]
        typeNames = [:]
        notedBlocks = [:]
    }

    /// The last position that was given out.
    func head() throws -> Int64 {
        try prepared().head.number() ?? 0
    }

    /// The number of a stream; nil if there is none of this name.
    func number(of stream: StreamName) throws -> Int64? {
        if let number = streamNumbers[stream] { return number }
        let find = try prepared().findStream
        find.bind(stream.text, at: 1)
        guard let number = try find.number() else { return nil }
        remember(stream, number)
        return number
    }

    /// The number of a stream, a new one for a new stream.
    func numberAdding(_ stream: StreamName) throws -> Int64 {
        if let number = try number(of: stream) { return number }
        let add = try prepared().addStream
        add.bind(stream.text, at: 1)
        add.bind(try number(ofCategory: String(stream.category), adding: true) ?? 0, at: 2)
        let number = try add.number() ?? 0
        remember(stream, number)
        return number
    }

    private func remember(_ stream: StreamName, _ number: Int64) {
        // Names are kept for speed alone; a store of millions of streams must not fill the memory.
        if streamNumbers.count >= Self.namesKept {
            streamNumbers = [:]
            streamNames = [:]
        }
        streamNumbers[stream] = number
        streamNames[number] = stream
    }

    private static let namesKept = 50_000

    /// The name of a stream.
    func name(ofStream number: Int64) throws -> StreamName {
        if let name = streamNames[number] { return name }
        let find = try prepared().streamName
        find.bind(number, at: 1)
        guard try find.step() else { throw EventStoreError.corrupt("there is no stream \(number)") }
        defer { find.reset() }
        guard let name = try? StreamName(find.text(0)) else {
            throw EventStoreError.corrupt("stream \(number) has no proper name")
        }
        remember(name, number)
        return name
    }

    /// The number of a category; nil if there is none of this name and none is to be added.
    func number(ofCategory name: String, adding: Bool) throws -> Int64? {
        try number(
            of: name, in: \.categoryNumbers, find: try prepared().findCategory,
            add: adding ? try prepared().addCategory : nil)
    }

    /// The number of an event type; nil if there is none of this name and none is to be added.
    func number(ofType name: String, adding: Bool) throws -> Int64? {
        try number(
            of: name, in: \.typeNumbers, find: try prepared().findType, add: adding ? try prepared().addType : nil)
    }

    private func number(
        of name: String, in known: ReferenceWritableKeyPath<EventTables, [String: Int64]>, find: PreparedStatement,
        add: PreparedStatement?
    ) throws -> Int64? {
        if let number = self[keyPath: known][name] { return number }
        find.bind(name, at: 1)
        var number = try find.number()
        if number == nil, let add {
            add.bind(name, at: 1)
            number = try add.number()
        }
        self[keyPath: known][name] = number
        return number
    }

    /// The name of an event type.
    func name(ofType number: Int64) throws -> String {
        if let name = typeNames[number] { return name }
        let find = try prepared().typeName
        find.bind(number, at: 1)
        guard try find.step() else { throw EventStoreError.corrupt("there is no event type \(number)") }
        defer { find.reset() }
        let name = find.text(0)
        typeNames[number] = name
        return name
    }
}
