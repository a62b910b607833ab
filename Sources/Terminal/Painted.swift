internal import CTerminal
internal import Screen

/// What has been handed to ncurses, so that only what differs is handed over again.
struct Painted {
    private(set) var width: Int
    private(set) var height: Int
    private var cells: [Cell]
    /// The run being collected; kept, so that painting allocates nothing.
    private var run: [UInt32] = []

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        cells = Array(repeating: .blank, count: width * height)
    }

    /// Hands over the runs of cells that differ; whether there were any.
    mutating func update(to grid: Grid, depth: ColorDepth) -> Bool {
        var isChanged = false
        let wanted = grid.cells
        for y in 0..<height {
            let isRowDrawn = y < grid.height
            var x = 0
            while x < width {
                let cell = isRowDrawn && x < grid.width ? wanted[y * grid.width + x] : .blank
                if cell == cells[y * width + x] {
                    x += 1
                } else if cell.extent == .continuation {
                    // Only its style differs, and it shows in that of its left half.
                    cells[y * width + x] = cell
                    x += 1
                } else {
                    x = handOverRun(of: grid, x: x, y: y, depth: depth)
                    isChanged = true
                }
            }
        }
        return isChanged
    }

    /// Hands over the cells from a position on that differ and have one style; the column after them.
    private mutating func handOverRun(of grid: Grid, x start: Int, y: Int, depth: ColorDepth) -> Int {
        let style = grid[start, y].style
        var x = start
        run.removeAll(keepingCapacity: true)
        while x < width {
            let cell = grid[x, y]
            guard cell.style == style, cell != cells[y * width + x] else { break }
            switch cell.extent {
            case .wide where x + 1 < width:
                run += [cell.scalar.value, 0]
                cells[y * width + x + 1] = grid[x + 1, y]
            case .narrow: run.append(cell.scalar.value)
            // One half alone, at the edge of a window smaller than the grid.
            case .wide, .continuation: run.append(0x20)
            }
            cells[y * width + x] = cell
            x = start + run.count
        }
        let shown = style.quantized(to: depth)
        ct_put(
            Int32(y), Int32(start), run, Int32(run.count), shown.foreground.number, shown.background.number,
            UInt32(shown.attributes.rawValue))
        return x
    }
}

extension Color {
    /// The palette entry by which ncurses knows a colour.
    fileprivate var number: Int32 {
        switch self {
        case .indexed(let index): Int32(index)
        case .default, .rgb: CT_DEFAULT_COLOR
        }
    }
}
