import Timeline

extension Cache where Policy == LRU {
    /// Keeps a value that never ends, and returns the one that had to be forgotten for it: with no room at all, itself.
    mutating func remember(_ key: Key, _ value: Value) -> Value? {
        guard capacity > 0 else { return value }
        return insert(key, value, at: .zero).first { $0.cause == .capacity }?.value
    }
}
