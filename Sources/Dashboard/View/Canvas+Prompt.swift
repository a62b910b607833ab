internal import Scenarios
internal import Screen

extension Canvas {
    /// The line that is being typed, with its cursor.
    mutating func draw(_ prompt: Prompt, in area: Rect) {
        var rest = area.inset(horizontal: 1)
        write(prompt.purpose.sign, .key, in: rest.takeLeft(prompt.purpose.sign.columns))
        // A long line is shown from where the cursor can be seen.
        let first = max(0, prompt.editor.cursor - rest.width + 2)
        write(String(prompt.editor.text.dropFirst(first)) + " ", .text, in: rest)
        let cursor = Rect(x: rest.x + prompt.editor.cursor - first, y: rest.y, width: 1, height: 1)
        grid.restyle(cursor) { $0.attributes.formUnion(.reverse) }
    }

    /// What is to be said about the line, above it: what is wrong and where, or how it could go on.
    mutating func drawRemarks(on prompt: Prompt, above area: Rect) {
        var lines: [Line] = []
        if let problem = prompt.problem {
            let place = min(problem.offset, max(0, area.width - 40)) + 1
            lines = [Line(.text(String(repeating: " ", count: place) + "v " + problem.message, .problem))]
        } else if !prompt.completions.isEmpty {
            lines = [Line(.text("  " + prompt.completions.joined(separator: "  "), .faint))]
        } else if !prompt.question.isEmpty {
            lines = prompt.question.wrapped(to: area.width - 6).map { Line(.text("  " + $0, .caption)) }
        }
        guard !lines.isEmpty else { return }
        let above = Rect(x: area.x, y: area.y - lines.count, width: area.width, height: lines.count)
        grid.fill(above, style: style(.text))
        draw(lines, in: above.inset(horizontal: 1))
    }
}
