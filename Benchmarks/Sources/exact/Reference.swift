import Foundation

/// What independent programs have counted: `shared/traces/reference.tsv` beside the repository, or beside a folder that
/// it lies in.
struct Reference {
    /// A trace, a policy and a size, with what was counted.
    struct Cell: Sendable {
        let trace: String
        let policy: String
        let size: Int
        let requests: Int
        /// Nil where only a rounded ratio is known.
        let hits: Int?
        let hitRatio: Double
    }

    /// The folder that the table and the traces lie in.
    let folder: URL
    let cells: [Cell]

    /// The traces in the order of the table.
    var traces: [String] {
        cells.reduce(into: []) { traces, cell in
            if traces.last != cell.trace { traces.append(cell.trace) }
        }
    }

    init() throws(Problem) {
        let here = URL(filePath: FileManager.default.currentDirectoryPath)
        let above = sequence(first: here) { $0.path == "/" ? nil : $0.deletingLastPathComponent() }
        let tables = above.map { $0.appending(path: "shared/traces/reference.tsv") }
        guard let table = tables.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
            throw Problem("nothing to compare with: shared/traces/reference.tsv is neither here nor in a folder above")
        }
        guard let text = try? String(contentsOf: table, encoding: .utf8) else {
            throw Problem("\(table.path) cannot be read")
        }
        folder = table.deletingLastPathComponent()
        var cells: [Cell] = []
        for (index, line) in text.split(separator: "\n").enumerated().dropFirst() {
            guard let cell = Cell(line) else { throw Problem("\(table.path):\(index + 1): this is no row") }
            cells.append(cell)
        }
        self.cells = cells
    }
}

extension Reference.Cell {
    /// A row of the table: `trace policy size requests hits hit_ratio source`, with tabs between them.
    fileprivate init?(_ line: Substring) {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        guard fields.count >= 6, let size = Int(fields[2]), let requests = Int(fields[3]) else { return nil }
        let hits = Int(fields[4])
        guard let hitRatio = Double(fields[5]), hits != nil || fields[4].isEmpty else { return nil }
        self.init(
            trace: fields[0], policy: fields[1], size: size, requests: requests, hits: hits, hitRatio: hitRatio)
    }
}

/// Why nothing can be compared, in one line.
struct Problem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
