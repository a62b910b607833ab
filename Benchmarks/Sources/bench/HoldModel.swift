import ReferenceQueue
import Simulation
import Timeline

/// The hold model: take the next event out and schedule it anew, with a steady number of events pending.
///
/// The classic measure of an event queue (Jones, *An empirical comparison of priority-queue and event-set
/// implementations*, 1986). The agenda and C++'s `std::priority_queue` do the same rounds in turn, and must take
/// the events out in the same order.
struct HoldModel {
    private let pending: Int
    private let rounds: Int
    /// Exponential increments, drawn beforehand; a power of two of them.
    private let increments: [Int64]

    private static let tableSize = 1 << 16

    static func measure() -> [Result] {
        [(1_000, 1.3), (100_000, 1.3), (1_000_000, 1.6)].map { pending, limit in
            HoldModel(pending: pending, rounds: 2_000_000).measure(repeats: 9, limit: limit)
        }
    }

    private init(pending: Int, rounds: Int) {
        self.pending = pending
        self.rounds = rounds
        var random = RandomStream(seed: 1, name: "hold model", purpose: "increments")
        let law = Distribution.exponential(mean: .milliseconds(1))
        increments = (0..<Self.tableSize).map { _ in law.sample(using: &random).nanoseconds }
    }

    private func measure(repeats: Int, limit: Double) -> Result {
        var (ours, references): ([Double], [Double]) = ([], [])
        for _ in 0..<repeats {
            let (agenda, order) = timeAgenda()
            let (reference, referenceOrder) = timeReference()
            precondition(order == referenceOrder, "both queues take the events out in the same order")
            ours.append(agenda)
            references.append(reference)
        }
        return Result(
            name: "hold, \(pending) pending", unit: "ns", samples: ours, reference: references,
            goal: .ratioAtMost(limit))
    }

    /// Nanoseconds for a round, and a digest of the order of the events.
    private func timeAgenda() -> (nanoseconds: Double, order: UInt64) {
        var agenda = Agenda()
        for subject in 0..<pending {
            agenda.schedule(.delivered(UInt32(subject)), at: Instant(nanoseconds: increment(subject)))
        }
        var order = hold(&agenda, rounds: pending, order: 0)
        let seconds = secondsTaken { order = hold(&agenda, rounds: rounds, order: order) }
        return (seconds / Double(rounds) * 1e9, order)
    }

    private func hold(_ agenda: inout Agenda, rounds: Int, order: UInt64) -> UInt64 {
        var order = order
        for round in 0..<rounds {
            guard let due = agenda.popNext(), case .delivered(let subject) = due.event else { break }
            order = (order ^ UInt64(bitPattern: due.time.nanoseconds) ^ UInt64(subject)) &* 0x9e37_79b9_7f4a_7c15
            agenda.schedule(due.event, at: due.time + .nanoseconds(increment(round)))
        }
        return order
    }

    private func timeReference() -> (nanoseconds: Double, order: UInt64) {
        let queue = reference_queue_create()
        defer { reference_queue_destroy(queue) }
        for subject in 0..<pending {
            reference_queue_push(queue, increment(subject), UInt32(subject))
        }
        let size = UInt64(Self.tableSize)
        var order = reference_queue_hold(queue, increments, size, UInt64(pending), 0)
        let seconds = secondsTaken {
            order = reference_queue_hold(queue, increments, size, UInt64(rounds), order)
        }
        return (seconds / Double(rounds) * 1e9, order)
    }

    private func increment(_ round: Int) -> Int64 { increments[round & (Self.tableSize - 1)] }
}
