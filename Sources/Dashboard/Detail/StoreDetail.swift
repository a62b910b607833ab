internal import EventSourcing
internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
    /// An event store: what it has done, who leads what, who reads it, and what is wrong.
    static func store(_ store: Int, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let plan = scene.plan.stores[store]
        let title = "Event store \(plan.name)"
        guard scene.sample.stores.indices.contains(store) else { return DetailText(title: title, lines: []) }
        let figures = scene.sample.stores[store]
        let rates = scene.history.rates(.appended(store: store), 60)
        var lines = [Line(.text("state".padded(to: 15), .faint)) + figures.badge(glyphs.marks).line]
        lines += [
            .fact("streams", Figures.count(figures.streams)),
            .fact("events", "\(Figures.count(figures.events)) count"), .fact("", categories(figures.totals)),
            .fact("appends", "\(Figures.rate(scene.lastRate(.appended(store: store))))/s"),
        ]
        if !rates.isEmpty {
            lines.append(
                Line(
                    .text("appends, 60s".padded(to: 15), .faint), .graph(rates, columns: min(60, rates.count), top: nil)
                ))
        }
        lines += commands(figures.totals)
        if let available = figures.available {
            lines += nodes(figures, available, plan, glyphs.marks)
        } else {
            lines += nodes(figures, plan)
            lines += section("partitions: leader, and how far each copy is behind")
            lines += figures.partitions.enumerated().map { partition($0.offset, $0.element, plan, glyphs.marks) }
        }
        lines += readers(of: store, scene, glyphs.marks)
        lines += faults(scene) { $0 == .store(store) || $0.isNode(of: store) }
        return DetailText(title: title, lines: lines + past(.store(store), .store(UInt16(store)), scene, glyphs))
    }

    private static func categories(_ totals: StoreTotals) -> String {
        CommandPlan.Category.allCases.map { "\($0.name) \(Figures.count(totals.appended($0)))" }.joined(separator: ", ")
    }

    /// What became of the commands of services.
    private static func commands(_ totals: StoreTotals) -> [Line] {
        [
            .fact(
                "conflicts", "\(Figures.count(totals.conflicts)), given up \(Figures.count(totals.gaveUp))",
                totals.conflicts > 0 ? .warning : .text),
            .fact("known already", "\(Figures.count(totals.repeated)) appends, \(Figures.count(totals.done)) commands"),
            .fact("refused", "\(Figures.count(totals.refused)) by aggregates"),
            .fact(
                "in vain", "\(Figures.count(totals.timedOut)) services waited", totals.timedOut > 0 ? .warning : .text),
            .fact("read", "\(Figures.count(totals.eventsRead, "event")) to bring aggregates back"),
            .fact("snapshots", Figures.count(totals.snapshots)),
        ]
    }

    /// What the nodes have been through, and by which rules.
    private static func nodes(_ figures: StoreFigures, _ plan: StorePlan) -> [Line] {
        let totals = figures.cluster
        let settings = plan.cluster
        return section("nodes") + [
            .fact("elected", "\(Figures.count(totals.elections, "leader"))"),
            .fact("fenced", "\(Figures.count(totals.fenced, "message")) of earlier leaders"),
            .fact("overwritten", "\(Figures.count(totals.overwritten, "event")) of copies that were apart"),
            .fact("lost", Figures.count(totals.lostEvents, "event"), totals.lostEvents > 0 ? .bad : .text),
            .fact("counts when", "\(settings.acknowledgements) of \(settings.copies) copies have it on disk"),
            .fact(
                "leads with", "\(settings.votes) of \(settings.copies) votes\(settings.isFenced ? "" : ", unfenced")"),
        ]
    }

    /// A partition in a line: `3  epoch 2  #2 leads  #1 apart  #3 12`.
    private static func partition(
        _ number: Int, _ copies: [CopyFigures], _ plan: StorePlan, _ marks: Glyphs.Marks
    ) -> Line {
        let epoch = copies.map(\.view.epoch).max() ?? 0
        let head = Line(.text("\(number + 1)".padded(to: 4) + "epoch \(epoch)".padded(to: 11), .faint))
        return copies.sorted { $0.view.node < $1.view.node }.reduce(head) { line, copy in
            let badge = copy.badge(marks)
            let behind =
                copy.view.isLeader || !copy.view.isUp
                ? badge.word : copy.behind.map { "\(Figures.count($0)) behind" } ?? "?"
            let text = "#\(copy.view.node + 1) \(Character(badge.sign)) \(behind)".padded(to: 18)
            return line + Line(text, badge.role)
        }
    }

    /// The projections that read a store, with how far each is.
    private static func readers(of store: Int, _ scene: Scene, _ marks: Glyphs.Marks) -> [Line] {
        let readers = scene.plan.projections.indices.filter { scene.plan.projections[$0].store == store }
        guard !readers.isEmpty else { return [] }
        return section("read by")
            + readers.map { index in
                let figures = scene.sample.projections[index]
                return Line(.text(scene.plan.projections[index].name.padded(to: 15), .text))
                    + figures.badge(marks).line
                    + Line(", \(Figures.count(figures.view.lag)) behind, \(Figures.length(figures.lagTime))", .faint)
            }
    }
}

extension FaultPlan.Target {
    /// Whether it is a node of a store.
    func isNode(of store: Int) -> Bool { if case .node(store, _) = self { true } else { false } }
}

extension DetailText {
    /// The faults in force on targets, under a heading.
    static func faults(_ scene: Scene, on isMeant: (FaultPlan.Target) -> Bool) -> [Line] {
        let log = scene.world.faultLog
        let active = log.indices.filter { log[$0].isActive && isMeant(log[$0].plan.target) }
        guard !active.isEmpty else { return [] }
        return section("faults")
            + active.map { index in
                let left = log[index].until.map { ", \(Figures.ticking($0 - scene.now)) left" } ?? ""
                return Line("F\(index + 1)  \(log[index].plan.summary(scene.plan))\(left)", .bad)
            }
    }

    /// The latest news from a place, and the chain of causes of what is to be explained about it.
    static func past(_ item: Item, _ place: Component, _ scene: Scene, _ glyphs: Glyphs) -> [Line] {
        past(item, scene, glyphs) { $0 == place }
    }

    /// The same from all places that are meant.
    static func past(
        _ item: Item, _ scene: Scene, _ glyphs: Glyphs, from isMeant: (Component) -> Bool
    ) -> [Line] {
        var lines = news(scene, atMost: 12) { isMeant($0.place) }
        if let id = item.entryToExplain(scene) {
            let chain = scene.journal.heldChain(from: id, atMost: causesShown)
            if !chain.isEmpty { lines += section("why") + WhyText.lines(chain, scene, glyphs) }
        }
        return lines
    }
}
