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

    /// What came of the latest request of a route, and what its backend gets, in full.
    static func messages(_ route: Int, _ gateway: GatewayView, _ columns: Int) -> [Line] {
        guard let exchange = gateway.latest[route], let forwarded = gateway.forwarded(route: route) else {
            return section("no request of it has passed so far")
        }
        let who = exchange.identity.subject
        let heading = "the latest request, of \(Figures.clock(exchange.received.receivedAt))"
        return section(heading + (who.isEmpty ? "" : ", from \(who)"))
            + [Line("= the backend gets it as it came   ~ changed   + added   - dropped", .faint)]
            + MessageChange.all(from: exchange.received, to: forwarded).flatMap { $0.lines(width: columns) }
    }

    /// The latest request of a route alone.
    static func message(
        _ route: Int, of service: Int, _ scene: Scene, _ glyphs: Glyphs, columns: Int
    ) -> DetailText {
        let place = RoutePlace(service: service, route: route)
        let lines = scene.sample.gateways[service].map { messages(route, $0, columns) } ?? []
        return DetailText(title: "A request of \(scene.plan.name(of: place))", lines: lines)
    }

    /// A stage, for the requests of one route or of all: since the beginning and lately.
    static func stage(
        _ stage: Stage?, _ place: RoutePlace, _ scene: Scene, _ glyphs: Glyphs
    ) -> DetailText {
        let title = "\(stage.map { "Stage \($0.name)" } ?? "Backend") of \(scene.plan.name(of: place))"
        guard let gateway = scene.sample.gateways[place.service],
            let step = gateway.steps(of: place, scene.traffic).first(where: { $0.stage == stage })
        else { return DetailText(title: title, lines: []) }
        let all =
            stage.map { gateway.tally.count($0, route: place.route) } ?? gateway.tally.backend(route: place.route)
        var lines: [Line] = [
            .fact("what", stage?.meaning ?? "what the route asks: \(scene.plan.targets(of: place))"),
            .fact("at work", step.isIdle ? "not for these requests" : "yes"),
        ]
        if let stage, let number = gateway.plan.settings.order.stages.firstIndex(of: stage) {
            let usual = "its usual priority is \(stage.priority)"
            lines.append(.fact("place", "\(number + 1) of \(gateway.plan.settings.order.stages.count); \(usual)"))
        }
        if let cost = step.cost { lines.append(.fact("costs", "\(cost) of a worker's time")) }
        lines += [
            .fact("last 10s", counts(step.count, stage)), .fact("since the start", counts(all, stage)),
        ]
        if stage == nil {
            lines += section("over")
            lines += scene.plan.ways(of: place).map { scene.headLine(ofEdge: $0) }
        }
        return DetailText(title: title, lines: lines)
    }

    private static func counts(_ count: GatewayTally.StageCount, _ stage: Stage?) -> String {
        let end = stage == nil ? "failed" : "ended here"
        return "\(Figures.count(count.passed)) passed, \(Figures.count(count.answered)) \(end), "
            + "\(Figures.length(count.mean)) on average"
    }

    /// A line of the access log: as it is written, and then key by key.
    static func logLine(
        _ number: Int, of service: Int, _ scene: Scene, _ glyphs: Glyphs, columns: Int
    ) -> DetailText {
        let title = "Line \(Figures.count(number)) of the access log of \(scene.plan.services[service].name)"
        guard let entry = scene.sample.gateways[service]?.entry(number) else {
            return DetailText(title: title, lines: [Line("it is not held any more", .faint)])
        }
        var lines: [Line] = [
            .fact("received", "\(entry.time)"), .fact("asked for", "\(entry.method.rawValue) \(entry.path.onOneLine)"),
            .fact("route", entry.route ?? "none"),
        ]
        if let nearest = entry.nearest { lines.append(.fact("nearest route", nearest, .warning)) }
        lines += [
            .fact("who", (entry.identity ?? "nobody in particular").onOneLine),
            .fact("answered", "\(entry.status)", entry.status.code < 400 ? .good : .warning),
            .fact("why", entry.cause.map { "\($0)" } ?? "so its backend has answered"),
            .fact("took", "\(entry.took)"),
        ]
        lines += section("the line") + entry.text.wrapped(to: max(20, columns)).map { Line($0) }
        return DetailText(title: title, lines: lines)
    }
}

extension MessageChange {
    /// In full: one line if it stays as it is, else one for what came and one for what the backend gets.
    fileprivate func lines(width: Int) -> [Line] {
        let head = "\(sign) " + name.padded(to: 22)
        func wrap(_ text: String, _ label: String) -> [Line] {
            text.wrapped(to: max(16, width - 32)).enumerated().map { index, part in
                Line(
                    .text(index == 0 ? head : String(repeating: " ", count: 24), .faint), .text(label, .faint),
                    .text(part, .text))
            }
        }
        switch (before, after) {
        case (let before?, let after?) where before == after: return wrap(before, "")
        case (let before, let after):
            return (before.map { wrap($0, "came ") } ?? []) + (after.map { wrap($0, "gets ") } ?? [])
        }
    }
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
    fileprivate func targets(of place: RoutePlace) -> String {
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

extension Stage {
    /// What it does with a request.
    fileprivate var meaning: String {
        switch self {
        case .requestID: "gives it a name that all logs know it by"
        case .tracing: "continues its trace"
        case .logging: "from here on, what becomes of it is logged"
        case .suspicion: "refuses what looks like an attack"
        case .preflight: "answers a browser that asks what it may do"
        case .globalLimit: "refuses it if all together ask for too much"
        case .routeLimit: "refuses it if all that take its route ask for too much"
        case .authentication: "finds out who asks, and whether they may"
        case .tenantLimit: "refuses it if its tenant asks for too much"
        case .cache: "answers it with what was stored"
        case .body: "refuses a body that is not as it should be"
        case .transform: "makes of it what its backend wants"
        }
    }
}
