import EventSourcing
import Testing
import Timeline

@Suite("Contract: truncating and deleting")
struct DeletionTests {
    private let stream: StreamName

    init() throws {
        stream = try StreamName("order-1")
    }

    private func store(_ backend: Backend, events: Int = 3) throws -> any EventStore {
        var store = try backend.makeStore()
        try store.append(.samples(0..<events), to: stream, expecting: .noStream, at: .zero)
        return store
    }

    @Test("KurrentDB: what is truncated cannot be read, the rest can", arguments: Backend.allCases)
    func truncated(backend: Backend) throws {
        var store = try store(backend, events: 5)
        try store.truncate(stream, before: StreamVersion(2))
        #expect(try store.numbers(in: stream) == [2, 3, 4])
        try store.truncate(stream, before: StreamVersion(1))
        #expect(try store.numbers(in: stream) == [2, 3, 4], "what is hidden stays hidden")
        let back = try store.read(stream, from: nil, .backward, limit: 9)
        #expect(back.events.map(\.event.number) == [4, 3, 2] && back.next == nil)
        #expect(try store.read(stream, from: .first, .forward, limit: 1).events.map(\.event.number) == [2])
        try store.truncate(stream, before: StreamVersion(.max))
        #expect(try store.numbers(in: stream) == [])
        #expect(try store.state(of: stream).nextVersion == StreamVersion(5))
    }

    @Test(
        "KurrentDB soft_delete: written again, the numbering goes on and the old stays hidden",
        arguments: Backend.allCases)
    func softDeleted(backend: Backend) throws {
        var store = try store(backend)
        try store.delete(stream, for: .forNow, expecting: .at(2), at: .zero)
        #expect(try store.numbers(in: stream) == [])
        let appended = try store.append(.samples(3...4), to: stream, expecting: .noStream, at: .zero)
        #expect(appended.lastVersion == StreamVersion(4))
        #expect(try store.numbers(in: stream) == [3, 4])
        #expect(try store.logged() == [0, 1, 2, 3, 4], "the log still has them")
    }

    @Test("KurrentDB deleting_stream: what it takes to delete, and nothing twice", arguments: Backend.allCases)
    func hardDeleted(backend: Backend) throws {
        var store = try store(backend)
        #expect(throws: EventStoreError.wrongVersion(stream, expected: .at(1), actual: StreamVersion(2))) {
            try store.delete(stream, for: .forEver, expecting: .at(1), at: .zero)
        }
        try store.delete(stream, for: .forEver, expecting: .at(2), at: .zero)
        #expect(throws: EventStoreError.streamDeleted(stream)) {
            try store.delete(stream, for: .forEver, expecting: .any, at: .zero)
        }
        #expect(throws: EventStoreError.streamDeleted(stream)) {
            try store.read(stream, from: nil, .forward, limit: 1)
        }
        let absent = try StreamName("order-2")
        try store.delete(absent, for: .forEver, expecting: .noStream, at: .zero)
        #expect(throws: EventStoreError.streamDeleted(absent)) {
            try store.append(.samples([0]), to: absent, expecting: .any, at: .zero)
        }
    }

    @Test("a tombstone is the last event of its stream in the log", arguments: Backend.allCases)
    func tombstone(backend: Backend) throws {
        var store = try store(backend)
        try store.delete(stream, for: .forEver, expecting: .any, at: .ms(7))
        let last = try #require(try store.readLog(.category("order"), from: nil, .backward, limit: 1).events.first)
        #expect(last.isTombstone && last.stream == stream && last.position == Position(4))
        #expect(last.version == StreamVersion(3) && last.recordedAt == .ms(7))
    }

    @Test(
        "scavenging removes what is hidden from the log, up to a position, and nothing else",
        arguments: Backend.allCases)
    func scavenged(backend: Backend) throws {
        var store = try store(backend, events: 4)
        let other = try StreamName("order-2")
        try store.append(.samples(10...11), to: other, expecting: .noStream, at: .zero)
        try store.truncate(stream, before: StreamVersion(3))
        #expect(try store.scavenge(upTo: Position(2)) == 2)
        #expect(try store.logged() == [2, 3, 10, 11])
        try store.delete(other, for: .forEver, expecting: .any, at: .zero)
        #expect(try store.scavenge(upTo: Position(99)) == 3)
        let left = try store.readLog(.all, from: nil, .forward, limit: 9)
        #expect(left.events.map(\.position) == [Position(4), Position(7)])
        #expect(left.events.last?.isTombstone == true)
        #expect(left.reached == Position(7) && left.isEnd)
        #expect(try store.numbers(in: stream) == [3])
        let appended = try store.append(.samples([12]), to: stream, expecting: .at(3), at: .zero)
        #expect(appended.position == Position(8), "a position is never given out twice")
    }

    @Test("a repeated append is known while its events are there, hidden or not", arguments: Backend.allCases)
    func repeated(backend: Backend) throws {
        var store = try store(backend)
        try store.delete(stream, for: .forNow, expecting: .any, at: .zero)
        #expect(try store.append(.samples(0...2), to: stream, expecting: .any, at: .zero).wasThere)
        #expect(try store.append(.samples(0...2), to: stream, expecting: .noStream, at: .zero).wasThere)
        #expect(try store.numbers(in: stream) == [])
    }
}
