public import Timeline

extension AccessHistory {
    /// The keys that it knows, the last used first.
    public var keysByRecency: [Key] { ledger.slotsByRecency.map { key(in: $0) } }

    /// The keys used most often within the window, the most used first; among equals the one used last.
    ///
    /// It looks at all keys: for once in a while, not for every request.
    /// - Parameter count: how many at most; keys that were not used within the window are not among them.
    public func popular(_ count: Int, at now: Instant) -> [Key] {
        ledger.mostUsed(count, at: now).map { key(in: $0) }
    }

    /// The keys that are usually used in the hour of the day that begins next, the likeliest first; among equals the
    /// one used last.
    ///
    /// It looks at all keys: for once in a while, not for every request.
    /// - Parameters:
    ///   - count: how many at most.
    ///   - likelihood: only keys that are likelier; a key used on n of d days in that hour counts as n / (d + 1).
    public func expectedInNextHour(_ count: Int, likelihood: Double = 0.5, at now: Instant) -> [Key] {
        ledger.likeliestInNextHour(count, likelihood: likelihood, at: now).map { key(in: $0) }
    }

    /// The keys that usually follow a key, one after the other, the next first.
    /// - Parameters:
    ///   - count: how many at most.
    ///   - confidence: it ends before a key that follows with no more than this, 0 to 1: the product of the
    ///     confidences up to it.
    public func successors(of key: Key, count: Int, confidence: Double = 0.5) -> [Key] {
        guard var slot = slot(of: key) else { return [] }
        var reached = 1.0
        var seen: Set<Slot> = [slot]
        var keys: [Key] = []
        while keys.count < count, let next = ledger.successor(of: slot) {
            reached *= next.confidence
            guard reached > confidence, seen.insert(next.slot).inserted else { break }
            keys.append(self.key(in: next.slot))
            slot = next.slot
        }
        return keys
    }
}
