internal import Gateway
internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
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
