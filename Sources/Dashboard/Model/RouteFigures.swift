internal import Gateway
internal import Simulation
internal import Timeline

/// What a route of a gateway, or all of them together, did in the last ten seconds.
struct RouteFigures: Sendable {
    let name: String
    /// Which requests it takes.
    let takes: String
    let perSecond: Double
    /// Requests in each of the last thirty seconds.
    let trend: [Double]
    let okShare: Double?
    let p50: String
    let p99: String
    /// The share that stored responses have answered.
    let storedShare: Double?
    /// How many ended in each way that is wrong.
    private let wrong: [GatewayEnd: UInt64]

    /// The ways to go wrong as an operator counts them.
    static let wrongs: [(heading: String, ends: [GatewayEnd])] = [
        ("404", [.noRoute]), ("LIMIT", [.rateLimit]), ("AUTH", [.auth]), ("VALID", [.validation]),
        ("TRANSF", [.transform]), ("BACKEND", [.backend]), ("OTHER", [.malformed, .suspicious, .gateway]),
    ]

    init(_ place: RoutePlace, _ scene: Scene) {
        let routes = scene.plan.services[place.service].gateway?.routes ?? []
        let shown = place.route.map { [$0] } ?? Array(routes.indices)
        let operations = shown.map { scene.plan.operation(ofRoute: $0, ofGateway: place.service) }
        let last = scene.history.lastTenSeconds
        func growth(_ count: History.Count) -> Double {
            operations.reduce(0) { $0 + scene.history.growth(.operation($1, count), over: last) }
        }
        let (ok, failed) = (growth(.ok), growth(.failed))
        okShare = ok + failed > 0 ? ok / (ok + failed) : nil
        perSecond = growth(.offered) / Double(max(1, last.count))
        let trends = operations.map { scene.history.rates(.operation($0, .offered), 30) }
        trend = (trends.first ?? []).indices.map { second in trends.reduce(0) { $0 + $1[second] } }
        if let route = place.route {
            name = scene.plan.name(ofRoute: route, ofGateway: place.service)
            takes = routes[route].takes
        } else {
            name = scene.plan.services[place.service].name
            takes = "all routes"
        }
        let latencies = place.route == nil ? nil : scene.routeLatencies.ofOperation(operations[0])
        p50 = Figures.length(latencies?.p50)
        p99 = Figures.length(latencies?.p99)
        let all = scene.traffic.ended(place)
        storedShare = all > 0 ? Double(scene.traffic.ended(.stored, place)) / Double(all) : nil
        wrong = GatewayEnd.allCases.reduce(into: [:]) { $0[$1] = scene.traffic.ended($1, place, failed: true) }
    }

    /// How many ended wrongly in one of these ways.
    func wrong(_ ends: [GatewayEnd]) -> UInt64 { ends.reduce(0) { $0 + (wrong[$1] ?? 0) } }

    /// In which wrong way most ended.
    var worst: Line {
        let worst = Self.wrongs.map { ($0.heading, self.wrong($0.ends)) }.max { $0.1 < $1.1 }
        guard let (heading, count) = worst, count > 0 else { return Line("-", .idle) }
        return Line("\(Figures.short(Double(count))) \(heading.lowercased())", .warning)
    }
}

extension RoutePlan {
    /// Which requests it takes: `GET /products/{id}`.
    var takes: String {
        guard let pattern = route.pattern else { return "all else" }
        return "\(route.methods.map { "\($0)" } ?? "any") \(pattern.text)"
    }
}
