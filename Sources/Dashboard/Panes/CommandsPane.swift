internal import CQRS
internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// The command buses, and below each of them the types of its commands.
    static func commands(_ scene: Scene, _ glyphs: Glyphs) -> PaneContent {
        let figures = scene.sample.buses
        let rows = figures.indices.flatMap { bus in
            [
                Table.Row(
                    item: .bus(bus), cells: cells(figures[bus], of: bus, scene, glyphs.marks),
                    below: figures[bus].remarks)
            ] + figures[bus].view.types.map { Table.Row(cells: cells(ofType: $0.name, $0.metrics, of: bus, scene)) }
        }
        let full = figures.count { $0.isFull }
        let waiting = figures.reduce(0) { $0 + $1.view.waiting }
        return PaneContent(
            note: figures.isEmpty ? "" : "\(Figures.count(waiting)) waiting",
            table: Table(
                columns: rows.isEmpty ? [] : commandColumns(figures), rows: rows,
                ifEmpty: "no command bus: a scenario names them under \"buses\""),
            alarm: full > 0 ? "\(Character(glyphs.marks.cross)) \(Figures.count(full)) FULL" : "")
    }

    private static func commandColumns(_ figures: [BusFigures]) -> [Table.Column] {
        let queue = figures.reduce(5) { max($0, $1.widestQueue) }
        return [
            .init(heading: "BUS", width: 12, weight: 2, widest: 28),
            .init(heading: "STATE", width: 9),
            .init(heading: "BUSY", width: 5, alignment: .right),
            .init(heading: "QUEUE", width: queue, alignment: .right),
            .init(heading: "LAST 30s", width: 8, rank: 2, weight: 3, widest: 30),
            .init(heading: "OLDEST", width: 6, alignment: .right),
            .init(heading: "PER s", width: 5, alignment: .right),
            .init(heading: "DONE", width: 7, alignment: .right, rank: 4),
            .init(heading: "REFUSED", width: 7, alignment: .right, rank: 5),
            .init(heading: "FAILED", width: 6, alignment: .right, rank: 6),
            .init(heading: "RETRIES", width: 7, alignment: .right, rank: 1),
            .init(heading: "CONFLICTS", width: 9, alignment: .right, rank: 7),
            .init(heading: "TWICE", width: 5, alignment: .right, rank: 8),
            .init(heading: "DEAD", width: 5, alignment: .right),
        ]
    }

    private static func cells(
        _ figures: BusFigures, of bus: Int, _ scene: Scene, _ marks: Glyphs.Marks
    ) -> [Line] {
        let view = figures.view
        let perSecond = scene.commandsPerSecond(onBus: bus)
        return [
            Line(scene.plan.buses[bus].name), figures.badge(marks).line, figures.busyLine, figures.queueLine,
            figures.plan.isQueued ? figures.queueGraph(scene.history.recent(.commandsWaiting(bus: bus), 30)) : .empty,
            figures.oldestLine, Line(Figures.rate(perSecond), perSecond > 0 ? .text : .idle),
        ] + outcomes(count: { view.sum($0) }) + [count(view.deadLetters, .warning)]
    }

    /// A type of commands; how many of them workers have is known of all types together only.
    private static func cells(
        ofType name: String, _ metrics: CommandMetrics, of bus: Int, _ scene: Scene
    ) -> [Line] {
        let operation = scene.plan.operations.firstIndex { $0.name == name }
        let perSecond = operation.map { scene.lastRate(.commandsSent(bus: bus, operation: $0)) } ?? 0
        let oldest = metrics.oldestQueuedSince.map { Figures.length(scene.sample.time - $0) } ?? "-"
        return [
            Line("  \(scene.plan.shortName(ofType: name, onBus: bus))", .faint), .empty, .empty,
            scene.plan.buses[bus].isQueued ? count(metrics.queued, .text) : .empty, .empty,
            Line(scene.plan.buses[bus].isQueued ? oldest : "", .faint),
            Line(Figures.rate(perSecond), perSecond > 0 ? .text : .idle),
        ] + outcomes(count: { $0(metrics) }) + [count(metrics.parked, .warning)]
    }

    /// What became of commands, up to those that are dead letters.
    private static func outcomes(count: ((CommandMetrics) -> Int) -> Int) -> [Line] {
        [
            total(count(\.done)), self.count(count(\.rejected.total), .bad), self.count(count(\.failed), .bad),
            self.count(count(\.retried), .warning), self.count(count(\.conflicts), .warning),
            self.count(count(\.duplicates), .text),
        ]
    }
}

extension Scene {
    /// How many commands were sent on a bus in the last whole second.
    func commandsPerSecond(onBus bus: Int) -> Double {
        plan.operations.indices.filter { plan.operations[$0].command?.bus == bus }
            .reduce(0) { $0 + lastRate(.commandsSent(bus: bus, operation: $1)) }
    }
}

extension Plan {
    /// What the type of a command is called below its bus: without its service, where all come from the same.
    func shortName(ofType name: String, onBus bus: Int) -> String {
        let senders = operations.filter { $0.command?.bus == bus }
        guard let first = senders.first?.service, senders.allSatisfy({ $0.service == first }) else { return name }
        let prefix = "\(services[first].name)."
        return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    }
}
