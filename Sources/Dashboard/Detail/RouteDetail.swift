internal import Gateway
internal import Sagas
internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
    /// A route: its rules, how it does, how its requests ended, what was refused lately and why, and its latest request.
    static func route(
        _ route: Int, of service: Int, _ scene: Scene, _ glyphs: Glyphs, columns: Int
    ) -> DetailText {
        let place = RoutePlace(service: service, route: route)
        let title = "Route \(scene.plan.name(of: place)) of \(scene.plan.services[service].name)"
        guard let gateway = scene.sample.gateways[service] else { return DetailText(title: title, lines: []) }
        let figures = RouteFigures(place, scene)
        let plan = gateway.plan.routes[route]
        var lines: [Line] = [
            .fact("takes", figures.takes),
            .fact("asks", scene.plan.targets(of: place)),
            .fact("rules", plan.rules(room: gateway.routeRoom[route])),
            .fact(
                "last 10s",
                "\(Figures.rate(figures.perSecond))/s, \(Figures.exactPercent(figures.okShare)) ok, "
                    + "p50 \(figures.p50), p99 \(figures.p99), \(Figures.percent(figures.storedShare)) from the store"),
        ]
        lines += ends(place, gateway, scene)
        lines += refusals(of: place, gateway, scene, glyphs, columns)
        lines += section("stages, last 10s                passed     ended      mean")
        lines += gateway.steps(of: place, scene.traffic).filter { !$0.isIdle }.map(stepLine)
        return DetailText(title: title, lines: lines + messages(route, gateway, columns))
    }

    private static func stepLine(_ step: ChainStep) -> Line {
        Line(
            .text("  " + step.name.padded(to: 24), .text),
            .text(Figures.count(step.count.passed).indented(to: 12), .text),
            .text(Figures.count(step.count.answered).indented(to: 10), step.count.answered > 0 ? .warning : .faint),
            .text(Figures.length(step.count.mean).indented(to: 10), .text))
    }

    /// The latest requests that were answered with 400 or more, each with what the log says of it; and of the latest that
    /// the journal holds, the chain of its causes.
    private static func refusals(
        of place: RoutePlace, _ gateway: GatewayView, _ scene: Scene, _ glyphs: Glyphs, _ columns: Int
    ) -> [Line] {
        let name = place.route.map { gateway.plan.routes[$0].route.name }
        let refused = gateway.log.filter { $0.status.code >= 400 && $0.route == name }.prefix(refusalsShown)
        guard !refused.isEmpty else { return [] }
        return section("refused or failed lately")
            + refused.map { entry in
                let why = entry.cause.map { "\($0)" } ?? "its backend"
                return Line(
                    .text("\(Figures.clock(entry.time))  ", .faint), .text("\(entry.status.code)  ", .warning),
                    .text(why, .text), .text("  \(entry.path.onOneLine)", .faint))
            } + [Line("w tells why: the chain of causes of the latest", .faint)]
    }

    private static let refusalsShown = 8
}

extension RoutePlan {
    /// What it asks of requests, in words.
    fileprivate func rules(room: Int?) -> String {
        var rules: [String] = []
        switch route.auth {
        case .open: rules.append("open to all")
        case .optional: rules.append("may say who asks")
        case .required: rules.append("wants to know who asks")
        }
        if route.limit != nil { rules.append("limited" + (room.map { ", room for \(Figures.count($0))" } ?? "")) }
        if route.tenantLimit != nil { rules.append("limited by tenant") }
        if let caching = route.caching { rules.append("stored" + (caching.isPrivate ? " for each who asks" : "")) }
        if route.body != nil { rules.append("checks bodies") }
        if route.request != nil { rules.append("transforms requests") }
        return rules.joined(separator: ", ")
    }
}

extension Plan {
    /// What a route asks, in a few words.
    func targets(of place: RoutePlace) -> String {
        guard let route = place.route else { return "what its routes ask" }
        let gateway = services[place.service].gateway
        switch gateway?.routes[route].starts {
        case .saga(let saga): return "the saga \(sagas[saga].definition.name)"
        case .choreography(let index): return "the flow \(choreographies[index].choreography.name)"
        case nil: break
        }
        let calls = operations[operation(ofRoute: route, ofGateway: place.service)].calls
        return calls.isEmpty
            ? "nobody: the gateway answers" : calls.map { operations[$0.operation].name }.joined(separator: ", ")
    }
}
