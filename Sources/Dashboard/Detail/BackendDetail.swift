internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
    /// A replica behind an edge: what its balancer knows of it, how it is checked, how calls fare, and its own workers.
    static func backend(_ replica: Int, onEdge edge: Int, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let service = scene.plan.edges[edge].target
        let own =
            scene.plan.services[service].replicas > 1
            ? self.replica(replica, of: service, scene, glyphs) : self.service(service, scene, glyphs)
        guard let backend = scene.backends(onEdge: edge).first(where: { $0.replica == replica }) else { return own }
        let marks = glyphs.marks
        func head(_ name: String) -> Line { Line(.text(name.padded(to: 15), .faint)) }
        let feel =
            backend.calls.badShare.map { share in
                "\(Figures.exactPercent(share)) bad: \(Figures.count(backend.calls.ok)) ok, "
                    + "\(Figures.count(backend.calls.failed)) failed, "
                    + "\(Figures.count(backend.calls.refused)) did not get there"
            } ?? "no call ended in the last 10s"
        var lines: [Line] = [
            .fact("over", scene.plan.edges[edge].name), head("state") + backend.state(marks).line,
            head("checks say") + backend.checks(marks),
            .fact("calls feel", feel, (backend.calls.badShare ?? 0) >= 0.05 ? .bad : .text),
            .fact("in flight", "\(backend.underWay)"),
        ]
        if let breaker = backend.breaker { lines.append(head("breaker") + breaker.badge(marks).line) }
        if let view = backend.view {
            lines += [
                .fact(
                    "weight", view.startShare < 1 ? "\(backend.weight) of \(view.weight): it starts" : backend.weight),
                .fact(
                    "picked", "\(Figures.count(view.picked)) calls, \(Figures.percent(backend.share)) of the last 10s"),
                .fact("since the start", "\(Figures.count(view.ok)) ok, \(Figures.count(view.failed)) failed"),
                .fact("ejected", Figures.times(view.ejections), view.ejections > 0 ? .warning : .text),
            ]
            if let share = view.keyShare { lines.append(.fact("keys", "\(Figures.exactPercent(share)) of all keys")) }
        }
        lines += backend.remarks(scene.now, marks).map { Line("\(Character(marks.warning)) \($0)", .warning) }
        return DetailText(title: own.title, lines: lines + section("the replica itself") + own.lines)
    }

    /// The keys of a replica: how many it has, which are hot, and whose the first ones are.
    static func keys(of replica: Int, onEdge edge: Int, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let service = scene.plan.services[scene.plan.edges[edge].target]
        let title = "Keys of \(service.name(ofReplica: replica))"
        guard let place = scene.plan.balancerPlace(onEdge: edge),
            let heat = scene.traffic.heat[place], let view = scene.sample.balancers[place]?.replicas[replica]
        else { return DetailText(title: title, lines: []) }
        let got = "\(Figures.exactPercent(heat.share(ofReplica: replica))) of the calls of the last 10s"
        var lines: [Line] = [
            .fact("over", scene.plan.edges[edge].name),
            .fact("has", "\(Figures.exactPercent(view.keyShare)) of all keys"), .fact("got", got),
        ]
        if let hottest = heat.hottest(ofReplica: replica) {
            let calls = Figures.count(hottest.calls, "call")
            lines.append(.fact("hottest", "slice \(hottest.slice + 1) of \(heat.slices), \(calls)"))
        }
        let moved = heat.move.map { move in
            "\(Figures.exactPercent(move.share)) of the first 1,000 keys, at \(Figures.clock(move.at))"
        }
        lines.append(.fact("moved", moved ?? "no key so far", moved == nil ? .text : .warning))
        lines += section("whose the first keys are, however busy that is")
        lines += (1...keysShown).map { key in
            let owner = scene.world.owner(ofKey: UInt32(key), edge: edge, stage: place.stage)
            return .fact(
                "key \(key)", owner.map { service.name(ofReplica: $0) } ?? "nobody's",
                owner == replica ? .good : .faint)
        }
        return DetailText(title: title, lines: lines)
    }

    private static let keysShown = 20
}
