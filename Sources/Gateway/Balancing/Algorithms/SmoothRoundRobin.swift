/// Smooth weighted round robin, as nginx's (`ngx_http_upstream_get_peer`): weights 5, 1, 1 give a a b a c a a.
///
/// At each choice every candidate's current weight grows by its effective weight; the one with the most is chosen, the
/// first of equals, and loses the sum of all effective weights. While nothing changes, each gets exactly its weight in
/// every run of choices as long as the sum of the weights. A failure takes `weight / maxFails` from the effective
/// weight, which comes back by a step with each later choice. Who is no candidate keeps its current weight.
///
/// nginx looks at all at every choice. Here current weights are lines over the number of choices, and a ``LineTournament``
/// knows the highest; it makes the same choices in about the logarithm of their number.
public struct SmoothRoundRobin: Hashable, Sendable {
    private struct Member: Hashable, Sendable {
        var weight: Int32 = 0
        var effective: Int32 = 0
        var isCandidate = false
        /// Of one that is no candidate: its current weight.
        var current: Int64 = 0
    }

    private let maxFails: Int
    private let step: Int32
    private var members: [Member] = []
    private var lines = LineTournament()
    /// The sum of the candidates' effective weights.
    private var total: Int64 = 0
    /// The places whose effective weight is below their weight.
    private var recovering: [Int32] = []

    /// Among nobody.
    /// - Parameters:
    ///   - maxFails: how many failures take a whole weight away; 1 by default, as nginx's `max_fails`, and with 0 none
    ///     takes any.
    ///   - step: how much of a weight comes back with a choice; 1 by default, as nginx's.
    public init(maxFails: Int = 1, step: Int = 1) {
        self.maxFails = max(0, maxFails)
        self.step = Int32(clamping: max(1, step))
    }

    /// Among places of these weights.
    public init(weights: [Int], maxFails: Int = 1) {
        self.init(maxFails: maxFails)
        for place in weights.indices { setWeight(weights[place], of: place) }
    }

    /// The heaviest weight: that of a backend, in the finest units.
    static let heaviest = 65_535 * SlowStart.unitsOfWeight

    /// The current weight of a place.
    public func currentWeight(of place: Int) -> Int {
        guard members.indices.contains(place) else { return 0 }
        return Int(members[place].isCandidate ? lines.height(of: place) : members[place].current)
    }

    /// The effective weight of a place.
    public func effectiveWeight(of place: Int) -> Int {
        members.indices.contains(place) ? Int(members[place].effective) : 0
    }

    /// Gives a place a weight, up to 8 388 480; with 0 or less it is no candidate. What failures took from its effective
    /// weight stays taken.
    public mutating func setWeight(_ weight: Int, of place: Int) {
        guard BackendSet.hasRoom(for: place) else { return }
        while members.count <= place { members.append(Member()) }
        withdraw(place)
        guard weight > 0 else { return }
        let weight = Int32(min(weight, Self.heaviest))
        let isWhole = members[place].effective == members[place].weight
        members[place].weight = weight
        members[place].effective = isWhole ? weight : min(members[place].effective, weight)
        enter(place)
    }

    /// Forgets what stood at a place, for who comes there next.
    public mutating func remove(_ place: Int) {
        guard members.indices.contains(place) else { return }
        withdraw(place)
        recovering.removeAll { $0 == place }
        members[place] = Member()
    }

    /// A request to a place has failed.
    public mutating func failed(_ place: Int) {
        guard maxFails > 0, members.indices.contains(place), members[place].weight > 0 else { return }
        let member = members[place]
        let left = max(0, member.effective - member.weight / Int32(clamping: maxFails))
        guard left != member.effective else { return }
        if !recovering.contains(Int32(place)) { recovering.append(Int32(place)) }
        members[place].effective = left
        guard member.isCandidate else { return }
        total += Int64(left - member.effective)
        lines.setSlope(left, of: place)
    }

    /// The place whose turn it is, passing over those to avoid as if they were not there; nil if there are only those,
    /// or none.
    public mutating func choose(avoiding: [Int] = []) -> Int? {
        guard avoiding.isEmpty else { return choose(without: avoiding) }
        guard let place = lines.advance() else { return nil }
        lines.lower(place, by: total)
        if !recovering.isEmpty { recover() }
        return place
    }

    private mutating func choose(without avoided: [Int]) -> Int? {
        let out = avoided.filter { members.indices.contains($0) && members[$0].isCandidate }
        for place in out { withdraw(place) }
        defer { for place in out { enter(place) } }
        return choose()
    }

    private mutating func recover() {
        var index = 0
        while index < recovering.count {
            let place = Int(recovering[index])
            if members[place].isCandidate { recover(place) }
            if members[place].effective == members[place].weight {
                recovering.remove(at: index)
            } else {
                index += 1
            }
        }
    }

    private mutating func recover(_ place: Int) {
        let effective = min(members[place].effective + step, members[place].weight)
        total += Int64(effective - members[place].effective)
        members[place].effective = effective
        lines.setSlope(effective, of: place)
    }

    private mutating func enter(_ place: Int) {
        guard !members[place].isCandidate else { return }
        members[place].isCandidate = true
        total += Int64(members[place].effective)
        lines.insert(place, height: members[place].current, slope: members[place].effective)
    }

    private mutating func withdraw(_ place: Int) {
        guard members[place].isCandidate else { return }
        members[place].isCandidate = false
        members[place].current = lines.height(of: place)
        total -= Int64(members[place].effective)
        lines.remove(place)
    }
}
