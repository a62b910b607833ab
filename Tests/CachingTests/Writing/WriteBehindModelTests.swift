import Caching
import Testing
import Timeline

@Suite("Write-behind against a store that fails")
struct WriteBehindModelTests {
    @Test("whatever fails, the store ends with the last write of each key, except for those that are kept as failed")
    func agrees() throws {
        for seed in 0..<80 as Range<UInt64> {
            var run = try Run(seed: seed)
            for step in 0..<200 {
                try run.step()
                guard run.trouble == "nothing", step % 8 > 0 || run.isConsistent else {
                    Issue.record("seed \(seed), operation \(step): \(run.trouble)")
                    return
                }
            }
            guard run.drains(), run.isConsistent, run.isWritten else {
                Issue.record("seed \(seed), drained: \(run.trouble)")
                return
            }
        }
    }

    typealias Queue = WriteBehindQueue<UInt32, Int>

    /// What has become of an accepted write.
    enum Fate { case waiting, superseded, written, failed, forgotten, discarded }

    /// One sequence of random operations on a queue and on a store, with books of every write.
    struct Run {
        var random: RandomStream
        var now = Instant.zero
        var queue: Queue
        var inFlight: [Queue.Batch] = []
        var isStoreDown = false
        /// The numbers of the writes that the store has made, for each key.
        var made: [UInt32: [UInt64]] = [:]
        /// All accepted writes, by number from 1.
        var accepted: [(key: UInt32, fate: Fate)] = []
        var trouble = "nothing"

        init(seed: UInt64) throws {
            random = RandomStream(seed: seed, name: "queue", purpose: "operations")
            let capacity = 1 + Int(random.below(12))
            let retryDelay = Duration.nanoseconds(Int64(random.below(8)))
            queue = Queue(
                try WriteBehindSettings(
                    capacity: capacity, batchSize: 1 + Int(random.below(UInt64(capacity))),
                    maxDelay: random.chance(0.2) ? .maximum : .nanoseconds(Int64(random.below(20))),
                    concurrency: 1 + Int(random.below(3)), coalescing: random.chance(0.5),
                    attempts: 1 + Int(random.below(4)), retryDelay: retryDelay, maxRetryDelay: retryDelay * Int64(3),
                    failedCapacity: 1 + Int(random.below(6))))
        }
    }
}

extension WriteBehindModelTests.Run {
    mutating func step() throws {
        now = now + .nanoseconds(Int64(random.below(3)))
        if random.chance(0.03) { isStoreDown.toggle() }
        switch random.below(100) {
        case 0..<50: enqueue(UInt32(random.below(6)))
        case 50..<75: takeBatch()
        case 75..<95: settle()
        case 95..<98:
            let requeued = queue.retryFailed(random.chance(0.5) ? UInt32(random.below(6)) : nil, at: now)
            move(requeued, to: .waiting)
        default: move(queue.discardFailed(UInt32(random.below(6))).map(\.write), to: .discarded)
        }
    }

    private mutating func enqueue(_ key: UInt32) {
        let operation: WriteOperation<Int> = random.chance(0.3) ? .delete : .set(accepted.count)
        let hadRoom = queue.depth < queue.settings.capacity
        switch queue.enqueue(key, operation, at: now) {
        case .accepted(let sequence):
            accepted.append((key, .waiting))
            if !hadRoom || sequence != UInt64(accepted.count) { trouble = "a write for which there is no room" }
        case .coalesced(let sequence, let replaced):
            accepted.append((key, .waiting))
            accepted[Int(replaced) - 1].fate = .superseded
            if !queue.settings.coalescing || sequence != UInt64(accepted.count) { trouble = "coalescing" }
        case .full: if hadRoom { trouble = "a refusal without need" }
        case .closed: trouble = "an open queue that says that it is closed"
        }
    }

    private mutating func takeBatch() {
        let due = queue.nextDue.map { $0 <= now } ?? false
        let batch = queue.nextBatch(at: now)
        if (batch != nil) != due { trouble = "a batch that is due at another time than was said" }
        guard let batch else { return }
        let keys = Set(batch.writes.map(\.key))
        let isOverlapping = inFlight.contains { $0.writes.contains { keys.contains($0.key) } }
        if isOverlapping || batch.writes.count > queue.settings.batchSize { trouble = "a batch" }
        inFlight.append(batch)
    }

    /// The store makes some of a batch that is in flight.
    private mutating func settle() {
        guard !inFlight.isEmpty else { return }
        let batch = inFlight.remove(at: Int(random.below(UInt64(inFlight.count))))
        var outcomes: [WriteOutcome] = []
        var failedKeys: Set<UInt32> = []
        let share = isStoreDown ? 1 : random.chance(0.5) ? 0 : 0.3
        for write in batch.writes {
            let kinds: [WriteFailure] = isStoreDown ? [.unavailable, .timedOut] : [.unavailable, .timedOut, .rejected]
            let failure = random.chance(share) ? kinds[Int(random.below(UInt64(kinds.count)))] : nil
            // Half of those without an answer are made all the same; after a failure of the key, only with an answer.
            if failure == nil || failure == .timedOut && !failedKeys.contains(write.key) && random.chance(0.5) {
                if let last = made[write.key]?.last, last > write.sequence { trouble = "the order of a key" }
                made[write.key, default: []].append(write.sequence)
            }
            if failure != nil { failedKeys.insert(write.key) }
            outcomes.append(failure.map { .failed($0) } ?? .done)
        }
        guard let settlement = queue.settle(batch.id, .each(outcomes), at: now) else { return trouble = "settling" }
        move(settlement.written, to: .written)
        move(settlement.superseded, to: .superseded)
        move(settlement.failed.map(\.write), to: .failed)
        move(settlement.forgotten.map(\.write), to: .forgotten)
        for key in settlement.drop where queue.read(key) != nil { trouble = "a drop of what is still to be written" }
        if queue.settle(batch.id, .all(.done), at: now) != nil { trouble = "a batch that was settled twice" }
    }

    private mutating func move(_ writes: [WriteBehindModelTests.Queue.Write], to fate: WriteBehindModelTests.Fate) {
        for write in writes { accepted[Int(write.sequence) - 1].fate = fate }
    }

    /// The store is back; returns whether the queue empties. It is closed if nothing else makes its writes due.
    mutating func drains() -> Bool {
        isStoreDown = false
        if queue.settings.maxDelay == .maximum || random.chance(0.3) { queue.close(at: now) }
        for _ in 0..<10_000 where !queue.isDrained {
            now = max(now, queue.nextDue ?? now)
            takeBatch()
            if random.chance(0.5) { settle() }
        }
        return queue.isDrained && inFlight.isEmpty
    }
}

extension WriteBehindModelTests.Run {
    /// What must hold at any time.
    var isConsistent: Bool {
        let waiting = numbers { $0 == .waiting }
        let failed = numbers { $0 == .failed }
        let statistics = queue.statistics
        let gone = statistics.written + statistics.coalesced + statistics.discarded + statistics.forgotten
        return trouble == "nothing"
            && queue.unwritten.map(\.sequence) == waiting
            && queue.depth == waiting.count && queue.depth <= queue.settings.capacity
            && queue.failed.map(\.write.sequence).sorted() == failed
            && queue.failedCount <= queue.settings.failedCapacity
            && queue.batchesInFlight == inFlight.count && inFlight.count <= queue.settings.concurrency
            && statistics.accepted == accepted.count
            && accepted.count == gone + queue.depth + queue.failedCount
            && queue.oldest == queue.unwritten.map(\.since).min()
            && (0..<6 as Range<UInt32>).allSatisfy { readsLast($0, of: waiting) }
    }

    private func numbers(where isMeant: (WriteBehindModelTests.Fate) -> Bool) -> [UInt64] {
        accepted.indices.filter { isMeant(accepted[$0].fate) }.map { UInt64($0) + 1 }
    }

    private func readsLast(_ key: UInt32, of waiting: [UInt64]) -> Bool {
        queue.read(key)?.sequence == waiting.last { accepted[Int($0) - 1].key == key }
    }

    /// What must hold of a queue that is drained.
    var isWritten: Bool {
        (0..<6 as Range<UInt32>).allSatisfy { key in
            guard let last = accepted.lastIndex(where: { $0.key == key }) else { return made[key] == nil }
            switch accepted[last].fate {
            case .written: return made[key]?.last == UInt64(last) + 1 && missesNone(of: key)
            case .failed, .forgotten, .discarded: return true
            case .waiting, .superseded: return false
            }
        }
    }

    /// Whether the store has made all writes of a key that were written in the end.
    private func missesNone(of key: UInt32) -> Bool {
        let written = numbers { $0 == .written }.filter { accepted[Int($0) - 1].key == key }
        return Set(written).isSubset(of: made[key] ?? [])
    }
}
