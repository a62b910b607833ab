internal import Gateway
internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
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
