public import Timeline

/// Peak EWMA: of two backends drawn at random, the one that promises the quicker answer (Finagle's `PeakEwma`, which
/// linkerd took over).
///
/// The cost of a backend is its moving average of latency times the requests that it would have under way with this
/// one. A latency above the average is taken over at once; one below it draws the average down by
/// `1 - exp(-elapsed / decay)`, and so does time without any. Who has answered nothing yet is tried first, with one
/// request at a time while there are others. Draws and costs are by weight.
///
/// Other than in Finagle, a failure never lowers the average: else a backend that refuses at once would look like the
/// quickest of all.
public struct PeakEWMA: Hashable, Sendable {
    private struct Member: Hashable, Sendable {
        /// The average in nanoseconds when it was last taken.
        var average = 0.0
        var since = Instant.zero
        var inFlight: UInt32 = 0

        /// Who has answered nothing and is asked nothing comes first, and who was asked and has not answered last.
        var rank: Int { average > 0 ? 1 : inFlight == 0 ? 0 : 2 }
    }

    /// How long until an average without new latencies has come down to 1 / e of itself.
    public let decay: Duration
    private var draw = WeightedDraw()
    private var members: [Member] = []

    /// More than any latency: what Finagle takes for a backend that was asked and has not answered yet.
    private static let penalty = Double(Int64.max >> 16)

    /// Among nobody.
    /// - Parameter decay: 10 s by default, as in Finagle and linkerd; less than 1 ns counts as that.
    public init(decay: Duration = .seconds(10)) {
        self.decay = max(.nanoseconds(1), decay)
    }

    /// Among places of these weights.
    public init(weights: [Int], decay: Duration = .seconds(10)) {
        self.init(decay: decay)
        for place in weights.indices { setWeight(weights[place], of: place) }
    }

    /// The average latency of a place, as it has decayed since its last answer; zero if it has given none.
    public func latency(of place: Int, at now: Instant) -> Duration {
        members.indices.contains(place) ? Duration(roundingNanoseconds: average(members[place], at: now)) : .zero
    }

    /// What a further request to a place would cost, in nanoseconds.
    public func cost(of place: Int, at now: Instant) -> Double {
        guard members.indices.contains(place) else { return 0 }
        let member = members[place]
        let average = average(member, at: now)
        if average == 0, member.inFlight > 0 { return Self.penalty + Double(member.inFlight) }
        return average * Double(member.inFlight + 1)
    }

    /// Gives a place a weight, up to 8 388 480; with 0 or less it is no candidate.
    public mutating func setWeight(_ weight: Int, of place: Int) {
        guard BackendSet.hasRoom(for: place) else { return }
        while members.count <= place { members.append(Member()) }
        draw.setWeight(weight, of: place)
    }

    /// Forgets what stood at a place, for who comes there next.
    public mutating func remove(_ place: Int) {
        guard members.indices.contains(place) else { return }
        draw.setWeight(0, of: place)
        members[place] = Member()
    }

    /// A request to a place has begun.
    public mutating func began(_ place: Int) {
        guard members.indices.contains(place), members[place].inFlight < .max - 1 else { return }
        members[place].inFlight += 1
    }

    /// A request to a place has ended.
    /// - Parameters:
    ///   - took: how long it took; less than no time counts as none. Nil if that says nothing: it was cancelled.
    ///   - failed: whether it failed.
    public mutating func ended(_ place: Int, took: Duration?, failed: Bool = false, at now: Instant) {
        guard members.indices.contains(place), members[place].inFlight > 0 else { return }
        members[place].inFlight -= 1
        guard let took else { return }
        let latency = Double(max(0, took.nanoseconds))
        let member = members[place]
        let weight = remaining(of: member, at: now)
        if latency > member.average {
            members[place].average = latency
        } else if failed {
            return
        } else {
            members[place].average = member.average * weight + latency * (1 - weight)
        }
        members[place].since = now
    }

    /// One of two places, passing over those to avoid; nil if there are only those, or none.
    public mutating func choose(avoiding: [Int] = [], at now: Instant, using random: inout RandomStream) -> Int? {
        guard let (first, second) = draw.pair(using: &random) else { return nil }
        if avoiding.isEmpty { return better(first, second, at: now) }
        switch (avoiding.contains(first), avoiding.contains(second)) {
        case (false, false): return better(first, second, at: now)
        case (false, true): return first
        case (true, false): return second
        case (true, true):
            return draw.others(than: avoiding).reduce(nil) { best, place in
                best.map { better($0, place, at: now) } ?? place
            }
        }
    }

    private func better(_ first: Int, _ second: Int, at now: Instant) -> Int {
        let one = members[first]
        let other = members[second]
        let firstWeight = Double(draw.weight(of: first))
        let secondWeight = Double(draw.weight(of: second))
        guard one.average > 0, other.average > 0 else {
            if one.rank != other.rank { return other.rank < one.rank ? second : first }
            return Double(other.inFlight) * firstWeight < Double(one.inFlight) * secondWeight ? second : first
        }
        let firstCost = one.average * Double(one.inFlight + 1) * secondWeight
        let secondCost = other.average * Double(other.inFlight + 1) * firstWeight
        // Of what is left of the averages only the difference of their ages counts, and mostly its sign is enough.
        let older = age(of: other, at: now) - age(of: one, at: now)
        if older >= .zero, secondCost < firstCost { return second }
        if older <= .zero, secondCost >= firstCost { return first }
        return secondCost * ElementaryFunctions.exp(-(older / decay)) < firstCost ? second : first
    }

    private func average(_ member: Member, at now: Instant) -> Double {
        member.average == 0 ? 0 : member.average * remaining(of: member, at: now)
    }

    /// What is left of an average after the time since it was taken.
    private func remaining(of member: Member, at now: Instant) -> Double {
        let age = age(of: member, at: now)
        return age > .zero ? ElementaryFunctions.exp(-(age / decay)) : 1
    }

    /// The time since an average was taken; by a clock that stepped back, none.
    private func age(of member: Member, at now: Instant) -> Duration {
        max(.zero, now - member.since)
    }
}
