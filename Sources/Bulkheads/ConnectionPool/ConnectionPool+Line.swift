import Timeline

extension ConnectionPool {
    /// A request that waits.
    struct Waiter: Hashable, Sendable {
        let request: UInt64
        let since: Instant
        /// Its neighbours in the line; the next vacant slot for one that has left.
        fileprivate var ahead = Line.none
        fileprivate var behind = Line.none
        /// Where the heap of deadlines has it.
        fileprivate var heapPlace = Line.none
    }

    /// When a waiter has to leave; equal deadlines come in the order of arrival.
    private struct Deadline: Hashable, Sendable {
        let moment: Instant
        let arrival: UInt64
        let slot: Int32

        static func < (left: Self, right: Self) -> Bool {
            left.moment == right.moment ? left.arrival < right.arrival : left.moment < right.moment
        }
    }

    /// Who waits: a line in the order of arrival, and a heap of the deadlines over the same slots, so that leaving
    /// at either end or at the deadline costs little however many wait.
    struct Line: Hashable, Sendable {
        fileprivate static let none: Int32 = -1

        private var slots: [Waiter] = []
        private var vacant = Line.none
        private var head = Line.none
        private var tail = Line.none
        private var heap: [Deadline] = []
        private var arrivals: UInt64 = 0

        var count: Int { heap.count }
        var isEmpty: Bool { heap.isEmpty }
        /// Who has waited longest.
        var first: Waiter? { head == Line.none ? nil : slots[Int(head)] }
        /// When the next waiter has to leave.
        var earliestDeadline: Instant { heap.first?.moment ?? .distantFuture }

        mutating func append(_ request: UInt64, since: Instant, deadline: Instant) {
            arrivals &+= 1
            var waiter = Waiter(request: request, since: since)
            waiter.ahead = tail
            let slot = fill(with: waiter)
            if tail == Line.none { head = slot } else { slots[Int(tail)].behind = slot }
            tail = slot
            heap.append(Deadline(moment: deadline, arrival: arrivals, slot: slot))
            siftUp(heap.count - 1)
        }

        mutating func popFirst() -> Waiter? {
            head == Line.none ? nil : remove(head)
        }

        /// Takes out the waiter with the earliest deadline if that has come.
        mutating func popExpired(at now: Instant) -> Waiter? {
            earliestDeadline > now || heap.isEmpty ? nil : remove(heap[0].slot)
        }

        /// Takes out a request; looks from the longest waiting on.
        mutating func remove(request: UInt64) -> Waiter? {
            var slot = head
            while slot != Line.none, slots[Int(slot)].request != request {
                slot = slots[Int(slot)].behind
            }
            return slot == Line.none ? nil : remove(slot)
        }

        private mutating func fill(with waiter: Waiter) -> Int32 {
            guard vacant != Line.none else {
                slots.append(waiter)
                return Int32(slots.count - 1)
            }
            let slot = vacant
            vacant = slots[Int(slot)].behind
            slots[Int(slot)] = waiter
            return slot
        }

        private mutating func remove(_ slot: Int32) -> Waiter {
            let waiter = slots[Int(slot)]
            if waiter.ahead == Line.none {
                head = waiter.behind
            } else {
                slots[Int(waiter.ahead)].behind = waiter.behind
            }
            if waiter.behind == Line.none {
                tail = waiter.ahead
            } else {
                slots[Int(waiter.behind)].ahead = waiter.ahead
            }
            removeFromHeap(Int(waiter.heapPlace))
            slots[Int(slot)].behind = vacant
            vacant = slot
            return waiter
        }

        private mutating func removeFromHeap(_ place: Int) {
            let last = heap.removeLast()
            guard place < heap.count else { return }
            heap[place] = last
            siftDown(place)
            siftUp(Int(slots[Int(last.slot)].heapPlace))
        }

        private mutating func siftUp(_ start: Int) {
            let moved = heap[start]
            var place = start
            while place > 0, moved < heap[(place - 1) / 2] {
                settle(heap[(place - 1) / 2], at: place)
                place = (place - 1) / 2
            }
            settle(moved, at: place)
        }

        private mutating func siftDown(_ start: Int) {
            let moved = heap[start]
            var place = start
            while 2 * place + 1 < heap.count {
                var child = 2 * place + 1
                if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
                guard heap[child] < moved else { break }
                settle(heap[child], at: place)
                place = child
            }
            settle(moved, at: place)
        }

        private mutating func settle(_ deadline: Deadline, at place: Int) {
            heap[place] = deadline
            slots[Int(deadline.slot)].heapPlace = Int32(place)
        }
    }
}
