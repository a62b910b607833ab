internal import Timeline

/// Where in an array the entry of a number is: a hash table with open addressing, at most half full.
///
/// Taking out moves later entries back instead of leaving marks, so its speed does not decay, and no memory is taken
/// once it has been as full as it gets. Its order is never seen.
struct PlaceTable: Sendable {
    private var slots: [Slot] = []
    private(set) var count = 0

    private struct Slot: Sendable {
        var number: UInt64 = 0
        /// The place plus 1; 0 if the slot is free.
        var link: UInt32 = 0
    }

    /// The place of a number; nil if it has none.
    func place(of number: UInt64) -> UInt32? {
        guard count > 0 else { return nil }
        let link = slots[slot(of: number)].link
        return link == 0 ? nil : link - 1
    }

    /// Notes the place of a number that has none yet.
    mutating func insert(_ number: UInt64, at place: UInt32) {
        if (count + 1) * 2 > slots.count { grow() }
        slots[slot(of: number)] = Slot(number: number, link: place + 1)
        count += 1
    }

    /// Forgets a number.
    mutating func remove(_ number: UInt64) {
        guard count > 0 else { return }
        var hole = slot(of: number)
        guard slots[hole].link != 0 else { return }
        count -= 1
        var next = (hole + 1) & mask
        while slots[next].link != 0 {
            // An entry may move back into the hole unless that lies before the slot where it belongs.
            let distance = (next - home(of: slots[next].number)) & mask
            if distance >= (next - hole) & mask {
                slots[hole] = slots[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        slots[hole] = Slot()
    }

    private var mask: Int { slots.count - 1 }

    private func home(of number: UInt64) -> Int {
        Int(truncatingIfNeeded: RandomStream.scramble(number)) & mask
    }

    /// The slot that a number is in, or the free one where it would be put.
    private func slot(of number: UInt64) -> Int {
        var slot = home(of: number)
        while slots[slot].link != 0 && slots[slot].number != number { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: max(16, old.count * 2))
        for entry in old where entry.link != 0 { slots[slot(of: entry.number)] = entry }
    }
}
