/// Slots in order of a priority that may change: a binary heap, the least first, that knows where each slot stands.
///
/// Every operation takes time in the logarithm of the number of slots; one whose priority only grows, as that of an
/// entry with a fixed time to live, is added in constant time.
struct SlotHeap<Priority: Comparable & Sendable>: Sendable {
    private struct Entry: Sendable {
        var priority: Priority
        var slot: Slot
    }

    private var entries: [Entry] = []
    /// Where each slot stands among the entries; -1 for not at all.
    private var places: [Int32] = []

    var isEmpty: Bool { entries.isEmpty }

    /// The slot with the least priority.
    var first: (slot: Slot, priority: Priority)? {
        entries.first.map { ($0.slot, $0.priority) }
    }

    /// The slot with the least priority, of a heap that is not empty.
    var leastSlot: Slot { entries[0].slot }

    func contains(_ slot: Slot) -> Bool {
        slot.place < places.count && places[slot.place] >= 0
    }

    /// The priority of a slot that it contains.
    func priority(of slot: Slot) -> Priority {
        entries[Int(places[slot.place])].priority
    }

    /// Adds a slot, or gives it another priority.
    mutating func set(_ slot: Slot, to priority: Priority) {
        while places.count <= slot.place { places.append(-1) }
        let entry = Entry(priority: priority, slot: slot)
        let place = Int(places[slot.place])
        guard place >= 0 else {
            entries.append(entry)
            rise(entry, from: entries.count - 1)
            return
        }
        settle(entry, at: place)
    }

    /// Takes a slot out, if it is there.
    mutating func remove(_ slot: Slot) {
        guard contains(slot) else { return }
        let place = Int(places[slot.place])
        places[slot.place] = -1
        let last = entries.removeLast()
        if place < entries.count { settle(last, at: place) }
    }

    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
    }

    /// All slots, the least first.
    var inOrder: [Slot] {
        entries.sorted { $0.priority < $1.priority }.map(\.slot)
    }

    /// Puts an entry where another stood, or above it or below it.
    private mutating func settle(_ entry: Entry, at place: Int) {
        if place > 0, entry.priority < entries[(place - 1) / 2].priority {
            rise(entry, from: place)
        } else {
            sink(entry, from: place)
        }
    }

    private mutating func rise(_ entry: Entry, from start: Int) {
        var place = start
        while place > 0 {
            let parent = (place - 1) / 2
            guard entry.priority < entries[parent].priority else { break }
            put(entries[parent], at: place)
            place = parent
        }
        put(entry, at: place)
    }

    private mutating func sink(_ entry: Entry, from start: Int) {
        var place = start
        while true {
            var child = 2 * place + 1
            guard child < entries.count else { break }
            if child + 1 < entries.count, entries[child + 1].priority < entries[child].priority { child += 1 }
            guard entries[child].priority < entry.priority else { break }
            put(entries[child], at: place)
            place = child
        }
        put(entry, at: place)
    }

    private mutating func put(_ entry: Entry, at place: Int) {
        entries[place] = entry
        places[entry.slot.place] = Int32(truncatingIfNeeded: place)
    }
}
