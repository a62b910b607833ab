import Caching
import Testing
import Timeline

@Suite("Write-behind queue")
struct WriteBehindQueueTests {
    typealias Queue = WriteBehindQueue<String, Int>

    private func at(_ seconds: Int64) -> Instant { .after(.seconds(seconds)) }

    /// A queue whose batches are due at once.
    private func queue(
        capacity: Int = 100, batchSize: Int = 10, concurrency: Int = 1, coalescing: Bool = true, attempts: Int = 3,
        failedCapacity: Int = 10
    ) throws -> Queue {
        Queue(
            try WriteBehindSettings(
                capacity: capacity, batchSize: min(batchSize, capacity), maxDelay: .zero, concurrency: concurrency,
                coalescing: coalescing, attempts: attempts, retryDelay: .seconds(1), maxRetryDelay: .seconds(3),
                failedCapacity: failedCapacity))
    }

    private func batch(_ queue: inout Queue, at now: Instant) throws -> Queue.Batch {
        let batch = queue.nextBatch(at: now)
        return try #require(batch)
    }

    /// Takes a batch and settles it.
    private func settle(_ queue: inout Queue, _ outcome: BatchOutcome, at now: Instant) throws -> Queue.Settlement {
        let batch = try batch(&queue, at: now)
        let settlement = queue.settle(batch.id, outcome, at: now)
        return try #require(settlement)
    }

    @Test("a full queue refuses what needs room, and takes what coalesces; a settled batch makes room")
    func full() throws {
        var queue = try queue(capacity: 2)
        #expect(queue.enqueue("a", .set(1), at: .zero) == .accepted(sequence: 1))
        #expect(queue.enqueue("b", .set(2), at: .zero) == .accepted(sequence: 2))
        #expect(queue.enqueue("c", .set(3), at: .zero) == .full)
        #expect(queue.enqueue("a", .delete, at: .zero) == .coalesced(sequence: 3, replacing: 1))
        let written = try settle(&queue, .all(.done), at: .zero).written
        #expect(written.map(\.key) == ["b", "a"] && written.map(\.sequence) == [2, 3])
        #expect(queue.enqueue("c", .set(3), at: .zero) == .accepted(sequence: 4))
        #expect(queue.statistics.refused == 1)
    }

    @Test("of two writes at one instant the later stands, and a delete stays a delete")
    func sameInstant() throws {
        var queue = try queue()
        for operation in [.set(1), .set(2), .delete, .set(3), .delete] as [WriteOperation<Int>] {
            _ = queue.enqueue("a", operation, at: at(5))
        }
        #expect(try batch(&queue, at: at(5)).writes.map(\.operation) == [.delete])
    }

    @Test("it empties as fast as the store takes batches: 150 writes a tick do not pile up")
    func drains() throws {
        var queue = Queue(try WriteBehindSettings(capacity: 1_000, batchSize: 100, maxDelay: .seconds(1)))
        for tick in 0..<20 as Range<Int64> {
            for write in 0..<150 { _ = queue.enqueue("\(tick) \(write)", .set(write), at: at(tick)) }
            while let batch = queue.nextBatch(at: at(tick)) { _ = queue.settle(batch.id, .all(.done), at: at(tick)) }
            #expect(queue.depth <= 50)
        }
        #expect(queue.statistics.written >= 2_950 && queue.statistics.refused == 0)
    }

    @Test("a key that is written all the time is written all the same, its wait begins with the first write")
    func hotKey() throws {
        var queue = Queue(try WriteBehindSettings(capacity: 10, batchSize: 10, maxDelay: .seconds(3)))
        for second in 0...3 as ClosedRange<Int64> { _ = queue.enqueue("hot", .set(Int(second)), at: at(second)) }
        #expect(queue.oldest == at(0) && queue.nextDue == at(3))
        #expect(try batch(&queue, at: at(3)).writes.map(\.operation) == [.set(3)])
    }

    @Test("while a write of a key is in flight its next one waits, and no more batches fly than allowed")
    func oneOfAKey() throws {
        var queue = try queue(concurrency: 2)
        _ = queue.enqueue("a", .set(1), at: .zero)
        let first = try batch(&queue, at: .zero)
        _ = queue.enqueue("a", .set(2), at: .zero)
        #expect(queue.nextDue == nil)
        _ = queue.enqueue("b", .set(3), at: .zero)
        #expect(try batch(&queue, at: .zero).writes.map(\.key) == ["b"])
        _ = queue.enqueue("c", .set(4), at: .zero)
        #expect(queue.nextDue == nil && queue.batchesInFlight == 2)
        _ = queue.settle(first.id, .all(.done), at: at(1))
        #expect(queue.nextDue == .zero)
        #expect(try batch(&queue, at: at(1)).writes.map(\.operation) == [.set(2), .set(4)])
    }

    @Test("a batch is full when enough writes could start, not counting those whose key is in flight")
    func fullBatch() throws {
        var queue = Queue(
            try WriteBehindSettings(
                capacity: 10, batchSize: 2, maxDelay: .seconds(9), concurrency: 2, coalescing: false))
        for value in 1...3 { _ = queue.enqueue("a", .set(value), at: .zero) }
        let first = try batch(&queue, at: .zero)
        #expect(first.writes.map(\.operation) == [.set(1), .set(2)])
        _ = queue.enqueue("b", .set(4), at: .zero)
        #expect(queue.nextDue == at(9))
        _ = queue.settle(first.id, .all(.done), at: at(1))
        #expect(try batch(&queue, at: at(1)).writes.map(\.operation) == [.set(3), .set(4)])
    }

    @Test("a write in the place of one that rests gets attempts of its own, and rests on")
    func coalescedAtRest() throws {
        var queue = try queue(attempts: 2)
        _ = queue.enqueue("a", .set(1), at: .zero)
        _ = try settle(&queue, .all(.failed(.unavailable)), at: .zero)
        #expect(queue.enqueue("a", .set(2), at: .zero) == .coalesced(sequence: 2, replacing: 1))
        #expect(queue.nextDue == at(1))
        #expect(try settle(&queue, .all(.failed(.unavailable)), at: at(1)).retries.map(\.at) == [at(2)])
    }

    @Test("a failed write rests twice as long after each attempt, up to the longest rest, then it has failed")
    func retries() throws {
        var queue = try queue(attempts: 5)
        _ = queue.enqueue("a", .set(1), at: .zero)
        var now = Instant.zero
        for rest in [1, 2, 3, 3] as [Int64] {
            let settlement = try settle(&queue, .all(.failed(.timedOut)), at: now)
            now = now + .seconds(rest)
            #expect(settlement.retries.map(\.at) == [now] && settlement.drop == [])
            #expect(queue.nextDue == now)
        }
        let last = try settle(&queue, .all(.failed(.unavailable)), at: now)
        #expect(last.drop == ["a"] && last.failed == queue.failed)
        let failed = try #require(queue.failed.first)
        #expect(failed.write.attempts == 5 && failed.reason == .unavailable && failed.since == now)
        #expect(queue.isDrained && queue.read("a") == nil)
    }

    @Test("a write that is rejected has failed at once")
    func rejected() throws {
        var queue = try queue()
        _ = queue.enqueue("a", .set(1), at: .zero)
        #expect(try settle(&queue, .all(.failed(.rejected)), at: .zero).drop == ["a"])
        #expect(queue.statistics.retried == 0 && queue.statistics.failed == 1)
    }

    @Test("a later write takes the place of one that failed, and gets attempts of its own; the key rests all the same")
    func supersededByWaiting() throws {
        var queue = try queue(attempts: 2)
        _ = queue.enqueue("a", .set(1), at: .zero)
        let batch = try batch(&queue, at: .zero)
        _ = queue.enqueue("a", .set(2), at: .zero)
        let settlement = queue.settle(batch.id, .all(.failed(.unavailable)), at: .zero)
        #expect(settlement?.superseded.map(\.sequence) == [1] && settlement?.retries.isEmpty == true)
        #expect(queue.nextDue == at(1))
        let retry = try settle(&queue, .all(.failed(.unavailable)), at: at(1))
        #expect(retry.retries.map(\.write.attempts) == [1] && retry.retries.map(\.at) == [at(2)])
    }

    @Test("in a batch, what failed before a write of its key that was made is not made again, what is after waits")
    func partOfALine() throws {
        var queue = try queue(coalescing: false)
        for value in 1...5 { _ = queue.enqueue("a", .set(value), at: .zero) }
        let outcomes: [WriteOutcome] = [.failed(.unavailable), .done, .failed(.timedOut), .failed(.unavailable)]
        let settlement = try settle(&queue, .each(outcomes), at: .zero)
        #expect(settlement.superseded.map(\.sequence) == [1] && settlement.written.map(\.sequence) == [2])
        #expect(settlement.retries.map(\.write.sequence) == [3] && queue.nextDue == at(1))
        let writes = try batch(&queue, at: at(1)).writes
        #expect(writes.map(\.sequence) == [3, 4, 5] && writes.map(\.attempts) == [1, 0, 0])
    }

    @Test("what is held back behind a rejected write goes at once, though it fills no batch")
    func heldBack() throws {
        var queue = Queue(
            try WriteBehindSettings(capacity: 10, batchSize: 3, maxDelay: .maximum, coalescing: false))
        for value in 1...3 { _ = queue.enqueue("a", .set(value), at: .zero) }
        let settlement = try settle(&queue, .all(.failed(.rejected)), at: at(1))
        #expect(settlement.failed.map(\.write.sequence) == [1] && settlement.drop == [])
        #expect(queue.nextDue == at(1))
        #expect(try settle(&queue, .all(.done), at: at(1)).superseded.map(\.sequence) == [1])
        #expect(queue.failed.isEmpty && queue.isDrained)
    }

    @Test("failed writes are kept until they are retried or discarded; the first that failed goes for want of room")
    func failedWrites() throws {
        var queue = try queue(failedCapacity: 2)
        for key in ["a", "b", "c"] { _ = queue.enqueue(key, .set(1), at: .zero) }
        let settlement = try settle(&queue, .all(.failed(.rejected)), at: .zero)
        #expect(settlement.forgotten.map(\.write.key) == ["a"] && settlement.drop == ["a", "b", "c"])
        #expect(queue.retryFailed("b", at: at(1)).map(\.key) == ["b"])
        #expect(queue.read("b")?.attempts == 0 && queue.nextDue == at(1))
        #expect(queue.discardFailed().map(\.write.key) == ["c"])
        #expect(queue.failedCount == 0 && queue.statistics.discarded == 1 && queue.statistics.requeued == 1)
    }

    @Test("a failed write is not put back over a later one of its key, nor into a queue that is full or closed")
    func notRetried() throws {
        var queue = try queue(capacity: 1)
        _ = queue.enqueue("a", .set(1), at: .zero)
        _ = try settle(&queue, .all(.failed(.rejected)), at: .zero)
        _ = queue.enqueue("b", .set(2), at: .zero)
        #expect(queue.retryFailed(at: .zero).isEmpty)
        _ = try settle(&queue, .all(.done), at: .zero)
        _ = queue.enqueue("a", .set(3), at: .zero)
        #expect(queue.retryFailed("a", at: .zero).isEmpty && queue.failedCount == 1)
        #expect(try settle(&queue, .all(.done), at: .zero).superseded.map(\.sequence) == [1])
        _ = queue.enqueue("a", .set(4), at: .zero)
        _ = try settle(&queue, .all(.failed(.rejected)), at: .zero)
        queue.close(at: .zero)
        #expect(queue.retryFailed(at: .zero).isEmpty && queue.failedCount == 1)
    }

    @Test("what is left when a shutdown has no more time is reported, what is in flight included")
    func abandoned() throws {
        var queue = try queue(batchSize: 1)
        for key in ["a", "b"] { _ = queue.enqueue(key, .set(1), at: .zero) }
        let batch = try batch(&queue, at: .zero)
        queue.close(at: at(1))
        #expect(queue.unwritten.map(\.key) == ["a", "b"])
        #expect(queue.abandon(at: at(2)).map(\.key) == ["a", "b"])
        #expect(queue.settle(batch.id, .all(.done), at: at(3)) == nil)
        #expect(queue.isDrained && queue.nextDue == nil && queue.statistics.abandoned == 2)
    }

    @Test("a batch is settled once; an outcome that is missing counts as none in time")
    func settling() throws {
        var queue = try queue(attempts: 1)
        for key in ["a", "b"] { _ = queue.enqueue(key, .set(1), at: .zero) }
        let batch = try batch(&queue, at: .zero)
        let settlement = queue.settle(batch.id, .each([.done]), at: .zero)
        #expect(settlement?.written.map(\.key) == ["a"] && settlement?.failed.map(\.reason) == [.timedOut])
        #expect(queue.settle(batch.id, .all(.done), at: .zero) == nil)
    }

    @Test("numbers go on after those of an earlier process")
    func restart() throws {
        var queue = Queue(try WriteBehindSettings(capacity: 1, batchSize: 1, maxDelay: .zero), after: 41)
        #expect(queue.enqueue("a", .delete, at: .zero) == .accepted(sequence: 42))
    }

    @Test(
        "settings out of range are refused by name",
        arguments: [
            (0, 1, .zero, 1, 1, "capacity: 0 is out of range; allowed: 1 to 1000000000 writes"),
            (10, 11, .zero, 1, 1, "batchSize: 11 is out of range; allowed: 1 to the capacity (10)"),
            (10, 1, .seconds(-1), 1, 1, "maxDelay: -1s is out of range; allowed: 0s or more"),
            (10, 1, .zero, 0, 1, "concurrency: 0 is out of range; allowed: 1 to 1000 batches"),
            (10, 1, .zero, 1, 0, "attempts: 0 is out of range; allowed: 1 or more"),
        ] as [(Int, Int, Duration, Int, Int, String)])
    func refusedSettings(
        capacity: Int, batchSize: Int, maxDelay: Duration, concurrency: Int, attempts: Int, message: String
    ) {
        let error = #expect(throws: SettingError.self) {
            try WriteBehindSettings(
                capacity: capacity, batchSize: batchSize, maxDelay: maxDelay, concurrency: concurrency,
                attempts: attempts)
        }
        #expect(error?.description == message)
    }

    @Test("settings of retries and of failed writes out of range are refused by name")
    func refusedRetries() {
        let delay = #expect(throws: SettingError.self) {
            try WriteBehindSettings(
                capacity: 1, batchSize: 1, maxDelay: .zero, retryDelay: .seconds(2), maxRetryDelay: .seconds(1))
        }
        #expect(delay?.setting == "maxRetryDelay")
        let room = #expect(throws: SettingError.self) {
            try WriteBehindSettings(capacity: 1, batchSize: 1, maxDelay: .zero, failedCapacity: 0)
        }
        #expect(room?.setting == "failedCapacity")
    }
}
