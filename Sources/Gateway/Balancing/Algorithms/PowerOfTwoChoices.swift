public import Timeline

/// The power of two choices: of two backends drawn at random, the one with fewer requests under way (Mitzenmacher 2001).
///
/// They are drawn by their weights, and compared by `inFlight / weight`, as nginx's `random two least_conn` does; the
/// first of equals is taken.
public struct PowerOfTwoChoices: Hashable, Sendable {
    private var draw = WeightedDraw()
    private var inFlight: [UInt32] = []

    /// Among nobody.
    public init() {}

    /// Among places of these weights.
    public init(weights: [Int]) {
        for place in weights.indices { setWeight(weights[place], of: place) }
    }

    /// Requests under way to a place.
    public func inFlight(of place: Int) -> Int {
        inFlight.indices.contains(place) ? Int(inFlight[place]) : 0
    }

    /// Gives a place a weight, up to 8 388 480; with 0 or less it is no candidate.
    public mutating func setWeight(_ weight: Int, of place: Int) {
        guard BackendSet.hasRoom(for: place) else { return }
        while inFlight.count <= place { inFlight.append(0) }
        draw.setWeight(weight, of: place)
    }

    /// Forgets what stood at a place, for who comes there next.
    public mutating func remove(_ place: Int) {
        guard inFlight.indices.contains(place) else { return }
        draw.setWeight(0, of: place)
        inFlight[place] = 0
    }

    /// A request to a place has begun.
    public mutating func began(_ place: Int) {
        guard inFlight.indices.contains(place), inFlight[place] < .max else { return }
        inFlight[place] += 1
    }

    /// A request to a place has ended.
    public mutating func ended(_ place: Int) {
        guard inFlight.indices.contains(place), inFlight[place] > 0 else { return }
        inFlight[place] -= 1
    }

    /// One of two places, passing over those to avoid; nil if there are only those, or none.
    public mutating func choose(avoiding: [Int] = [], using random: inout RandomStream) -> Int? {
        guard let (first, second) = draw.pair(using: &random) else { return nil }
        if avoiding.isEmpty { return better(first, second) }
        switch (avoiding.contains(first), avoiding.contains(second)) {
        case (false, false): return better(first, second)
        case (false, true): return first
        case (true, false): return second
        // Draws that find nobody could go on for ever.
        case (true, true):
            return draw.others(than: avoiding).reduce(nil) { best, place in best.map { better($0, place) } ?? place }
        }
    }

    private func better(_ first: Int, _ second: Int) -> Int {
        let firstLoad = UInt64(inFlight[first]) * UInt64(draw.weight(of: second))
        let secondLoad = UInt64(inFlight[second]) * UInt64(draw.weight(of: first))
        return secondLoad < firstLoad ? second : first
    }
}
