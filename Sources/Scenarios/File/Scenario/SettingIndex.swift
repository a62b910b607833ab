/// Every setting that a file has, or could have, under each of its names.
struct SettingIndex: Sendable {
    /// A setting, and the way to it.
    struct Entry: Sendable {
        /// Its path in full: `edges.shop -> payment.breaker.open`.
        let path: String
        /// The spellings by which it is found, the full one first.
        let spellings: [String]
        let way: [Tree.Step]
        let setting: any Setting
    }

    private(set) var entries: [Entry] = []

    init(of tree: Tree) {
        visit(tree, FileKeys.section, at: Trail())
    }

    /// The setting that a path leads to.
    ///
    /// The leading section and inner ones such as `operations` and `steps` may be left out, an edge may be named
    /// by its target, and a hyphen may stand for a space, as long as only one setting is meant.
    func entry(for path: String) throws(SyntaxProblem) -> Entry {
        let wanted = Tree.spelling(of: path)
        if let exact = entries.first(where: { $0.spellings[0] == wanted }) { return exact }
        let found = entries.filter { $0.spellings.contains(wanted) }
        guard let first = found.first else {
            throw SyntaxProblem(at: 0, "there is no setting \"\(path.clipped)\"\(hint(for: wanted))")
        }
        guard found.count == 1 else {
            let paths = found.prefix(4).map(\.path).joined(separator: ", ")
            throw SyntaxProblem(at: 0, "\"\(path.clipped)\" can mean more than one setting: \(paths)")
        }
        return first
    }

    private func hint(for path: String) -> String {
        let last = path.split(separator: ".").last.map { "." + $0 } ?? path
        // Distances are dear: of very many settings only those of the same last key are looked at.
        let candidates = entries.count > 500 ? entries.filter { $0.spellings[0].hasSuffix(last) } : entries
        guard let near = Spelling.nearest(to: path, among: candidates.prefix(500).flatMap(\.spellings)),
            let entry = candidates.first(where: { $0.spellings.contains(near) })
        else { return "; press Tab after \"set \" for those that there are" }
        return "; did you mean \"\(entry.path)\"?"
    }
}

/// The way from the top of a file to a place in it, by the words of a path.
private struct Trail {
    /// A word of a path, in the spelling that is compared.
    struct Word {
        let text: String
        /// Whether the path is understood without it.
        let isSection: Bool

        init(_ name: String, isSection: Bool = false) {
            text = Tree.spelling(of: name)
            self.isSection = isSection
        }
    }

    var words: [Word] = []
    var way: [Tree.Step] = []

    func section(_ name: String) -> Trail {
        Trail(words: words + [Word(name, isSection: true)], way: way + [.key(name)])
    }

    func key(_ name: String) -> Trail {
        Trail(words: words + [Word(name)], way: way + [.key(name)])
    }

    func item(_ index: Int, _ name: String) -> Trail {
        Trail(words: words + [Word(name)], way: way + [.item(index)])
    }

    /// The path in full. Keys are written with hyphens, so that only an edge's name holds spaces.
    var path: String {
        words.map { $0.text.contains(">") ? $0.text.replacing("->", with: " -> ") : $0.text }.joined(separator: ".")
    }

    /// The spellings by which the place is found.
    var spellings: [String] {
        let all = words.map(\.text)
        let named = words.filter { !$0.isSection }.map(\.text)
        var spellings = [all, Array(all.dropFirst()), named]
        if let edge = named.first, edge.contains("->"), let target = edge.split(separator: "->").last {
            spellings.append([String(target)] + named.dropFirst())
        }
        return spellings.map { $0.joined(separator: ".") }
    }
}

extension SettingIndex {
    private mutating func visit(_ tree: Tree?, _ section: Section, at trail: Trail) {
        for field in section.fields(beside: tree) {
            let value = tree?[field.name]?.value
            switch field {
            case .setting(let key):
                add(key, at: trail.key(key.name))
            case .section(let name, let inner, _):
                if value != nil || inner.isImplied { visit(value, inner, at: trail.key(name)) }
            case .named(let name, let inner, _):
                for pair in value?.pairs ?? [] { visit(pair.value, inner, at: trail.section(name).key(pair.key)) }
            case .list(let name, let inner, _):
                for (index, item) in (value?.items ?? []).enumerated() {
                    let itemName = item["name"]?.value.text?.value ?? "\(index + 1)"
                    visit(item, inner, at: trail.section(name).item(index, itemName))
                }
            case .guards(let kind):
                visitGuards(kind, of: tree, at: trail)
            case .special:
                break
            }
        }
    }

    private mutating func visitGuards(_ kind: GuardKind, of edge: Tree?, at trail: Trail) {
        for item in edge?["guards"]?.value.items ?? [] {
            guard let label = item.text.flatMap({ GuardLabel($0.value) }), label.kind == kind else { continue }
            switch kind.settings {
            case .one(let key): add(key, at: trail.key(label.text))
            case .several(let section): visit(edge?[label.text]?.value, section, at: trail.key(label.text))
            }
        }
    }

    private mutating func add(_ setting: any Setting, at trail: Trail) {
        entries.append(Entry(path: trail.path, spellings: trail.spellings, way: trail.way, setting: setting))
    }
}
