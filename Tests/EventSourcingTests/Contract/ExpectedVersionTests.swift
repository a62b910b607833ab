import EventSourcing
import Testing
import Timeline

@Suite("Contract: expected versions")
struct ExpectedVersionTests {
    /// What a stream has gone through before the append.
    enum Past: Sendable {
        case never, threeEvents, deletedForNow, writtenAgain, truncated, hidden, deletedForEver

        func happen(to stream: StreamName, in store: inout any EventStore) throws {
            guard self != .never else { return }
            try store.append(.samples(0...2), to: stream, expecting: .noStream, at: .zero)
            switch self {
            case .never, .threeEvents: break
            case .deletedForNow: try store.delete(stream, for: .forNow, expecting: .any, at: .zero)
            case .writtenAgain:
                try store.delete(stream, for: .forNow, expecting: .any, at: .zero)
                try store.append(.samples([3]), to: stream, expecting: .noStream, at: .zero)
            case .hidden: try store.truncate(stream, before: StreamVersion(3))
            case .truncated: try store.truncate(stream, before: StreamVersion(2))
            case .deletedForEver: try store.delete(stream, for: .forEver, expecting: .any, at: .zero)
            }
        }
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let past: Past
        let expected: ExpectedVersion
        /// The version that the new event gets; nil if it is refused.
        let version: Int64?
        /// Whether it is refused since the stream was deleted, not for its version.
        var isDeleted = false

        var testDescription: String { "\(past), \(expected)" }
    }

    /// Sources: KurrentDB's `append_to_stream.cs`, `soft_delete.cs` and `deleting_stream.cs`, message-db's
    /// `write-message-expected-version` tests, completed to every pair.
    static let rows: [Row] = [
        Row(past: .never, expected: .any, version: 0),
        Row(past: .never, expected: .noStream, version: 0),
        Row(past: .never, expected: .streamExists, version: nil),
        Row(past: .never, expected: .at(0), version: nil),
        Row(past: .never, expected: .at(1), version: nil),
        Row(past: .threeEvents, expected: .any, version: 3),
        Row(past: .threeEvents, expected: .noStream, version: nil),
        Row(past: .threeEvents, expected: .streamExists, version: 3),
        Row(past: .threeEvents, expected: .at(1), version: nil),
        Row(past: .threeEvents, expected: .at(2), version: 3),
        Row(past: .threeEvents, expected: .at(3), version: nil),
        Row(past: .threeEvents, expected: .at(.max), version: nil),
        Row(past: .threeEvents, expected: .at(-1), version: nil),
        Row(past: .threeEvents, expected: .at(.min), version: nil),
        Row(past: .deletedForNow, expected: .any, version: 3),
        Row(past: .deletedForNow, expected: .noStream, version: 3),
        Row(past: .deletedForNow, expected: .streamExists, version: nil, isDeleted: true),
        Row(past: .deletedForNow, expected: .at(2), version: 3),
        Row(past: .deletedForNow, expected: .at(1), version: nil),
        Row(past: .writtenAgain, expected: .any, version: 4),
        Row(past: .writtenAgain, expected: .noStream, version: nil),
        Row(past: .writtenAgain, expected: .streamExists, version: 4),
        Row(past: .writtenAgain, expected: .at(3), version: 4),
        Row(past: .truncated, expected: .any, version: 3),
        Row(past: .truncated, expected: .noStream, version: nil),
        Row(past: .truncated, expected: .streamExists, version: 3),
        Row(past: .truncated, expected: .at(2), version: 3),
        Row(past: .hidden, expected: .noStream, version: nil),
        Row(past: .hidden, expected: .streamExists, version: 3),
        Row(past: .deletedForEver, expected: .any, version: nil, isDeleted: true),
        Row(past: .deletedForEver, expected: .noStream, version: nil, isDeleted: true),
        Row(past: .deletedForEver, expected: .streamExists, version: nil, isDeleted: true),
        Row(past: .deletedForEver, expected: .at(2), version: nil, isDeleted: true),
        Row(past: .deletedForEver, expected: .at(3), version: nil, isDeleted: true),
    ]

    @Test("each expected version after each past", arguments: Backend.allCases, rows)
    func table(backend: Backend, row: Row) throws {
        var store = try backend.makeStore()
        let stream = try StreamName("order-1")
        try row.past.happen(to: stream, in: &store)
        let logged = try store.logged()
        do throws(EventStoreError) {
            let appended = try store.append(.samples([99]), to: stream, expecting: row.expected, at: .zero)
            #expect(appended.lastVersion?.number == row.version)
        } catch {
            #expect(row.version == nil, "\(error)")
            let actual: StreamVersion? = row.past == .never ? nil : StreamVersion(row.past == .writtenAgain ? 3 : 2)
            let reason: EventStoreError =
                row.isDeleted ? .streamDeleted(stream) : .wrongVersion(stream, expected: row.expected, actual: actual)
            #expect(error == reason, "\(row)")
        }
        #expect(try store.logged() == logged + (row.version == nil ? [] : [99]))
    }

    @Test("KurrentDB: no events for a new stream store nothing", arguments: Backend.allCases)
    func emptyAppend(backend: Backend) throws {
        for expected in [ExpectedVersion.any, .noStream] {
            var store = try backend.makeStore()
            let stream = try StreamName("order-1")
            let appended = try store.append([], to: stream, expecting: expected, at: .zero)
            #expect(appended == Appended(lastVersion: nil, position: nil, wasThere: false))
            #expect(try store.state(of: stream) == .none)
            #expect(try store.append(.samples([0]), to: stream, expecting: .noStream, at: .zero).lastVersion == .first)
        }
    }

    @Test("KurrentDB: the same four events twice, wherever: version 3 both times", arguments: Backend.allCases)
    func fourTwice(backend: Backend) throws {
        var store = try backend.makeStore()
        let stream = try StreamName("order-1")
        for _ in 0..<2 {
            let appended = try store.append(.samples(0...3), to: stream, expecting: .any, at: .zero)
            #expect(appended.lastVersion == StreamVersion(3))
        }
        #expect(try store.numbers(in: stream) == [0, 1, 2, 3])
    }

    @Test("an append without events checks the version", arguments: Backend.allCases)
    func check(backend: Backend) throws {
        var store = try backend.makeStore()
        let stream = try StreamName("order-1")
        try store.append(.samples(0...1), to: stream, expecting: .noStream, at: .zero)
        #expect(try store.append([], to: stream, expecting: .at(1), at: .zero).lastVersion == StreamVersion(1))
        #expect(throws: EventStoreError.wrongVersion(stream, expected: .at(0), actual: StreamVersion(1))) {
            try store.append([], to: stream, expecting: .at(0), at: .zero)
        }
    }

    @Test("KurrentDB: an append that is too large is refused whole, and its version stays usable")
    func tooLarge() throws {
        for backend in Backend.allCases {
            var store = try backend.makeStore(limits: AppendLimits(events: 3, bytes: 10))
            let stream = try StreamName("order-1")
            #expect(throws: EventStoreError.tooLarge(what: "events", given: 4, limit: 3)) {
                try store.append(.samples(0...3), to: stream, expecting: .noStream, at: .zero)
            }
            #expect(throws: EventStoreError.tooLarge(what: "bytes", given: 11, limit: 10)) {
                let heavy = EventData.sample(0, data: [UInt8](repeating: 1, count: 11))
                try store.append([heavy], to: stream, expecting: .noStream, at: .zero)
            }
            #expect(try store.logged() == [])
            #expect(try store.append(.samples(0...2), to: stream, expecting: .noStream, at: .zero).position != nil)
        }
    }

    @Test("metrics: appends, repetitions, conflicts and refusals are told apart", arguments: Backend.allCases)
    func metrics(backend: Backend) throws {
        var store = try backend.makeStore()
        let stream = try StreamName("order-1")
        try store.append(.samples(0...2), to: stream, expecting: .noStream, at: .zero)
        try store.append(.samples(0...2), to: stream, expecting: .noStream, at: .zero)
        _ = try? store.append(.samples([7]), to: stream, expecting: .at(7), at: .zero)
        try store.delete(stream, for: .forEver, expecting: .any, at: .zero)
        _ = try? store.append(.samples([7]), to: stream, expecting: .any, at: .zero)
        let metrics = store.metrics
        #expect([metrics.appends, metrics.eventsAppended, metrics.repeatedAppends] == [1, 3, 1])
        #expect([metrics.conflicts, metrics.refusals] == [1, 1])
    }
}
