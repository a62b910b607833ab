import Timeline

/// Reads the values of one mapping, by the table of its keys.
struct SectionReader {
    let tree: Tree
    let section: Section

    /// Checks the keys of a mapping: that there are no others, none twice, and none that exclude each other.
    init(_ tree: Tree, _ section: Section, _ findings: inout Findings) {
        self.tree = tree
        self.section = section
        switch tree.content {
        case .nothing:
            checkChoices(&findings)
        case .text, .list:
            findings.add(
                "this should be the settings of \(section.title), such as \(Self.example(section))", at: tree.place)
        case .mapping(let pairs):
            checkKeys(pairs, &findings)
            checkChoices(&findings)
        }
    }

    private static func example(_ section: Section) -> String {
        let keys = section.fields.prefix(2).map { "\($0.name): ..." }
        return "{\(keys.joined(separator: ", "))}"
    }

    private func checkKeys(_ pairs: [Tree.Pair], _ findings: inout Findings) {
        let known = section.keys.map(Tree.spelling)
        var seen: Set<String> = []
        for pair in pairs {
            if !seen.insert(pair.name).inserted {
                findings.add("\"\(pair.key.clipped)\" is set more than once; keep one", at: pair.place)
            } else if !known.contains(pair.name), !isGuard(pair) {
                let hint = findings.hint(for: pair.key, among: section.keys, listedBy: .scenario)
                findings.add("unknown setting \"\(pair.key.clipped)\" of \(section.title)\(hint)", at: pair.place)
            }
        }
    }

    private func isGuard(_ pair: Tree.Pair) -> Bool {
        guard let kind = GuardLabel(pair.key)?.kind else { return false }
        return section.keys.contains(kind.rawValue)
    }

    private func checkChoices(_ findings: inout Findings) {
        for choice in section.choices {
            if let objection = choice.objection(to: tree) {
                findings.add("\(section.title) \(objection)", at: tree.place)
            }
        }
    }
}

extension Tree {
    /// Where the value of a key stands; if it is left out, where the mapping does.
    func place(of key: String) -> Place {
        self[key].map { $0.value.text?.start ?? $0.value.place } ?? place
    }

    /// Whether a mapping has a key that was probably meant to be this one.
    func misspells(_ key: String, of keys: [String]) -> Bool {
        pairs.contains { !keys.contains($0.key) && Spelling.nearest(to: $0.key, among: keys) == key }
    }
}

extension SectionReader {
    /// The value of a key, or its standard; nil if there is neither, or something is wrong.
    func value<Form>(_ key: Key<Form>, _ findings: inout Findings) -> Form.Value? {
        guard let pair = tree[key.name] else {
            return key.standard.flatMap { try? key.form.read($0) }
        }
        return Self.value(key, of: pair.value, &findings)
    }

    /// The value of a key if it is written; nil if it is not, or something is wrong.
    func given<Form>(_ key: Key<Form>, _ findings: inout Findings) -> Form.Value? {
        tree[key.name].flatMap { Self.value(key, of: $0.value, &findings) }
    }

    /// The value of a key that a tree is the value of.
    static func value<Form>(_ key: Key<Form>, of tree: Tree, _ findings: inout Findings) -> Form.Value? {
        guard case .text(let text) = tree.content else {
            findings.add("\(key.name) needs a value: \(key.pattern)", at: tree.place)
            return nil
        }
        do {
            return try key.form.read(text.value)
        } catch {
            let place = text.start?.moved(by: error.offset) ?? tree.place
            findings.add("\(key.name): \(error.message)", at: place)
            return nil
        }
    }

    /// The value of a key that may be written as a list: `[5, 1, 1]` for `5, 1, 1`.
    func listed<Form>(_ key: Key<Form>, _ findings: inout Findings) -> Form.Value? {
        guard let tree = tree[key.name]?.value, case .list = tree.content, let text = tree.written else {
            return value(key, &findings)
        }
        return Self.value(key, of: Tree(text: text, at: tree.place), &findings)
    }

    /// Puts the value of a key where it belongs, unless something is wrong with it.
    func read<Form>(_ key: Key<Form>, into target: inout Form.Value, _ findings: inout Findings) {
        if let value = value(key, &findings) { target = value }
    }

    /// The value of a key that must not be left out.
    func required<Form>(_ key: Key<Form>, _ findings: inout Findings) -> Form.Value? {
        if tree[key.name] == nil, tree.holdsSettings, !tree.misspells(key.name, of: section.keys) {
            findings.add("\(section.title) needs \(key.name): \(key.pattern)", at: tree.place)
        }
        return value(key, &findings)
    }

    /// Where the value of a key stands; if it is left out, where its mapping does.
    func place(of key: String) -> Place { tree.place(of: key) }

    /// The pairs of the mapping under a key; complains if something else stands there.
    func pairs(_ key: String, of what: String, _ findings: inout Findings) -> [Tree.Pair] {
        guard let pair = tree[key] else { return [] }
        switch pair.value.content {
        case .nothing: return []
        case .mapping(let pairs): return pairs
        case .text, .list:
            findings.add("\(key) should be a mapping from names to \(what)", at: pair.value.place)
            return []
        }
    }

    /// The elements of the list under a key; complains if something else stands there.
    func items(_ key: String, pattern: String, _ findings: inout Findings) -> [Tree] {
        guard let pair = tree[key] else { return [] }
        switch pair.value.content {
        case .nothing: return []
        case .list(let items): return items
        case .text, .mapping:
            findings.add("\(key) should be a list: \(pattern)", at: pair.value.place)
            return []
        }
    }
}

extension Findings {
    /// The keys of settings that the library knows by other names, and whose range depends on other settings.
    private static let keys = [
        "maximum": "max", "initial": "start", "limit": "rate", "tripRule.failures": "rule", "growth.cap": "open growth",
        "probeRule.successes": "probe rule", "firstDelay": "first delay", "longestDelay": "longest delay",
    ]

    /// Adds what the library has against a setting of a mapping, at the setting if it is written.
    mutating func add(_ error: SettingError, in tree: Tree) {
        let key = Self.keys[error.setting] ?? error.setting
        let given = tree[key]?.value.text?.value ?? error.given
        add("\(key): \(given.clipped) is out of range; allowed: \(error.allowed)", at: tree.place(of: key))
    }
}
