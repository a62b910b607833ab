public import Timeline

/// What is still to happen, in the order of (time, class, sequence of scheduling).
///
/// An indexed heap: a cancelled event is taken out at once, so the agenda holds live events only. The heap
/// itself is an array of 16-byte keys with eight children a node (measured: with 1 000 events a little dearer than
/// four, with 1 000 000 a sixth cheaper), the events lie beside it in slots that never move, and a pop sifts
/// bottom-up: the hole goes down to a leaf along the smaller children before the last key is put into it (Wegener,
/// *Bottom-up Heapsort*, 1993). Neither array shrinks: a copy of an agenda has room for as much as the original.
public struct Agenda: Sendable {
    /// A scheduled event, to cancel it by. Valid until the event is executed or cancelled.
    public struct TimerID: Hashable, Sendable {
        let slot: UInt32

        /// No event.
        public static let none = TimerID(slot: .max)
    }

    /// An event that is due.
    public struct Due: Sendable {
        /// When.
        public let time: Instant
        /// What.
        public let event: Event
    }

    /// The order of events: the time, then class (3 bits), sequence (37 bits) and slot (24 bits), in one number.
    ///
    /// Of one number the smaller is chosen without a branch, which a heap's mostly random keys would mispredict.
    private struct Key {
        private var bits: UInt128

        init(time: Instant, order: UInt64) {
            bits = UInt128(UInt64(bitPattern: time.nanoseconds) ^ Self.signBit) << 64 | UInt128(order)
        }

        var time: Instant {
            Instant(nanoseconds: Int64(bitPattern: UInt64(truncatingIfNeeded: bits >> 64) ^ Self.signBit))
        }

        var order: UInt64 { UInt64(truncatingIfNeeded: bits) }

        var slot: Int { Int(truncatingIfNeeded: bits & 0xff_ffff) }

        /// Lets negative times come before others.
        private static var signBit: UInt64 { 1 << 63 }

        static func < (left: Key, right: Key) -> Bool {
            left.bits < right.bits
        }
    }

    /// An event, and where its key is in the heap; for a free slot, the next free one.
    private struct Slot {
        var event: Event
        var position: UInt32
    }

    /// How many children a node of the heap has.
    private static var arity: Int { 8 }

    /// How many events can be pending at once.
    public static let capacity = 1 << 24

    private static let classBits: UInt64 = 0b111 << 61
    private static let sequenceLimit: UInt64 = 1 << 37
    private static let noSlot = UInt32.max

    /// The heap is the first ``count`` of these; there are as many as slots.
    private var heap: [Key] = []
    private var slots: [Slot] = []
    private var firstFree = noSlot
    private var sequence: UInt64

    /// An empty agenda.
    public init() {
        sequence = 0
    }

    /// An empty agenda that has already scheduled so many events, to show what happens when the numbers run out.
    init(sequence: UInt64) {
        self.sequence = sequence
    }

    /// How many events are pending.
    public private(set) var count = 0

    /// When the next event is due.
    public var nextTime: Instant? {
        count > 0 ? heap[0].time : nil
    }

    /// Whether a further event has room.
    public var hasRoom: Bool { count < Self.capacity }

    /// Schedules an event. Events of one time and class keep the order of their scheduling.
    ///
    /// - Precondition: ``hasRoom``.
    @discardableResult
    public mutating func schedule(_ event: Event, at time: Instant) -> TimerID {
        precondition(hasRoom, "the agenda is full")
        if sequence == Self.sequenceLimit { renumber() }
        let slot = takeSlot(for: event)
        let key = Key(time: time, order: event.eventClass.rawValue << 61 | sequence << 24 | UInt64(slot))
        sequence += 1
        count += 1
        siftUp(key, from: count - 1)
        return TimerID(slot: slot)
    }

    /// Takes the next event out.
    public mutating func popNext() -> Due? {
        guard count > 0 else { return nil }
        count -= 1
        let (top, last) = (heap[0], heap[count])
        let event = slots[top.slot].event
        freeSlot(top.slot)
        if count > 0 { siftDown(last, from: 0) }
        return Due(time: top.time, event: event)
    }

    /// Takes a pending event out; ``TimerID/none`` is allowed and does nothing.
    public mutating func cancel(_ timer: TimerID) {
        guard timer != .none else { return }
        let slot = Int(timer.slot)
        let position = Int(slots[slot].position)
        precondition(position < count && heap[position].slot == slot, "the event is no longer pending")
        freeSlot(slot)
        count -= 1
        if position < count { siftDown(heap[count], from: position) }
    }

    /// All pending events, earliest first. Costs a sort: for tests and digests.
    public var pending: [Due] {
        heap[..<count].sorted { $0 < $1 }.map { Due(time: $0.time, event: slots[$0.slot].event) }
    }
}

extension Agenda {
    private mutating func takeSlot(for event: Event) -> UInt32 {
        guard firstFree != Self.noSlot else {
            slots.append(Slot(event: event, position: 0))
            heap.append(Key(time: .zero, order: 0))
            return UInt32(slots.count - 1)
        }
        let slot = firstFree
        firstFree = slots[Int(slot)].position
        slots[Int(slot)].event = event
        return slot
    }

    private mutating func freeSlot(_ slot: Int) {
        slots[slot].position = firstFree
        firstFree = UInt32(truncatingIfNeeded: slot)
    }

    /// Moves the hole at `position` up to where `key` belongs, and puts it there.
    private mutating func siftUp(_ key: Key, from position: Int) {
        slots.withUnsafeMutableBufferPointer { slots in
            heap.withUnsafeMutableBufferPointer { heap in
                Self.siftUp(key, from: position, heap, slots)
            }
        }
    }

    @inline(__always)
    private static func siftUp(
        _ key: Key, from position: Int, _ heap: UnsafeMutableBufferPointer<Key>,
        _ slots: UnsafeMutableBufferPointer<Slot>
    ) {
        var hole = position
        while hole > 0 {
            let parent = heap[(hole - 1) / Self.arity]
            guard key < parent else { break }
            heap[hole] = parent
            slots[parent.slot].position = UInt32(truncatingIfNeeded: hole)
            hole = (hole - 1) / Self.arity
        }
        heap[hole] = key
        slots[key.slot].position = UInt32(truncatingIfNeeded: hole)
    }

    /// Moves the hole at `position` down to a leaf along the smaller children, then `key` up from there.
    private mutating func siftDown(_ key: Key, from position: Int) {
        let count = count
        slots.withUnsafeMutableBufferPointer { slots in
            heap.withUnsafeMutableBufferPointer { heap in
                var hole = position
                while Self.arity * hole + 1 < count {
                    let child = Self.leastChild(of: hole, heap, count)
                    heap[hole] = heap[child]
                    slots[heap[child].slot].position = UInt32(truncatingIfNeeded: hole)
                    hole = child
                }
                Self.siftUp(key, from: hole, heap, slots)
            }
        }
    }

    /// The smallest of the children of a node that has at least one.
    @inline(__always)
    private static func leastChild(of node: Int, _ heap: UnsafeMutableBufferPointer<Key>, _ count: Int) -> Int {
        func smaller(_ left: Int, _ right: Int) -> Int { heap[right] < heap[left] ? right : left }

        let first = Self.arity * node + 1
        guard first + Self.arity <= count else {
            return ((first + 1)..<max(first + 1, count)).reduce(first, smaller)
        }
        return smaller(
            smaller(smaller(first, first + 1), smaller(first + 2, first + 3)),
            smaller(smaller(first + 4, first + 5), smaller(first + 6, first + 7)))
    }

    /// Numbers the pending events anew in their present order. Due once in 10¹¹ events.
    private mutating func renumber() {
        heap[..<count].sort { $0 < $1 }
        for position in 0..<count {
            let key = heap[position]
            let order = (key.order & Self.classBits) | UInt64(position) << 24 | UInt64(key.slot)
            heap[position] = Key(time: key.time, order: order)
            slots[key.slot].position = UInt32(truncatingIfNeeded: position)
        }
        sequence = UInt64(count)
    }
}
