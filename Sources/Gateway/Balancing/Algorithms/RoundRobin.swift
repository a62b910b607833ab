/// Round robin: one after the other, in the order of their places, whatever their weights.
///
/// A candidate that leaves or comes back moves nobody else's turn. It is one route's: routes that shared one would each
/// skip what the others took (the guide's defect G13).
public struct RoundRobin: Hashable, Sendable {
    /// The places of the candidates, in order.
    private var candidates: [Int32] = []
    /// Whose turn it is among them.
    private var next = 0

    /// Among nobody.
    public init() {}

    /// Among so many.
    public init(count: Int) {
        candidates = (0..<Int32(max(0, min(count, BackendSet.capacity)))).map { $0 }
    }

    /// Makes a place a candidate or, with a weight of 0, none.
    public mutating func setWeight(_ weight: Int, of place: Int) {
        guard BackendSet.hasRoom(for: place) else { return }
        let index = candidates.firstIndex(atLeast: Int32(clamping: place))
        let isThere = index < candidates.count && candidates[index] == place
        guard isThere != (weight > 0) else { return }
        if isThere {
            candidates.remove(at: index)
            if index < next { next -= 1 }
        } else {
            candidates.insert(Int32(clamping: place), at: index)
            if index < next { next += 1 }
        }
    }

    /// The place whose turn it is, passing over those to avoid; nil if there are only those, or none.
    public mutating func choose(avoiding: [Int] = []) -> Int? {
        for _ in candidates.indices {
            if next >= candidates.count { next = 0 }
            let place = Int(candidates[next])
            next += 1
            if avoiding.isEmpty || !avoiding.contains(place) { return place }
        }
        return nil
    }
}

extension [Int32] {
    /// Where the first number stands that is not below this one, of numbers in order; the end if there is none.
    func firstIndex(atLeast number: Int32) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
