internal import EventSourcing
internal import Screen
internal import Simulation
internal import Timeline

/// Where the pane of the log stands still.
struct LogHold: Hashable, Sendable {
    let store: Int
    /// The newest position that is shown.
    let position: Int64
}

extension PaneContent {
    /// The newest events of the store that is selected among the stores, newest first, as its log has them.
    static func log(_ scene: Scene, _ choices: Choices) -> PaneContent {
        let store = choices.shownStore
        guard scene.plan.stores.indices.contains(store) else {
            return PaneContent(table: Table(columns: [], rows: [], ifEmpty: "no event store, so no log"))
        }
        let marks = choices.glyphs.marks
        let held = choices.logHold.flatMap { $0.store == store ? Position($0.position) : nil }
        let filter = choices.logFilter.lowercased()
        let events = scene.world.recentEvents(store: store, count: min(rowsShown, choices.rows), upTo: held) { event in
            event.matches(filter, marks)
        }
        let hasHours = scene.now >= .after(.minutes(60))
        return PaneContent(
            note: note(store, held, scene), footer: choices.logFilter.isEmpty ? "" : "only: \(choices.logFilter)",
            table: Table(
                columns: columns(hasHours: hasHours), rows: events.map { row($0, store, marks) },
                ifEmpty: nothing(of: scene.plan.stores[store], filter: choices.logFilter)))
    }

    /// Why the log shows nothing.
    private static func nothing(of store: StorePlan, filter: String) -> String {
        if store.availability != nil {
            return "\(store.name) prefers availability: it has no log that all nodes agree on"
        }
        return filter.isEmpty
            ? "nothing has been appended to \(store.name) so far"
            : "none of its latest events has \"\(filter)\" in it: / looks for another"
    }

    private static let rowsShown = 200

    private static func columns(hasHours: Bool) -> [Table.Column] {
        [
            .init(heading: "POSITION", width: 9, alignment: .right),
            .init(heading: "TIME", width: hasHours ? 12 : 9, rank: 1),
            .init(heading: "STREAM", width: 13, weight: 2, widest: 22),
            .init(heading: "NO.", width: 3, alignment: .right, rank: 3),
            .init(heading: "WHAT", width: 17, weight: 3, widest: 40),
            .init(heading: "FATE", width: 11),
            .init(heading: "EPOCH", width: 5, alignment: .right, rank: 4),
            .init(heading: "SCHEMA", width: 6, alignment: .right, rank: 5),
            .init(heading: "REQUEST", width: 9, alignment: .right, rank: 2),
        ]
    }

    private static func row(_ event: LoggedEvent, _ store: Int, _ marks: Glyphs.Marks) -> Table.Row {
        let badge = event.badge(marks)
        return Table.Row(
            item: .logged(store: store, position: event.position.number),
            cells: [
                Line(Figures.count(event.position.number)), Line(Figures.clock(event.writtenAt), .faint),
                Line(event.streamName), Line("\(event.version.number)", .faint),
                Line(event.kind.past, event.fate == .committed ? .text : badge.role), badge.line,
                Line("\(event.epoch)", .faint), Line("\(event.schema)", .faint), Line("#\(event.request)", .faint),
            ])
    }

    /// Of which store it is, whether it stands still, and how many events of which category there are.
    private static func note(_ store: Int, _ held: Position?, _ scene: Scene) -> String {
        let name = scene.plan.stores[store].name
        if let held {
            let newer = scene.world.cluster(ofStore: store).log.last - held
            return newer > 0 ? "\(name), held, \(Figures.count(newer)) newer: f follows" : "\(name), held: f follows"
        }
        let totals = scene.world.storeTotals(store)
        let categories = CommandPlan.Category.allCases.filter { totals.appended($0) > 0 }
        let counts = categories.map { "\(Figures.count(totals.appended($0))) \($0 == .event ? "recorded" : $0.name)" }
        return counts.isEmpty ? "\(name), newest first" : "\(name): \(counts.joined(separator: ", ")) events"
    }
}

extension PaneContent.Choices {
    /// The store whose log is shown: that which is selected among the stores, or the first.
    var shownStore: Int {
        switch selections[.stores] {
        case .store(let store), .node(let store, _): store
        default: 0
        }
    }
}
