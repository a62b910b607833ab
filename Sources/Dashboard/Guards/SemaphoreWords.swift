internal import Bulkheads
internal import Screen
internal import Simulation
internal import Timeline

// A semaphore in detail; in a line it stands among the pools.

extension DetailText {
    static func semaphore(_ place: GuardPlace, _ scene: Scene, _ glyphs: Glyphs) -> [Line] {
        guard let semaphore = scene.world.semaphore(edge: place.edge, stage: place.stage) else { return [] }
        let totals = semaphore.totals
        let wait = semaphore.settings.maximumWait
        return occupancy(PoolFigures(semaphore), [], scene.now, glyphs) + [
            .fact("may wait", wait == .zero ? "not at all" : wait == .maximum ? "for ever" : "\(wait)"),
            .fact("most at once", Figures.count(totals.mostInUse)),
        ]
    }
}
