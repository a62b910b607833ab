internal import EventSourcing
internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
    /// What the nodes of a store that prefers availability know, and what they have found out afterwards.
    static func nodes(
        _ figures: StoreFigures, _ available: AvailableFigures, _ plan: StorePlan, _ marks: Glyphs.Marks
    ) -> [Line] {
        let resolution = plan.availability?.resolution ?? .keepBoth
        return section("nodes")
            + [
                .fact("counts when", "the node that was asked has it on disk: it prefers availability"),
                .fact("differ in", "\(Figures.count(available.diverged, "stream"))"),
                .fact(
                    "at once", "\(Figures.count(available.concurrent, "append")), each made in ignorance of another",
                    available.concurrent > 0 ? .warning : .text),
                .fact("of these", resolution == .keepBoth ? "all count" : "the last writer's history counts"),
                .fact("overruled", Figures.count(available.overruled, "event")),
            ]
            + available.nodes.enumerated().map { number, node in
                let badge = figures.nodes[number].badge(marks)
                let counts = "took \(Figures.count(node.totals.appended)), knows \(Figures.count(node.events))"
                return Line(.text("#\(number + 1)".padded(to: 4), .faint)) + badge.line
                    + Line(", \(counts), \(Figures.count(node.openConflicts, "open conflict"))", .text)
            }
    }

    /// A node of such a store.
    static func availableNode(_ node: AvailableFigures.Node, _ own: NodeFigures, _ marks: Glyphs.Marks) -> [Line] {
        let totals = node.totals
        return [
            Line(.text("state".padded(to: 15), .faint)) + own.badge(marks).line,
            .fact("took", "\(Figures.count(totals.appended, "append")), whatever the other nodes did"),
            .fact("knows", Figures.count(node.events, "event")),
            .fact("has not heard of", Figures.count(own.behind, "event")),
            .fact("conflicts", "\(Figures.count(totals.conflicts)) noted, \(Figures.count(node.openConflicts)) open"),
            .fact(
                "compared",
                "\(Figures.count(totals.rounds)) times, \(Figures.count(totals.equalRounds)) found alike at once"),
            .fact("by its tree", "\(Figures.count(totals.bucketsDiffering, "bucket")) looked into"),
            .fact(
                "sent",
                "\(Figures.count(totals.messagesSent, "message")), \(Figures.count(totals.entriesSent, "event"))"),
        ]
    }
}
