internal import Resilience
internal import Screen

// A breaker's states and what leads from one to the other, drawn.

extension Canvas {
    /// How much room the drawing takes.
    static let machineHeight = 6
    static let machineWidth = 66

    /// Draws the states of a breaker, the one that it is in with heavy lines, and their arrows.
    mutating func drawMachine(_ state: CircuitBreaker.State, _ arrows: BreakerArrows, in area: Rect) {
        let width = min(area.width, Self.widestMachine)
        let boxes = Self.boxes(in: Rect(x: area.x, y: area.y, width: width, height: area.height))
        for (each, box) in zip(Self.drawn, boxes) { drawState(each, isLive: each == state, in: box) }
        drawRight(from: boxes[0], to: boxes[1], arrows.opens, arrows.opensForSlow)
        drawRight(from: boxes[1], to: boxes[2], arrows.probes, "")
        drawBack(from: boxes[2].x + 3, to: boxes[1].x + boxes[1].width / 2, boxes[1].bottom, depth: 1, arrows.reopens)
        drawBack(
            from: boxes[2].right - 4, to: boxes[0].x + boxes[0].width / 2, boxes[1].bottom, depth: 2, arrows.closes)
    }

    private static let drawn: [CircuitBreaker.State] = [.closed, .open, .halfOpen]
    private static let boxWidths = [12, 10, 15]
    private static let widestMachine = 96

    private static func boxes(in area: Rect) -> [Rect] {
        let gaps = max(2, area.width - boxWidths.reduce(0, +))
        let second = area.x + boxWidths[0] + gaps / 2
        return [area.x, second, area.x + boxWidths[0] + boxWidths[1] + gaps].enumerated().map { index, x in
            Rect(x: x, y: area.y, width: boxWidths[index], height: 3)
        }
    }

    private mutating func drawState(_ state: CircuitBreaker.State, isLive: Bool, in area: Rect) {
        let badge = state.badge(glyphs.marks)
        let role = isLive ? badge.role : .faint
        let inside = grid.box(area, glyphs: glyphs, isHeavy: isLive, style: style(role))
        write("\(Character(badge.sign)) \(badge.word)", role, in: inside, aligned: .center)
    }

    private mutating func drawRight(from: Rect, to: Rect, _ above: String, _ below: String) {
        let gap = Rect(x: from.right, y: from.y, width: to.x - from.right, height: 3)
        write(above, .text, in: gap.line(0).inset(horizontal: 1), aligned: .center)
        write(below, .text, in: gap.line(2).inset(horizontal: 1), aligned: .center)
        grid.fill(gap.line(1), with: glyphs.box.horizontal, style: style(.border))
        grid[to.x - 1, gap.y + 1] = Cell(glyphs.marks.rightArrow, style(.border))
    }

    /// An arrow below the boxes, from the right one back to another.
    private mutating func drawBack(from right: Int, to left: Int, _ top: Int, depth: Int, _ label: String) {
        let bottom = top + depth
        let border = style(.border)
        for y in top..<bottom {
            grid[left, y] = Cell(glyphs.box.vertical, border)
            grid[right, y] = Cell(glyphs.box.vertical, border)
        }
        grid[left, top] = Cell(glyphs.marks.upArrow, border)
        let line = Rect(x: left, y: bottom, width: right - left + 1, height: 1)
        grid.fill(line, with: glyphs.box.horizontal, style: border)
        grid[left, bottom] = Cell(glyphs.box.bottomLeft, border)
        grid[right, bottom] = Cell(glyphs.box.bottomRight, border)
        write(" \(label) ", .text, in: line.inset(horizontal: 2), aligned: .center)
    }

    /// The same in one line, where there is no room for a drawing.
    mutating func drawMachineLine(_ state: CircuitBreaker.State, in area: Rect) {
        var line = Line.empty
        for (index, each) in Self.drawn.enumerated() {
            if index > 0 { line += Line(" \(Character(glyphs.marks.rightArrow)) ", .border) }
            let badge = each.badge(glyphs.marks)
            line +=
                each == state
                ? Line("[\(Character(badge.sign)) \(badge.word)]", badge.role) : Line(badge.word, .faint)
        }
        draw(line, in: area)
    }

    /// The states that only an operator leads to, apart from the others; the one that it is in stands in brackets.
    static func heldStates(_ state: CircuitBreaker.State, _ marks: Glyphs.Marks) -> String {
        let held: [CircuitBreaker.State] = [.forcedOpen, .disabled, .metricsOnly]
        return held.reduce("by order:") { text, each in
            let badge = each.badge(marks)
            return text + (each == state ? "  [\(Character(badge.sign)) \(badge.word)]" : "  \(badge.word)")
        }
    }
}
