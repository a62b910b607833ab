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
        for service in self["services"]?.value.pairs ?? [] {
            for operation in service.value["operations"]?.value.pairs ?? [] {
                guard case .list = operation.value.content else { continue }
                let calls = Pair(key: "calls", at: operation.value.place, value: operation.value)
                put(
                    Tree(place: operation.value.place, content: .mapping([calls])),
                    at: [.key("services"), .key(service.key), .key("operations"), .key(operation.key)])
            }
        }
    }

    /// Takes patterns out of the system, wherever they are used.
    mutating func remove(patterns: [String], _ findings: inout Findings) {
        for pattern in patterns {
            if let kind = GuardKind(rawValue: pattern) {
                removeGuards(kind)
            } else if pattern == "cache" {
                for service in self["services"]?.value.pairs ?? [] {
                    edit([.key("services"), .key(service.key)]) { $0.removeKeys { $0.name == "cache" } }
                }
            } else {
                let patterns = GuardKind.allCases.map(\.rawValue) + ["cache"]
                findings.add(
                    "no pattern is named \"\(pattern.clipped)\"\(Spelling.hint(for: pattern, among: patterns))",
                    at: Place(file: "--without \(pattern)", line: 1, column: 1))
            }
        }
    }

    private mutating func removeGuards(_ kind: GuardKind) {
        for edge in self["edges"]?.value.pairs ?? [] {
            let way: [Step] = [.key("edges"), .key(edge.key)]
            edit(way) { $0.removeKeys { GuardLabel($0.key)?.kind == kind } }
            edit(way + [.key("guards")]) { guards in
                let kept = guards.items.filter { $0.text.flatMap { GuardLabel($0.value) }?.kind != kind }
                guards.content = .list(kept)
            }
        }
    }

    /// Changes what stands at the end of a way, if something does.
    private mutating func edit(_ way: [Step], _ change: (inout Tree) -> Void) {
        guard var part = part(way) else { return }
        change(&part)
        put(part, at: way)
    }
}
