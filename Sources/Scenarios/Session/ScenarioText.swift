/// The text of a scenario file, whose top-level keys can be given other values without touching the rest.
struct ScenarioText {
    private var lines: [Substring]

    init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.last == "\r" ? $0.dropLast() : $0
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
    }

    /// The text, with a line end behind the last line.
    var text: String { lines.joined(separator: "\n") + "\n" }

    /// Gives the file these lines for its timeline; comments stay before the commands that they stood before.
    mutating func replaceTimeline(with commands: [String]) {
        let old = extent(of: "timeline")
        let body = old.map { merged(lines[$0].dropFirst(), commands) } ?? commands
        replace(old, with: body.isEmpty ? [] : ["timeline: |"] + body.map { $0.isEmpty ? "" : "  \($0)" })
    }

    /// Gives a key a plain value.
    mutating func replace(_ key: String, with value: String) {
        replace(extent(of: key), with: ["\(key): \(value)"])
    }

    private mutating func replace(_ extent: Range<Int>?, with block: [String]) {
        let range = extent ?? lines.count..<lines.count
        lines.replaceSubrange(range, with: block.map { $0[...] })
    }

    /// The lines of a key at the top and of its value, without empty lines and comments behind it.
    private func extent(of key: String) -> Range<Int>? {
        guard let start = lines.firstIndex(where: { $0.hasPrefix("\(key):") }) else { return nil }
        let after = lines[(start + 1)...].firstIndex { $0.first.map { !$0.isWhitespace } ?? false } ?? lines.count
        var end = after
        while end > start + 1, lines[end - 1].allSatisfy(\.isWhitespace) { end -= 1 }
        return start..<end
    }

    /// The commands, with the comments and empty lines of the old timeline before the commands that they stood before.
    private func merged(_ old: some Sequence<Substring>, _ commands: [String]) -> [String] {
        var notes: [String: [String]] = [:]
        var pending: [String] = []
        for line in old.map(\.trimmed) {
            if line.isEmpty || line.first == "#" {
                pending.append(line)
            } else if !pending.isEmpty {
                notes[line, default: []] += pending
                pending = []
            }
        }
        return commands.flatMap { (notes.removeValue(forKey: $0) ?? []) + [$0] } + pending
    }
}
