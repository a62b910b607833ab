/// A hash table from 64-bit to 32-bit numbers, out of which nothing is ever taken.
///
/// One flat array with linear probing, at most three quarters full, so a lookup is one access to memory as a rule.
/// A number's place is the top bits of its product with the golden ratio: keys that follow each other, as they do
/// in most traces, are spread evenly (Knuth, *The Art of Computer Programming*, section 6.4).
struct NumberTable: Sendable {
    /// What is not in the table leads here.
    static let absent = UInt32.max

    private struct Slot {
        var key: UInt64
        var value: UInt32
    }

    /// A power of two of them.
    private var slots: [Slot]
    /// 64 less the logarithm of their number.
    private var shift: UInt64
    private var count = 0

    init() {
        let bits: UInt64 = 6
        slots = Array(repeating: Slot(key: 0, value: Self.absent), count: 1 << bits)
        shift = 64 - bits
    }

    /// Where a key is, or would be.
    func place(of key: UInt64) -> Int {
        let mask = slots.count - 1
        var place = firstPlace(of: key)
        while slots[place].key != key, slots[place].value != Self.absent { place = (place + 1) & mask }
        return place
    }

    /// What a key leads to if it is where it is looked for first.
    func glance(at key: UInt64) -> UInt32 {
        let slot = slots[firstPlace(of: key)]
        return slot.key == key ? slot.value : Self.absent
    }

    private func firstPlace(of key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) &>> shift)
    }

    /// What the key at a place leads to.
    subscript(place: Int) -> UInt32 { slots[place].value }

    /// Puts a new key where it would be; from then on no place that was known before means anything.
    mutating func insert(_ key: UInt64, _ value: UInt32, at place: Int) {
        slots[place] = Slot(key: key, value: value)
        count += 1
        if count > slots.count / 4 * 3 { grow() }
    }

    private mutating func grow() {
        let former = slots
        slots = Array(repeating: Slot(key: 0, value: Self.absent), count: former.count * 2)
        shift -= 1
        for slot in former where slot.value != Self.absent { slots[place(of: slot.key)] = slot }
    }
}
