extension Section {
    /// The fields that are of use beside the keys that a mapping has: those that no choice excludes.
    func fields(beside tree: Tree?) -> [Field] {
        let excluded = choices.flatMap { $0.excluded(beside: tree) }
        return fields.filter { !excluded.contains($0.name) }
    }
}

extension Section.Choice {
    /// All keys that the choice is between.
    private var keys: [String] {
        options.flatMap { $0 }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private func present(in tree: Tree?) -> [String] { keys.filter { tree?[$0] != nil } }

    /// The options that have all of these keys.
    private func fitting(_ present: [String]) -> [[String]] {
        options.filter { option in present.allSatisfy(option.contains) }
    }

    /// The first two keys that no option has both of.
    private func conflict(among present: [String]) -> String {
        for (index, key) in present.enumerated() {
            if let other = present[..<index].first(where: { fitting([$0, key]).isEmpty }) {
                return "\(other) and \(key)"
            }
        }
        return present.joined(separator: ", ")
    }

    fileprivate func excluded(beside tree: Tree?) -> [String] {
        let present = present(in: tree)
        guard !present.isEmpty else { return [] }
        let allowed = fitting(present).flatMap { $0 }
        return keys.filter { !allowed.contains($0) }
    }

    /// What is wrong with the choice that a mapping makes; nil if nothing is.
    func objection(to tree: Tree) -> String? {
        let present = present(in: tree)
        let fitting = fitting(present)
        guard !fitting.isEmpty else {
            return "cannot have both \(conflict(among: present)); keep one"
        }
        let isMade = fitting.contains { option in option.first.map(present.contains) == true }
        guard isRequired, !isMade else { return nil }
        return "needs \(fitting.compactMap(\.first).joined(separator: " or "))"
    }
}
