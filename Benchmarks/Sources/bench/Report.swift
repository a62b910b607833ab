import Glibc

/// The results as people and programs read them.
enum Report {
    /// A table with a line for each result.
    static func table(of results: [Result]) -> String {
        let head = ["measure", "best", "median", "mean", "worst", "unit", "reference", "ratio", "allocs", "goal", ""]
        let rows = [head] + results.map(row)
        let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).enumerated().map { column, cell in
                isText(column) ? padded(cell.0, cell.1) : String(padded(String(cell.0.reversed()), cell.1).reversed())
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// The same in JSON: a list of objects, one for each result.
    static func json(of results: [Result]) -> String {
        let objects = results.map { result in
            var fields = [
                "\"name\": \"\(result.name)\"", "\"unit\": \"\(result.unit)\"", "\"best\": \(result.best)",
                "\"median\": \(result.median)", "\"mean\": \(result.mean)", "\"worst\": \(result.worst)",
                "\"samples\": \(result.samples.count)",
            ]
            if let ratio = result.ratio { fields.append("\"ratioToReference\": \(ratio)") }
            if let allocations = result.allocations { fields.append("\"allocations\": \(allocations)") }
            if let goal = result.goal { fields.append("\"goal\": \"\(text(goal))\"") }
            if let meetsGoal = result.meetsGoal { fields.append("\"meetsGoal\": \(meetsGoal)") }
            return "  {\(fields.joined(separator: ", "))}"
        }
        return "[\n\(objects.joined(separator: ",\n"))\n]\n"
    }

    /// `bench.json` in the build folder that the program lies in, or else in the working directory.
    static func path(besideProgram program: String) -> String {
        let folders = program.split(separator: "/", omittingEmptySubsequences: false)
        guard let build = folders.lastIndex(where: { $0.hasPrefix(".build") }) else { return "bench.json" }
        return (folders[...build] + ["bench.json"]).joined(separator: "/")
    }

    static func write(_ text: String, to path: String) -> Bool {
        guard let file = fopen(path, "w") else { return false }
        let isWritten = fputs(text, file) >= 0
        return fclose(file) == 0 && isWritten
    }

    private static func row(_ result: Result) -> [String] {
        let reference = result.bestOfReference.map(number) ?? ""
        let verdict = result.meetsGoal.map { $0 ? "ok" : "MISSED" } ?? ""
        return [
            result.name, number(result.best), number(result.median), number(result.mean), number(result.worst),
            result.unit, reference, result.ratio.map(number) ?? "",
            result.allocations.map { "\($0)" } ?? "", result.goal.map(text) ?? "", verdict,
        ]
    }

    private static func text(_ goal: Result.Goal) -> String {
        switch goal {
        case .ratioAtMost(let limit): "ratio <= \(number(limit))"
        case .ratioAtLeast(let limit): "ratio >= \(number(limit))"
        case .bestAtMost(let limit): "best <= \(number(limit))"
        case .bestAtLeast(let limit): "best >= \(number(limit))"
        case .meanAtMost(let limit): "mean <= \(number(limit))"
        case .worstAtMost(let limit): "worst <= \(number(limit))"
        }
    }

    /// About four digits: `1.234`, `56.78`, `901.2`, `1 234 567`.
    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        guard abs(value) < 10_000 else { return grouped(Int(value.rounded())) }
        let decimals = abs(value) < 10 ? 1_000 : abs(value) < 100 ? 100 : abs(value) < 1_000 ? 10 : 1
        let whole = Int((abs(value) * Double(decimals)).rounded())
        let fraction = String(whole % decimals + decimals).dropFirst()
        return "\(value < 0 ? "-" : "")\(whole / decimals)" + (decimals > 1 ? ".\(fraction)" : "")
    }

    private static func grouped(_ value: Int) -> String {
        value < 1_000 ? "\(value)" : grouped(value / 1_000) + " " + String(value % 1_000 + 1_000).dropFirst()
    }

    private static func isText(_ column: Int) -> Bool { column == 0 || column == 5 || column >= 9 }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
