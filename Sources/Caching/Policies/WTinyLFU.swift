/// W-TinyLFU (Einziger, Friedman and Manes, 2017), as in Caffeine.
///
/// A newcomer goes to a window, 1 % of the capacity, in LRU order; one that is heavier than that goes straight through
/// it. What falls out of the window competes with the oldest entry of the probation segment: the one that was used less often, as the counter says, leaves; at a tie the
/// candidate does. A use moves an entry from probation to the protected segment, 80 % of what is not window; what falls
/// out of that goes back to probation. There is no random admission.
public struct WTinyLFU<Counter: FrequencyCounter>: EvictionPolicy {
    /// A newcomer is judged once it is there.
    @inlinable
    public var admitsFirst: Bool { true }

    /// The most weight that the entries may have together; a counter that is there keeps its size.
    public var capacity: Int { didSet { sizeSegments() } }
    private var nodes = SlotNodes()
    private var fingerprints: [UInt64] = []
    /// Nil before the first entry.
    private var counter: Counter?
    /// Whether the capacity is something else than a number of entries, as some have weighed more than 1 (or as it is
    /// too large for one).
    private(set) var isWeighted = false
    /// For how many entries the counter is made, where they have weights.
    private var counted = 0
    private var entries = 0
    private var window = SlotQueue(id: 1)
    private var probation = SlotQueue(id: 2)
    private var protected = SlotQueue(id: 3)
    private var windowSize = 0
    private var protectedSize = 0
    /// What fell out of the window last and has not been judged yet.
    private var candidate = Slot.none

    /// A policy for entries of so much weight together.
    public init(capacity: Int) {
        self.capacity = capacity
        sizeSegments()
    }

    private mutating func sizeSegments() {
        let mainSize = Int(Double(capacity) * 0.99)
        windowSize = capacity - mainSize
        protectedSize = Int(Double(mainSize) * 0.8)
    }

    /// The weight of all entries.
    public var weight: Int { window.weight + probation.weight + protected.weight }

    /// It has been used once more: in the window and in the protected segment it becomes the newest, from probation it
    /// moves to the protected segment.
    public mutating func hit(_ slot: Slot) {
        counter?.increment(fingerprints[slot.place])
        switch nodes.queue(of: slot) {
        case window.id: nodes.renew(slot, in: &window)
        case protected.id: nodes.renew(slot, in: &protected)
        default: promote(slot)
        }
    }

    /// An entry that is heavier than the whole protected segment stays on probation.
    private mutating func promote(_ slot: Slot) {
        guard Int(nodes[slot].weight) <= protectedSize else { return nodes.renew(slot, in: &probation) }
        nodes.take(slot, from: &probation)
        nodes.push(slot, onto: &protected)
        demoteProtected()
    }

    private mutating func demoteProtected() {
        while protected.weight > protectedSize {
            let demoted = nodes.takeOldest(from: &protected)
            nodes.push(demoted, onto: &probation)
        }
    }

    /// It comes into the window; what falls out of that goes to probation, and is a candidate for eviction.
    public mutating func admit(_ newcomer: Newcomer) {
        entries += 1
        fitCounter(to: newcomer)
        counter?.increment(newcomer.fingerprint)
        nodes.enter(newcomer, mostSlots: mostSlots)
        let place = newcomer.slot.place
        if place >= fingerprints.count {
            fingerprints.reserveRoom(for: place + 1, most: mostSlots)
            while fingerprints.count <= place { fingerprints.append(0) }
        }
        fingerprints[place] = newcomer.fingerprint
        // What does not fit into the window shall not push everything else out of it.
        if newcomer.weight > windowSize {
            nodes.pushOldest(newcomer.slot, onto: &window)
        } else {
            nodes.push(newcomer.slot, onto: &window)
        }
        candidate = .none
        while window.weight > windowSize {
            let slot = nodes.takeOldest(from: &window)
            nodes.push(slot, onto: &probation)
            if candidate.isNone { candidate = slot }
        }
    }

    /// Makes a counter for as many entries as there can be; where entries have weights, for as many as there are, which
    /// forgets all counts whenever it has to grow, as Caffeine's does.
    private mutating func fitCounter(to newcomer: Newcomer) {
        if newcomer.weight != 1 || capacity > Self.mostCounted { isWeighted = true }
        guard isWeighted else {
            if counter == nil { counter = Counter(capacity: capacity) }
            return
        }
        guard entries > counted else { return }
        repeat { counted = max(Self.leastCounted, 2 * counted) } while counted < entries
        counter = Counter(capacity: counted)
    }

    private static var leastCounted: Int { 64 }
    /// A sketch for so many entries takes 128 MiB.
    private static var mostCounted: Int { 1 << 24 }

    /// For how many entries there is room, as far as can be told: where they have weights, for as many as there are.
    var countedEntries: Int { isWeighted ? max(Self.leastCounted, entries) : capacity }

    /// The candidate leaves, or the oldest entry on probation if that was used less often.
    public mutating func evict(for newcomer: Newcomer?) -> Departure {
        let victim = (!probation.isEmpty ? probation : !protected.isEmpty ? protected : window).oldest
        guard !candidate.isNone, candidate != victim else {
            remove(victim)
            return .evicted(victim)
        }
        let (rival, isBetter) = (candidate, frequency(of: candidate) > frequency(of: victim))
        if isBetter {
            candidate = nodes[rival].newer
            remove(victim)
            return .evicted(victim)
        }
        remove(rival)
        return .evicted(rival)
    }

    private func frequency(of slot: Slot) -> Int {
        counter?.frequency(of: fingerprints[slot.place]) ?? 0
    }

    /// It leaves its segment; its uses are not forgotten.
    public mutating func remove(_ slot: Slot) {
        entries -= 1
        if slot == candidate { candidate = nodes[slot].newer }
        takeOut(slot)
    }

    private mutating func takeOut(_ slot: Slot) {
        switch nodes.queue(of: slot) {
        case window.id: nodes.take(slot, from: &window)
        case probation.id: nodes.take(slot, from: &probation)
        default: nodes.take(slot, from: &protected)
        }
    }

    /// The window, probation and the protected segment.
    public var queues: [PolicyQueue] {
        [(window, "window"), (probation, "probation"), (protected, "protected")].map { queue, name in
            var listing = nodes.listing(queue, name)
            listing.marks = listing.slots.map { frequency(of: $0) }
            return listing
        }
    }
}

extension WTinyLFU {
    /// The share of the capacity that is the window's, from 0 to 1.
    public var windowShare: Double { capacity == 0 ? 0 : Double(windowSize) / Double(capacity) }

    /// Takes so much room from the protected segment for the window, as far as it has any, with the entries that fill it:
    /// those on probation, which stand there longest, before the protected ones.
    /// - Returns: how much could not be filled, as entries are whole; it stays where it was.
    mutating func growWindow(by amount: Int) -> Int {
        var room = min(amount, protectedSize)
        moveBorder(by: room)
        demoteProtected()
        while let slot = [probation.oldest, protected.oldest].first(where: { fits($0, in: room) }) {
            takeOut(slot)
            nodes.push(slot, onto: &window)
            room -= Int(nodes[slot].weight)
        }
        moveBorder(by: -room)
        return room
    }

    /// Gives so much room of the window to the protected segment, as far as it has any; what stood there longest goes to
    /// probation, to be the next to leave.
    /// - Returns: how much could not be cleared, as entries are whole; it stays where it was.
    mutating func shrinkWindow(by amount: Int) -> Int {
        var room = min(amount, windowSize)
        moveBorder(by: -room)
        while fits(window.oldest, in: room) {
            let slot = nodes.takeOldest(from: &window)
            nodes.pushOldest(slot, onto: &probation)
            room -= Int(nodes[slot].weight)
        }
        moveBorder(by: room)
        return room
    }

    private mutating func moveBorder(by weight: Int) {
        windowSize += weight
        protectedSize -= weight
    }

    private func fits(_ slot: Slot, in room: Int) -> Bool {
        !slot.isNone && Int(nodes[slot].weight) <= room
    }
}
