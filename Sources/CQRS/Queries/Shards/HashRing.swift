public import Timeline

/// A ring on which each member has many points; a key belongs to the member of the next point behind its hash.
///
/// A new member takes over about its share of the keys and moves no other, and one that leaves gives its keys to the
/// others and moves no other (Karger et al., *Consistent Hashing and Random Trees*, STOC 1997). The same members give
/// the same ring on every machine, in whatever order they came.
public struct HashRing: Hashable, Sendable {
    /// How many points each member has: the more, the more even are the shares.
    public let pointsPerMember: Int
    /// The members, in order of their names.
    public private(set) var members: [String] = []

    private var points: [Point] = []

    private struct Point: Hashable, Sendable {
        let place: UInt64
        let member: String

        /// Points at the same place are in order of their members' names.
        func isBefore(_ other: Point) -> Bool {
            place != other.place ? place < other.place : member < other.member
        }
    }

    /// A ring without members.
    /// - Parameter pointsPerMember: 1 to 10 000; 160 by default, as in ketama: then the largest of ten shares is
    ///   seldom more than a fifth above the average.
    /// - Throws: a ``SettingError`` for a number out of its range.
    public init(pointsPerMember: Int = 160) throws(SettingError) {
        guard (1...10_000).contains(pointsPerMember) else {
            throw SettingError("pointsPerMember", given: pointsPerMember, allowed: "1 to 10000")
        }
        self.pointsPerMember = pointsPerMember
    }

    /// Adds a member; false if it is one already.
    public mutating func add(_ member: String) -> Bool {
        guard !members.contains(member) else { return false }
        members.append(member)
        members.sort()
        for number in 0..<pointsPerMember {
            points.append(Point(place: Self.place(of: member, number), member: member))
        }
        points.sort { $0.isBefore($1) }
        return true
    }

    /// Removes a member; false if it is none.
    public mutating func remove(_ member: String) -> Bool {
        guard let index = members.firstIndex(of: member) else { return false }
        members.remove(at: index)
        points.removeAll { $0.member == member }
        return true
    }

    /// The member that a key belongs to; nil if there is none.
    public func owner(of key: String) -> String? { owners(of: key, count: 1).first }

    /// The member that a number belongs to; nil if there is none.
    public func owner(of key: UInt64) -> String? { owners(at: Self.hash(key), count: 1).first }

    /// So many different members for a key, in the order in which they would take it over; fewer if there are not so
    /// many.
    public func owners(of key: String, count: Int) -> [String] { owners(at: Self.hash(key), count: count) }

    private func owners(at place: UInt64, count: Int) -> [String] {
        var owners: [String] = []
        let wanted = min(count, members.count)
        guard wanted > 0 else { return [] }
        let start = firstPoint(from: place)
        for step in points.indices where owners.count < wanted {
            let member = points[(start + step) % points.count].member
            if !owners.contains(member) { owners.append(member) }
        }
        return owners
    }

    /// The first point at a place or behind it; there may be none.
    private func firstPoint(from place: UInt64) -> Int {
        var (low, high) = (0, points.count)
        while low < high {
            let middle = (low + high) / 2
            if points[middle].place < place { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The place of a text on the ring.
    public static func hash(_ key: String) -> UInt64 {
        var digest = Digest()
        digest.mix(text: key)
        return RandomStream.scramble(digest.value)
    }

    /// The place of a number on the ring.
    public static func hash(_ key: UInt64) -> UInt64 {
        var digest = Digest()
        digest.mix(key)
        return RandomStream.scramble(digest.value)
    }

    private static func place(of member: String, _ number: Int) -> UInt64 {
        var digest = Digest()
        digest.mix(text: member)
        digest.mix(UInt64(number))
        return RandomStream.scramble(digest.value)
    }
}
