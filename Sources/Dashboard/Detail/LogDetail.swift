internal import EventSourcing
internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
    /// An event of a store's log, the stream that it belongs to, and why it happened.
    static func logged(_ position: Int64, in store: Int, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let plan = scene.plan.stores[store]
        let title = "Event \(Figures.count(position)) of \(plan.name)"
        guard let event = scene.world.event(at: Position(position), ofStore: store) else {
            return DetailText(title: title, lines: [Line("the log does not go so far", .faint)])
        }
        let stream = scene.world.events(ofStream: event.stream, inStore: store, atMost: eventsShown)
        let partition = scene.world.cluster(ofStore: store).partition(of: event.stream)
        var lines: [Line] = [
            .fact("what", event.kind.past),
            Line(.text("fate".padded(to: 15), .faint)) + event.badge(glyphs.marks).line,
            .fact("stream", "\(event.streamName), number \(event.version.number) of it"),
            .fact("written", "\(event.writtenAt), by the leader of epoch \(event.epoch)"),
            .fact("partition", "\(partition + 1) of \(plan.cluster.partitions)"), .fact("schema", "\(event.schema)"),
            .fact("request", "#\(event.request)"),
        ]
        if event.amount != 0 { lines.append(.fact("amount", Figures.money(event.amount))) }
        lines += section("its stream, newest first")
        lines += stream.map { each in
            let isThis = each.entry == event.entry
            return Line(
                .text("\(each.version.number)".indented(to: 5) + "  ", .faint),
                .text(Figures.clock(each.writtenAt) + "  ", .faint),
                .text(
                    each.kind.past + (isThis ? "  \(Character(glyphs.marks.leftArrow)) this one" : ""),
                    isThis ? .title : .text))
        }
        if stream.isEmpty { lines.append(Line("none of its events counts", .faint)) }
        let chain = scene.journal.heldChain(from: event.cause, atMost: causesShown)
        if !chain.isEmpty { lines += section("why") + WhyText.lines(chain, scene, glyphs) }
        return DetailText(title: title, lines: lines)
    }

    private static let eventsShown = 12
}
