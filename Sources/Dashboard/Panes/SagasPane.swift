internal import Sagas
internal import Screen
internal import Simulation
internal import Timeline

extension PaneContent {
    /// The sagas under way, worst first, then those that have just ended.
    static func sagas(_ scene: Scene, _ glyphs: Glyphs) -> PaneContent {
        let plans = scene.plan.sagas
        let deepest = plans.map(\.definition.steps.count).max() ?? 4
        let columns: [Table.Column] = [
            .init(heading: "ID", width: 7, alignment: .right),
            .init(heading: "SAGA", width: 11, rank: plans.count > 1 ? 1 : 5, weight: 1, widest: 20),
            .init(heading: "STATE", width: 8),
            .init(heading: "STEPS", width: min(16, max(5, deepest))),
            .init(heading: "", width: deepest > 9 ? 5 : 3, rank: 6),
            .init(heading: "AT", width: 9, rank: 2, weight: 1, widest: 20),
            .init(heading: "AGE", width: 6, alignment: .right),
            .init(heading: "RETRY", width: 5, alignment: .right, rank: 3),
            .init(heading: "UNDOS", width: 5, alignment: .right, rank: 4),
        ]
        let running = scene.sample.running.map { saga, listed in
            row(
                saga.request, saga.machine, plans[saga.plan].definition, listed.badge(glyphs.marks),
                age: scene.sample.time - saga.startedAt, glyphs.marks)
        }
        let ended = scene.sample.ended.map { saga in
            let definition = plans[saga.plan].definition
            return row(
                saga.request, saga.machine, definition, saga.machine.standing(under: definition).badge(glyphs.marks),
                age: saga.endedAt - saga.startedAt, glyphs.marks)
        }
        let flows = scene.sample.flows.map { flowRow($0, scene.plan, at: scene.sample.time, glyphs.marks) }
        return PaneContent(
            note: plans.isEmpty ? flowNote(scene.world.flowTallies) : sagaCounts(scene.world.sagaTallies),
            table: Table(columns: columns, rows: running + ended + flows, ifEmpty: "no saga has started yet"))
    }

    private static func row(
        _ request: UInt64, _ saga: Saga, _ definition: SagaDefinition, _ badge: Badge, age: Duration,
        _ marks: Glyphs.Marks
    ) -> Table.Row {
        let isOver = saga.currentStep == nil
        let role: Role = isOver ? .faint : .text
        return Table.Row(
            item: .saga(request: request),
            cells: [
                Line("#\(request)", role), Line(definition.name, .faint), badge.line,
                saga.strip(definition, marks),
                Line("\(saga.stepsDone(definition))/\(definition.steps.count)", .faint),
                Line(saga.errand(definition), role), Line(Figures.length(age), role), count(saga.retries, .warning),
                isOver ? Line("-", .idle) : count(saga.undoStackDepth, .text),
            ])
    }

    /// A flow among sagas: in place of its steps, how many events it has come to.
    private static func flowRow(_ flow: FlowView, _ plan: Plan, at now: Instant, _ marks: Glyphs.Marks) -> Table.Row {
        let each = plan.choreographies[flow.plan]
        let isOver = flow.standing.isOver
        let role: Role = isOver ? .faint : .text
        let age = (isOver ? flow.progressedAt : max(now, flow.startedAt)) - flow.startedAt
        return Table.Row(
            item: .flow(request: flow.request),
            cells: [
                Line("#\(flow.request)", role), Line(each.choreography.name, .faint), flow.standing.badge(marks).line,
                Line("\(flow.flow.events) ev", .faint), .empty,
                Line(isOver ? "-" : flow.awaited(each).joined(separator: ", "), role), Line(Figures.length(age), role),
                count(flow.redeliveries, .warning), Line("-", .idle),
            ])
    }

    private static func sagaCounts(_ tallies: [SagaTally]) -> String {
        func sum(_ count: KeyPath<SagaTally, UInt64>) -> UInt64 { tallies.reduce(0) { $0 + $1[keyPath: count] } }
        var parts = [
            "\(Figures.count(sum(\.running))) run", "\(Figures.count(sum(\.compensating))) undo",
            "\(Figures.count(sum(\.completed))) done", "\(Figures.count(sum(\.compensated))) undone",
        ]
        if sum(\.overdue) > 0 { parts.append("\(Figures.count(sum(\.overdue))) late") }
        if sum(\.compensationFailed) > 0 { parts.append("\(Figures.count(sum(\.compensationFailed))) FAILED") }
        return parts.joined(separator: "  ")
    }
}
