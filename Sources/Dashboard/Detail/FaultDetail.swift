internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
    /// A fault: what it does, since when, and what it hit.
    static func fault(_ number: Int, _ scene: Scene) -> DetailText {
        guard scene.world.faultLog.indices.contains(number - 1) else { return DetailText(title: "Fault", lines: []) }
        let fault = scene.world.faultLog[number - 1]
        return DetailText(
            title: "Fault F\(number)",
            lines: [
                Line(fault.plan.summary(scene.plan), .bad), .empty, .fact("since", "\(fault.since)"),
                .fact("until", fault.until.map { "\($0)" } ?? "it is healed"),
                .fact("healed", fault.healedAt.map { "\($0)" } ?? "not yet"), .fact("hits", Figures.count(fault.hits)),
            ])
    }
}
