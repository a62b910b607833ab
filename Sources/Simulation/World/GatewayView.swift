public import Gateway
import Timeline

/// A gateway and what became of its requests, as a list shows it.
public struct GatewayView: Sendable {
    /// What it was told to be.
    public let plan: GatewayPlan
    /// The index of the operation that its first route is.
    public let firstOperation: Int
    /// What became of its requests, all replicas together.
    public let tally: GatewayTally
    /// The latest lines of its access log, the latest first.
    public let log: [AccessLogEntry]
    /// How many lines have been written to it since the beginning: the latest has this number.
    public let logged: Int
    /// How many responses each replica has stored.
    public let stored: [Int]
    /// How many requests of each replica wait for the keys of the issuer.
    public let awaitingKeys: [Int]
    /// How many requests each replica has let pass, and how many it has answered itself, since it began.
    public let handled: [(passed: Int, answered: Int)]
    /// How many requests the limit for all would let pass at each replica at once, below zero by as many as it owes; nil
    /// without such a limit.
    public let room: [Int?]
    /// The same of the limit of each route, at the replica with the least; nil where a route has none.
    public let routeRoom: [Int?]
    /// The keys of the issuer that are honoured, the oldest first.
    public let keys: [SigningKey]
    /// Whether the issuer signs with a key that is honoured no more.
    public let signerIsBroken: Bool

    /// The latest request of each route that has passed, as it came and as the stages have left it.
    public let latest: [Exchange?]

    /// What the backend of a route gets of its latest request; nil if there was none.
    public func forwarded(route: Int) -> Request? {
        guard var request = latest[route]?.request else { return nil }
        plan.forwarding.forward(&request)
        plan.routes[route].backendHeaders.apply(to: &request.headers)
        return request
    }

    /// The operations that its routes are.
    public var operations: Range<Int> { firstOperation..<(firstOperation + plan.routes.count) }
}

extension World {
    /// The gateway that a service is; nil if it is none.
    public func gateway(ofService service: Int) -> GatewayView? {
        gateways.site(of: service).map { gateways.view($0, at: port.now) }
    }
}

extension World {
    /// What became of the requests of a service that is a gateway; nil if it is none. Cheaper than the whole view.
    public func gatewayTally(ofService service: Int) -> GatewayTally? {
        gateways.site(of: service).map { gateways.sites[$0].tally }
    }
}

extension GatewayHost {
    fileprivate func view(_ index: Int, at now: Instant) -> GatewayView {
        let site = sites[index]
        return GatewayView(
            plan: site.plan, firstOperation: site.firstOperation, tally: site.tally, log: site.log.latest,
            logged: site.log.written,
            stored: site.gateways.map { gateways[$0].responses.count },
            awaitingKeys: site.gateways.map { awaitingKeys[$0].count },
            handled: site.gateways.map { (gateways[$0].passed, gateways[$0].answered.values.reduce(0, +)) },
            room: site.gateways.map { gateways[$0].room(at: now) },
            routeRoom: site.plan.routes.indices.map { route in
                // A route that only stands for what no other takes is none of the library's.
                guard route < site.plan.libraryRoutes.count else { return nil }
                return site.gateways.compactMap { gateways[$0].room(ofRoute: route, at: now) }.min()
            },
            keys: site.issuer?.published(at: now).keys ?? [], signerIsBroken: site.issuer?.isBroken ?? false,
            latest: site.latest)
    }
}
