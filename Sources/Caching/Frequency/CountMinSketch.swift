/// A count-min sketch of 4-bit counters: roughly how often each of any number of keys was used, in 8 bytes for each
/// entry of the cache.
///
/// The counters and hashes are those of Caffeine's simulator (`CountMin4` with periodic reset), so that a replayed trace
/// gives the same hits to the last one. A key's counter may be too high, by other keys that share it, never too low.
/// Once as many uses were counted as ten times the table's length all counters are halved.
public struct CountMinSketch: FrequencyCounter {
    /// Sixteen counters in each.
    private var table: [UInt64]
    private let mask: Int
    private let period: Int
    private var additions = 0

    /// The highest count.
    public static let most = 15

    private static let seeds: (UInt64, UInt64, UInt64, UInt64) = (
        0xc3a5_c85c_97cb_3127, 0xb492_b66f_be98_f273, 0x9ae1_6a3b_2f90_404f, 0xcbf2_9ce4_8422_2325
    )

    /// A sketch for a cache with room for so many entries; its table has as many words, rounded up to a power of two.
    public init(capacity: Int) {
        var length = 1
        while length < min(capacity, 1 << 30) { length *= 2 }
        table = [UInt64](repeating: 0, count: length)
        mask = length - 1
        period = capacity < 1 ? 10 : 10 * length
    }

    /// How many uses it has counted since it was made, each halving halving them too.
    public var size: Int { additions }

    /// A key was used.
    public mutating func increment(_ fingerprint: UInt64) {
        let places = Places(of: fingerprint, mask: mask)
        var isAdded = add(places.first, places.shift)
        isAdded = add(places.second, places.shift + 4) || isAdded
        isAdded = add(places.third, places.shift + 8) || isAdded
        isAdded = add(places.fourth, places.shift + 12) || isAdded
        guard isAdded else { return }
        additions += 1
        if additions == period { age() }
    }

    /// How often a key was used at most, up to ``most``.
    public func frequency(of fingerprint: UInt64) -> Int {
        let places = Places(of: fingerprint, mask: mask)
        let counts = (
            table[places.first] >> places.shift & 15, table[places.second] >> (places.shift + 4) & 15,
            table[places.third] >> (places.shift + 8) & 15, table[places.fourth] >> (places.shift + 12) & 15
        )
        return Int(min(min(counts.0, counts.1), min(counts.2, counts.3)))
    }

    /// Where a key's four counters stand: the words, and the bit at which the first begins.
    private struct Places {
        let first: Int
        let second: Int
        let third: Int
        let fourth: Int
        let shift: UInt64

        init(of fingerprint: UInt64, mask: Int) {
            var hash = UInt32(truncatingIfNeeded: fingerprint ^ fingerprint >> 32)
            hash = (hash >> 16 ^ hash) &* 0x45d9_f3b
            hash = (hash >> 16 ^ hash) &* 0x45d9_f3b
            hash = hash >> 16 ^ hash
            let item = UInt64(bitPattern: Int64(Int32(bitPattern: hash)))
            first = Self.place(item, CountMinSketch.seeds.0, mask)
            second = Self.place(item, CountMinSketch.seeds.1, mask)
            third = Self.place(item, CountMinSketch.seeds.2, mask)
            fourth = Self.place(item, CountMinSketch.seeds.3, mask)
            shift = UInt64(hash & 3) << 4
        }

        private static func place(_ item: UInt64, _ seed: UInt64, _ mask: Int) -> Int {
            let product = (item &+ seed) &* seed
            return Int(truncatingIfNeeded: product &+ product >> 32) & mask
        }
    }

    /// Adds one to a counter unless it is full; returns whether it was added.
    private mutating func add(_ place: Int, _ shift: UInt64) -> Bool {
        let full: UInt64 = 15 << shift
        guard table[place] & full != full else { return false }
        table[place] += 1 << shift
        return true
    }

    /// Halves all counters; what the odd ones lose is taken off the number of additions as well.
    private mutating func age() {
        var odd = 0
        for place in table.indices {
            odd += (table[place] & 0x1111_1111_1111_1111).nonzeroBitCount
            table[place] = table[place] >> 1 & 0x7777_7777_7777_7777
        }
        additions = (additions - odd >> 2) >> 1
    }
}
