internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
    /// A load: who comes, and how they fare.
    static func load(_ load: Int, _ scene: Scene) -> DetailText {
        let meter = scene.world.loadMeters[load]
        var lines: [Line] = [
            .fact("came", Figures.count(meter.offered)), .fact("under way", Figures.count(meter.underWay)),
            .fact("ok", Figures.count(meter.ok), .good),
            .fact("failed", Figures.count(meter.failed), meter.failed > 0 ? .bad : .text),
        ]
        for failure in Failure.allCases where meter.count(failure) > 0 {
            lines.append(.fact("", "\(Figures.count(meter.count(failure))) \(failure.text)", .warning, width: 3))
        }
        let latencies = scene.history.latencies(load: load, .all, over: scene.history.lastTenSeconds)
        lines += section("latency in the last 10s")
        for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("longest", 1)] {
            lines.append(.fact(name, Figures.length(latencies.quantile(share))))
        }
        lines += section("requests a second, last 60s")
        lines.append(Line(.graph(scene.history.rates(.load(load, .offered), 60), columns: 60, top: nil)))
        return DetailText(
            title: "Load \(scene.plan.loads[load].name)",
            lines: lines + news(scene, atMost: 20) { $0.place == .load(UInt16(load)) })
    }
}
