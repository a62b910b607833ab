import Timeline

extension AccessLedger {
    /// The keys used most often within the window, among equals the one used last.
    func mostUsed(_ count: Int, at now: Instant) -> [Slot] {
        let now = max(latest, now)
        return best(count) { slot in
            let uses = rings.counts(slot, at: now).all
            return uses > 0 ? Double(uses) : nil
        }
    }

    /// The keys that are used in the hour that begins next with more than this likelihood, the likeliest first.
    func likeliestInNextHour(_ count: Int, likelihood: Double, at now: Instant) -> [Slot] {
        let hour = settings.clock.hourNumber(at: max(latest, now)) + 1
        return best(count) { slot in
            let found = records[slot.place].hours.likelihood(inHour: hour)
            return found > likelihood ? found : nil
        }
    }

    /// The slots with the highest scores; those without one are left out.
    private func best(_ count: Int, by score: (Slot) -> Double?) -> [Slot] {
        var scored: [(slot: Slot, score: Double, rank: Int)] = []
        for (rank, slot) in slotsByRecency.enumerated() {
            if let score = score(slot) { scored.append((slot, score, rank)) }
        }
        scored.sort { left, right in
            left.score == right.score ? left.rank < right.rank : left.score > right.score
        }
        return scored.prefix(max(0, count)).map(\.slot)
    }
}
