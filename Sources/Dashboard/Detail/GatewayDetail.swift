internal import Gateway
internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
    /// A gateway: how its requests ended, its limit, its replicas, and the keys of who issues tokens for it.
    static func gateway(_ service: Int, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let title = "Gateway \(scene.plan.services[service].name)"
        guard let gateway = scene.sample.gateways[service] else { return DetailText(title: title, lines: []) }
        let tally = gateway.tally
        var lines: [Line] = [
            .fact(
                "requests",
                "\(Figures.count(tally.taken)) taken, \(Figures.count(tally.underWay)) under way, "
                    + "\(Figures.count(tally.lost)) lost"),
            .fact("its own limit", limit(gateway), gateway.room.contains { ($0 ?? 1) <= 0 } ? .warning : .text),
        ]
        lines += ends(RoutePlace(service: service), gateway, scene)
        lines += section("statuses")
        lines += tally.statuses.map { status in
            .fact(
                "\(Status(status.code))", Figures.count(status.count), status.code < 400 ? .text : .warning, width: 28)
        }
        lines += issuer(gateway, scene, glyphs)
        if tally.spoofed > 0 {
            lines += section("who says what only a proxy may say")
            lines.append(
                .fact(
                    "requests",
                    "\(Figures.count(tally.spoofed)), of them \(Figures.count(tally.believed)) were believed",
                    tally.believed > 0 ? .bad : .text))
        }
        lines += faults(of: service, scene)
        let own = scene.plan.services.indices.contains(service) ? Component.service(UInt16(service)) : .system
        return DetailText(title: title, lines: lines + news(scene, atMost: 20) { $0.place == own })
    }

    /// The limit for all together, and how much room it leaves.
    private static func limit(_ gateway: GatewayView) -> String {
        let rooms = gateway.room.compactMap(\.self)
        guard !rooms.isEmpty else { return "none" }
        let shared = gateway.plan.sharedLimit.map { ", shared every \($0.period)" } ?? ", each replica for itself"
        return "room for \(rooms.map { Figures.count($0) }.joined(separator: " and "))\(shared)"
    }

    /// How requests ended, each way with a bar: in the last ten seconds, and all of them.
    static func ends(_ place: RoutePlace, _ gateway: GatewayView, _ scene: Scene) -> [Line] {
        let recent = GatewayEnd.allCases.map { scene.traffic.ended($0, place) }
        let most = max(1, recent.max() ?? 1)
        let lines = GatewayEnd.allCases.enumerated().compactMap { index, end -> Line? in
            let all = gateway.tally.ended(end, route: place.route)
            guard all > 0 else { return nil }
            let failed = gateway.tally.failed(end, route: place.route)
            return Line(
                .text(end.name.padded(to: 12) + " ", failed > 0 ? .warning : .text),
                .bar(Double(recent[index]) / Double(most), columns: 16, failed > 0 ? .warning : .bar),
                .text(Figures.count(recent[index]).indented(to: 8), .text),
                .text(Figures.count(all).indented(to: 10), .faint),
                .text(Figures.count(failed).indented(to: 9), failed > 0 ? .warning : .faint))
        }
        return section("ended by                       last 10s       all   failed") + lines
    }

    /// Who issues tokens, and with which keys.
    private static func issuer(_ gateway: GatewayView, _ scene: Scene, _ glyphs: Glyphs) -> [Line] {
        guard let issuer = gateway.plan.auth.issuer else { return [] }
        var lines = section("keys of \(issuer.rules.issuer)")
        if gateway.signerIsBroken {
            let cross = Character(glyphs.marks.cross)
            lines.append(Line("\(cross) tokens are signed with a key that is not honoured any more", .bad))
        }
        let signer = gateway.signer(at: scene.sample.time)
        lines += gateway.keys.map { key in
            let what = key == signer ? "signs" : key.signsFrom > scene.sample.time ? "to come" : "signs no more"
            let until = key.honouredUntil.isNever ? "as long as it signs" : "until \(Figures.clock(key.honouredUntil))"
            return .fact(key.id, "\(what), honoured \(until)", key == signer ? .good : .faint)
        }
        let waiting = gateway.awaitingKeys.reduce(0, +)
        lines.append(
            .fact(
                "fetched",
                "\(Figures.times(Int(clamping: gateway.tally.keyFetches))), "
                    + "\(Figures.count(waiting, "request")) wait for them"))
        lines.append(.fact("new keys", Figures.count(gateway.tally.keyRotations)))
        return lines
    }

    /// The faults in force on a service and its replicas.
    static func faults(of service: Int, _ scene: Scene) -> [Line] {
        let faults = scene.world.faultsInForce(.target(.service(service)))
        guard !faults.isEmpty else { return [] }
        return section("faults")
            + faults.map { Line("F\($0 + 1)  \(scene.world.faultLog[$0].plan.summary(scene.plan))", .bad) }
    }
}

extension Instant {
    /// Whether it is so far away that it stands for never.
    fileprivate var isNever: Bool { self >= .after(.minutes(60 * 24 * 365)) }
}
