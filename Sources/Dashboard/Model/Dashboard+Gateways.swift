internal import Scenarios
internal import Simulation

// How the screen of gateways keeps up with what happens, and what its keys do.

extension Dashboard {
    /// Works out how long routes take, while somebody looks.
    mutating func takeInRoutes(_ session: Session) {
        guard page == .gateway else { return }
        routeLatencies.observe(session.simulation.history, session.simulation.plan)
    }

    /// Begins a command that sets the limit of the gateway or the route that is selected.
    mutating func askForLimit(_ session: Session) {
        guard let place = choices.shownRoute(session.simulation.plan), page == .gateway else {
            say("select a route of a gateway first: 8 shows them", isProblem: true)
            return
        }
        let paths = session.simulation.plan.limitSettings(of: place)
        guard
            let (path, value) = paths.lazy.compactMap({ path in session.scenario.value(of: path).map { (path, $0) } })
                .first
        else {
            say("the scenario sets no limit there that could be changed", isProblem: true)
            return
        }
        front = .prompt(Prompt(.command, "\(Command.set(path: path, value: value))"))
    }
}

extension Plan {
    /// The settings of limits that count for a route, those of all its gateway last; the scenario may not have them.
    func limitSettings(of place: RoutePlace) -> [String] {
        let gateway = "services.\(services[place.service].name).gateway"
        let route = place.route.map { "\(gateway).routes.\(name(ofRoute: $0, ofGateway: place.service))" }
        let own = route.map { ["\($0).limit.rate", "\($0).tenant limit.rate"] } ?? []
        return own + ["\(gateway).limit.rate"]
    }
}
