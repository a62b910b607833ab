internal import Screen
internal import Simulation

/// Everything about one thing, as lines.
struct DetailText: Sendable {
    var title: String
    var lines: [Line]

    /// Everything about what is selected.
    /// - Parameter columns: how much room there is, for what is drawn to scale.
    static func of(_ item: Item?, _ scene: Scene, _ glyphs: Glyphs, columns: Int = 76) -> DetailText {
        switch item {
        case nil: DetailText(title: "Nothing selected", lines: [Line("there is nothing in this pane", .faint)])
        case .saga(let request): saga(request, scene, glyphs, columns: columns)
        case .flow(let request): flow(request, scene, glyphs, columns: columns)
        case .breaker(let edge, let stage, let part):
            breaker(BreakerPlace(edge: edge, stage: stage, part: part), scene, glyphs)
        case .bulkhead(let edge, let stage): bulkhead(GuardPlace(edge: edge, stage: stage), scene, glyphs)
        case .guardOn(let edge, let stage): guardOn(GuardPlace(edge: edge, stage: stage), scene, glyphs)
        case .compartment(let edge, let stage, let part):
            compartment(part, of: GuardPlace(edge: edge, stage: stage), scene, glyphs)
        case .edge(let edge): self.edge(edge, scene)
        case .service(let service): self.service(service, scene, glyphs)
        case .replica(let service, let replica): self.replica(replica, of: service, scene, glyphs)
        case .cache(let service, _), .origin(let service, _): cache(service, scene)
        case .event(let id): event(id, scene, glyphs)
        case .load(let load): self.load(load, scene)
        case .store(let store): self.store(store, scene, glyphs)
        case .node(let store, let node): self.node(node, of: store, scene, glyphs)
        case .projection(let projection): self.projection(projection, scene, glyphs)
        case .bus(let bus): self.bus(bus, scene, glyphs)
        case .queryBus(let projection): queryBus(of: projection, scene, glyphs)
        case .shard(let projection, let shard): self.shard(shard, of: projection, scene, glyphs)
        case .logged(let store, let position): logged(position, in: store, scene, glyphs)
        case .ledger: ledger(scene, glyphs)
        case .fault(let number): fault(number, scene)
        case .gateway(let service), .issuer(let service): gateway(service, scene, glyphs)
        case .route(let service, let route): self.route(route, of: service, scene, glyphs, columns: columns)
        case .stage(let service, let route, let stage):
            self.stage(stage, RoutePlace(service: service, route: route), scene, glyphs)
        case .message(let service, let route, _): message(route, of: service, scene, glyphs, columns: columns)
        case .backend(let edge, let replica): backend(replica, onEdge: edge, scene, glyphs)
        case .keys(let edge, let replica): keys(of: replica, onEdge: edge, scene, glyphs)
        case .logLine(let service, let number): logLine(number, of: service, scene, glyphs, columns: columns)
        }
    }

    /// The news from a place, newest first, under a heading.
    static func news(_ scene: Scene, atMost count: Int, where isMeant: (EventLine) -> Bool) -> [Line] {
        let lines = scene.events.reversed().lazy.filter(isMeant).prefix(count)
        guard !lines.isEmpty else { return [] }
        return [.empty, Line("latest events", .faint)]
            + lines.map { line in
                let times = line.count > 1 ? " x\(Figures.short(Double(line.count)))" : ""
                return Line(.text("\(Figures.clock(line.time))  ", .faint), .text(line.text + times, line.what.role))
            }
    }

    /// A heading over lines.
    static func section(_ heading: String) -> [Line] { [.empty, Line(heading, .faint)] }
}
