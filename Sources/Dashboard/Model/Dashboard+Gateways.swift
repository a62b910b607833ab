internal import Gateway
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
        guard let setting = session.simulation.plan.limitSetting(of: place) else {
            say("the scenario sets no limit there that could be changed", isProblem: true)
            return
        }
        front = .prompt(Prompt(.command, setting))
    }
}

extension Plan {
    /// The beginning of the command that changes the limit of a route, or else of all its gateway; nil if neither has one.
    func limitSetting(of place: RoutePlace) -> String? {
        guard let gateway = services[place.service].gateway else { return nil }
        let path = "set services.\(services[place.service].name).gateway."
        if let route = place.route {
            let name = name(ofRoute: route, ofGateway: place.service)
            if gateway.routes[route].route.limit != nil { return "\(path)routes.\(name).limit.rate " }
            if gateway.routes[route].route.tenantLimit != nil { return "\(path)routes.\(name).tenant limit.rate " }
        }
        return gateway.settings.limit != nil || gateway.sharedLimit != nil ? "\(path)limit.rate " : nil
    }
}
