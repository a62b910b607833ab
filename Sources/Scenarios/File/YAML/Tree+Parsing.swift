import Yams

extension Tree {
    /// Reads YAML.
    /// - Throws: the one problem that ends the reading, since what follows it cannot be trusted.
    init(parsing text: String, file: String) throws(Problems) {
        if let hazard = Hazards.first(in: text, file: file) { throw Problems([hazard]) }
        do {
            // The parser keeps a pointer to the text, which must therefore not be one of the few bytes that a
            // string holds in itself.
            let parser = try Parser(yaml: text + String(repeating: "\n", count: 16), resolver: .basic, encoding: .utf8)
            guard let root = try parser.singleRoot() else {
                throw Place(file: file, line: 1, column: 1)
                    .problem("the file is empty; \"sagascope new FILE\" writes one to begin with")
            }
            var planter = Planter(file: file, lines: SourceLines(text))
            self = try planter.tree(of: root, depth: 0)
        } catch let error as Problem {
            throw Problems([error])
        } catch let error as YamlError {
            throw Problems([error.problem(file: file, lines: SourceLines(text))])
        } catch {
            throw Problems([Place(file: file, line: 1, column: 1).problem("the file cannot be read: \(error)")])
        }
    }
}

/// Makes a tree of what the YAML parser has found.
private struct Planter {
    private static let depthLimit = 64
    private static let nodeLimit = 100_000

    let file: String
    let lines: SourceLines
    private var nodes = 0

    init(file: String, lines: SourceLines) {
        self.file = file
        self.lines = lines
    }

    mutating func tree(of node: Node, depth: Int) throws(Problem) -> Tree {
        let place = place(of: node.mark)
        nodes += 1
        guard depth < Self.depthLimit else { throw place.problem("this is nested too deep") }
        guard nodes < Self.nodeLimit else { throw place.problem("there is too much in this file") }
        switch node {
        case .scalar(let scalar):
            return Tree(place: place, content: content(of: scalar, at: place))
        case .sequence(let sequence):
            var items: [Tree] = []
            for item in sequence { items.append(try tree(of: item, depth: depth + 1)) }
            return Tree(place: place, content: .list(items))
        case .mapping(let mapping):
            var pairs: [Tree.Pair] = []
            for (key, value) in mapping { pairs.append(try pair(key, value, depth: depth)) }
            return Tree(place: place, content: .mapping(pairs))
        case .alias:
            throw place.problem("aliases are not supported")
        }
    }

    private mutating func pair(_ key: Node, _ value: Node, depth: Int) throws(Problem) -> Tree.Pair {
        let place = place(of: key.mark)
        guard case .scalar(let scalar) = key else { throw place.problem("a key must be a plain name") }
        return Tree.Pair(key: scalar.string, at: place, value: try tree(of: value, depth: depth + 1))
    }

    private func content(of scalar: Node.Scalar, at place: Place) -> Tree.Content {
        let isQuoted = scalar.style == .singleQuoted || scalar.style == .doubleQuoted
        if scalar.string.isEmpty, scalar.style == .plain { return .nothing }
        let start = place.moved(by: isQuoted ? 1 : 0)
        let stands = lines.rest(ofLine: start.line, fromColumn: start.column).hasPrefix(scalar.string)
        return .text(
            Tree.Text(value: scalar.string, isBlock: scalar.style == .literal, start: stands ? start : nil))
    }

    private func place(of mark: Yams.Mark?) -> Place {
        guard let mark else { return Place(file: file, line: 1, column: 1) }
        let column = lines.column(ofScalarColumn: mark.column, inLine: mark.line)
        return Place(file: file, line: mark.line, column: column)
    }
}

extension YamlError {
    /// What is wrong, in one line.
    fileprivate func problem(file: String, lines: SourceLines) -> Problem {
        func place(_ mark: Yams.Mark) -> Place {
            let line = min(mark.line, lines.count)
            let column =
                line < mark.line ? lines[line].count + 1 : lines.column(ofScalarColumn: mark.column, inLine: line)
            return Place(file: file, line: line, column: column)
        }
        switch self {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            let beginning = context.map { " (\($0.text) that begins in line \($0.mark.line))" } ?? ""
            return place(mark).problem("this is not YAML: \(problem)\(beginning)")
        case .composer(_, _, let mark, _):
            return place(mark).problem("a file holds one scenario; a second document begins here")
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "\"\($0)\"" }.joined(separator: ", ")
            return place(context.mark).problem("\(names) is set more than once; keep one")
        case .reader(let problem, let offset, _, let yaml):
            let before = yaml.prefix(offset ?? 0).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            return Place(file: file, line: max(1, before.count), column: (before.last?.count ?? 0) + 1)
                .problem("this is not text: \(problem)")
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return Place(file: file, line: 1, column: 1).problem("this is not YAML")
        }
    }
}
