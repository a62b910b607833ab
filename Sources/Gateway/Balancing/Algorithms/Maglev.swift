/// Maglev hashing: a table that each member fills in an order of its own, so that all get parts of nearly the same size
/// and a look-up is one step (Eisenbud et al., NSDI 2016).
///
/// The orders are Envoy's: from `XXH64(address) % size` in steps of `XXH64(address, seed 1) % (size - 1) + 1`, members
/// in order of their addresses, and one of weight w has its turn in `w / heaviest` of the rounds. When a member leaves
/// or comes, most of the others' entries stay where they are, but not all: of 65 537 about 220 move among 10 members,
/// and 380 among 100 or 1 000 (0.3 and 0.6 %).
public struct Maglev: Hashable, Sendable {
    /// How many entries the table has: a prime number.
    public let size: Int
    /// The place of each entry's member; none without members.
    public private(set) var table: [Int32] = []

    /// A table of these members.
    /// - Parameter size: 65 537 by default, as in Envoy; of another number the next prime from it on is taken, at most
    ///   5 000 011.
    public init(_ members: [HashRing.Member], size: Int = Self.usualSize) {
        var prime = max(2, min(size, Self.largestSize))
        while !Self.isPrime(prime) { prime += 1 }
        self.size = prime
        fill(members.filter { $0.weight > 0 })
    }

    /// Envoy's default.
    public static let usualSize = 65_537
    /// Envoy's maximum.
    public static let largestSize = 5_000_011

    /// The place that a key of this hash belongs to, or of the entries behind it the first that is usable; nil if none is.
    public func owner(of hash: UInt64, where isUsable: (Int) -> Bool = { _ in true }) -> Int? {
        guard !table.isEmpty else { return nil }
        var entry = Int(hash % UInt64(size))
        for _ in 0..<size {
            let place = Int(table[entry])
            if isUsable(place) { return place }
            entry = entry + 1 == size ? 0 : entry + 1
        }
        return nil
    }

    static func isPrime(_ number: Int) -> Bool {
        guard number > 3 else { return number > 1 }
        var divisor = 2
        while divisor * divisor <= number {
            if number % divisor == 0 { return false }
            divisor += 1
        }
        return true
    }

    /// A member and how far it has come in its order.
    private struct Turn {
        var place: Int32
        var entry: Int
        var step: Int
        var weight: Double
        var target: Double
    }

    private mutating func fill(_ members: [HashRing.Member]) {
        guard !members.isEmpty else { return }
        let sum = Double(members.reduce(0) { $0 + $1.weight })
        var turns = members.sorted { ($0.address, $0.place) < ($1.address, $1.place) }.map { member in
            let first = XXH64.hash(member.address) % UInt64(size)
            let step = XXH64.hash(member.address, seed: 1) % UInt64(size - 1) + 1
            return Turn(
                place: Int32(clamping: member.place), entry: Int(first), step: Int(step),
                weight: Double(member.weight) / sum, target: 0)
        }
        let heaviest = turns.reduce(0) { max($0, $1.weight) }
        table = Array(repeating: -1, count: size)
        var left = size
        var round = 1.0
        while left > 0 {
            for index in turns.indices where round * turns[index].weight >= turns[index].target {
                turns[index].target += heaviest
                take(&turns[index])
                left -= 1
                if left == 0 { break }
            }
            round += 1
        }
    }

    /// The next entry in the member's order that is free.
    private mutating func take(_ turn: inout Turn) {
        while table[turn.entry] >= 0 { advance(&turn) }
        table[turn.entry] = turn.place
        advance(&turn)
    }

    private func advance(_ turn: inout Turn) {
        turn.entry += turn.step
        if turn.entry >= size { turn.entry -= size }
    }
}
