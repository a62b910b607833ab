internal import Sagas
internal import Screen
internal import Timeline

/// The timeline of a saga as lines: a step or an undo in each, a bar for each attempt.
struct SagaTimelineText {
    private let timeline: SagaTimeline
    private let definition: SagaDefinition
    private let glyphs: Glyphs
    private let axis: TimeAxis

    /// One column of a chart.
    private struct Cell: Hashable {
        var scalar: Unicode.Scalar = " "
        var role = Role.text
    }

    private static let labelWidth = 15
    private static let tailWidth = 21
    private static let widest = 150

    init(_ timeline: SagaTimeline, _ definition: SagaDefinition, _ glyphs: Glyphs, columns: Int) {
        self.timeline = timeline
        self.definition = definition
        self.glyphs = glyphs
        let room = min(Self.widest, columns) - Self.labelWidth - Self.tailWidth
        axis = timeline.axis(columns: max(12, room))
    }

    /// The axis above, then the steps with their undos, in so many lines at most: the first to go are undos that have not
    /// been called, then steps that have not.
    func lines(atMost count: Int = .max) -> [Line] {
        var lanes = timeline.lanes
        if lanes.count + 1 > count { lanes.removeAll { $0.isUndo && $0.attempts.isEmpty && !$0.isByHand } }
        let pending = lanes.reversed().prefix { $0.attempts.isEmpty && !$0.isByHand }.count
        let surplus = lanes.count + 1 - count
        guard surplus > 0, pending > 1 else { return [header] + lanes.map(line) }
        let hidden = lanes.suffix(min(pending, surplus + 1))
        let names = hidden.map { definition.steps[$0.step].name }.joined(separator: ", ")
        return [header] + lanes.dropLast(hidden.count).map(line) + [Line("\(names): not yet", .faint)]
    }

    /// When it began, how long what is folded takes, when it turned back, and at the right its age.
    private var header: Line {
        var cells = [Cell](repeating: Cell(role: .faint), count: axis.columns)
        let firstFold = axis.stretches.first { $0.isFolded }
        if (firstFold?.first ?? .max) > 3 { put("+0s", at: 0, .faint, in: &cells) }
        for fold in axis.stretches where fold.isFolded {
            let text = Figures.length(fold.span.length)
            put(text, at: fold.first + (fold.columns - text.columns) / 2, .faint, in: &cells)
        }
        if let turn = timeline.turnedBackAt {
            cells[axis.column(of: turn)] = Cell(scalar: glyphs.marks.undo, role: .undo)
        }
        let age = Line(" +\(Figures.length(timeline.end - timeline.start))", .faint)
        return Line(.text(String(repeating: " ", count: Self.labelWidth), .faint)) + line(of: cells) + age
    }

    private func put(_ text: String, at column: Int, _ role: Role, in cells: inout [Cell]) {
        for (offset, scalar) in text.unicodeScalars.enumerated() where cells.indices.contains(column + offset) {
            cells[column + offset] = Cell(scalar: scalar, role: role)
        }
    }

    private func line(_ lane: SagaTimeline.Lane) -> Line {
        var cells = [Cell](repeating: Cell(), count: axis.columns)
        if let wait = timeline.lockWait, lane.step == 0, !lane.isUndo {
            fill(wait.start, wait.end, glyphs.marks.waiting, .warning, in: &cells)
        }
        if let stalled = lane.stalledAt { fill(stalled, timeline.end, glyphs.marks.warning, .bad, in: &cells) }
        for attempt in lane.attempts { draw(attempt, of: lane, in: &cells) }
        if !lane.attempts.isEmpty || lane.step == 0 {
            for pause in timeline.pauses { drawPause(pause, in: &cells) }
        }
        return label(lane) + line(of: cells) + tail(lane)
    }

    /// The wait for a worker, the call with its queues, its end, and the wait for the next one.
    private func draw(_ attempt: SagaTimeline.Attempt, of lane: SagaTimeline.Lane, in cells: inout [Cell]) {
        let end = attempt.endedAt ?? timeline.end
        let look = attempt.end.look(glyphs, isUndo: lane.isUndo)
        if let next = attempt.retryAt {
            fill(end, min(next, timeline.end), glyphs.box.horizontal, .idle, in: &cells)
        }
        let sent = attempt.sentAt ?? (attempt.end == .open ? end : attempt.decidedAt)
        fill(attempt.decidedAt, sent, glyphs.lightShade, .idle, in: &cells)
        if attempt.sentAt != nil || attempt.end != .open {
            fill(sent, end, lane.isUndo ? glyphs.mediumShade : glyphs.solidShade, look.role, in: &cells)
        }
        for queue in attempt.queues {
            fill(queue.start, min(queue.end, end), glyphs.lightShade, .warning, in: &cells)
        }
        cells[axis.column(of: end)] = Cell(scalar: look.sign, role: look.role)
    }

    private func drawPause(_ pause: SagaTimeline.Span, in cells: inout [Cell]) {
        for column in axis.column(of: pause.start)...axis.column(of: max(pause.start, pause.end)) {
            let isFree = cells[column].scalar == " " || cells[column].scalar == glyphs.box.horizontal
            if isFree { cells[column] = Cell(scalar: glyphs.marks.pause, role: .warning) }
        }
    }

    /// Fills the columns from one moment to another; of what is folded, those in the middle say so.
    private func fill(
        _ start: Instant, _ end: Instant, _ scalar: Unicode.Scalar, _ role: Role, in cells: inout [Cell]
    ) {
        guard end > start else { return }
        for column in axis.column(of: start)...axis.column(of: end) { cells[column] = Cell(scalar: scalar, role: role) }
        for fold in axis.stretches where fold.isFolded && fold.span.start < end && fold.span.end > start {
            for column in fold.range.dropFirst(2).dropLast(2) where cells[column].scalar == scalar {
                cells[column] = Cell(scalar: glyphs.ellipsis, role: .faint)
            }
        }
    }

    private func line(of cells: [Cell]) -> Line {
        var parts: [Line.Part] = []
        var rest = cells[...]
        while let first = rest.first {
            let run = rest.prefix { $0.role == first.role }
            parts.append(.text(run.reduce(into: "") { $0.unicodeScalars.append($1.scalar) }, first.role))
            rest = rest.dropFirst(run.count)
        }
        return Line(parts: parts)
    }

    private func label(_ lane: SagaTimeline.Lane) -> Line {
        let step = definition.steps[lane.step]
        let name: String
        if lane.isUndo {
            name = " \(Character(glyphs.marks.undo)) " + (step.undo?.shortName ?? step.name)
        } else {
            name = step.name
        }
        let mark = step.isPivot && !lane.isUndo ? " \(Character(glyphs.marks.bullet))" : ""
        let room = Self.labelWidth - 1 - mark.columns
        let text = name.columns > room ? name.prefix(room - 1) + String(Character(glyphs.ellipsis)) : name
        return Line(.text((text + mark).padded(to: Self.labelWidth), lane.isUndo ? .undo : .text))
    }

    /// How it stands, how often it was called, how long that took, and what went wrong.
    private func tail(_ lane: SagaTimeline.Lane) -> Line {
        let step = definition.steps[lane.step]
        guard let first = lane.attempts.first, let last = lane.attempts.last else {
            let word = lane.isByHand ? "by hand" : lane.isUndo ? "to be undone" : "not yet"
            return Line(" \(word)\(step.isPivot && !lane.isUndo ? ", pivot" : "")", .faint)
        }
        let look = last.end.look(glyphs, isUndo: lane.isUndo)
        let took = Figures.length((last.endedAt ?? timeline.end) - first.decidedAt)
        let times = lane.attempts.count > 1 ? " x\(lane.attempts.count)" : ""
        let more = lane.isByHand ? " by hand" : last.problem.isEmpty ? "" : " \(last.problem)"
        return Line(" \(Character(look.sign))\(times) \(took)\(more)", look.role)
    }
}

extension SagaTimeline.End {
    /// Its sign, and how it looks.
    func look(_ glyphs: Glyphs, isUndo: Bool) -> (sign: Unicode.Scalar, role: Role) {
        switch self {
        case .open: isUndo ? (glyphs.marks.play, .undo) : (glyphs.marks.play, .active)
        case .ok: isUndo ? (glyphs.marks.check, .undo) : (glyphs.marks.check, .good)
        case .failed: (glyphs.marks.cross, .bad)
        case .timedOut: ("T", .warning)
        case .unknown: ("?", .warning)
        case .interrupted: (glyphs.marks.warning, .bad)
        case .abandoned: (glyphs.marks.dot, .warning)
        case .skipped: (glyphs.marks.check, .warning)
        }
    }
}

extension SagaDefinition.Undo {
    /// Its own name without its service: `refund`.
    var shortName: String { name.split(separator: ".").last.map(String.init) ?? name }
}
