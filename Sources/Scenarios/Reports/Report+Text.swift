import Simulation
import Timeline

extension Report {
    /// The report as lines for a terminal, the verdict first.
    public var text: String {
        var lines = ["\(verdict.rawValue.uppercased())  \(scenario): \(summary)", ""]
        lines += aligned(expectationRows(judgements))
        for section in sections { lines += ["", section.title] + aligned(section.rows).map { "  \($0)" } }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The verdicts alone, as lines for a terminal.
    public var verdictText: String {
        let lines = ["\(verdict.rawValue.uppercased())  \(scenario): \(summary)"]
        return (lines + aligned(expectationRows(judgements)).map { "  \($0)" }).joined(separator: "\n") + "\n"
    }

    /// The report as Markdown, the verdict first.
    public var markdown: String {
        var lines = ["# \(scenario): \(verdict.rawValue)", "", summary, ""]
        lines += ["| verdict | expectation | observed | since |", "| --- | --- | --- | --- |"]
        lines += expectationRows(judgements).map(markdownRow)
        for section in sections {
            lines += ["", "## \(section.title)", "", markdownRow(section.rows[0])]
            lines += [markdownRow(section.rows[0].map { _ in "---" })] + section.rows.dropFirst().map(markdownRow)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func markdownRow(_ cells: [String]) -> String {
        let escaped = cells.map { $0.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|") }
        return "| \(escaped.joined(separator: " | ")) |"
    }

    private var summary: String {
        let time = wallSeconds.map { " in \(Decimals.rounded($0, 2)) s" } ?? ""
        return "seed \(seed), ended at \(virtualTime), \(events) events\(time), digest \(digest)"
    }

    private func expectationRows(_ judgements: [Judgement]) -> [[String]] {
        guard !judgements.isEmpty else { return [["-", "nothing is expected", "", ""]] }
        return judgements.map { judgement in
            let verdict = judgement.verdict ?? .inconclusive
            let moment = judgement.firstViolated ?? judgement.firstHeld
            let reason = [judgement.reason, judgement.observed].compactMap { $0 }.joined(separator: "; ")
            return [verdict.rawValue, judgement.expectation.text.singleSpaced, reason, moment.map { "\($0)" } ?? ""]
        }
    }

    /// Rows of cells, each column as wide as its widest cell.
    private func aligned(_ rows: [[String]]) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }
            return cells.joined(separator: "  ").withoutTrailingSpaces
        }
    }
}

extension Report {
    /// A table: its first row is the head.
    fileprivate struct Section {
        var title: String
        var rows: [[String]]
    }

    fileprivate var sections: [Section] {
        let loads = [
            "offered", "ok", "failed", "rejected", "timedOut", "p50Milliseconds", "p99Milliseconds", "maxMilliseconds",
        ]
        let all: [Section?] = [
            table("Requests", json["requests"]?["loads"], loads),
            table(
                "Services", json["services"],
                (isScaled ? ["running"] : []) + ["workers", "busy", "queued", "completed", "rejected"]),
            statusTable,
            routeTable,
            table("Breakers", json["breakers"], ["state", "trips", "permitted", "rejected"]),
            table("Bulkheads", json["bulkheads"], ["threads", "active", "queued", "rejected"]),
            table("Balancers", json["balancers"], ["by", "picked", "refused", "eligible", "ejections", "panics"]),
            table(
                "Connections", json["connections"],
                ["max", "active", "idle", "waiting", "granted", "timedOut", "leaks"]),
            table(
                "Memory", json["memory"], ["limitBytes", "usedBytes", "peakBytes", "refusedByChild", "refusedByParent"]),
            table("Limiters", json["limiters"], ["perSecond", "granted", "delayed", "rejected", "givenBack"]),
            table("Throttles", json["throttles"], ["allowed", "throttled", "accepted", "refused"]),
            table(
                "Concurrency limits", json["concurrencyLimits"], ["limit", "lowest", "highest", "inFlight", "rejected"]),
            table("Isolators", json["isolators"], ["running", "queued", "started", "refused", "breaker", "answered"]),
            table("Caches", json["caches"], ["lookups", "hits", "hitRatio"]),
            table(
                "Sagas", json["sagas"],
                ["started", "completed", "compensated", "compensationFailed", "overdue", "running", "compensating"]),
            table(
                "Choreographies", json["choreographies"],
                ["started", "completed", "compensated", "orphaned", "parked", "running", "compensating", "deadLetters"]),
            faultTable,
            ledgerTable,
        ]
        return all.compactMap { $0 }
    }

    private func table(_ title: String, _ components: JSON?, _ keys: [String]) -> Section? {
        guard case .object(let members)? = components, !members.isEmpty else { return nil }
        let rows = members.map { member in [member.key] + keys.map { cell(member.value[$0]) } }
        return Section(title: title, rows: [[""] + keys.map(heading)] + rows)
    }

    /// How many requests of each gateway ended with each status.
    private var statusTable: Section? {
        guard case .object(let gateways)? = json["gateways"], !gateways.isEmpty else { return nil }
        var codes: [String] = []
        for gateway in gateways {
            guard case .object(let statuses)? = gateway.value["statuses"] else { continue }
            codes += statuses.map(\.key).filter { !codes.contains($0) }
        }
        codes.sort()
        let rows = gateways.map { gateway in
            [gateway.key] + codes.map { cell(gateway.value["statuses"]?[$0]) } + [cell(gateway.value["lost"])]
        }
        return Section(title: "Gateways", rows: [[""] + codes + ["lost"]] + rows)
    }

    /// How the requests of each route of all gateways ended.
    private var routeTable: Section? {
        guard case .object(let gateways)? = json["gateways"] else { return nil }
        let routes = gateways.flatMap { gateway -> [JSON.Member] in
            if case .object(let routes)? = gateway.value["routes"] { routes } else { [] }
        }
        return table("Routes", .object(routes), GatewayEnd.allCases.map(\.name))
    }

    /// Whether some service has replicas that do not run.
    private var isScaled: Bool {
        guard case .object(let services)? = json["services"] else { return false }
        return services.contains { service in
            guard case .list(let replicas)? = service.value["replicas"], !replicas.isEmpty else { return false }
            return service.value["running"] != .integer(Int64(replicas.count))
        }
    }

    private var faultTable: Section? {
        guard case .list(let faults)? = json["faults"], !faults.isEmpty else { return nil }
        let rows = faults.map { fault in ["name", "fault", "atSeconds", "hits"].map { cell(fault[$0]) } }
        return Section(title: "Faults", rows: [["", "fault", "at, s", "hits"]] + rows)
    }

    private var ledgerTable: Section? {
        guard case .object(let members)? = json["ledger"] else { return nil }
        let accounts = members.filter { $0.key.hasSuffix("Cents") }
        let amounts = accounts.map { member -> String in
            guard case .integer(let cents) = member.value else { return "" }
            return Unit.money.text(Double(cents))
        }
        return Section(title: "Ledger", rows: [accounts.map { String($0.key.dropLast(5)) }, amounts])
    }

    /// `p99, ms` for `p99Milliseconds`.
    private func heading(_ key: String) -> String {
        key.hasSuffix("Milliseconds") ? "\(key.dropLast(12)), ms" : key
    }

    private func cell(_ value: JSON?) -> String {
        switch value {
        case nil, .null?: "-"
        case .text(let text)?: text
        case .number(let number)?: Decimals.rounded(number, 3)
        case .bool, .integer, .unsigned, .list, .object: value.map { "\($0)" } ?? ""
        }
    }
}

extension String {
    fileprivate var singleSpaced: String { split(separator: " ").joined(separator: " ") }

    fileprivate var withoutTrailingSpaces: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
