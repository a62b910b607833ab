internal import Sagas
internal import Screen
internal import Simulation
internal import Timeline

/// All about one flow of a choreography, in parts, of which a screen shows as many as it has room for.
struct FlowSheet: Sendable {
    let title: String
    /// How it stands, and what it waits for.
    private(set) var head: [Line] = []
    /// Who told whom what: the names of the participants, and then the messages.
    private(set) var names: [Line] = []
    private(set) var messages: [Line] = []
    /// Each event below its cause.
    private(set) var tree: [Line] = []
    /// Each policy with what has become of it, and each timeout.
    private(set) var rules: [Line] = []

    init(_ flow: FlowView, _ scene: Scene, _ glyphs: Glyphs, columns: Int) {
        let plan = scene.plan.choreographies[flow.plan]
        title = "Flow #\(flow.request) of \(plan.choreography.name)"
        let now = flow.standing.isOver ? flow.progressedAt : max(flow.startedAt, scene.sample.time)
        head = Self.head(flow, plan, now, glyphs)
        let history = flow.history(scene.plan)
        let diagram = SequenceDiagram(history, width: columns, signs: glyphs.sequenceSigns)
        for line in diagram.lines {
            let styled = Line(line.text, line.mark?.role ?? .faint)
            if line.row == nil { names.append(styled) } else { messages.append(styled) }
        }
        tree = Self.tree(history, glyphs)
        rules = Self.policies(flow, plan, glyphs) + Self.timeouts(plan.choreography)
    }

    /// All of it, one below the other.
    var lines: [Line] { head + [.empty] + names + messages + tree + rules }

    private static func head(_ flow: FlowView, _ plan: ChoreographyPlan, _ now: Instant, _ glyphs: Glyphs) -> [Line] {
        var first = flow.standing.badge(glyphs.marks).line + Line("  \(Figures.money(flow.amount))")
        first += Line("  age \(Figures.length(now - flow.startedAt)), since \(Figures.clock(flow.startedAt))", .faint)
        return [first] + waiting(flow, plan, now)
    }

    /// What it waits for, and what happens if that does not come.
    private static func waiting(_ flow: FlowView, _ plan: ChoreographyPlan, _ now: Instant) -> [Line] {
        let awaited = flow.awaited(plan).joined(separator: ", ")
        switch flow.standing {
        case .running, .compensating:
            var line = Line(.text("waits for ", .faint), .text(awaited.isEmpty ? "a timeout" : awaited, .text))
            line += Line(
                "  since \(Figures.length(now - flow.progressedAt)), \(Figures.count(flow.underWay)) under way", .faint)
            if let due = flow.flow.due { line += Line("  watchdog in \(Figures.ticking(due - now))", .warning) }
            return [line]
        case .orphaned:
            let lost =
                flow.lapses > 0
                ? "an event was lost: \(FlowOrder.Deed.resend.rawValue) delivers it again" : "nobody acts"
            return [
                Line(.text("nothing of it is under way, and no timeout runs; ", .bad), .text(lost, .text)),
                Line(.text("waits for ", .faint), .text(awaited.isEmpty ? "nobody" : awaited, .text)),
            ]
        case .parked:
            return [Line("it went as far as it may: resume lets it go on, close ends it", .bad)]
        case .completed, .compensated, .closed:
            return awaited.isEmpty
                ? [] : [Line(.text("nobody will know what became of ", .faint), .text(awaited, .warning))]
        }
    }

    private static func tree(_ history: FlowHistory, _ glyphs: Glyphs) -> [Line] {
        DetailText.section("events below their causes")
            + history.tree.map { node in
                let record = history.records[node.record]
                var line = Line(.text(String(repeating: "  ", count: node.depth), .faint), .text(record.type, .text))
                line += Line("  by \(record.participant) at \(Figures.clock(record.at))", .faint)
                if node.duplicates > 0 { line += Line("  heard again x\(node.duplicates)", .faint) }
                if node.losses > 0 { line += Line("  lost x\(node.losses)", .bad) }
                if record.outcome == .timeout { line += Line("  timeout", .warning) }
                return line
            }
    }

    private static func policies(_ flow: FlowView, _ plan: ChoreographyPlan, _ glyphs: Glyphs) -> [Line] {
        let open = flow.flow.unfinished(under: plan.choreography)
        let widest = plan.reactions.map(\.name.columns).max() ?? 0
        return DetailText.section("policies")
            + zip(plan.choreography.policies, plan.reactions).enumerated().map { place, each in
                let (policy, reaction) = each
                let fate = flow.fate(of: place, isOpen: open.contains(place))
                let answers = policy.answers.isEmpty ? "" : ", then \(policy.answers.joined(separator: " or "))"
                return Line(
                    .text("\(Character(fate.sign(glyphs.marks))) \(reaction.name.padded(to: widest))  ", fate.role),
                    .text(fate.rawValue.padded(to: 9), fate.role),
                    .text("on \(policy.event), in \(policy.participant)\(answers)", .faint))
            }
    }

    private static func timeouts(_ choreography: Choreography) -> [Line] {
        guard !choreography.timeouts.isEmpty else { return [] }
        return DetailText.section("timeouts")
            + choreography.timeouts.map { timeout in
                let awaited = timeout.awaited.isEmpty ? "" : " without \(timeout.awaited.joined(separator: ", "))"
                return Line(
                    .text("\(timeout.consequence) ", .text),
                    .text("\(Figures.length(timeout.length)) after \(timeout.event)\(awaited)", .faint))
            }
    }
}

extension FlowView {
    /// What has become of a policy in it.
    fileprivate enum Fate: String {
        case toCome = "-"
        case awaited = "awaited"
        case lost = "LOST"
        case setAside = "SET ASIDE"
        case done = "acted"

        var role: Role {
            switch self {
            case .toCome: .faint
            case .awaited: .active
            case .lost, .setAside: .bad
            case .done: .good
            }
        }

        func sign(_ marks: Glyphs.Marks) -> Unicode.Scalar {
            switch self {
            case .toCome: marks.dot
            case .awaited: marks.play
            case .lost, .setAside: marks.cross
            case .done: marks.check
            }
        }
    }

    fileprivate func fate(of policy: Int, isOpen: Bool) -> Fate {
        guard let last = records.last(where: { $0.receiver == policy }) else { return .toCome }
        switch last.outcome {
        case .lost: return .lost
        case .deadLetter: return .setAside
        case .taken, .timeout, .duplicate, .refused: return isOpen ? .awaited : .done
        }
    }
}

extension DetailText {
    /// A flow: who told whom what, and what it waits for.
    static func flow(_ request: UInt64, _ scene: Scene, _ glyphs: Glyphs, columns: Int) -> DetailText {
        guard let flow = scene.world.flow(ofRequest: request) else {
            return DetailText(title: "Flow #\(request)", lines: [Line("it is over and no longer kept", .faint)])
        }
        let sheet = FlowSheet(flow, scene, glyphs, columns: columns)
        return DetailText(title: sheet.title, lines: sheet.lines)
    }
}
