import Caching
import Testing
import Timeline

/// The vectors are numbered as in section 4 of the research on caching; they are those of ehcache3's
/// `AbstractWriteBehindTestBase` and `WriteBehindFailuresTest`.
@Suite("Write-behind: published vectors")
struct WriteBehindVectorTests {
    typealias Queue = WriteBehindQueue<String, Int>

    private func at(_ seconds: Int64) -> Instant { .after(.seconds(seconds)) }

    /// Removes and puts of one key in turn, the values from 1 to 4.
    private func alternating(into queue: inout Queue) {
        for value in 1...4 {
            _ = queue.enqueue("key", .delete, at: .zero)
            _ = queue.enqueue("key", .set(value), at: .zero)
        }
    }

    /// What the store sees: it takes all batches in, until none is due.
    private func store(_ queue: inout Queue, at now: Instant) -> [Int?] {
        var seen: [Int?] = []
        while let batch = queue.nextBatch(at: now) {
            seen += batch.writes.map(\.operation.value)
            _ = queue.settle(batch.id, .all(.done), at: now)
        }
        return seen
    }

    private func batch(_ queue: inout Queue, at now: Instant) throws -> Queue.Batch {
        let batch = queue.nextBatch(at: now)
        return try #require(batch)
    }

    @Test("vector 21: without coalescing the store sees every write of a key, in order", arguments: [1, 3, 8])
    func order(batchSize: Int) throws {
        var queue = Queue(
            try WriteBehindSettings(capacity: 100, batchSize: batchSize, maxDelay: .seconds(1), coalescing: false))
        alternating(into: &queue)
        let expected: [Int?] = [nil, 1, nil, 2, nil, 3, nil, 4]
        #expect(store(&queue, at: at(1)) == expected)
    }

    @Test("with coalescing the store sees the last write of a key alone")
    func coalesced() throws {
        var queue = Queue(try WriteBehindSettings(capacity: 100, batchSize: 8, maxDelay: .seconds(1)))
        alternating(into: &queue)
        #expect(store(&queue, at: at(1)) == [4])
        #expect(queue.statistics.accepted == 8 && queue.statistics.coalesced == 7)
    }

    @Test("vector 23: a read before the flush finds what was put or removed, in flight or not")
    func readYourWrites() throws {
        var queue = Queue(try WriteBehindSettings(capacity: 100, batchSize: 1, maxDelay: .zero))
        #expect(queue.read("key") == nil)
        _ = queue.enqueue("key", .set(1, weight: 3), at: .zero)
        #expect(queue.read("key")?.operation == .set(1, weight: 3))
        let batch = try batch(&queue, at: .zero)
        #expect(queue.read("key")?.operation.value == 1)
        _ = queue.enqueue("key", .delete, at: .zero)
        #expect(queue.read("key")?.operation == .delete)
        _ = queue.settle(batch.id, .all(.done), at: .zero)
        #expect(queue.read("key")?.operation == .delete)
        _ = store(&queue, at: .zero)
        #expect(queue.read("key") == nil)
    }

    @Test("vector 24: closing makes everything due, half batches and resting writes included")
    func closing() throws {
        var queue = Queue(try WriteBehindSettings(capacity: 100, batchSize: 4, maxDelay: .maximum))
        for key in 0..<4 { _ = queue.enqueue("\(key)", .set(key), at: .zero) }
        let batch = try batch(&queue, at: .zero)
        _ = queue.settle(batch.id, .all(.failed(.unavailable)), at: .zero)
        for key in 4..<7 { _ = queue.enqueue("\(key)", .set(key), at: .zero) }
        let early = queue.nextBatch(at: .zero)
        #expect(early == nil)
        queue.close(at: .zero)
        let late = queue.enqueue("late", .delete, at: .zero)
        #expect(late == .closed && store(&queue, at: .zero) == [0, 1, 2, 3, 4, 5, 6])
        #expect(queue.isDrained && queue.unwritten.isEmpty)
    }

    @Test("vector 26: a batch is due when it is full or when its oldest write has waited, whichever is first")
    func due() throws {
        var queue = Queue(try WriteBehindSettings(capacity: 100, batchSize: 3, maxDelay: .seconds(10)))
        _ = queue.enqueue("a", .set(1), at: at(0))
        _ = queue.enqueue("b", .set(2), at: at(4))
        #expect(queue.nextDue == at(10))
        let early = queue.nextBatch(at: at(9))
        #expect(early == nil)
        let aged = try batch(&queue, at: at(10))
        #expect(aged.writes.map(\.key) == ["a", "b"])
        _ = queue.settle(aged.id, .all(.done), at: at(11))
        for key in ["c", "d", "e", "f"] { _ = queue.enqueue(key, .set(0), at: at(12)) }
        #expect(queue.nextDue == at(12))
        #expect(try batch(&queue, at: at(12)).writes.map(\.key) == ["c", "d", "e"])
    }

    @Test("vector 27: the store fails for odd keys: those have to leave the cache, the even ones stay")
    func failures() throws {
        var queue = WriteBehindQueue<Int, Int>(
            try WriteBehindSettings(capacity: 100, batchSize: 10, maxDelay: .zero, attempts: 2, retryDelay: .zero))
        for key in 0..<10 { _ = queue.enqueue(key, .set(key), at: .zero) }
        var dropped: [Int] = []
        while let batch = queue.nextBatch(at: .zero) {
            let outcomes = batch.writes.map { $0.key % 2 == 1 ? WriteOutcome.failed(.unavailable) : .done }
            dropped += queue.settle(batch.id, .each(outcomes), at: .zero)?.drop ?? []
        }
        #expect(dropped == [1, 3, 5, 7, 9])
        #expect(queue.failed.map(\.write.key) == [1, 3, 5, 7, 9] && queue.failed.allSatisfy { $0.write.attempts == 2 })
        #expect(queue.statistics.written == 5 && queue.isDrained)
    }
}
