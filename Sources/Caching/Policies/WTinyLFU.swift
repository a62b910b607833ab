/// W-TinyLFU (Einziger, Friedman and Manes, 2017), as in Caffeine.
///
/// A newcomer goes to a window, 1 % of the capacity, in LRU order. What falls out of the window competes with the
/// oldest entry of the probation segment: the one that was used less often, as the counter says, leaves; at a tie the
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
    /// Nil before the first entry: what that weighs tells whether the capacity is a number of entries.
    private var counter: Counter?
    /// For how many entries the counter is made, if it grows with them.
    private var countedEntries: Int?
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
        nodes.push(newcomer.slot, onto: &window)
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
        if counter == nil {
            countedEntries = newcomer.weight == 1 ? nil : Self.leastCounted
            counter = Counter(capacity: countedEntries ?? capacity)
        } else if let counted = countedEntries, entries > counted {
            countedEntries = 2 * counted
            counter = Counter(capacity: 2 * counted)
        }
    }

    private static var leastCounted: Int { 64 }

    /// The candidate leaves, or the oldest entry on probation if that was used less often.
    public mutating func evict(for newcomer: Newcomer?) -> Departure {
        let victim = [probation.oldest, protected.oldest, window.oldest].first { !$0.isNone } ?? .none
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

    /// Takes room from the protected segment for the window, as far as it has any.
    mutating func growWindow(by steps: Int) {
        for _ in 0..<min(steps, protectedSize) {
            windowSize += 1
            protectedSize -= 1
            demoteProtected()
            guard !probation.isEmpty else { continue }
            let slot = nodes.takeOldest(from: &probation)
            nodes.push(slot, onto: &window)
        }
    }

    /// Gives room of the window to the protected segment, as far as it has any; what stood there longest goes to
    /// probation, to be the next to leave.
    mutating func shrinkWindow(by steps: Int) {
        for _ in 0..<min(steps, windowSize) {
            windowSize -= 1
            protectedSize += 1
            guard !window.isEmpty else { continue }
            let slot = nodes.takeOldest(from: &window)
            nodes.pushOldest(slot, onto: &probation)
        }
    }
}
