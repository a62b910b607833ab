internal import Resilience
internal import Timeline

/// The calls in a compartment, each in a place of its own.
struct CallTable: Hashable, Sendable {
    private static let none = UInt32.max
    private static let placeBits: UInt32 = 20
    private static let mostPlaces = 1 << Int(placeBits)
    private static let generations: UInt32 = 1 << (32 - placeBits)

    private(set) var running = 0
    private(set) var queued = 0
    private var slots: [Slot] = []
    private var firstFree = none
    private var lastFree = none

    struct Slot: Hashable, Sendable {
        var call: Call
        var state = State.entering
        var generation: UInt32 = 0
        var nextFree = none
    }

    /// One call.
    struct Call: Hashable, Sendable {
        let task: UInt64
        let askedAt: Instant
        /// From then on nobody waits for its answer.
        let deadline: Instant
        var startedAt: Instant
        /// The breaker's permit; nil if no breaker was asked.
        let breaker: CircuitBreaker.Permit?
        /// Where it waits, in the bulkhead's words.
        var ticket: UInt32 = 0
    }

    /// What a call is doing.
    enum State: UInt8 {
        /// Nothing: the place is free.
        case free
        /// It is still asking the bulkhead.
        case entering
        case queued
        case running
        /// In its caller's thread, unknown to the thread pool.
        case runningInCaller
    }

    var isFull: Bool { firstFree == Self.none && slots.count == Self.mostPlaces }

    /// Gives a call a place, the one that has been free for longest; the table must not be full.
    mutating func insert(_ call: Call) -> Compartment.Permit {
        var slot = Slot(call: call)
        let place: UInt32
        if firstFree == Self.none {
            place = UInt32(slots.count)
            slots.append(slot)
        } else {
            place = firstFree
            firstFree = slots[Int(place)].nextFree
            if firstFree == Self.none { lastFree = Self.none }
            slot.generation = (slots[Int(place)].generation &+ 1) % Self.generations
            slots[Int(place)] = slot
        }
        return Compartment.Permit(number: slot.generation << Self.placeBits | place)
    }

    /// What the call of a permit is doing; free if it is no longer there.
    func state(of permit: Compartment.Permit) -> State {
        place(of: permit).map { slots[$0].state } ?? .free
    }

    /// The call of a permit; nil if it is no longer there.
    func call(of permit: Compartment.Permit) -> Call? {
        place(of: permit).map { slots[$0].call }
    }

    mutating func wait(_ permit: Compartment.Permit, ticket: UInt32) {
        guard let place = place(of: permit) else { return }
        slots[place].call.ticket = ticket
        change(place, to: .queued)
    }

    mutating func start(_ permit: Compartment.Permit, as state: State, at now: Instant) {
        guard let place = place(of: permit) else { return }
        slots[place].call.startedAt = now
        change(place, to: state)
    }

    /// Takes a call out; nil if it is no longer there.
    mutating func remove(_ permit: Compartment.Permit) -> Call? {
        guard let place = place(of: permit) else { return nil }
        change(place, to: .free)
        slots[place].nextFree = Self.none
        if lastFree == Self.none { firstFree = UInt32(place) } else { slots[Int(lastFree)].nextFree = UInt32(place) }
        lastFree = UInt32(place)
        return slots[place].call
    }

    private func place(of permit: Compartment.Permit) -> Int? {
        let place = Int(permit.number & (1 << Self.placeBits - 1))
        guard place < slots.count, slots[place].state != .free else { return nil }
        return slots[place].generation == permit.number >> Self.placeBits ? place : nil
    }

    private mutating func change(_ place: Int, to state: State) {
        count(slots[place].state, -1)
        count(state, 1)
        slots[place].state = state
    }

    private mutating func count(_ state: State, _ change: Int) {
        switch state {
        case .free, .entering: break
        case .queued: queued += change
        case .running, .runningInCaller: running += change
        }
    }
}
