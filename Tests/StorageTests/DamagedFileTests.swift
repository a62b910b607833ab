import EventSourcing
import Foundation
import Storage
import Testing
import Timeline

@Suite("Files that are not what they should be")
struct DamagedFileTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func filled(_ count: Int = 200) throws -> String {
        let path = folder.file("store.db")
        var store = try SQLiteEventStore(path: path)
        for number in 0..<count {
            let event = EventData(
                id: EventID(high: 1, low: UInt64(number)), type: "Sampled", data: [UInt8](repeating: 65, count: 200))
            try store.append([event], to: try StreamName("order-\(number % 7)"), expecting: .any, at: .zero)
        }
        try store.close()
        return path
    }

    private func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

    private func write(_ bytes: [UInt8], to path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    @Test(
        "a file of another kind is named as such, and is not touched",
        arguments: [
            Array("no database at all, but long enough to have a header of one hundred bytes ".utf8)
                + [UInt8](repeating: 33, count: 100), Array("short".utf8), [UInt8](repeating: 0, count: 4_096),
        ])
    func foreign(content: [UInt8]) throws {
        let path = folder.file("foreign")
        try write(content, to: path)
        #expect { _ = try SQLiteEventStore(path: path) } throws: {
            "\($0)".contains("no event store of sagascope")
        }
        #expect(try bytes(path) == content)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["foreign"])
    }

    @Test("another program's database is named as such, and is not touched")
    func foreignDatabase() throws {
        let path = try filled(1)
        var content = try bytes(path)
        // The application id stands at byte 68 of the header.
        content.replaceSubrange(68..<72, with: [0, 0, 0, 1])
        try write(content, to: path)
        #expect(throws: StorageError.foreign(path, "event store")) { _ = try SQLiteEventStore(path: path) }
        #expect(try bytes(path) == content)
    }

    @Test("a file of a newer program is named as such")
    func newer() throws {
        let path = try filled(1)
        var content = try bytes(path)
        // The user version stands at byte 60.
        content.replaceSubrange(60..<64, with: [0, 0, 0, 9])
        try write(content, to: path)
        #expect(throws: StorageError.newer(path, "event store", version: 9, known: 1)) {
            _ = try SQLiteEventStore(path: path)
        }
    }

    @Test("an empty file becomes a store")
    func empty() throws {
        let path = folder.file("empty")
        try write([], to: path)
        var store = try SQLiteEventStore(path: path)
        #expect(try store.readLog(.all, from: nil, .forward, limit: 1).isEnd)
    }

    @Test(
        "a file cut short, or with pages overwritten, gives an error or what is there, never a crash", arguments: 1...60
    )
    func damaged(seed: UInt64) throws {
        var random = RandomStream(seed: seed, name: "damage", purpose: "test")
        let path = try filled()
        var content = try bytes(path)
        if random.chance(0.4) {
            content.removeLast(Int(random.below(UInt64(content.count))))
        } else {
            for _ in 0..<(1 + random.below(40)) {
                content[100 + Int(random.below(UInt64(content.count - 100)))] = UInt8(random.below(256))
            }
        }
        try write(content, to: path)
        do {
            var store = try SQLiteEventStore(path: path)
            var position: Position?
            while true {
                let page = try store.readLog(.all, from: position, .forward, limit: 64)
                position = page.reached
                if page.isEnd { break }
            }
            for number in 0..<7 {
                _ = try store.read(try StreamName("order-\(number)"), from: nil, .backward, limit: 4_096)
            }
            try store.append(
                [EventData(id: EventID(high: 9, low: 9), type: "More")], to: try StreamName("order-1"),
                expecting: .any, at: .zero)
        } catch let error as StorageError {
            #expect(!"\(error)".contains("\n"))
        } catch let error as EventStoreError {
            #expect(!"\(error)".contains("\n"))
        }
    }

    @Test("a folder that may not be written", .disabled(if: getuid() == 0, "root may write everywhere"))
    func readOnlyFolder() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
        #expect(throws: StorageError.readOnly(folder.file("store.db"))) {
            _ = try SQLiteEventStore(path: folder.file("store.db"))
        }
    }

    @Test("a folder that is not there")
    func absentFolder() throws {
        #expect { _ = try SQLiteEventStore(path: folder.file("none/store.db")) } throws: {
            "\($0)".contains("does its folder exist")
        }
    }

    @Test("a full disk: the append is refused in one line, what was stored is intact, and it goes on with room")
    func full() throws {
        // A limit on the file's pages has SQLite say what a full disk has it say.
        let path = folder.file("store.db")
        var store = try SQLiteEventStore(path: path, maximumPages: 40)
        let stream = try StreamName("order-1")
        var stored = 0
        let refusal = #expect(throws: EventStoreError.self) {
            while stored < 10_000 {
                let event = EventData(
                    id: EventID(high: 1, low: UInt64(stored)), type: "Sampled", data: [UInt8](repeating: 65, count: 500)
                )
                try store.append([event], to: stream, expecting: .any, at: .zero)
                stored += 1
            }
        }
        #expect(refusal.map { "\($0)".contains("the disk is full") } == true)
        #expect(stored > 50)
        try store.close()
        var again = try SQLiteEventStore(path: path)
        #expect(try again.read(stream, from: nil, .forward, limit: 4_096).events.count == stored)
        let event = EventData(id: EventID(high: 2, low: 2), type: "Sampled")
        #expect(
            try again.append([event], to: stream, expecting: .any, at: .zero).lastVersion
                == StreamVersion(Int64(stored)))
    }
}
