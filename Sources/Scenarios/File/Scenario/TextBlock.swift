/// The lines of a text block of a file, each with its place.
struct TextBlock {
    /// A line.
    struct Line {
        let text: Substring
        let place: Place
    }

    private var lines: [Line] = []

    /// The lines under a key; complains if they are not in a block that keeps them.
    init(_ key: String, in tree: Tree, _ source: SourceLines, _ findings: inout Findings) {
        guard let value = tree[key]?.value else { return }
        switch value.content {
        case .nothing:
            return
        case .text(let text) where text.value.isEmpty:
            return
        case .text(let text) where text.isBlock:
            for (index, line) in text.value.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
                .enumerated()
            {
                let number = value.place.line + 1 + index
                let indent = max(0, source[number].count - line.count)
                lines.append(Line(text: line, place: Place(file: value.place.file, line: number, column: indent + 1)))
            }
        case .text, .list, .mapping:
            findings.add(
                "\(key) is a block of lines: write \"\(key): |\", and the lines below it, indented", at: value.place)
        }
    }

    /// The lines as commands, in order of time.
    func commands(for blueprint: Blueprint, _ findings: inout Findings) -> [TimedCommand] {
        var commands: [(command: TimedCommand, line: Line)] = []
        for line in lines where blueprint.hasNames {
            do {
                guard let command = try TimedCommand.parse(line.text, plan: blueprint.plan) else { continue }
                commands.append((command, line))
            } catch {
                findings.add(error.message, at: line.place.moved(by: error.offset))
            }
        }
        let sorted = commands.enumerated()
            .sorted { ($0.element.command.time, $0.offset) < ($1.element.command.time, $1.offset) }
            .map(\.element)
        return sorted.filter { canBeSet($0.command, $0.line, blueprint, &findings) }.map(\.command)
    }

    /// Whether a command can be carried out as far as it sets something.
    private func canBeSet(
        _ timed: TimedCommand, _ line: Line, _ blueprint: Blueprint, _ findings: inout Findings
    ) -> Bool {
        guard case .set(let path, let value) = timed.command else { return true }
        var changed = blueprint
        do {
            try changed.change(path, to: value)
            return true
        } catch {
            let start = line.text.firstRange(of: "set ").map {
                line.text.distance(from: line.text.startIndex, to: $0.upperBound)
            }
            findings.add(error.message, at: line.place.moved(by: (start ?? 0) + error.offset))
            return false
        }
    }

    /// The lines as expectations.
    func expectations(for blueprint: Blueprint, _ findings: inout Findings) -> [Expectation] {
        var expectations: [Expectation] = []
        for line in lines where blueprint.hasNames {
            do {
                if let expectation = try Expectation.parse(line.text, plan: blueprint.plan) {
                    expectations.append(expectation)
                }
            } catch {
                findings.add(error.message, at: line.place.moved(by: error.offset))
            }
        }
        return expectations
    }
}
