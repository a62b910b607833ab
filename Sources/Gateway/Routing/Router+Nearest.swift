extension Router {
    /// The route whose pattern is nearest to a path that has none, to be named where somebody looks for the mistake; nil
    /// if none is near.
    ///
    /// The distance is that of editing the pattern's segments into the path's: to add or to leave out a segment is 100, an
    /// empty one 10, and to replace a literal as much of 100 as the share of its bytes that have to be edited, if that is
    /// no more than half. A parameter stands for any segment, and a rest for any number of them at 50 each. Near is up to
    /// 50 for each segment of the path; of several routes, the first that was added. Of a path 32 segments are looked at,
    /// and of a segment 64 bytes.
    public func nearest(to path: some StringProtocol) -> Int? {
        let segments = path.utf8.dropFirst(path.utf8.first == UInt8(ascii: "/") ? 1 : 0)
            .split(separator: UInt8(ascii: "/"), maxSplits: PathPattern.mostSegments, omittingEmptySubsequences: false)
            .prefix(PathPattern.mostSegments).map { Array($0.prefix(64)) }
        var (nearest, least): (Int?, Int) = (nil, segments.count * 50 + 1)
        for (index, route) in routes.enumerated() {
            guard let pattern = route.pattern else { continue }
            let distance = Self.distance(pattern.segments, segments)
            if distance < least { (nearest, least) = (index, distance) }
        }
        return nearest
    }

    /// What it takes to edit a pattern into a path (Wagner and Fischer, *The String-to-String Correction Problem*, 1974).
    private static func distance(_ pattern: [PathPattern.Segment], _ path: [[UInt8]]) -> Int {
        var row = path.reduce(into: [0]) { row, given in row.append(row[row.count - 1] + adding(given)) }
        for segment in pattern {
            var diagonal = row[0]
            row[0] += skipping(segment)
            for (place, given) in path.enumerated() {
                let (above, left) = (row[place + 1], row[place])
                let added = segment == .rest ? 50 : adding(given)
                row[place + 1] = min(above + skipping(segment), left + added, diagonal + replacing(segment, by: given))
                diagonal = above
            }
        }
        return row[path.count]
    }

    private static func adding(_ given: [UInt8]) -> Int { given.isEmpty ? 10 : 100 }

    private static func skipping(_ segment: PathPattern.Segment) -> Int {
        switch segment {
        case .rest: 0
        case .literal(""): 10
        case .literal, .parameter: 100
        }
    }

    private static func replacing(_ segment: PathPattern.Segment, by given: [UInt8]) -> Int {
        switch segment {
        case .rest: return 50
        case .parameter: return given.isEmpty ? 100 : 0
        case .literal(let text):
            let wanted = Array(text.utf8.prefix(64))
            let longer = max(wanted.count, given.count)
            let share = longer == 0 ? 0 : (edits(wanted, given) * 100 + longer - 1) / longer
            // What is less alike is another segment.
            return share <= 50 ? share : 200
        }
    }

    private static func edits(_ wanted: [UInt8], _ given: [UInt8]) -> Int {
        var row = Array(0...given.count)
        for byte in wanted {
            var diagonal = row[0]
            row[0] += 1
            for (place, other) in given.enumerated() {
                let above = row[place + 1]
                row[place + 1] = min(above + 1, row[place] + 1, diagonal + (byte == other ? 0 : 1))
                diagonal = above
            }
        }
        return row[given.count]
    }
}
