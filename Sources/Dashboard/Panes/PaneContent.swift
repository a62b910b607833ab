internal import EventSourcing
internal import Screen
internal import Simulation

/// What a pane shows, before anybody knows how much room there is.
struct PaneContent: Sendable {
    /// The numbers that sum it up.
    var note = ""
    /// What stands in the lower border.
    var footer = ""
    /// What stands behind it where there is room: the first of these that fits.
    var asides: [String] = []
    var table: Table
    /// What must not be overlooked, in place of the note.
    var alarm = ""
}

extension PaneContent {
    /// What a pane shows of a scene.
    static func of(_ pane: Pane, _ scene: Scene, _ choices: Choices) -> PaneContent {
        switch pane {
        case .sagas: sagas(scene, choices.glyphs)
        case .sagaList: sagaList(scene, choices)
        case .flowList: flowList(scene, choices)
        case .breakers: breakers(scene, choices.glyphs)
        case .services: services(scene, choices.glyphs)
        case .caches: caches(scene)
        case .events: events(scene, choices)
        case .requests: requests(scene, choices.glyphs)
        case .faults: faults(scene, choices.glyphs)
        case .breakerList: breakerList(scene, choices)
        case .pools: pools(scene, choices)
        case .guards: guards(scene, choices.glyphs)
        case .stores: stores(scene, choices)
        case .projections: projections(scene, choices)
        case .log: log(scene, choices)
        case .commands: commands(scene, choices.glyphs)
        case .queries: queries(scene, choices)
        case .cacheLevels: cacheLevels(scene, choices.glyphs)
        case .origins: origins(scene, choices.glyphs)
        case .routes: routes(scene, choices.glyphs)
        case .chain: chain(scene, choices)
        case .backends: backends(scene, choices)
        case .accessLog: accessLog(scene, choices)
        }
    }

    /// How many lines the rows of a pane take, of those panes that are given as many as they would like.
    static func lines(of pane: Pane, _ scene: Scene) -> Int {
        let compartments = scene.plan.isolatorPlaces.reduce(0) { $0 + scene.plan.compartmentNames(at: $1).count }
        let pools = scene.plan.services.count + scene.plan.poolPlaces.count + compartments
        let services = scene.plan.services.indices
        switch pane {
        case .services: return pools + services.reduce(0) { $0 + scene.shownReplicas(ofService: $1).count }
        case .pools: return pools + scene.plan.laneLines + services.reduce(0) { $0 + scene.replicaCount(ofService: $1) }
        case .breakerList:
            return scene.plan.breakerPlaces.reduce(0) { sum, place in
                let parts = scene.world.breakerParts(edge: place.edge, stage: place.stage)
                return sum + (parts > 1 ? parts + 1 : parts)
            }
        case .guards: return scene.plan.guardRows
        case .stores: return scene.plan.stores.reduce(0) { $0 + 1 + $1.cluster.nodes }
        case .projections:
            return scene.sample.projections.enumerated().reduce(0) { sum, each in
                let isPublished = scene.plan.projections[each.offset].feed == .published
                return sum + 1 + each.element.remarks(isPublished: isPublished).count
            }
        case .commands:
            return scene.sample.buses.reduce(0) { $0 + 1 + $1.remarks.count + $1.view.types.count }
        case .queries: return scene.sample.queryBuses.values.reduce(0) { $0 + 1 + $1.shards.count }
        case .cacheLevels:
            return scene.plan.cachedServices.reduce(0) { $0 + (scene.world.cache(ofService: $1)?.lineCount ?? 0) }
        case .origins:
            let caches = scene.plan.cachedServices
            return caches.reduce(0) { $0 + OriginFact.shown(ofCacheOf: $1, scene).count + (caches.count > 1 ? 1 : 0) }
        case .routes: return scene.plan.gatewayLines
        case .sagaList: return scene.sagas.rows.count
        case .flowList: return scene.flows.rows.count
        case .sagas, .breakers, .caches, .events, .requests, .faults, .log, .chain, .backends, .accessLog: return 0
        }
    }

    /// Rows for things of which only those near the selected one are written out: the others cannot be seen, and there
    /// may be hundreds.
    static func rows(
        _ items: [Item], in pane: Pane, _ choices: Choices, _ write: (Item) -> Table.Row
    ) -> [Table.Row] {
        let selected = choices.selections[pane].flatMap { items.firstIndex(of: $0) } ?? 0
        return items.enumerated().map { index, item in
            abs(index - selected) <= choices.rows ? write(item) : Table.Row(item: item, cells: [])
        }
    }

    /// Which rows of a very long list are written out: those near the selected one.
    static func window(of count: Int, around selected: Int?, _ choices: Choices) -> Range<Int> {
        let half = max(1, min(choices.rows, 200))
        let first = max(0, (selected ?? 0) - half)
        return first..<min(count, first + 2 * half + 1)
    }

    /// A number that matters only when it is not zero.
    static func count(_ value: Int, _ role: Role) -> Line {
        value == 0 ? Line("0", .idle) : Line(Figures.short(Double(value)), role)
    }

    /// What the person at the screen has chosen that changes what panes show.
    struct Choices: Hashable, Sendable {
        var glyphs: Glyphs
        /// Only events with this in them are shown.
        var eventFilter = ""
        /// The events pane stands still at this entry.
        var eventsHeldAt: UInt64?
        /// Only events of the log with this in them are shown.
        var logFilter = ""
        /// Only lines of the access log with this in them are shown.
        var accessFilter = ""
        /// Under which name the query of the sagas is kept, if it is.
        var keptQuery = ""
        /// Where the log stands still.
        var logHold: LogHold?
        /// What somebody has selected in each pane.
        var selections: [Pane: Item] = [:]
        /// How many rows of a list can be seen at most.
        var rows = Int.max
    }
}

extension Canvas {
    /// Draws a pane with its border.
    mutating func draw(_ content: PaneContent, of pane: Pane, in area: Rect, selected: Item?, isFocused: Bool) {
        let labels = BoxLabels(
            title: pane.title, note: content.alarm.isEmpty ? content.note : "", footer: content.footer)
        let inside = grid.box(
            area, labels, glyphs: glyphs, isHeavy: isFocused, style: style(isFocused ? .focusedBorder : .border),
            titleStyle: style(.title))
        if !content.alarm.isEmpty {
            let border = area.line(0).inset(horizontal: 2)
            write(" \(content.alarm) ", .bad, in: border, aligned: .right)
        }
        let seen = draw(content.table, selected: isFocused ? selected : nil, in: inside.inset(horizontal: 1))
        // Corner, line, space before the footer; the same behind it, and as much again before the next.
        var border = area.line(area.height - 1).inset(horizontal: 2)
        let taken = content.footer.isEmpty ? 0 : content.footer.columns + 4
        let all = content.table.total ?? content.table.rows.count
        if seen.count < all, all > 0 {
            let first = seen.lowerBound + content.table.before
            markPosition(first..<first + seen.count, of: all, on: &border)
        }
        if let aside = content.asides.first(where: { $0.columns + 2 <= border.width - taken }) {
            write(" \(aside) ", .title, in: border.takeRight(aside.columns + 2))
        }
    }

    /// Says at the right of the lower border which rows can be seen.
    private mutating func markPosition(_ seen: Range<Int>, of all: Int, on border: inout Rect) {
        let text = " \(seen.lowerBound + 1)-\(seen.upperBound) of \(Figures.count(all)) "
        guard text.columns < border.width else { return }
        write(text, .faint, in: border.takeRight(text.columns))
        _ = border.takeRight(1)
    }
}
