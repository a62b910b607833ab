import CQRS
import EventSourcing
import Testing
import Timeline

@Suite("Sequenced queue against a naive one")
struct SequencedQueueModelTests {
    @Test("random operations give the same deliveries, and what came in is accounted for")
    func agrees() throws {
        for seed in 0..<100 as Range<UInt64> {
            var run = try Run(seed: seed)
            for step in 0..<400 {
                guard run.step() else {
                    Issue.record("seed \(seed), operation \(step)")
                    break
                }
            }
        }
    }

    /// Lanes as lists, and the circle of ready ones as a list.
    struct Naive {
        struct Item: Equatable {
            var id: EventID
            var deliveries = 0
            var vanished = 0
        }
        struct Lane {
            var sequence: String
            var items: [Item] = []
            var lease: (until: Instant, number: Int)?
            var wait: (until: Instant, number: Int)?
            var isBlocked = false
        }
        var lanes: [Lane] = []
        var ready: [String] = []
        var timers = 0

        func index(_ sequence: String) -> Int? { lanes.firstIndex { $0.sequence == sequence } }

        mutating func makeReady(_ sequence: String) {
            guard let index = index(sequence), !lanes[index].isBlocked, !ready.contains(sequence) else { return }
            ready.append(sequence)
        }

        mutating func append(_ id: EventID, _ sequence: String) {
            if index(sequence) == nil { lanes.append(Lane(sequence: sequence)) }
            guard let index = index(sequence) else { return }
            lanes[index].items.append(Item(id: id))
            if lanes[index].items.count == 1 { makeReady(sequence) }
        }

        mutating func wake(_ now: Instant) {
            while true {
                let due = lanes.indices.compactMap { index -> (Instant, Int, Int)? in
                    guard let timer = lanes[index].lease ?? lanes[index].wait else { return nil }
                    return (timer.until, timer.number, index)
                }.filter { $0.0 <= now }.min { ($0.0, $0.1) < ($1.0, $1.1) }
                guard let due else { return }
                if lanes[due.2].lease != nil { lanes[due.2].items[0].vanished += 1 }
                (lanes[due.2].lease, lanes[due.2].wait) = (nil, nil)
                makeReady(lanes[due.2].sequence)
            }
        }

        mutating func take(_ now: Instant) -> (sequence: String, item: Item)? {
            wake(now)
            guard !ready.isEmpty else { return nil }
            let sequence = ready.removeFirst()
            guard let index = index(sequence) else { return nil }
            lanes[index].items[0].deliveries += 1
            timers += 1
            lanes[index].lease = (now + .nanoseconds(10), timers)
            return (sequence, lanes[index].items[0])
        }

        mutating func removeFirst(_ sequence: String) {
            guard let index = index(sequence) else { return }
            lanes[index].items.removeFirst()
            lanes[index].lease = nil
            ready.removeAll { $0 == sequence }
            if lanes[index].items.isEmpty { lanes.remove(at: index) } else { makeReady(sequence) }
        }

        mutating func postpone(_ sequence: String, until: Instant, _ now: Instant) {
            guard let index = index(sequence) else { return }
            lanes[index].lease = nil
            guard until > now else { return makeReady(sequence) }
            timers += 1
            lanes[index].wait = (until, timers)
        }
    }

    struct Run {
        var random: RandomStream
        var now = Instant.zero
        var queue: SequencedQueue
        var model = Naive()
        var leases: [(sequence: String, lease: SequencedQueue.Lease)] = []
        var next = 0

        init(seed: UInt64) throws {
            random = RandomStream(seed: seed, name: "queue", purpose: "operations")
            queue = SequencedQueue(try .init(capacity: 40, visibility: .nanoseconds(10)))
        }

        mutating func step() -> Bool {
            now = now + .nanoseconds(Int64(random.below(3)))
            let sequence = "s\(random.below(16))"
            switch random.below(10) {
            case 0..<4: guard append(to: sequence) else { return false }
            case 4..<6: guard take() else { return false }
            case 6..<8: guard endLease() else { return false }
            case 8: block(sequence)
            default: guard remove(sequence) else { return false }
            }
            let totals = queue.totals
            return queue.depth == model.lanes.reduce(0) { $0 + $1.items.count }
                && queue.lanesInUse == model.lanes.count
                && totals.added == totals.finished + totals.removed + queue.depth
        }

        private mutating func append(to sequence: String) -> Bool {
            next += 1
            let isFull = queue.depth == 40
            let isAdded = queue.append(.n(next), to: sequence, at: now)
            if isAdded { model.append(.n(next), sequence) }
            return isAdded != isFull
        }

        private mutating func take() -> Bool {
            let (lease, expected) = (queue.take(at: now), model.take(now))
            if let lease, let expected { leases.append((expected.sequence, lease)) }
            return lease?.id == expected?.item.id && lease?.deliveries == expected?.item.deliveries
                && lease?.vanished == expected?.item.vanished
        }

        /// Finishes, postpones or extends some lease, perhaps one that is over.
        private mutating func endLease() -> Bool {
            guard !leases.isEmpty else { return true }
            let (sequence, lease) = leases[Int(random.below(UInt64(leases.count)))]
            let index = model.index(sequence)
            let held = index.flatMap { model.lanes[$0].lease?.until }
            let isCurrent = index.map { model.lanes[$0].items[0].deliveries == lease.deliveries } ?? false
            let sameItem = index.map { model.lanes[$0].items[0].id == lease.id } ?? false
            let stands = isCurrent && sameItem && (held.map { now < $0 } ?? false)
            switch random.below(3) {
            case 0:
                guard queue.finish(lease.ticket, at: now) == stands else { return false }
                if stands { model.removeFirst(sequence) }
            case 1:
                let until = now + .nanoseconds(Int64(random.below(60)))
                guard queue.postpone(lease.ticket, until: until, at: now) == stands else { return false }
                if stands { model.postpone(sequence, until: until, now) }
            default:
                let until = now + .nanoseconds(10)
                guard queue.extend(lease.ticket, at: now) == (stands ? until : nil) else { return false }
                if stands, let index {
                    model.timers += 1
                    model.lanes[index].lease = (until, model.timers)
                }
            }
            return true
        }

        private mutating func block(_ sequence: String) {
            if random.chance(0.5) {
                queue.block(sequence)
                if let index = model.index(sequence), !model.lanes[index].isBlocked {
                    model.lanes[index].isBlocked = true
                    model.ready.removeAll { $0 == sequence }
                }
            } else {
                queue.unblock(sequence)
                if let index = model.index(sequence), model.lanes[index].isBlocked {
                    model.lanes[index].isBlocked = false
                    if model.lanes[index].lease == nil, model.lanes[index].wait == nil { model.makeReady(sequence) }
                }
            }
        }

        private mutating func remove(_ sequence: String) -> Bool {
            let removed = queue.removeFirst(of: sequence)
            guard let index = model.index(sequence), model.lanes[index].lease == nil, model.lanes[index].wait == nil
            else { return removed == nil }
            let first = model.lanes[index].items[0].id
            model.removeFirst(sequence)
            return removed == first
        }
    }
}
