import EventSourcing
import Testing
import Timeline

@Suite("Contract: appends to several streams")
struct AtomicAppendTests {
    static let backends = Backend.allCases.filter(\.isOnePlace)

    @Test("all of them take place, or none", arguments: backends)
    func allOrNone(backend: Backend) throws {
        var store = try backend.makeStore()
        let (order, stock) = (try StreamName("order-1"), try StreamName("order-1#stock"))
        let both = [
            StreamAppend(.samples(0...1), to: order, expecting: .noStream),
            StreamAppend(.samples([2]), to: stock, expecting: .noStream),
        ]
        let appended = try store.append(both, at: .ms(5))
        #expect(appended.map(\.lastVersion) == [StreamVersion(1), StreamVersion(0)])
        #expect(try store.logged() == [0, 1, 2])
        let mixed = [
            StreamAppend(.samples([3]), to: order, expecting: .at(1)),
            StreamAppend(.samples([4]), to: stock, expecting: .at(7)),
        ]
        #expect(throws: EventStoreError.wrongVersion(stock, expected: .at(7), actual: StreamVersion(0))) {
            _ = try store.append(mixed, at: .ms(6))
        }
        #expect(try store.logged() == [0, 1, 2])
    }

    @Test("repeated whole, they were there; repeated in part, they are refused", arguments: backends)
    func repeated(backend: Backend) throws {
        var store = try backend.makeStore()
        let (order, stock) = (try StreamName("order-1"), try StreamName("order-1#stock"))
        let both = [
            StreamAppend(.samples([0]), to: order, expecting: .noStream),
            StreamAppend(.samples([1]), to: stock, expecting: .noStream),
        ]
        let first = try store.append(both, at: .zero)
        let second = try store.append(both, at: .zero)
        #expect(second.allSatisfy(\.wasThere) && second.map(\.position) == first.map(\.position))
        #expect(throws: EventStoreError.partlyThere(order)) {
            _ = try store.append([both[0], StreamAppend(.samples([2]), to: stock, expecting: .at(0))], at: .zero)
        }
        #expect(try store.logged() == [0, 1])
    }

    @Test("KurrentDB 26.1: a stream can be checked without being written", arguments: Backend.allCases)
    func checked(backend: Backend) throws {
        var store = try backend.makeStore()
        let (order, stock) = (try StreamName("order-1"), try StreamName("order-1#stock"))
        try store.append(.samples([0]), to: stock, expecting: .noStream, at: .zero)
        let write = StreamAppend(.samples([1]), to: order, expecting: .noStream)
        #expect(throws: EventStoreError.wrongVersion(stock, expected: .noStream, actual: .first)) {
            _ = try store.append([write, StreamAppend([], to: stock, expecting: .noStream)], at: .zero)
        }
        #expect(try store.logged() == [0])
        _ = try store.append([write, StreamAppend([], to: stock, expecting: .at(0))], at: .zero)
        #expect(try store.logged() == [0, 1])
    }

    @Test(
        "KurrentDB: a whole repetition was there, even if what it checked has changed since",
        arguments: Backend.allCases)
    func repeatedWithCheck(backend: Backend) throws {
        var store = try backend.makeStore()
        let (order, stock) = (try StreamName("order-1"), try StreamName("order-1#stock"))
        let batch = [
            StreamAppend([], to: stock, expecting: .noStream),
            StreamAppend(.samples(0...1), to: order, expecting: .noStream),
        ]
        let first = try store.append(batch, at: .zero)
        try store.append(.samples([5]), to: stock, expecting: .any, at: .zero)
        let second = try store.append(batch, at: .zero)
        #expect(second[1].wasThere && second[1].position == first[1].position)
    }

    @Test("a stream may stand in them once", arguments: Backend.allCases)
    func twice(backend: Backend) throws {
        var store = try backend.makeStore()
        let order = try StreamName("order-1")
        let append = StreamAppend(.samples([0]), to: order, expecting: .any)
        #expect(throws: EventStoreError.streamTwice(order)) { _ = try store.append([append, append], at: .zero) }
        #expect(try store.logged() == [])
    }

    @Test("pyeventsourcing: one conflict, and nothing of a batch is stored", arguments: Backend.allCases)
    func conflict(backend: Backend) throws {
        var store = try backend.makeStore()
        let stream = try StreamName("order-1")
        try store.append(.samples(0...2), to: stream, expecting: .noStream, at: .zero)
        #expect(throws: EventStoreError.self) {
            try store.append(.samples(2...5), to: stream, expecting: .at(1), at: .zero)
        }
        #expect(try store.numbers(in: stream) == [0, 1, 2])
    }

    @Test("pyeventsourcing: the positions of two batches do not interleave", arguments: Backend.allCases)
    func interleaving(backend: Backend) throws {
        var store = try backend.makeStore()
        let (one, other) = (try StreamName("order-1"), try StreamName("order-2"))
        let first = try store.append(.samples(0..<10_000), to: one, expecting: .noStream, at: .zero)
        let second = try store.append(.samples(10_000..<20_000), to: other, expecting: .noStream, at: .zero)
        #expect(first.position == Position(10_000) && second.position == Position(20_000))
    }
}
