public import Timeline

/// What is still to happen, in the order of (time, class, sequence of scheduling).
///
/// An indexed heap: a cancelled event is taken out at once, so the agenda holds live events only. The heap
/// itself is an array of 16-byte keys with eight children a node (measured: with 150 events as fast as four, with
/// 1 000 000 a third faster), the events lie beside it in slots that never move, and keys sift bottom-up: the hole
/// goes down to a leaf along the smaller children before the key is put into it (Wegener, *Bottom-up Heapsort*,
/// 1993). What a pop leaves at the root is a hole, since as a rule something is scheduled next, and goes there.
/// Neither array shrinks: a copy of an agenda has room for as much as the original.
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

        /// Comes after the key of every event.
        static var last: Key { Key(time: .distantFuture, order: .max) }
    }

    /// A key, and where it is in the heap.
    private struct Place {
        var key: Key
        var position: Int
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

    /// The keys of pending events, first of all that of the next one, or a hole; then last keys, so many that a
    /// node with any children has all eight.
    private var heap = [Key](repeating: .last, count: arity)
    private var rootIsVacant = false
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
        guard count > 0 else { return nil }
        return rootIsVacant ? heap.withUnsafeBufferPointer { Self.leastChild(of: 0, $0).key.time } : heap[0].time
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
        let hole = rootIsVacant ? 0 : count
        rootIsVacant = false
        sequence += 1
        count += 1
        sift(key, from: hole)
        return TimerID(slot: slot)
    }

    /// Takes the next event out, if it is due by an instant.
    public mutating func popNext(by limit: Instant = .distantFuture) -> Due? {
        guard count > 0 else { return nil }
        fillRoot()
        let top = heap[0]
        guard top.time <= limit else { return nil }
        count -= 1
        rootIsVacant = true
        let event = slots[top.slot].event
        freeSlot(top.slot)
        return Due(time: top.time, event: event)
    }

    /// Takes a pending event out; ``TimerID/none`` is allowed and does nothing.
    public mutating func cancel(_ timer: TimerID) {
        guard timer != .none else { return }
        fillRoot()
        let slot = Int(timer.slot)
        let position = Int(slots[slot].position)
        precondition(position < count && heap[position].slot == slot, "the event is no longer pending")
        freeSlot(slot)
        count -= 1
        moveLast(to: position)
    }

    /// All pending events, earliest first. Costs a sort: for tests and digests.
    public var pending: [Due] {
        let taken = rootIsVacant ? 1..<(count + 1) : 0..<count
        return heap[taken].sorted { $0 < $1 }.map { Due(time: $0.time, event: slots[$0.slot].event) }
    }
}

extension Agenda {
    private mutating func takeSlot(for event: Event) -> UInt32 {
        guard firstFree != Self.noSlot else {
            slots.append(Slot(event: event, position: 0))
            heap.append(.last)
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

    /// Puts the last key at the root, if the key that was there has been popped.
    private mutating func fillRoot() {
        guard rootIsVacant else { return }
        rootIsVacant = false
        moveLast(to: 0)
    }

    /// Moves the last key, for which the heap has no place any more, to the hole at `position`.
    private mutating func moveLast(to position: Int) {
        let key = heap[count]
        heap[count] = .last
        if position < count { sift(key, from: position) }
    }

    /// Moves the hole at `position` down to a leaf along the smaller children, then up to where `key` belongs.
    private mutating func sift(_ key: Key, from position: Int) {
        let count = count
        slots.withUnsafeMutableBufferPointer { slots in
            heap.withUnsafeMutableBufferPointer { heap in
                func put(_ key: Key, at position: Int) {
                    heap[position] = key
                    slots[key.slot].position = UInt32(truncatingIfNeeded: position)
                }

                var hole = position
                while Self.arity &* hole &+ 1 < count {
                    let child = Self.leastChild(of: hole, UnsafeBufferPointer(heap))
                    put(child.key, at: hole)
                    hole = child.position
                }
                while hole > 0 {
                    let parent = (hole &- 1) / Self.arity
                    guard key < heap[parent] else { break }
                    put(heap[parent], at: hole)
                    hole = parent
                }
                put(key, at: hole)
            }
        }
    }

    /// The smallest of the children of a node. A call of its own, since in the midst of a loop the optimiser puts
    /// branches, mostly mispredicted, in the place of conditional moves.
    @inline(never)
    private static func leastChild(of node: Int, _ heap: UnsafeBufferPointer<Key>) -> Place {
        func place(_ position: Int) -> Place { Place(key: heap[position], position: position) }
        func smaller(_ left: Place, _ right: Place) -> Place { right.key < left.key ? right : left }

        let first = arity &* node &+ 1
        return smaller(
            smaller(smaller(place(first), place(first &+ 1)), smaller(place(first &+ 2), place(first &+ 3))),
            smaller(smaller(place(first &+ 4), place(first &+ 5)), smaller(place(first &+ 6), place(first &+ 7))))
    }

    /// Numbers the pending events anew in their present order. Due once in 10¹¹ events.
    private mutating func renumber() {
        fillRoot()
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
