/// The literal children of a tree of segments: one open-addressed table for all nodes, keyed by parent and bytes.
struct SegmentTable: Sendable {
    private struct Edge: Sendable {
        var hash: UInt64
        var parent: Int32
        /// Negative for a free place.
        var child: Int32
        /// Where its bytes begin among ``labels``, and how many they are.
        var start: UInt32
        var count: UInt32
    }

    private var edges: [Edge] = []
    private var labels: [UInt8] = []
    private var used = 0

    /// Takes one more byte into the hash of a segment; that of no bytes is 0.
    @inline(__always)
    static func hash(_ soFar: UInt64, _ byte: UInt8) -> UInt64 {
        (soFar &<< 7 | soFar &>> 57) ^ UInt64(byte)
    }

    /// The child of a node by the segment in this range of a path; nil if there is none.
    @inline(__always)
    func child(of parent: Int32, _ path: UnsafeBufferPointer<UInt8>, _ segment: Range<Int>, hash: UInt64) -> Int32? {
        guard !edges.isEmpty else { return nil }
        var place = first(parent, hash)
        while edges[place].child >= 0 {
            let edge = edges[place]
            if edge.hash == hash, edge.parent == parent, Int(edge.count) == segment.count,
                isLabel(edge, path, at: segment.lowerBound)
            {
                return edge.child
            }
            place = (place + 1) & (edges.count - 1)
        }
        return nil
    }

    /// Adds a child that the node does not have.
    mutating func add(_ child: Int32, to parent: Int32, _ segment: UnsafeBufferPointer<UInt8>, hash: UInt64) {
        // At most half of the places are in use, so that searches are short.
        if 2 * (used + 1) > edges.count { grow() }
        let start = UInt32(labels.count)
        labels.append(contentsOf: segment)
        enter(Edge(hash: hash, parent: parent, child: child, start: start, count: UInt32(segment.count)))
        used += 1
    }

    private func first(_ parent: Int32, _ hash: UInt64) -> Int {
        let mixed = (hash ^ UInt64(truncatingIfNeeded: parent) &<< 32) &* 0x9e37_79b9_7f4a_7c15
        return Int(truncatingIfNeeded: mixed >> 32) & (edges.count - 1)
    }

    private func isLabel(_ edge: Edge, _ path: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        labels.withUnsafeBufferPointer { labels in
            let first = Int(edge.start)
            for place in 0..<Int(edge.count) where labels[first + place] != path[start + place] { return false }
            return true
        }
    }

    private mutating func enter(_ edge: Edge) {
        var place = first(edge.parent, edge.hash)
        while edges[place].child >= 0 { place = (place + 1) & (edges.count - 1) }
        edges[place] = edge
    }

    private mutating func grow() {
        let old = edges
        let free = Edge(hash: 0, parent: 0, child: -1, start: 0, count: 0)
        edges = [Edge](repeating: free, count: max(16, 2 * old.count))
        for edge in old where edge.child >= 0 { enter(edge) }
    }
}
