import Sagas
import Testing
import Timeline

@Suite("Whatever sagas do to semantic locks")
struct SemanticLockPropertyTests {
    @Test("one holder for each key, nobody is overtaken or forgotten, and nobody waits for himself", arguments: 0..<20)
    func randomSagas(seed: UInt64) throws {
        var sagas = try RandomSagas(seed: seed)
        for step in 0..<2_000 {
            if let violation = sagas.step() {
                Issue.record("step \(step): \(violation)")
                return
            }
        }
        // A run in which one of these never came up would show nothing about it.
        let totals = sagas.locks.totals
        #expect(
            totals.handedOver > 5 && totals.withdrawn > 5 && totals.refused > 5 && totals.deadlocks > 0, "\(totals)")
    }
}

/// Random sagas beside plain queues, one for each key, of which the first has it.
private struct RandomSagas {
    private var random: RandomStream
    private(set) var locks: SemanticLocks
    private var queues: [[(saga: UInt64, ticket: Int)]]
    private var ticket = 0
    private let capacity: Int
    private let keys: Int
    private let sagas: Int

    init(seed: UInt64) throws {
        random = RandomStream(seed: seed, name: "locks", purpose: "sagas")
        keys = 3 + Int(random.below(8))
        sagas = 4 + Int(random.below(12))
        capacity = random.chance(0.5) ? 12 : 1_000
        locks = SemanticLocks(try .init(capacity: capacity, waitingPerKey: random.chance(0.5) ? 3 : 1_000))
        queues = Array(repeating: [], count: keys)
    }

    mutating func step() -> String? {
        let (saga, key) = (random.below(UInt64(sagas)) &* 0x1_0000_0001, Int(random.below(UInt64(keys))))
        let violation: String?
        switch random.below(10) {
        case ..<6: violation = acquire(key, by: saga)
        case 6: violation = release(key, of: saga)
        case 7: violation = withdraw(saga, from: key)
        default: violation = end(saga)
        }
        return violation ?? check()
    }

    private mutating func acquire(_ key: Int, by saga: UInt64) -> String? {
        let policy: SemanticLocks.Policy = random.chance(0.8) ? .wait : .refuse
        let answer = locks.acquire(number(key), by: saga, policy: policy, at: .zero)
        let place = queues[key].firstIndex { $0.saga == saga }
        let isFull = queues.map(\.count).reduce(0, +) >= capacity
        switch answer {
        case .granted where queues[key].isEmpty && !isFull: append(saga, to: key)
        case .alreadyHeld where place == 0: return nil
        case .waits(let holder, let told) where holder == queues[key].first?.saga:
            if let place { return place == told ? nil : "place \(told) instead of \(place)" }
            append(saga, to: key)
            if policy == .refuse || isFull || told != queues[key].count - 1 { return "waits at \(told)" }
            return waitsForItself(saga) ? "waits for itself" : nil
        case .refused(.held(let holder)) where policy == .refuse && holder == queues[key].first?.saga: return nil
        case .refused(.queueFull) where queues[key].count > locks.settings.waitingPerKey: return nil
        case .refused(.full) where isFull: return nil
        case .refused(.deadlock(let waits)): return checkCycle(waits, saga, key)
        default: return "\(answer) with \(queues[key])"
        }
        return nil
    }

    private mutating func release(_ key: Int, of saga: UInt64) -> String? {
        let grant = locks.release(number(key), of: saga, at: .zero)
        guard queues[key].first?.saga == saga else { return grant == nil ? nil : "a key from nowhere" }
        queues[key].removeFirst()
        return grant?.saga == queues[key].first?.saga ? nil : "the wrong heir"
    }

    private mutating func withdraw(_ saga: UInt64, from key: Int) -> String? {
        let place = queues[key].firstIndex { $0.saga == saga } ?? 0
        if place > 0 { queues[key].remove(at: place) }
        return locks.withdraw(saga, from: number(key)) == (place > 0) ? nil : "withdrawn wrongly"
    }

    private mutating func end(_ saga: UInt64) -> String? {
        var heirs: [(saga: UInt64, ticket: Int)] = []
        for key in queues.indices {
            let hadIt = queues[key].first?.saga == saga
            queues[key].removeAll { $0.saga == saga }
            if hadIt, let heir = queues[key].first { heirs.append(heir) }
        }
        let expected = heirs.sorted { $0.ticket < $1.ticket }.map(\.saga)
        return locks.releaseAll(of: saga, at: .zero).map(\.saga) == expected ? nil : "not in the order of waiting"
    }

    private mutating func append(_ saga: UInt64, to key: Int) {
        ticket += 1
        queues[key].append((saga, ticket))
    }

    /// Keys that are far apart, and one that is zero.
    private func number(_ key: Int) -> UInt64 { UInt64(key) &* 0x9e37_79b9_7f4a_7c15 }

    private func check() -> String? {
        for key in queues.indices where locks.queue(for: number(key)).map(\.saga) != queues[key].map(\.saga) {
            return "queue \(locks.queue(for: number(key))) instead of \(queues[key])"
        }
        let held = queues.count { !$0.isEmpty }
        let waiting = queues.map(\.count).reduce(0, +) - held
        let totals = locks.totals
        let adds =
            totals.granted == totals.released + held
            && totals.waited == totals.handedOver + totals.withdrawn + waiting
        return locks.held == held && locks.waiting == waiting && adds ? nil : "miscounted: \(totals)"
    }

    /// The plain definition: a saga waits for all who are ahead of it in any queue.
    private func waitsForItself(_ saga: UInt64) -> Bool {
        var (reached, open): (Set<UInt64>, [UInt64]) = ([], [saga])
        while let next = open.popLast() {
            for queue in queues {
                guard let place = queue.firstIndex(where: { $0.saga == next }) else { continue }
                for other in queue[..<place].map(\.saga) where reached.insert(other).inserted { open.append(other) }
            }
        }
        return reached.contains(saga)
    }

    private mutating func checkCycle(_ waits: [SemanticLocks.Wait], _ saga: UInt64, _ key: Int) -> String? {
        append(saga, to: key)
        defer { queues[key].removeLast() }
        guard waitsForItself(saga), waits.first?.saga == saga, waits.first?.key == number(key) else {
            return "no deadlock: \(waits)"
        }
        for (index, wait) in waits.enumerated() {
            let next = waits[(index + 1) % waits.count].saga
            let queue = queues.indices.first { number($0) == wait.key }.map { queues[$0].map(\.saga) } ?? []
            guard let place = queue.firstIndex(of: wait.saga), queue[..<place].contains(next) else {
                return "\(wait.saga) does not wait for \(next)"
            }
        }
        return nil
    }
}
