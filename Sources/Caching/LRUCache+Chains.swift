extension LRUCache {
    /// The part of a key's hash that is kept with its entry.
    @inlinable
    static func hash(_ key: Key) -> UInt32 {
        UInt32(truncatingIfNeeded: key.hashValue)
    }

    /// The position of the entry with this key, expired or not; nil if there is none.
    @inlinable
    func find(_ key: Key, hash: UInt32) -> Int? {
        guard !slots.isEmpty else { return nil }
        var link = chains[chain(of: hash)]
        while link != Slot.none {
            let position = Int(link)
            if slots[position].hash == hash && slots[position].key == key { return position }
            link = slots[position].nextInChain
        }
        return nil
    }

    /// Which chain the entries with this hash are in.
    @inlinable
    func chain(of hash: UInt32) -> Int {
        Int(hash) & (chains.count - 1)
    }

    /// Puts the entry at a position, which is in no chain yet, at the head of its chain.
    @inlinable
    mutating func enterChain(_ position: Int) {
        let chain = chain(of: slots[position].hash)
        slots[position].nextInChain = chains[chain]
        chains[chain] = Int32(truncatingIfNeeded: position)
    }

    /// Takes the entry at a position out of its chain.
    @inlinable
    mutating func leaveChain(_ position: Int) {
        let chain = chain(of: slots[position].hash)
        let next = slots[position].nextInChain
        var before = Int(chains[chain])
        guard before != position else {
            chains[chain] = next
            return
        }
        while Int(slots[before].nextInChain) != position { before = Int(slots[before].nextInChain) }
        slots[before].nextInChain = next
    }

    /// Spreads all entries over twice as many chains as are needed for one entry each.
    @inlinable
    mutating func rebuildChains() {
        var wanted = 8
        while wanted < slots.count * 2 { wanted *= 2 }
        chains = [Int32](repeating: Slot.none, count: wanted)
        for position in slots.indices { enterChain(position) }
    }
}
