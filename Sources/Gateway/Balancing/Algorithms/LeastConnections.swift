/// Least connections: where the fewest requests are under way, in proportion to the weights.
///
/// `inFlight / weight` is compared by multiplying crosswise, as nginx's `least_conn` does. Equals have their turns by
/// weight: each choice takes a backend `1 / weight` further on, and the one that is least far is chosen, the first of
/// equals (stride scheduling, Waldspurger and Weihl 1995); who comes back does not make up for turns that it missed.
/// nginx lets equals take turns by smooth weighted round robin.
///
/// A tournament knows the least, so a choice takes time in the logarithm of their number.
public struct LeastConnections: Hashable, Sendable {
    private struct Member: Hashable, Sendable {
        var inFlight: UInt32 = 0
        /// 0 for no candidate.
        var weight: UInt32 = 0
        /// How far it has been taken by its choices; wraps around.
        var pass: UInt64 = 0
    }

    private var members: [Member] = []
    /// The root is 1, the children of n are 2n and 2n + 1, and place p is `width` + p; -1 for nobody.
    private var winners: [Int32] = []
    private var width = 0
    /// How far the one had come that was chosen last.
    private var pass: UInt64 = 0

    /// Among nobody.
    public init() {}

    /// Among places of these weights.
    public init(weights: [Int]) {
        for place in weights.indices { setWeight(weights[place], of: place) }
    }

    /// Requests under way to a place.
    public func inFlight(of place: Int) -> Int {
        members.indices.contains(place) ? Int(members[place].inFlight) : 0
    }

    /// Gives a place a weight, up to 8 388 480; with 0 or less it is no candidate.
    public mutating func setWeight(_ weight: Int, of place: Int) {
        guard BackendSet.hasRoom(for: place) else { return }
        if place >= width { widen(to: place + 1) }
        let weight = UInt32(max(0, min(weight, SmoothRoundRobin.heaviest)))
        if members[place].weight == 0 { members[place].pass = pass &+ Self.stride(weight) }
        members[place].weight = weight
        winners[width + place] = weight > 0 ? Int32(place) : -1
        climb(from: place)
    }

    /// Forgets what stood at a place, for who comes there next.
    public mutating func remove(_ place: Int) {
        guard members.indices.contains(place) else { return }
        setWeight(0, of: place)
        members[place] = Member()
    }

    /// A request to a place has begun.
    public mutating func began(_ place: Int) {
        guard members.indices.contains(place), members[place].inFlight < .max else { return }
        members[place].inFlight += 1
        climb(from: place)
    }

    /// A request to a place has ended.
    public mutating func ended(_ place: Int) {
        guard members.indices.contains(place), members[place].inFlight > 0 else { return }
        members[place].inFlight -= 1
        climb(from: place)
    }

    /// The least busy place, passing over those to avoid; nil if there are only those, or none.
    public mutating func choose(avoiding: [Int] = []) -> Int? {
        guard avoiding.isEmpty else { return choose(without: avoiding) }
        guard width > 0, winners[1] >= 0 else { return nil }
        let place = Int(winners[1])
        let member = members[place]
        pass = Int64(bitPattern: member.pass &- pass) > 0 ? member.pass : pass
        members[place].pass = pass &+ Self.stride(member.weight)
        climb(from: place)
        return place
    }

    private mutating func choose(without avoided: [Int]) -> Int? {
        let out = avoided.filter { members.indices.contains($0) && members[$0].weight > 0 }
        for place in out { seat(place, -1) }
        defer { for place in out { seat(place, Int32(place)) } }
        return choose()
    }

    private mutating func seat(_ place: Int, _ winner: Int32) {
        winners[width + place] = winner
        climb(from: place)
    }

    /// How far a choice takes a backend of this weight.
    private static func stride(_ weight: UInt32) -> UInt64 {
        weight > 0 ? (1 << 32) / UInt64(weight) : 0
    }

    private mutating func climb(from place: Int) {
        var node = (width + place) >> 1
        while node > 0 {
            let before = winners[node]
            let winner = winner(winners[2 * node], winners[2 * node + 1])
            winners[node] = winner
            // Where it neither has won nor wins, nothing changes further up.
            if winner == before, winner != place { break }
            node >>= 1
        }
    }

    private func winner(_ left: Int32, _ right: Int32) -> Int32 {
        if left < 0 { return right }
        if right < 0 { return left }
        let first = members[Int(left)]
        let second = members[Int(right)]
        let firstLoad = UInt64(first.inFlight) * UInt64(second.weight)
        let secondLoad = UInt64(second.inFlight) * UInt64(first.weight)
        if firstLoad != secondLoad { return firstLoad < secondLoad ? left : right }
        return Int64(bitPattern: second.pass &- first.pass) < 0 ? right : left
    }

    private mutating func widen(to places: Int) {
        var wide = max(1, width)
        while wide < places { wide *= 2 }
        members += repeatElement(Member(), count: wide - members.count)
        var seats = [Int32](repeating: -1, count: 2 * wide)
        for place in 0..<width { seats[wide + place] = winners[width + place] }
        winners = seats
        width = wide
        for node in Swift.stride(from: wide - 1, to: 0, by: -1) {
            winners[node] = winner(winners[2 * node], winners[2 * node + 1])
        }
    }
}
