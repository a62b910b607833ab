import EventSourcing
import Foundation
import Storage
import Testing
import Timeline

@Suite("Event store after a crash")
struct CrashTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    /// A store that is still open, with appends of three events each, the numbers in their ids.
    private func filled(_ appends: Int) throws -> SQLiteEventStore {
        var store = try SQLiteEventStore(path: folder.file("store.db"))
        for append in 0..<appends {
            let events = (0..<3).map { EventData(id: EventID(high: 1, low: UInt64(append * 3 + $0)), type: "Sampled") }
            try store.append(events, to: try StreamName("order-\(append % 5)"), expecting: .any, at: .zero)
        }
        return store
    }

    /// What the files are at this moment: what is left of a process that is killed now.
    private func image(cuttingLogAt share: Double = 1) throws -> String {
        let copy = folder.file("copy.db")
        for suffix in ["", "-wal"] {
            var bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file("store.db") + suffix))
            if suffix == "-wal" { bytes = bytes.prefix(Int(Double(bytes.count) * share)) }
            try bytes.write(to: URL(fileURLWithPath: copy + suffix))
        }
        return copy
    }

    @Test("a killed process loses nothing that was appended")
    func killed() throws {
        let store = try filled(500)
        var copy = try SQLiteEventStore(path: try image())
        let page = try copy.readLog(.all, from: nil, .forward, limit: 4_096)
        #expect(page.events.map { Int($0.event.id.low) } == Array(0..<1_500))
        try store.close()
    }

    @Test("a power cut loses what came last, and only whole appends", arguments: [0.1, 0.35, 0.6, 0.85, 0.99])
    func powerCut(share: Double) throws {
        let store = try filled(500)
        var copy = try SQLiteEventStore(path: try image(cuttingLogAt: share))
        let numbers = try copy.readLog(.all, from: nil, .forward, limit: 4_096).events.map { Int($0.event.id.low) }
        #expect(numbers == Array(0..<numbers.count) && numbers.count.isMultiple(of: 3))
        #expect(numbers.count < 1_500)
        let event = EventData(id: EventID(high: 2, low: 2), type: "Sampled")
        let appended = try copy.append([event], to: try StreamName("new-1"), expecting: .noStream, at: .zero)
        #expect(appended.position == Position(Int64(numbers.count) + 1))
        try store.close()
    }

    @Test("a file whose maker was killed before it was laid out is laid out by the next")
    func blank() throws {
        let store = try filled(1)
        let path = try image(cuttingLogAt: 0)
        #expect(throws: StorageError.absent(path, "event store")) {
            _ = try SQLiteEventStore(path: path, isReadOnly: true)
        }
        var copy = try SQLiteEventStore(path: path)
        #expect(try copy.readLog(.all, from: nil, .forward, limit: 1).head == .start)
        try copy.close()
        try store.close()
    }
}
