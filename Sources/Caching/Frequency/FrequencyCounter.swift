/// Counts how often keys were used lately: what W-TinyLFU judges by.
public protocol FrequencyCounter: Sendable {
    /// A counter for a cache with room for so many entries.
    init(capacity: Int)

    /// A key was used.
    mutating func increment(_ fingerprint: UInt64)

    /// How often a key was used, as far as the counter knows.
    func frequency(of fingerprint: UInt64) -> Int
}
