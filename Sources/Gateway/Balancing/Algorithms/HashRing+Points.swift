extension HashRing {
    /// The points of members that all have a weight, in order.
    static func points(_ style: Style, _ members: [Member]) -> [Point] {
        var points: [Point] = []
        switch style {
        case .xxhash(.pointsPerWeight(let count)):
            let share = Self.share(of: members, pointsPerWeight: count)
            for member in members {
                let count = max(1, Int(Double(member.weight) * Double(count) * share))
                for number in 0..<count { points.append(point(number, of: member)) }
            }
        case .xxhash(.between(let minimum, let maximum)):
            points = envoyPoints(members, minimum: minimum, maximum: maximum)
        case .ketama:
            let share = Self.share(of: members, pointsPerWeight: ketamaPoints)
            for member in members {
                appendKetama(max(1, Int(Double(member.weight * ketamaPoints) * share)), of: member, to: &points)
            }
        }
        sort(&points, members)
        return points
    }

    /// nginx's and the first ketama's.
    private static let ketamaPoints = 160

    /// The part of their points that members can have within the limit; 1 for all.
    private static func share(of members: [Member], pointsPerWeight count: Int) -> Double {
        let asked = members.reduce(0.0) { $0 + Double($1.weight) * Double(count) }
        return min(1, Double(mostPoints) / max(1, asked))
    }

    /// Points go from member to member with running sums, so that parts of points add up, as in Envoy's `Ring`.
    private static func envoyPoints(_ members: [Member], minimum: Int, maximum: Int) -> [Point] {
        let sum = Double(members.reduce(0) { $0 + $1.weight })
        let weights = members.map { Double($0.weight) / sum }
        guard let least = weights.min() else { return [] }
        let scale = min((least * Double(minimum)).rounded(.up) / least, Double(min(maximum, mostPoints)))
        var points: [Point] = []
        var target = 0.0
        for (member, weight) in zip(members, weights) {
            target += scale * weight
            var number = 0
            while Double(points.count) < target {
                points.append(point(number, of: member))
                number += 1
            }
        }
        return points
    }

    private static func point(_ number: Int, of member: Member) -> Point {
        Point(hash: XXH64.hash("\(member.address)_\(number)"), place: Int32(clamping: member.place))
    }

    /// Each point goes into the hash of the next, the least byte first.
    private static func appendKetama(_ count: Int, of member: Member, to points: inout [Point]) {
        let (host, port) = hostAndPort(of: member.address)
        var start = CRC32()
        start.mix(host.utf8.span)
        start.mix([0].span)
        start.mix(port.utf8.span)
        var last: UInt32 = 0
        for _ in 0..<count {
            var sum = start
            sum.mix(last)
            last = sum.value
            points.append(Point(hash: UInt64(last) << 32, place: Int32(clamping: member.place)))
        }
    }

    /// What stands before and after a last colon with nothing but digits after it; the path of a `unix:` socket is a
    /// host.
    private static func hostAndPort(of address: String) -> (host: String, port: String) {
        let bytes = Array(address.utf8)
        if address.prefix(5).lowercased() == "unix:" { return (String(address.dropFirst(5)), "") }
        guard let colon = bytes.lastIndex(where: { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            bytes[colon] == UInt8(ascii: ":")
        else { return (address, "") }
        return (
            String(decoding: bytes[..<colon], as: UTF8.self), String(decoding: bytes[(colon + 1)...], as: UTF8.self)
        )
    }

    /// In order of hash; of equal ones the first address has the point, whoever came first, and the others none.
    private static func sort(_ points: inout [Point], _ members: [Member]) {
        let inOrder = members.sorted { ($0.address, $0.place) < ($1.address, $1.place) }
        var ranks: [Int32: Int] = [:]
        for (rank, member) in inOrder.enumerated() { ranks[Int32(clamping: member.place)] = rank }
        points.sort { first, second in
            if first.hash != second.hash { return first.hash < second.hash }
            return ranks[first.place, default: 0] < ranks[second.place, default: 0]
        }
        var kept = 0
        for place in points.indices where place == 0 || points[place].hash != points[kept - 1].hash {
            points[kept] = points[place]
            kept += 1
        }
        points.removeSubrange(kept...)
    }
}
