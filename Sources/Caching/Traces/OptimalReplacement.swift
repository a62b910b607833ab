/// Belady's optimal replacement (MIN, 1966): who leaves is the entry that is wanted again last. It has to know the
/// future, so it can only be computed afterwards; no policy has more hits where all entries weigh the same.
///
/// Two things are called optimal: with insertion forced, every missed key is taken in, as all policies here do; with
/// bypass a missed key that is wanted later than all that is held stays out, which can be a little better.
public enum OptimalReplacement {
    /// What the keys of a whole trace come to.
    /// - Parameters:
    ///   - keys: numbered from 0 without gaps, fewer than 4 294 967 295 requests.
    ///   - sizes: one for each request, or none; they are only counted.
    ///   - capacity: in entries; less than 1 counts as 0.
    ///   - bypasses: whether a missed key may stay out.
    public static func tally(
        of keys: [UInt32], sizes: [UInt32] = [], capacity: Int, bypasses: Bool
    ) -> TraceTally {
        var tally = TraceTally()
        var held = Held(capacity: capacity)
        let nextUses = nextUses(of: keys)
        for (place, key) in keys.enumerated() {
            let isHit = held.request(key, nextUse: nextUses[place], bypasses: bypasses)
            tally.count(size: sizes.isEmpty ? 1 : Int(sizes[place]), isHit: isHit)
        }
        return tally
    }

    /// For each request, which one is the next for the same key; the highest number for none.
    private static func nextUses(of keys: [UInt32]) -> [UInt32] {
        var nextUses = [UInt32](repeating: .max, count: keys.count)
        var latest = [UInt32](repeating: .max, count: Int(keys.max() ?? 0) + 1)
        for place in keys.indices.reversed() {
            let key = Int(keys[place])
            nextUses[place] = latest[key]
            latest[key] = UInt32(truncatingIfNeeded: place)
        }
        return nextUses
    }

    /// The keys that are held, the one that is wanted again last first.
    private struct Held {
        let capacity: Int
        private var count = 0
        private var uses = SlotHeap<UInt32>()

        init(capacity: Int) { self.capacity = capacity }

        /// Returns whether the key was held.
        mutating func request(_ key: UInt32, nextUse: UInt32, bypasses: Bool) -> Bool {
            // The heap has the least first.
            let (slot, lateness) = (Slot(Int32(bitPattern: key)), UInt32.max - nextUse)
            if uses.contains(slot) {
                uses.set(slot, to: lateness)
                return true
            }
            guard capacity > 0 else { return false }
            if count == capacity {
                if bypasses, let last = uses.first, lateness <= last.priority { return false }
                uses.remove(uses.leastSlot)
                count -= 1
            }
            uses.set(slot, to: lateness)
            count += 1
            return false
        }
    }
}
