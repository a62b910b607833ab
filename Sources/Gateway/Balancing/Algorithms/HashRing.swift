/// A ring of points, several for each place, on which a key belongs to the first point from its hash on (Karger et al.
/// 1997).
///
/// A place that leaves gives its keys to the next on the ring and touches no others; one that comes takes its share and
/// moves nothing else. That holds where a place's points are its own business (``Size/pointsPerWeight(_:)`` and
/// ``Style/ketama``). With Envoy's size, which depends on all, others' points may come and go with it.
public struct HashRing: Hashable, Sendable {
    /// How points are placed.
    public enum Style: Hashable, Sendable {
        /// ``XXH64`` of `address_i`, i from 0, as Envoy's ring; keys by XXH64 as well.
        case xxhash(Size)
        /// As nginx's `hash ... consistent`: 160 points for each unit of weight, each the CRC-32 of host, a zero byte,
        /// port and the point before. Keys by CRC-32. (The first ketama took four points from each MD5, which is not
        /// here.)
        case ketama
    }

    /// How many points a ring has.
    public enum Size: Hashable, Sendable {
        /// So many for each unit of weight: 1 to 10 000.
        case pointsPerWeight(Int)
        /// As Envoy's ring: at least so many, with the lightest place's a whole number, but not more than the maximum;
        /// 1 to 8 388 608 each.
        case between(minimum: Int, maximum: Int)

        /// Envoy's default.
        public static let envoy = Size.between(minimum: 1_024, maximum: mostPoints)
    }

    /// Who is on a ring or in a table: a place, its address and its weight.
    public struct Member: Hashable, Sendable {
        /// The place, from 0 to 65 535; what is beyond counts as its end.
        public let place: Int
        /// What its points are hashed from.
        public let address: String
        /// Its share, from 0 to 65 535 in the same way; with 0 it has none.
        public let weight: Int

        /// A member.
        public init(place: Int, address: String, weight: Int = 1) {
            self.place = max(0, min(place, BackendSet.capacity - 1))
            self.address = address
            self.weight = max(0, min(weight, 65_535))
        }
    }

    /// A point and whose it is.
    public struct Point: Hashable, Sendable {
        /// Where it lies; a CRC-32 in the upper half.
        public let hash: UInt64
        /// The place that it belongs to.
        public let place: Int32
    }

    /// Envoy's maximum; where weights ask for more, all get less in proportion.
    public static let mostPoints = 8_388_608

    /// How points are placed.
    public let style: Style
    /// The points, in order.
    public private(set) var points: [Point] = []
    /// Where the points begin that lie in each of the equal parts of the circle, about one point in each.
    private var starts: [UInt32] = []
    private var shift: UInt64 = 0

    /// A ring of these members.
    public init(_ style: Style, _ members: [Member]) {
        self.style = style
        points = Self.points(style, members.filter { $0.weight > 0 })
        index()
    }

    /// The hash of a key.
    public static func hash(_ key: String, _ style: Style) -> UInt64 {
        switch style {
        case .xxhash: XXH64.hash(key)
        case .ketama: UInt64(CRC32.of(key)) << 32
        }
    }

    /// The place that a key of this hash belongs to, or of those further on the first that is usable; nil if none is.
    public func owner(of hash: UInt64, where isUsable: (Int) -> Bool = { _ in true }) -> Int? {
        guard !points.isEmpty else { return nil }
        var point = firstPoint(from: hash)
        for _ in points.indices {
            if point == points.count { point = 0 }
            let place = Int(points[point].place)
            if isUsable(place) { return place }
            point += 1
        }
        return nil
    }

    private func firstPoint(from hash: UInt64) -> Int {
        var point = Int(starts[Int(hash >> shift)])
        while point < points.count, points[point].hash < hash { point += 1 }
        return point
    }

    private mutating func index() {
        guard !points.isEmpty else { return }
        let bits = UInt64(max(1, Int.bitWidth - (points.count - 1).leadingZeroBitCount))
        shift = 64 - bits
        starts = []
        starts.reserveCapacity(1 << bits)
        var point = 0
        for part in 0..<(1 << bits) as Range<UInt64> {
            while point < points.count, points[point].hash >> shift < part { point += 1 }
            starts.append(UInt32(point))
        }
    }
}
