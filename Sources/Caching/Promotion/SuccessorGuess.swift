/// Which key is used after another, and how often that was right of late.
struct SuccessorGuess: Sendable {
    /// Where the key stands; none before the first.
    private(set) var slot = Slot.none
    /// The number of the key, since its slot may have another owner later.
    private(set) var number: UInt64 = 0
    /// 0 to 1: the share of the last few times that it was right.
    private(set) var confidence = 0.0

    /// A guess that is wrong more often gives way to what came instead.
    private static let least = 0.25

    /// This key followed.
    mutating func learn(_ slot: Slot, number: UInt64) {
        if self.slot == slot && self.number == number {
            confidence += (1 - confidence) / 4
            return
        }
        confidence -= confidence / 4
        guard confidence < Self.least else { return }
        self = SuccessorGuess(slot: slot, number: number)
    }
}
