import EventSourcing
import Foundation
import Storage
import Testing
import Timeline

@Suite("Event store in a file")
struct EventStoreFileTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func event(_ number: Int) -> EventData {
        EventData(
            id: EventID(high: 1, low: UInt64(number)), type: "Sampled", data: Array("{\"n\":\(number)}".utf8))
    }

    private func filled(_ count: Int) throws -> String {
        let path = folder.file("store.db")
        var store = try SQLiteEventStore(path: path)
        for number in 0..<count {
            let stream = try StreamName(category: "order", id: number % 3)
            try store.append([event(number)], to: stream, expecting: .any, at: .after(.seconds(Int64(number))))
        }
        try store.close()
        return path
    }

    @Test("what was appended is there when the file is opened again, and numbering goes on")
    func reopened() throws {
        let path = try filled(10)
        var store = try SQLiteEventStore(path: path)
        let page = try store.readLog(.all, from: nil, .forward, limit: 100)
        #expect(page.events.map { Int($0.event.id.low) } == Array(0..<10))
        let stream = try StreamName("order-0")
        let appended = try store.append([event(10)], to: stream, expecting: .exactly(StreamVersion(3)), at: .zero)
        #expect(appended.position == Position(11) && appended.lastVersion == StreamVersion(4))
        #expect(try store.append([event(0)], to: stream, expecting: .any, at: .zero).wasThere)
    }

    @Test("deletions, snapshots and the last position survive too")
    func reopenedAfterDeletion() throws {
        let path = try filled(9)
        var store = try SQLiteEventStore(path: path)
        let (first, last) = (try StreamName("order-0"), try StreamName("order-2"))
        try store.save(Snapshot(stream: first, version: StreamVersion(2), data: [7], takenAt: .zero))
        try store.delete(last, for: .forNow, expecting: .any, at: .zero)
        #expect(try store.scavenge(upTo: Position(9)) == 3)
        try store.close()
        store = try SQLiteEventStore(path: path)
        #expect(try store.snapshot(of: first)?.data == [7])
        let appended = try store.append([event(9)], to: last, expecting: .noStream, at: .zero)
        #expect(appended.position == Position(10), "position 9 was removed, and is not given out again")
        #expect(appended.lastVersion == StreamVersion(3))
    }

    @Test("a file can be written and read by two at once, and each sees what the other has stored")
    func two() throws {
        let path = try filled(3)
        var (one, other) = (try SQLiteEventStore(path: path), try SQLiteEventStore(path: path))
        let stream = try StreamName("order-0")
        try one.append([event(3)], to: stream, expecting: .exactly(.first), at: .zero)
        #expect(throws: EventStoreError.wrongVersion(stream, expected: .exactly(.first), actual: StreamVersion(1))) {
            try other.append([event(4)], to: stream, expecting: .exactly(.first), at: .zero)
        }
        try other.append([event(4)], to: try StreamName("new-1"), expecting: .noStream, at: .zero)
        #expect(try one.readLog(.category("new"), from: nil, .forward, limit: 9).events.count == 1)
    }

    @Test("read only: it can be read, and nothing can be appended")
    func readOnly() throws {
        let path = try filled(3)
        var store = try SQLiteEventStore(path: path, isReadOnly: true)
        #expect(try store.readLog(.all, from: nil, .forward, limit: 9).events.count == 3)
        #expect {
            try store.append([event(3)], to: try StreamName("order-0"), expecting: .any, at: .zero)
        } throws: { "\($0)".contains("may not be written") }
        #expect(throws: StorageError.absent(folder.file("none.db"), "event store")) {
            _ = try SQLiteEventStore(path: folder.file("none.db"), isReadOnly: true)
        }
        #expect(!FileManager.default.fileExists(atPath: folder.file("none.db")))
    }

    @Test("a finished store is one file, which needs nothing beside it to be read, and can be opened again")
    func finished() throws {
        let path = try filled(3)
        var store = try SQLiteEventStore(path: path)
        try store.append([event(3)], to: try StreamName("order-0"), expecting: .any, at: .zero)
        try store.finish()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["store.db"])
        // 1 in both places: no log beside it, https://sqlite.org/fileformat.html#file_format_version_numbers.
        let header = try Data(contentsOf: URL(fileURLWithPath: path)).prefix(20)
        #expect(Array(header.suffix(2)) == [1, 1])
        var reader = try SQLiteEventStore(path: path, isReadOnly: true)
        #expect(try reader.readLog(.all, from: nil, .forward, limit: 9).events.count == 4)
        try reader.close()
        store = try SQLiteEventStore(path: path)
        let appended = try store.append([event(4)], to: try StreamName("order-0"), expecting: .any, at: .zero)
        #expect(appended.position == Position(5))
    }

    @Test("a store that somebody else reads cannot be made one file, and is closed all the same")
    func finishedWhileRead() throws {
        let path = try filled(3)
        let (store, reader) = (try SQLiteEventStore(path: path), try SQLiteEventStore(path: path))
        #expect(throws: StorageError.locked(path)) { try store.finish() }
        try reader.close()
        var again = try SQLiteEventStore(path: path, isReadOnly: true)
        #expect(try again.readLog(.all, from: nil, .forward, limit: 9).events.count == 3)
    }

    @Test("a closed store says so")
    func closed() throws {
        var store = try SQLiteEventStore(path: folder.file("store.db"))
        try store.close()
        #expect(throws: EventStoreError.self) { _ = try store.readLog(.all, from: nil, .forward, limit: 1) }
    }

    @Test("anybody can query it: the view of events, with data as text")
    func view() throws {
        let path = try filled(4)
        let lines = try folder.shell(
            "SELECT position, stream, version, type, json_extract(data, '$.n') FROM events", path)
        #expect(
            lines == [
                "1|order-0|0|Sampled|0", "2|order-1|0|Sampled|1", "3|order-2|0|Sampled|2", "4|order-0|1|Sampled|3",
            ])
    }
}
