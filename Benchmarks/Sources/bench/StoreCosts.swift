import EventSourcing
import Foundation
import ReferenceStore
import Storage
import Timeline

/// What it costs to append events and to read them: in memory, and in a file beside the same statements through
/// SQLite's C API. A file's time is that of the clock, since the disk is part of it.
enum StoreCosts {
    private static let dataSize = 120
    private static let streams = 1_000

    static func measure() throws -> [Result] {
        [try memoryAppend()] + (try fileAppend(batch: 100, count: 2_000, goal: 150_000))
            + (try fileAppend(batch: 1, count: 20_000, goal: 15_000)) + (try replay(count: 3_000))
    }

    /// Events, ready made, so that only the appending is measured.
    private static func batches(_ count: Int, of size: Int) -> [[EventData]] {
        let data = [UInt8](repeating: UInt8(ascii: "a"), count: dataSize)
        return (0..<count).map { batch in
            (0..<size).map { place in
                let id = EventID(high: RandomStream.scramble(UInt64(batch * size + place + 1)), low: UInt64(batch))
                return EventData(id: id, type: "OrderCreated", data: data, correlation: id, causation: id)
            }
        }
    }

    private static func names() throws -> [StreamName] {
        try (1...streams).map { try StreamName(category: "order", id: $0) }
    }

    private static func append(
        _ batches: [[EventData]], to streams: [StreamName], in store: inout some EventStore
    ) throws {
        var next = [StreamVersion?](repeating: nil, count: streams.count)
        for (index, events) in batches.enumerated() {
            let stream = index % streams.count
            let expected = next[stream].map { ExpectedVersion.exactly($0) } ?? .noStream
            next[stream] = try store.append(events, to: streams[stream], expecting: expected, at: .zero).lastVersion
        }
    }

    private static func memoryAppend() throws -> Result {
        let (batches, streams) = (batches(10_000, of: 100), try names())
        let samples = try (0..<5).map { _ in
            var store = MemoryEventStore()
            let seconds = try secondsTaken { try append(batches, to: streams, in: &store) }
            return 1_000_000 / seconds
        }
        return Result(
            name: "store in memory, append 100 at a time", unit: "events/s", samples: samples,
            goal: .bestAtLeast(2_000_000))
    }

    private static func fileAppend(batch: Int, count: Int, goal: Double) throws -> [Result] {
        let (batches, streams) = (batches(count, of: batch), try names())
        let events = Double(batch * count)
        var (ours, references): ([Double], [Double]) = ([], [])
        for _ in 0..<7 {
            let path = try freshFile()
            var store = try SQLiteEventStore(path: path)
            // The reference has its streams beforehand too.
            for stream in streams { try store.append([], to: stream, expecting: .any, at: .zero) }
            let seconds = try clockSeconds { try append(batches, to: streams, in: &store) }
            try store.close()
            ours.append(seconds / events)
            references.append(try reference(batch: batch, count: count) / events)
        }
        return results("append \(batch == 1 ? "one" : "\(batch)") at a time", ours, references, goal: goal)
    }

    /// The same seconds for an event as a rate, and beside the reference.
    private static func results(
        _ name: String, _ ours: [Double], _ references: [Double], goal: Double
    ) -> [Result] {
        let rates = Result(
            name: "store in a file, \(name)", unit: "events/s", samples: ours.map { 1 / $0 },
            goal: .bestAtLeast(goal))
        let times = Result(
            name: "  beside SQLite's C API", unit: "us", samples: ours.map { $0 * 1e6 },
            reference: references.map { $0 * 1e6 }, goal: .ratioAtMost(1.6))
        return [rates, times]
    }

    private static func reference(batch: Int, count: Int) throws -> Double {
        let path = try freshFile()
        var code: Int32 = 0
        let seconds = clockSeconds {
            code = reference_store_append(
                path, SQLiteEventStore.schema, Int32(count), Int32(batch), Int32(streams), Int32(dataSize))
        }
        guard code == 0 else { throw StorageError.other(path, "SQLite's error \(code)") }
        return seconds
    }

    private static func replay(count: Int) throws -> [Result] {
        let path = try freshFile()
        var store = try SQLiteEventStore(path: path)
        try append(batches(count, of: 100), to: try names(), in: &store)
        try store.close()
        var (ours, references): ([Double], [Double]) = ([], [])
        for _ in 0..<7 {
            var store = try SQLiteEventStore(path: path)
            var read = 0
            let seconds = try clockSeconds {
                var position = Position.start
                while true {
                    let page = try store.readLog(.all, from: position, .forward, limit: PageSize.limit)
                    read += page.events.count
                    position = page.reached
                    if page.isEnd { break }
                }
            }
            try store.close()
            precondition(read == count * 100, "every event is read once")
            ours.append(seconds / Double(read))
            var counted: Int64 = 0
            references.append(clockSeconds { counted = reference_store_replay(path) } / Double(read))
            precondition(counted == Int64(read), "the reference reads the same")
        }
        return results("replay", ours, references, goal: 500_000)
    }

    private static func freshFile() throws -> String {
        let path = NSTemporaryDirectory() + "bench-store.db"
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        return path
    }
}
