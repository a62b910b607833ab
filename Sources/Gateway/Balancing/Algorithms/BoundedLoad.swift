/// A bound on how much more than its share a place may have (Mirrokni, Thorup and Zadimoghaddam, *Consistent Hashing
/// with Bounded Loads*, 2018).
///
/// With m requests under way, a place of weight w among candidates of weight W together may have as many as
/// `ceil(factor * (m + 1) * w / W)`; its keys go further on when it has. As the factor is more than 1, somebody always
/// has room. Envoy's `hash_balance_factor` is the same in percent; it lets a place have one more, and goes on in an
/// order shuffled for each key rather than around the ring.
struct BoundedLoad: Hashable, Sendable {
    private let percent: UInt64
    private var weights: [UInt32] = []
    private var inFlight: [UInt32] = []
    private var totalWeight: UInt64 = 0
    private var total: UInt64 = 0

    static let percentRange = 101...10_000

    init(percent: Int) {
        self.percent = UInt64(max(Self.percentRange.lowerBound, min(percent, Self.percentRange.upperBound)))
    }

    /// Whether a place may have one request more. An integer is below a number rounded up if it is below the number.
    func hasRoom(_ place: Int) -> Bool {
        guard place < weights.count else { return false }
        let load = (UInt64(inFlight[place]) * 100).multipliedFullWidth(by: totalWeight)
        let bound = ((total + 1) * percent).multipliedFullWidth(by: UInt64(weights[place]))
        return load.high == bound.high ? load.low < bound.low : load.high < bound.high
    }

    mutating func setWeight(_ weight: UInt32, of place: Int) {
        while weights.count <= place {
            weights.append(0)
            inFlight.append(0)
        }
        totalWeight += UInt64(weight)
        totalWeight -= UInt64(weights[place])
        weights[place] = weight
    }

    mutating func remove(_ place: Int) {
        guard place < weights.count else { return }
        setWeight(0, of: place)
        total -= UInt64(inFlight[place])
        inFlight[place] = 0
    }

    mutating func began(_ place: Int) {
        guard place < inFlight.count, inFlight[place] < .max else { return }
        inFlight[place] += 1
        total += 1
    }

    mutating func ended(_ place: Int) {
        guard place < inFlight.count, inFlight[place] > 0 else { return }
        inFlight[place] -= 1
        total -= 1
    }
}
