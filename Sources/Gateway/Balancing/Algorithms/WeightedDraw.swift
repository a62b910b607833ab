internal import Timeline

/// Draws places at random, each as often as its weight says.
struct WeightedDraw: Hashable, Sendable {
    private var weights: [UInt32] = []
    /// The candidates, in order, and where the weight of each ends if all lie side by side.
    private var candidates: [Int32] = []
    private var ends: [UInt64] = []
    /// The first candidate that ends behind the start of each of about as many equal parts of the whole.
    private var starts: [Int32] = []
    private var shift: UInt64 = 0
    private var isEven = true
    private var isCurrent = true

    func weight(of place: Int) -> UInt32 { weights[place] }

    /// Gives a place a weight; with 0 it is no candidate.
    mutating func setWeight(_ weight: Int, of place: Int) {
        guard BackendSet.hasRoom(for: place) else { return }
        while weights.count <= place { weights.append(0) }
        weights[place] = UInt32(max(0, min(weight, SmoothRoundRobin.heaviest)))
        isCurrent = false
    }

    /// Two different candidates, the same twice if there is only one; nil if there are none.
    mutating func pair(using random: inout RandomStream) -> (Int, Int)? {
        if !isCurrent { recollect() }
        guard candidates.count > 1 else { return candidates.first.map { (Int($0), Int($0)) } }
        if isEven {
            let first = Int(random.below(UInt64(candidates.count)))
            let other = Int(random.below(UInt64(candidates.count - 1)))
            // The other stands among those that are left: from the first one on, one further.
            let second = other < first ? other : other + 1
            return (Int(candidates[first]), Int(candidates[second]))
        }
        let total = ends[ends.count - 1]
        let first = index(of: random.below(total))
        let start = first > 0 ? ends[first - 1] : 0
        let weight = ends[first] - start
        let mark = random.below(total - weight)
        let second = index(of: mark < start ? mark : mark + weight)
        return (Int(candidates[first]), Int(candidates[second]))
    }

    /// The candidates that are not to be avoided.
    mutating func others(than avoided: [Int]) -> [Int] {
        if !isCurrent { recollect() }
        return candidates.map { Int($0) }.filter { !avoided.contains($0) }
    }

    private func index(of mark: UInt64) -> Int {
        var index = Int(starts[Int(mark &>> shift)])
        while ends[index] <= mark { index += 1 }
        return index
    }

    private mutating func recollect() {
        candidates.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        isEven = true
        var end: UInt64 = 0
        for place in weights.indices where weights[place] > 0 {
            if let first = candidates.first, weights[Int(first)] != weights[place] { isEven = false }
            candidates.append(Int32(place))
            end += UInt64(weights[place])
            ends.append(end)
        }
        if !isEven { findStarts(total: end) }
        isCurrent = true
    }

    private mutating func findStarts(total: UInt64) {
        shift = 0
        while total >> shift > 2 * candidates.count { shift += 1 }
        starts.removeAll(keepingCapacity: true)
        var index = 0
        for part in 0...((total - 1) >> shift) {
            while ends[index] <= part << shift { index += 1 }
            starts.append(Int32(index))
        }
    }
}
