internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// What lies behind the route that is selected, edge by edge and replica by replica: as the health checks see it, and as
    /// those feel it who call. Without a gateway, what lies behind every balancer.
    static func backends(_ scene: Scene, _ choices: Choices) -> PaneContent {
        let place = choices.shownRoute(scene.plan)
        let edges = place.map { scene.plan.ways(of: $0) } ?? scene.plan.balancedEdges
        let rows = edges.flatMap { edgeRows($0, scene, choices.glyphs) }
        let panics = edges.count { scene.balancer(onEdge: $0)?.isPanicking == true }
        let of = place.map { scene.plan.name(of: $0) } ?? "every balancer"
        return PaneContent(
            note: "of \(of)", footer: "last 10s",
            table: Table(
                columns: rows.isEmpty ? [] : backendColumns, rows: rows,
                ifEmpty: "the gateway answers these requests itself"),
            alarm: panics > 0 ? "\(Character(choices.glyphs.marks.cross)) PANIC" : "")
    }

    private static let backendColumns: [Table.Column] = [
        .init(heading: "REPLICA", width: 10, weight: 2, widest: 20),
        .init(heading: "STATE", width: 10),
        .init(heading: "FLIGHT", width: 6, alignment: .right),
        .init(heading: "WEIGHT", width: 6, alignment: .right, rank: 2),
        .init(heading: "SHARE", width: 5, alignment: .right),
        .init(heading: "CHECKS", width: 8, weight: 1, widest: 12),
        .init(heading: "CALLS FEEL", width: 10, weight: 1, widest: 14),
        .init(heading: "PICK/s", width: 6, alignment: .right, rank: 3),
        .init(heading: "BREAKER", width: 9, rank: 1),
    ]

    private static func edgeRows(_ edge: Int, _ scene: Scene, _ glyphs: Glyphs) -> [Table.Row] {
        let backends = scene.backends(onEdge: edge)
        let head = Table.Row(item: .edge(edge), cells: [], span: scene.headLine(ofEdge: edge))
        let replicas = backends.map { backend in
            Table.Row(
                item: .backend(edge: edge, replica: backend.replica), cells: cells(backend, glyphs.marks),
                below: backend.remarks(scene.now, glyphs.marks).map { Line("    \($0)", .warning) })
        }
        return [head] + replicas + keyRows(onEdge: edge, scene)
    }

    private static func cells(_ backend: BackendFigures, _ marks: Glyphs.Marks) -> [Line] {
        [
            Line("  \(backend.name)"), backend.state(marks).line,
            Line("\(backend.underWay)", backend.underWay > 0 ? .text : .idle), Line(backend.weight, .faint),
            Line(Figures.percent(backend.share)), backend.checks(marks), backend.feel(marks),
            Line(Figures.rate(backend.perSecond), .faint),
            backend.breaker.map { $0.badge(marks).line } ?? Line("-", .idle),
        ]
    }
}

extension Scene {
    /// The balancer of an edge, if it has one.
    func balancer(onEdge edge: Int) -> BalancerView? {
        plan.balancerPlace(onEdge: edge).flatMap { sample.balancers[$0] }
    }

    /// What an edge is called, and how its replicas are chosen.
    func headLine(ofEdge edge: Int) -> Line {
        let name = Line(plan.edges[edge].name, .title)
        guard let balancer = balancer(onEdge: edge) else { return name + Line("  no balancer", .faint) }
        let all = balancer.running
        return name
            + Line(
                "  \(balancer.by.rawValue), \(balancer.eligible)/\(all) may be called",
                balancer.eligible < all ? .warning : .faint)
    }
}

extension Plan {
    /// What a route is called, or all of them.
    func name(of place: RoutePlace) -> String {
        place.route.map { name(ofRoute: $0, ofGateway: place.service) } ?? "all routes"
    }
}
