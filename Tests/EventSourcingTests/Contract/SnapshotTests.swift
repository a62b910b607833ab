import EventSourcing
import Testing
import Timeline

@Suite("Contract: snapshots")
struct SnapshotTests {
    private let stream: StreamName

    init() throws {
        stream = try StreamName("order-1")
    }

    private func snapshot(_ version: Int64, _ data: [UInt8] = [1]) -> Snapshot {
        Snapshot(stream: stream, version: StreamVersion(version), schema: 2, data: data, takenAt: .ms(9))
    }

    @Test("the latest is kept as it was given; an older one does not replace it", arguments: Backend.allCases)
    func latest(backend: Backend) throws {
        var store = try backend.makeStore()
        try store.append(.samples(0...9), to: stream, expecting: .noStream, at: .zero)
        #expect(try store.snapshot(of: stream) == nil)
        try store.save(snapshot(4))
        try store.save(snapshot(9, [7, 0, 7]))
        try store.save(snapshot(4))
        #expect(try store.snapshot(of: stream) == snapshot(9, [7, 0, 7]))
        try store.save(snapshot(9, [8]))
        #expect(try store.snapshot(of: stream) == snapshot(9, [8]))
    }

    @Test("one that the stream's events do not bear out is not handed out", arguments: Backend.allCases)
    func notBorneOut(backend: Backend) throws {
        var store = try backend.makeStore()
        try store.save(snapshot(4))
        #expect(try store.snapshot(of: stream) == nil)
        try store.append(.samples(0...9), to: stream, expecting: .noStream, at: .zero)
        #expect(try store.snapshot(of: stream) == snapshot(4))
        try store.truncate(stream, before: StreamVersion(5))
        #expect(try store.snapshot(of: stream) == snapshot(4), "it stands for what is hidden")
        try store.truncate(stream, before: StreamVersion(6))
        #expect(try store.snapshot(of: stream) == nil, "event 5 is missing")
        try store.save(snapshot(9))
        #expect(try store.snapshot(of: stream) == snapshot(9))
        try store.delete(stream, for: .forNow, expecting: .any, at: .zero)
        #expect(try store.snapshot(of: stream) == nil)
        try store.append(.samples([10]), to: stream, expecting: .any, at: .zero)
        #expect(try store.snapshot(of: stream) == nil)
    }

    @Test("none is left of a stream that was deleted for ever", arguments: Backend.allCases)
    func deleted(backend: Backend) throws {
        var store = try backend.makeStore()
        try store.append(.samples(0...9), to: stream, expecting: .noStream, at: .zero)
        try store.save(snapshot(4))
        try store.delete(stream, for: .forEver, expecting: .any, at: .zero)
        try store.save(snapshot(9))
        #expect(try store.snapshot(of: stream) == nil)
    }
}
