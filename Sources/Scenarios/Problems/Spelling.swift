/// Finds what somebody may have meant by a name that does not exist.
public enum Spelling {
    /// How many names fit into a message.
    private static let mostShown = 8

    /// The candidate nearest to a name, if one is near enough to be meant.
    public static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        let limit = max(1, name.count / 3)
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let distance = distance(name.lowercased(), candidate.lowercased())
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// `; did you mean "workers"?`, or with nothing near, the names that there are; empty if there are none.
    /// - Parameter topic: what of the reference lists them, to be named if they are too many to be shown.
    public static func hint(
        for name: String, among candidates: some Sequence<String>, listedBy topic: Help.Topic? = nil
    ) -> String {
        if let near = nearest(to: name, among: candidates) { return "; did you mean \"\(near)\"?" }
        let all = Array(candidates)
        guard !all.isEmpty else { return "" }
        let shown = "; there is \(all.prefix(mostShown).joined(separator: ", "))"
        guard all.count > mostShown else { return shown }
        return "\(shown), ...\(topic.map { "; \"sagascope help \($0.rawValue)\" lists all" } ?? "")"
    }

    /// How many letters must be put in, left out, changed or swapped with their neighbour to get from one text to
    /// the other (Damerau's distance in its restricted form).
    static func distance(_ left: String, _ right: String) -> Int {
        let (a, b) = (Array(left), Array(right))
        guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in 1...a.count {
            var row = [i] + [Int](repeating: 0, count: b.count)
            for j in 1...b.count {
                let change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                row[j] = min(last[j] + 1, row[j - 1] + 1, change)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    row[j] = min(row[j], beforeLast[j - 2] + 1)
                }
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
