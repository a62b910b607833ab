extension Scenario {
    /// All keys of a scenario file: how their values are written, what they are when left out, what they mean.
    public static var reference: String {
        var page = ReferencePage()
        page.paragraph(
            "A scenario is a YAML file: a system, who calls it, what happens to it, and what is expected. Every "
                + "quantity but a plain count has its unit. \"sagascope new FILE\" writes one to begin with, "
                + "\"sagascope validate FILE\" says what is wrong with one. Names are made of letters, digits, - and _, "
                + "and mean one service, saga or load each. Anchors, aliases and more than one document are not read.")
        page.section(FileKeys.section, under: "")
        page.values()
        page.paragraph(
            "A setting has a path: --set services.payment.workers=32 on the command line, or \"set "
                + "services.payment.workers 32\" at the prompt and in the timeline. Paths may be short as long as they "
                + "mean one setting: payment.workers, shoppers.rate, shop -> payment.breaker.open, or "
                + "payment.breaker.open if only one edge to payment has a breaker. A hyphen stands for a space in a "
                + "key: payment.breaker.half-open-limit. Settings marked * are fixed once the system runs.")
        return page.text
    }
}

/// A page of the reference, as it is being written.
private struct ReferencePage {
    private static let width = 100
    private static let keyWidth = 18

    private(set) var text = ""

    mutating func paragraph(_ words: String) {
        if !text.isEmpty { text += "\n" }
        lines(words, indent: 0)
    }

    /// Writes a section, and then those within it.
    mutating func section(_ section: Section, under path: String) {
        text += path.isEmpty ? "\n" : "\n\(path)\n"
        for field in section.fields {
            switch field {
            case .setting(let key): setting(key)
            case .section(let name, _, let meaning), .named(let name, _, let meaning), .list(let name, _, let meaning):
                entry(name, meaning)
            case .guards(let kind): guards(kind)
            case .special(let name, let pattern, let meaning): entry(name, meaning, pattern)
            }
        }
        for choice in section.choices { self.choice(choice) }
        for field in section.fields { nested(field, under: path) }
    }

    private mutating func nested(_ field: Field, under path: String) {
        let start = path.isEmpty ? "" : "\(path)."
        switch field {
        case .section(let name, let inner, _): section(inner, under: "\(start)\(name)")
        case .named("edges", let inner, _): section(inner, under: "\(start)edges.FROM -> TO")
        case .named(let name, let inner, _): section(inner, under: "\(start)\(name).NAME")
        case .list(let name, let inner, _) where name == "stages" || name == "patterns":
            section(inner, under: "\(start)\(name).NUMBER")
        case .list(let name, let inner, _): section(inner, under: "\(start)\(name).NAME")
        case .guards(let kind):
            if case .several(let inner) = kind.settings { section(inner, under: "\(start)\(kind.rawValue)") }
        case .setting, .special: break
        }
    }

    private mutating func setting(_ key: any Setting) {
        let standard = key.standard.map { $0.isEmpty ? "" : "; \($0) if left out" } ?? ""
        entry(key.name + (key.isLive ? "" : " *"), key.meaning, key.pattern + standard)
    }

    private mutating func guards(_ kind: GuardKind) {
        switch kind.settings {
        case .one(let key): setting(key)
        case .several: entry(kind.rawValue, kind.meaning)
        }
    }

    private mutating func choice(_ choice: Section.Choice) {
        let options = choice.options.map { keys in
            let others = keys.dropFirst().joined(separator: " and ")
            return keys[0] + (others.isEmpty ? "" : " (with \(others))")
        }
        lines("Either \(options.joined(separator: ", or ")).", indent: 2)
    }

    /// What a distribution can be, since so many settings are one.
    mutating func values() {
        text += "\nDistributions\n"
        for pattern in DistributionNotation.patterns { text += "  \(pattern)\n" }
        lines("A length of time alone, such as 5ms, is constant.", indent: 2)
    }

    private mutating func entry(_ key: String, _ meaning: String, _ pattern: String? = nil) {
        lines(meaning, indent: 2 + Self.keyWidth, margin: "  " + key)
        if let pattern { lines(pattern, indent: 4 + Self.keyWidth) }
    }

    /// Writes words in lines that are not too long; the margin of the first may hold a text.
    private mutating func lines(_ words: String, indent: Int, margin: String = "") {
        var line = margin + String(repeating: " ", count: max(1, indent - margin.count))
        if indent == 0 { line = "" }
        var isEmpty = true
        for word in words.split(separator: " ") {
            if line.count + word.count >= Self.width, !isEmpty {
                text += line + "\n"
                line = String(repeating: " ", count: indent)
                isEmpty = true
            }
            line += isEmpty ? word : " \(word)"
            isEmpty = false
        }
        text += line + "\n"
    }
}
