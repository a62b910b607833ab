import EventSourcing
import Timeline

/// Chooses what cannot be dealt with, however often it is tried: a share of all ids, and always the same ones.
struct Poison: Sendable {
    private let seed: UInt64

    /// That of a component.
    init(seed: UInt64, name: String) {
        var draws = RandomStream(seed: seed, name: name, purpose: "poison")
        self.seed = draws.next()
    }

    /// Whether an id is among a share of all, 0 to 1.
    func isIn(_ id: EventID, share: Double) -> Bool {
        guard share > 0 else { return false }
        let mark = RandomStream.scramble(id.high ^ RandomStream.scramble(id.low ^ seed))
        return Double(mark >> 11) * 0x1p-53 < share
    }
}
