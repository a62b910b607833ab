internal import Gateway
internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// The gateways: their routes, all of these together, their replicas, and the keys of who issues tokens for them.
    static func routes(_ scene: Scene, _ glyphs: Glyphs) -> PaneContent {
        var rows: [Table.Row] = []
        var perSecond = 0.0
        var broken = 0
        for service in scene.plan.gateways {
            guard let gateway = scene.sample.gateways[service] else { continue }
            rows += gateway.plan.routes.indices.map { route in
                Table.Row(
                    item: .route(service: service, route),
                    cells: cells(RouteFigures(RoutePlace(service: service, route: route), scene)))
            }
            let whole = RouteFigures(RoutePlace(service: service, route: nil), scene)
            rows.append(Table.Row(item: .gateway(service: service), cells: cells(whole)))
            rows += gateway.stored.indices.map { replica in
                Table.Row(
                    item: .replica(service: service, replica), cells: [],
                    span: replicaLine(replica, of: service, gateway, scene, glyphs.marks))
            }
            if gateway.plan.auth.issuer != nil {
                rows.append(
                    Table.Row(item: .issuer(service: service), cells: [], span: gateway.keyLine(scene, glyphs.marks)))
            }
            perSecond += whole.perSecond
            broken += gateway.signerIsBroken ? 1 : 0
        }
        return PaneContent(
            note: rows.isEmpty ? "" : "\(Figures.rate(perSecond)) requests/s", footer: "last 10s",
            table: Table(
                columns: rows.isEmpty ? [] : routeColumns, rows: rows,
                ifEmpty: "no gateway: a service is one that has \"gateway\""),
            alarm: broken > 0 ? "\(Character(glyphs.marks.cross)) A KEY IS NOT HONOURED" : "")
    }

    private static let routeColumns: [Table.Column] =
        [
            .init(heading: "ROUTE", width: 8, weight: 1, widest: 16),
            .init(heading: "TAKES", width: 13, weight: 3, widest: 34),
            .init(heading: "RATE/s", width: 6, alignment: .right),
            .init(heading: "LAST 30s", width: 8, rank: 7, weight: 1, widest: 16),
            .init(heading: "OK", width: 6, alignment: .right),
            .init(heading: "P50", width: 5, alignment: .right, rank: 4),
            .init(heading: "P99", width: 5, alignment: .right),
            .init(heading: "STORED", width: 6, alignment: .right, rank: 3),
            .init(heading: "WRONG", width: 11),
        ]
        + RouteFigures.wrongs.map { wrong in
            .init(heading: wrong.heading, width: max(5, wrong.heading.columns), alignment: .right, rank: 8)
        }

    private static func cells(_ figures: RouteFigures) -> [Line] {
        [
            Line(figures.name), Line(figures.takes, .faint),
            Line(Figures.rate(figures.perSecond), figures.perSecond > 0 ? .text : .idle),
            Line(.graph(figures.trend, columns: nil, top: nil)),
            Line(Figures.exactPercent(figures.okShare), (figures.okShare ?? 1) < 0.99 ? .bad : .good),
            Line(figures.p50, .faint), Line(figures.p99), Line(Figures.percent(figures.storedShare), .faint),
            figures.worst,
        ] + RouteFigures.wrongs.map { count(Int(clamping: figures.wrong($0.ends)), .warning) }
    }

    /// A replica of a gateway: what it does, how much the limit for all leaves it, what it has stored.
    private static func replicaLine(
        _ replica: Int, of service: Int, _ gateway: GatewayView, _ scene: Scene, _ marks: Glyphs.Marks
    ) -> Line {
        let plan = scene.plan.services[service]
        let name = gateway.stored.count > 1 ? plan.name(ofReplica: replica) : "\(plan.name), alone"
        var line = Line("  \(name.padded(to: 12)) ", .faint)
        if scene.world.isDown(service: service, replica: replica) {
            line += Line("\(Character(marks.cross)) DOWN  ", .bad)
        } else if replica >= scene.world.running(ofService: service) {
            line += Line("\(Character(marks.dot)) OFF  ", .idle)
        }
        let perSecond = Double(scene.traffic.handled(by: replica, ofGateway: service)) / scene.traffic.span
        line += Line("\(Figures.rate(perSecond))/s  ")
        if let room = gateway.room[replica] {
            line += Line(room < 0 ? "owes \(-room)  " : "room \(Figures.count(room))  ", room <= 0 ? .warning : .text)
        }
        line += Line("\(Figures.count(gateway.stored[replica])) stored", .faint)
        let waiting = gateway.awaitingKeys[replica]
        return waiting > 0 ? line + Line("  \(waiting) wait for keys", .warning) : line
    }
}

extension GatewayView {
    /// The key that signs now, if one does.
    func signer(at now: Instant) -> SigningKey? {
        keys.filter { $0.signsFrom <= now && now < $0.retiredAt }.max { $0.signsFrom < $1.signsFrom }
    }

    /// Which key signs, and whether it is honoured.
    fileprivate func keyLine(_ scene: Scene, _ marks: Glyphs.Marks) -> Line {
        let head = Line("  \("keys".padded(to: 12)) ", .faint)
        if signerIsBroken {
            return head + Line("\(Character(marks.cross)) tokens are signed with a key that is not honoured", .bad)
        }
        guard let signer = signer(at: scene.sample.time) else { return head + Line("none signs", .warning) }
        let others = keys.filter { $0 != signer }.map { key in
            key.signsFrom > scene.sample.time
                ? ", \(key.id) will from \(Figures.clock(key.signsFrom))"
                : ", \(key.id) honoured until \(Figures.clock(key.honouredUntil))"
        }
        return head + Line("\(Character(marks.check)) \(signer.id) signs", .good) + Line(others.joined(), .faint)
    }
}

extension Plan {
    /// How many lines the routes take, with what stands below them.
    var gatewayLines: Int {
        gateways.reduce(0) { sum, service in
            let gateway = services[service].gateway
            return sum + (gateway?.routes.count ?? 0) + 1 + services[service].replicas
                + (gateway?.auth.issuer == nil ? 0 : 1)
        }
    }
}

extension PaneContent.Choices {
    /// The route that is selected among the routes, or its gateway; the first one if nothing is, nil without a gateway.
    func shownRoute(_ plan: Plan) -> RoutePlace? {
        switch selections[.routes] {
        case .route(let service, let route): RoutePlace(service: service, route: route)
        case .gateway(let service), .issuer(let service), .replica(let service, _): RoutePlace(service: service)
        default: plan.gateways.first.map { RoutePlace(service: $0, route: 0) }
        }
    }
}
