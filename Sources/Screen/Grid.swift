/// A screenful of cells, `x` columns from the left and `y` rows from the top.
///
/// Nothing here traps on a position outside: what does not fit is not drawn, and reads as blank.
/// A wide scalar always has both of its cells; whoever overwrites one half empties the other.
public struct Grid: Hashable, Sendable {
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int
    /// All cells, row after row.
    public private(set) var cells: [Cell]

    /// No side is longer than this, whatever a terminal claims.
    public static let longestSide = 2_000

    /// A blank grid; its sides are clamped to 0...``longestSide``.
    public init(width: Int, height: Int) {
        self.width = max(0, min(width, Self.longestSide))
        self.height = max(0, min(height, Self.longestSide))
        cells = Array(repeating: .blank, count: self.width * self.height)
    }

    /// The whole grid as a rectangle.
    public var bounds: Rect { Rect(x: 0, y: 0, width: width, height: height) }

    /// The cell at a position; blank outside, where writing has no effect.
    public subscript(x: Int, y: Int) -> Cell {
        get { contains(x, y) ? cells[y * width + x] : .blank }
        set { if contains(x, y) { place(newValue, x, y) } }
    }

    /// Changes how an area looks, whatever is written there.
    public mutating func restyle(_ area: Rect, _ change: (inout Style) -> Void) {
        let area = area.intersection(bounds)
        for y in area.y..<area.bottom {
            for x in area.x..<area.right { change(&cells[y * width + x].style) }
        }
    }

    private func contains(_ x: Int, _ y: Int) -> Bool { x >= 0 && x < width && y >= 0 && y < height }

    private mutating func place(_ cell: Cell, _ x: Int, _ y: Int) {
        let index = y * width + x
        separate(index)
        switch cell.extent {
        case .narrow: cells[index] = cell
        case .continuation: cells[index] = cell.emptied
        case .wide where x + 1 == width: cells[index] = cell.emptied
        case .wide:
            separate(index + 1)
            cells[index] = cell
            cells[index + 1] = .continuation(of: cell)
        }
    }

    /// Empties the other half of a wide scalar of which one half is about to be overwritten.
    private mutating func separate(_ index: Int) {
        switch cells[index].extent {
        case .narrow: break
        case .wide: cells[index + 1] = cells[index + 1].emptied
        case .continuation: cells[index - 1] = cells[index - 1].emptied
        }
    }
}
