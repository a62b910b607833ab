internal import Gateway
internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// The stages that the requests of a route pass, one after the other, what lies behind them, and what they have made of
    /// the latest request.
    static func chain(_ scene: Scene, _ choices: Choices) -> PaneContent {
        guard let place = choices.shownRoute(scene.plan), let gateway = scene.sample.gateways[place.service] else {
            return PaneContent(table: Table(columns: [], rows: [], ifEmpty: "no gateway, so no chain"))
        }
        let steps = gateway.steps(of: place, scene.traffic)
        let stages = steps.filter { $0.stage != nil }.reduce(Duration.zero) { $0 + ($1.count.mean ?? .zero) }
        var start = Duration.zero
        var rows: [Table.Row] = []
        for step in steps {
            rows.append(
                Table.Row(
                    item: .stage(service: place.service, route: place.route, step.stage),
                    cells: cells(step, from: start, of: stages)))
            start = start + (step.count.mean ?? .zero)
        }
        if let route = place.route { rows += messageRows(route, of: place.service, gateway) }
        let name = scene.plan.services[place.service].name
        let of = place.route.map { scene.plan.name(ofRoute: $0, ofGateway: place.service) } ?? "all routes"
        return PaneContent(
            note: "\(of) of \(name)", footer: "last 10s",
            table: Table(columns: chainColumns, rows: rows, ifEmpty: "its requests pass no stage"))
    }

    private static let waterfall = 16

    private static let chainColumns: [Table.Column] = [
        .init(heading: "STAGE", width: 14, weight: 1, widest: 20),
        .init(heading: "COST", width: 6, alignment: .right, rank: 2),
        .init(heading: "PASSED", width: 6, alignment: .right),
        .init(heading: "ENDED", width: 6, alignment: .right),
        .init(heading: "MEAN", width: 6, alignment: .right),
        .init(heading: "TIMELINE", width: waterfall, rank: 1),
    ]

    private static func cells(_ step: ChainStep, from start: Duration, of whole: Duration) -> [Line] {
        let name = Line(step.name, step.isIdle ? .idle : .text)
        guard !step.isIdle else {
            return [name, Line("-", .idle), Line("-", .idle), Line("-", .idle), Line("-", .idle)]
        }
        let mean = step.count.mean
        return [
            name, Line(step.cost.map { Figures.length($0) } ?? "", .faint),
            count(Int(clamping: step.count.passed), .text), count(Int(clamping: step.count.answered), .warning),
            Line(Figures.length(mean)),
            step.stage == nil ? share(of: mean ?? .zero, after: whole) : bar(from: start, mean ?? .zero, of: whole),
        ]
    }

    /// How much of the time a backend takes, beside which the stages would not be seen.
    private static func share(of backend: Duration, after stages: Duration) -> Line {
        guard backend + stages > .zero else { return .empty }
        return Line("\(Figures.percent(backend.seconds / (backend + stages).seconds)) of the time", .faint)
    }

    /// When a stage begins and how long it takes, to the scale of all stages; at least one column.
    private static func bar(from start: Duration, _ length: Duration, of whole: Duration) -> Line {
        guard whole > .zero, length > .zero else { return .empty }
        let scale = Double(waterfall) / whole.seconds
        let columns = max(1, min(waterfall, Int((length.seconds * scale).rounded())))
        let before = min(waterfall - columns, Int(start.seconds * scale))
        return Line(.text(String(repeating: " ", count: before), .text), .bar(1, columns: columns, .bar))
    }

    private static func messageRows(_ route: Int, of service: Int, _ gateway: GatewayView) -> [Table.Row] {
        guard let exchange = gateway.latest[route], let forwarded = gateway.forwarded(route: route) else {
            return [Table.Row(cells: [], span: Line("no request of it has passed so far", .faint))]
        }
        let changes = MessageChange.all(from: exchange.received, to: forwarded)
        let when = Figures.clock(exchange.received.receivedAt)
        let head = Line("the latest, of \(when)".padded(to: 25) + "CAME".padded(to: 15) + "ITS BACKEND GETS", .faint)
        return [Table.Row(cells: [], span: head)]
            + changes.enumerated().map { index, change in
                Table.Row(
                    item: .message(service: service, route: route, index), cells: [], span: change.line(before: 14))
            }
    }
}
