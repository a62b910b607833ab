internal import Sagas
internal import Screen
internal import Simulation
internal import Timeline

/// The calls of a saga as bars over the time since its start: one for each attempt of a step or an undo.
struct SagaChart: Sendable {
    private var bars: [Bar] = []
    private let start: Instant
    private let end: Instant

    /// One attempt.
    private struct Bar: Sendable {
        var name: String
        var step: Int
        var attempt: Int
        var isUndo: Bool
        var start: Instant
        var end: Instant?
        var isOK = false
    }

    private static let columns = 36

    /// Reads the attempts from a saga's entries, oldest first.
    init(_ entries: [Entry], of saga: SagaPlan, from start: Instant, to end: Instant) {
        self.start = start
        self.end = end
        for entry in entries {
            switch (entry.what, entry.why) {
            case (.stepStarted, .step(let step, let attempt)):
                begin(saga, Int(step), Int(attempt), entry, isUndo: false)
            case (.undoStarted, .step(let step, let attempt)): begin(saga, Int(step), Int(attempt), entry, isUndo: true)
            case (.stepDone, .step(let step, _)), (.undoDone, .step(let step, _)):
                finish(Int(step), at: entry.time, isOK: true)
            case (.stepFailed, .stepFailure(let step, _)), (.undoFailed, .stepFailure(let step, _)):
                finish(Int(step), at: entry.time, isOK: false)
            case (.sagaInterrupted, _):
                for step in saga.definition.steps.indices { finish(step, at: entry.time, isOK: false) }
            case (_, _): break
            }
        }
    }

    private mutating func begin(_ saga: SagaPlan, _ step: Int, _ attempt: Int, _ entry: Entry, isUndo: Bool) {
        guard saga.definition.steps.indices.contains(step) else { return }
        let each = saga.definition.steps[step]
        let undo = each.undo?.name.split(separator: ".").last.map(String.init)
        bars.append(
            Bar(
                name: isUndo ? undo ?? each.name : each.name, step: step, attempt: attempt, isUndo: isUndo,
                start: entry.time))
    }

    private mutating func finish(_ step: Int, at time: Instant, isOK: Bool) {
        guard let last = bars.lastIndex(where: { $0.step == step && $0.end == nil }) else { return }
        bars[last].end = time
        bars[last].isOK = isOK
    }

    /// The latest bars, as many lines as asked for at most.
    func lines(_ glyphs: Glyphs, atMost count: Int) -> [Line] {
        bars.suffix(count).map { line($0, glyphs) }
    }

    private func line(_ bar: Bar, _ glyphs: Glyphs) -> Line {
        let first = column(bar.start)
        let last = max(first, column(bar.end ?? end))
        let shade = Character(bar.isUndo ? glyphs.mediumShade : glyphs.solidShade)
        let role: Role = bar.end == nil ? .active : !bar.isOK ? .bad : bar.isUndo ? .undo : .good
        let sign = bar.end == nil ? glyphs.marks.play : bar.isOK ? glyphs.marks.check : glyphs.marks.cross
        let length = Figures.length((bar.end ?? end) - bar.start)
        return Line(
            .text(bar.name.padded(to: 12), .text), .text("\(bar.attempt)".indented(to: 2) + " ", .faint),
            .text(String(repeating: " ", count: first), .text),
            .text(String(repeating: shade, count: last - first + 1), role),
            .text(String(repeating: " ", count: Self.columns - last - 1), .text),
            .text(" \(Character(sign)) \(length)", role))
    }

    private func column(_ time: Instant) -> Int {
        let whole = max(.nanoseconds(1), end - start)
        return max(0, min(Self.columns - 1, Int((time - start) / whole * Double(Self.columns))))
    }
}
