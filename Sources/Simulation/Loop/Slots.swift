import Timeline

/// Values that events and tickets know by number: each stands in a slot until it is taken out, and then its slot is the
/// next one's.
struct Slots<Element: Sendable>: Sendable {
    private var elements: [Element] = []
    private var vacant: [UInt32] = []

    /// Puts a value into a slot.
    mutating func put(_ element: Element) -> UInt32 {
        guard let slot = vacant.popLast() else {
            elements.append(element)
            return UInt32(elements.count - 1)
        }
        elements[Int(slot)] = element
        return slot
    }

    /// Takes a value out of its slot.
    mutating func take(_ slot: UInt32) -> Element {
        free(slot)
        return elements[Int(slot)]
    }

    /// Nobody needs the value any more.
    mutating func free(_ slot: UInt32) { vacant.append(slot) }

    /// A value in its slot; of a slot that is free, the last one that stood there.
    subscript(slot: UInt32) -> Element {
        get { elements[Int(slot)] }
        _modify { yield &elements[Int(slot)] }
    }

    /// How many values stand in slots.
    var inUse: Int { elements.count - vacant.count }

    /// Changes the values of all slots, of those too that are free.
    mutating func forEachSlot(_ change: (inout Element) -> Void) {
        for slot in elements.indices { change(&elements[slot]) }
    }

    /// About how many bytes a copy takes once the original goes on.
    var footprint: Int { elements.count * MemoryLayout<Element>.stride }

    func mix(into digest: inout Digest) { digest.mix(UInt64(elements.count), UInt64(vacant.count)) }
}
