internal import Simulation

extension DetailText {
    /// An event store: what it has done.
    static func store(_ store: Int, _ scene: Scene) -> DetailText {
        let totals = scene.world.storeTotals(store)
        return DetailText(
            title: "Event store \(scene.plan.stores[store].name)",
            lines: [.fact("events", Figures.count(totals.appended))])
    }

    /// A projection: how far it is.
    static func projection(_ projection: Int, _ scene: Scene) -> DetailText {
        let view = scene.world.projection(projection)
        return DetailText(
            title: "Projection \(scene.plan.projections[projection].name)",
            lines: [.fact("events", Figures.count(view.projected))])
    }
}
