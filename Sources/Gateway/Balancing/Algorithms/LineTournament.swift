/// Which of many rising lines is the highest, while time passes in steps: a kinetic tournament (Basch, Guibas and
/// Hershberger, *Data Structures for Mobile Data*, 1999).
///
/// Every inner node of a binary tree holds the higher of its two children, the left one of equals, and until when
/// nothing below it can change. So a step looks only where something may have changed, and a line that is moved only at
/// its way to the root.
struct LineTournament: Hashable, Sendable {
    private struct Node: Hashable, Sendable {
        /// Its height at time 0, and how much it rises in a step.
        var base: Int64 = 0
        /// Below this time the node is right.
        var until = Int64.max
        var slope: Int32 = 0
        /// The place of the highest line; -1 for none.
        var highest: Int32 = -1
    }

    /// The root is 1, the children of n are 2n and 2n + 1, and the line of a place is `width` + place.
    private var nodes: [Node] = []
    private var width = 0
    private var time: Int64 = 0

    /// Often enough that heights do not overflow, and else never.
    private static let longest: Int64 = 1 << 32

    func height(of place: Int) -> Int64 {
        let line = nodes[width + place]
        return line.base + Int64(line.slope) * time
    }

    /// Adds a line at a place without one.
    mutating func insert(_ place: Int, height: Int64, slope: Int32) {
        if place >= width { widen(to: place + 1) }
        set(place, Node(base: height - Int64(slope) * time, slope: slope, highest: Int32(place)))
    }

    /// Takes a line out that is there, as all that follow are.
    mutating func remove(_ place: Int) {
        set(place, Node())
    }

    /// The line goes on at another slope from where it is.
    mutating func setSlope(_ slope: Int32, of place: Int) {
        let height = height(of: place)
        set(place, Node(base: height - Int64(slope) * time, slope: slope, highest: Int32(place)))
    }

    mutating func lower(_ place: Int, by depth: Int64) {
        nodes[width + place].base &-= depth
        climb(from: place)
    }

    /// Lets all lines rise by their slopes; the place of the highest, nil if there are none.
    mutating func advance() -> Int? {
        guard width > 0 else { return nil }
        time += 1
        if time == Self.longest { beginAnew() }
        if nodes[1].until <= time {
            let time = time
            nodes.withUnsafeMutableBufferPointer { Self.repair(1, $0, time) }
        }
        let highest = nodes[1].highest
        return highest < 0 ? nil : Int(highest)
    }

    private mutating func set(_ place: Int, _ line: Node) {
        nodes[width + place] = line
        climb(from: place)
    }

    private mutating func climb(from place: Int) {
        let time = time
        var node = (width + place) >> 1
        nodes.withUnsafeMutableBufferPointer { nodes in
            while node > 0 {
                Self.compare(node, nodes, time)
                node >>= 1
            }
        }
    }

    /// Looks anew wherever below a node something may have changed.
    private static func repair(_ node: Int, _ nodes: UnsafeMutableBufferPointer<Node>, _ time: Int64) {
        let left = 2 * node
        if nodes[left].until <= time { repair(left, nodes, time) }
        if nodes[left + 1].until <= time { repair(left + 1, nodes, time) }
        compare(node, nodes, time)
    }

    private static func compare(_ node: Int, _ nodes: UnsafeMutableBufferPointer<Node>, _ time: Int64) {
        let left = nodes[2 * node]
        let right = nodes[2 * node + 1]
        guard left.highest >= 0, right.highest >= 0 else {
            nodes[node] = left.highest >= 0 ? left : right
            return
        }
        var until = min(left.until, right.until)
        let lead = (left.base &- right.base) &+ Int64(left.slope &- right.slope) &* time
        let gain = Int64(right.slope &- left.slope)
        // The left one is overtaken when it is lower, the right one when it is no higher.
        let isLeft = lead >= 0
        nodes[node] = isLeft ? left : right
        if isLeft, gain > 0 { until = min(until, time + lead / gain + 1) }
        if !isLeft, gain < 0 { until = min(until, time + (-lead - gain - 1) / -gain) }
        nodes[node].until = until
    }

    private mutating func widen(to places: Int) {
        var wide = max(1, width)
        while wide < places { wide *= 2 }
        var wider = [Node](repeating: Node(), count: 2 * wide)
        for place in 0..<width { wider[wide + place] = nodes[width + place] }
        nodes = wider
        width = wide
        compareAll()
    }

    /// Takes now as time 0.
    private mutating func beginAnew() {
        for line in width..<2 * width where nodes[line].highest >= 0 {
            nodes[line].base &+= Int64(nodes[line].slope) * time
        }
        time = 0
        compareAll()
    }

    private mutating func compareAll() {
        let (width, time) = (width, time)
        nodes.withUnsafeMutableBufferPointer { nodes in
            for node in stride(from: width - 1, to: 0, by: -1) { Self.compare(node, nodes, time) }
        }
    }
}
