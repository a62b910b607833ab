/// Other fields that are known to be what fields may be.
extension Headers {
    /// Adds all fields of others whose names are not there yet.
    mutating func addMissing(from others: Headers) {
        guard present & others.present != 0 else { return addAll(of: others) }
        for index in others.slots.indices {
            let name = others.name(at: index)
            if !contains(name) { add(name, others.storage.span.extracting(others.slots[index].value)) }
        }
    }

    /// Adds all fields of others in place of those of the same names.
    mutating func replaceAll(with others: Headers) {
        if present & others.present != 0 {
            for index in others.slots.indices { remove(others.name(at: index)) }
        }
        addAll(of: others)
    }

    /// Adds all fields of others.
    mutating func addAll(of others: Headers) {
        makeRoom()
        let moved = UInt32(truncatingIfNeeded: storage.count)
        storage.append(contentsOf: others.storage)
        for var slot in others.slots {
            slot.start &+= moved
            slots.append(slot)
        }
        present |= others.present
        bytes += others.bytes
    }
}
