internal import Gateway
internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// The latest lines of a gateway's access log, newest first.
    static func accessLog(_ scene: Scene, _ choices: Choices) -> PaneContent {
        guard let place = choices.shownRoute(scene.plan), let gateway = scene.sample.gateways[place.service] else {
            return PaneContent(table: Table(columns: [], rows: [], ifEmpty: "no gateway, so no access log"))
        }
        let filter = choices.accessFilter.lowercased()
        let shown = gateway.log.indices.filter { filter.isEmpty || gateway.log[$0].text.lowercased().contains(filter) }
        let items = shown.map { Item.logLine(service: place.service, gateway.logged - $0) }
        let rows = rows(items, in: .accessLog, choices) { item in
            guard case .logLine(_, let number) = item, let entry = gateway.entry(number) else {
                return Table.Row(item: item, cells: [])
            }
            return Table.Row(item: item, cells: cells(entry))
        }
        return PaneContent(
            note: "\(scene.plan.services[place.service].name): \(Figures.count(gateway.logged)) so far",
            footer: choices.accessFilter.isEmpty ? "" : "only: \(choices.accessFilter)",
            table: Table(
                columns: logColumns, rows: rows,
                ifEmpty: filter.isEmpty
                    ? "nothing has been answered so far"
                    : "none of the latest lines has \"\(choices.accessFilter)\" in it: / looks for another"))
    }

    private static let logColumns: [Table.Column] = [
        .init(heading: "TIME", width: 9),
        .init(heading: "IS", width: 3),
        .init(heading: "METHOD", width: 7, rank: 4),
        .init(heading: "PATH", width: 16, weight: 3, widest: 44),
        .init(heading: "ROUTE", width: 8, rank: 3, weight: 1, widest: 16),
        .init(heading: "WHO", width: 9, rank: 5, weight: 1, widest: 16),
        .init(heading: "TOOK", width: 6, alignment: .right, rank: 1),
        .init(heading: "WHY", width: 20, weight: 2, widest: 50),
    ]

    private static func cells(_ entry: AccessLogEntry) -> [Line] {
        let code = entry.status.code
        let nearest = entry.nearest.map { ", near \($0)" } ?? ""
        return [
            Line(Figures.clock(entry.time), .faint),
            Line("\(code)", code < 400 ? .good : code < 500 ? .warning : .bad),
            Line(entry.method.rawValue, .faint), Line(entry.path.onOneLine), Line(entry.route ?? "-", .faint),
            Line((entry.identity ?? "-").onOneLine, .faint), Line(Figures.length(entry.took)),
            Line(
                (entry.cause.map { "\($0)" } ?? (code < 400 ? "-" : "its backend")) + nearest,
                code < 400 ? .faint : .text),
        ]
    }
}

extension GatewayView {
    /// The line of the log with a number, if it is held.
    func entry(_ number: Int) -> AccessLogEntry? {
        let place = logged - number
        return log.indices.contains(place) ? log[place] : nil
    }
}

extension String {
    /// The text without anything that would steer a terminal.
    var onOneLine: String {
        String(unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : Character($0) })
    }
}
