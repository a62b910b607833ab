extension Tree {
    /// Gives settings other values; a structure may be changed too, since nothing runs yet.
    mutating func apply(_ settings: [(path: String, value: String)], _ findings: inout Findings) {
        guard !settings.isEmpty else { return }
        let index = SettingIndex(of: self)
        for (path, value) in settings {
            let place = Place(file: "--set \(path)=\(value)", line: 1, column: 1)
            do {
                let entry = try index.entry(for: path)
                put(Tree(text: value, at: place.moved(by: path.count + 1)), at: entry.way)
            } catch {
                findings.add(error.message, at: place.moved(by: error.offset))
            }
        }
    }

    /// Writes operations that are lists of calls as mappings.
    mutating func spellOutOperations() {
        changeEach(of: "services") { service in
            service.changeEach(of: "operations") { operation in
                guard case .list = operation.content else { return }
                operation.content = .mapping([Pair(key: "calls", at: operation.place, value: operation)])
            }
        }
    }

    /// Takes patterns out of the system, wherever they are used.
    mutating func remove(patterns: [String], _ findings: inout Findings) {
        for pattern in patterns {
            if let kind = GuardKind(rawValue: pattern) {
                changeEach(of: "edges") { $0.removeGuards(kind) }
            } else if pattern == EdgeKeys.budget.name {
                changeEach(of: "edges") { $0.removeKeys { $0.name == pattern } }
            } else if pattern == "cache" {
                changeEach(of: "services") { $0.removeKeys { $0.name == "cache" } }
            } else {
                let hint = Spelling.hint(
                    for: pattern, among: GuardKind.allCases.map(\.rawValue) + [EdgeKeys.budget.name, "cache"])
                findings.add(
                    "no pattern is named \"\(pattern.clipped)\"\(hint)",
                    at: Place(file: "--without \(pattern)", line: 1, column: 1))
            }
        }
    }

    /// Takes the guards of a kind, and their settings, off an edge.
    private mutating func removeGuards(_ kind: GuardKind) {
        removeKeys { GuardLabel($0.key)?.kind == kind }
        guard var guards = self["guards"]?.value else { return }
        guards.content = .list(guards.items.filter { $0.text.flatMap { GuardLabel($0.value) }?.kind != kind })
        put(guards, at: [.key("guards")])
    }

    /// Changes every value of the mapping under a key.
    private mutating func changeEach(of key: String, _ change: (inout Tree) -> Void) {
        guard case .mapping(var pairs) = content, let index = pairs.firstIndex(where: { $0.name == key }),
            case .mapping(var values) = pairs[index].value.content
        else { return }
        for value in values.indices { change(&values[value].value) }
        pairs[index].value.content = .mapping(values)
        content = .mapping(pairs)
    }
}
