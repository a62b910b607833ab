internal import EventSourcing
internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
    /// A node of an event store: what it leads, what it has, and how far it is behind.
    static func node(_ node: Int, of store: Int, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let plan = scene.plan.stores[store]
        let title = "Node \(plan.name(ofNode: node))"
        guard scene.sample.stores.indices.contains(store) else { return DetailText(title: title, lines: []) }
        let figures = scene.sample.stores[store]
        let own = figures.nodes[node]
        if let available = figures.available {
            let lines = availableNode(available.nodes[node], own, glyphs.marks)
            let faults = faults(scene) { $0 == .store(store) || $0 == .node(store: store, node) }
            let past = past(.node(store: store, node), .store(UInt16(store)), scene, glyphs)
            return DetailText(title: title, lines: lines + faults + past)
        }
        var lines = [
            Line(.text("state".padded(to: 15), .faint)) + own.badge(glyphs.marks).line,
            .fact("leads", "\(own.leads) of \(figures.partitions.count) partitions, as it thinks"),
            .fact("copies", "of \(Figures.count(own.holds, "partition"))"), .fact("epoch", "\(own.epoch)"),
            Line(.text("behind".padded(to: 15), .faint)) + own.lag + Line(own.isApart ? "" : " events", .text),
        ]
        if own.isApart {
            lines.append(.fact("", "another one leads there too: one history must go", .bad))
        }
        lines.append(.empty)
        lines.append(
            Line("partition  role          epoch    length   on disk    counts    behind", .faint))
        for (partition, copies) in figures.partitions.enumerated() {
            for copy in copies where copy.view.node == node { lines.append(line(partition, copy, glyphs.marks)) }
        }
        lines += faults(scene) { $0 == .store(store) || $0 == .node(store: store, node) }
        return DetailText(
            title: title,
            lines: lines + past(.node(store: store, node), .store(UInt16(store)), scene, glyphs))
    }

    private static func line(_ partition: Int, _ copy: CopyFigures, _ marks: Glyphs.Marks) -> Line {
        let badge = copy.badge(marks)
        let view = copy.view
        let numbers = [view.length, view.durable, view.committed].map { Figures.count($0).indented(to: 10) }.joined()
        let behind = copy.isApart ? "apart" : copy.behind.map { Figures.count($0) } ?? "?"
        return Line(
            .text("\(partition + 1)".padded(to: 11), .text),
            .text("\(Character(badge.sign)) \(badge.word)".padded(to: 12), badge.role),
            .text("\(view.epoch)".indented(to: 7) + numbers, .text),
            .text(behind.indented(to: 10), copy.isApart ? .bad : .text))
    }
}
