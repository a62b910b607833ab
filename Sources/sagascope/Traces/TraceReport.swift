import Caching
import Foundation
import Scenarios

/// What a comparison came to: for people as text, for programs as JSON.
struct TraceReport {
    /// The version of the JSON's shape.
    static let schemaVersion = 1

    /// As it was asked for.
    let trace: String
    /// As messages call it.
    let name: String
    let plan: TracePlan
    let requests: Int
    let distinctKeys: Int
    /// Left out because their size is 0.
    let skipped: Int
    let rows: [TraceRow]
    /// Whether the requests were too many to compute the optimum.
    private let isTooLong: Bool

    init(trace: String, name: String, comparison: TraceComparison, parser: TraceParser) {
        (self.trace, self.name, plan) = (trace, name, comparison.plan)
        (requests, rows) = (comparison.requests, comparison.rows())
        (distinctKeys, skipped) = (Int(parser.keyCount), parser.skippedRequests)
        isTooLong = plan.policies.contains(where: \.isOffline) && !comparison.keepsTrace
    }

    /// Whether a policy that was asked for by name is not there.
    var lacksWhatWasAsked: Bool { isTooLong && plan.asked.contains(where: \.isOffline) }

    /// What is left out, and why; nil if nothing is.
    var note: String? {
        if plan.unit == .bytes { return "opt is left out: with --unit bytes the optimum cannot be computed" }
        guard isTooLong else { return nil }
        let names = plan.policies.filter(\.isOffline).map(\.rawValue).joined(separator: " and ")
        return
            "\(names) left out: the optimum can be computed for \(Self.grouped(TraceComparison.mostKept)) requests at "
            + "most; cut the trace, or take a sample of its keys"
    }

    /// What is wrong with a trace without requests.
    var emptiness: String {
        let odd = skipped == 0 ? "" : " but \(Self.grouped(skipped)) of size 0"
        return "the trace holds no requests\(odd)"
    }

    /// A table for each size.
    var text: String {
        var lines = [head]
        for size in plan.sizes {
            lines += ["", "\(Self.grouped(size)) \(size == 1 && plan.unit == .entries ? "entry" : plan.unit.rawValue)"]
            lines += table(rows.filter { $0.size == size })
        }
        if rows.contains(where: { $0.policy == .opt }) {
            lines += ["", "to opt: what the hit ratio lacks to that of opt, in percentage points"]
        }
        return lines.joined(separator: "\n")
    }

    private var head: String {
        let counts =
            "\(Self.grouped(requests)) request\(requests == 1 ? "" : "s"), "
            + "\(Self.grouped(distinctKeys)) distinct key\(distinctKeys == 1 ? "" : "s")"
        return "\(name): \(counts)\(skipped == 0 ? "" : ", \(Self.grouped(skipped)) of size 0 skipped")"
    }

    private func table(_ rows: [TraceRow]) -> [String] {
        let optimum = rows.first { $0.policy == .opt }
        let columns: [(title: String, cell: (TraceRow) -> String)?] = [
            ("policy", \.policy.rawValue),
            ("requests", { Self.grouped($0.tally.requests) }),
            ("hits", { Self.grouped($0.tally.hits) }),
            ("hit %", { Self.percent($0.hitRatio) }),
            plan.format.hasSizes ? ("byte %", { Self.percent($0.tally.byteHitRatio ?? 0) }) : nil,
            ("req/s", { Self.rate($0.tally.requests, seconds: $0.seconds) }),
            optimum.map { optimum in ("to opt", { Self.percent(optimum.hitRatio - $0.hitRatio) }) },
        ]
        let texts = columns.compactMap(\.self).map { column in [column.title] + rows.map(column.cell) }
        let widths = texts.map { column in column.map(\.count).max() ?? 0 }
        return (0...rows.count).map { line in
            texts.indices.map { column in
                let text = texts[column][line]
                let blanks = String(repeating: " ", count: widths[column] - text.count)
                return column == 0 ? text + blanks : blanks + text
            }.joined(separator: "  ")
        }
    }

    /// What `help traces` describes.
    var json: JSON {
        [
            "schemaVersion": .integer(Int64(Self.schemaVersion)), "trace": .text(trace),
            "format": .text(plan.formatWord), "unit": .text(plan.unit.rawValue),
            "requests": .integer(Int64(requests)), "distinctKeys": .integer(Int64(distinctKeys)),
            "skippedRequests": .integer(Int64(skipped)), "rows": .list(rows.map(json)),
        ]
    }

    private func json(_ row: TraceRow) -> JSON {
        [
            "policy": .text(row.policy.rawValue), "size": .integer(Int64(row.size)),
            "requests": .integer(Int64(row.tally.requests)), "hits": .integer(Int64(row.tally.hits)),
            "bytesHit": .integer(Int64(row.tally.bytesHit)), "seconds": .number(row.seconds),
            "hitRatio": .number(row.hitRatio),
            "byteHitRatio": .number(row.tally.byteHitRatio ?? 0),
        ]
    }
}

extension TraceReport {
    /// A count with its thousands apart: `12,431`.
    static func grouped(_ count: Int) -> String {
        count < 1_000 ? "\(count)" : "\(grouped(count / 1_000)),\(String(count % 1_000 + 1_000).dropFirst())"
    }

    /// How many in a second, in at most six letters: `25.3M`, `830k`; `-` if the time is too short to tell.
    static func rate(_ count: Int, seconds: Double) -> String {
        let rate = Double(count) / seconds
        guard rate.isFinite else { return "-" }
        if rate >= 999_950 { return String(format: "%.1fM", rate / 1e6) }
        return rate >= 1_000 ? String(format: "%.0fk", rate / 1e3) : String(format: "%.0f", rate)
    }

    private static func percent(_ share: Double) -> String {
        let text = String(format: "%.2f", share * 100)
        return text == "-0.00" ? "0.00" : text
    }
}
