/// A rectangle of cells; it may lie partly or wholly outside a grid.
public struct Rect: Hashable, Sendable {
    /// The leftmost column.
    public let x: Int
    /// The topmost row.
    public let y: Int
    /// Columns, never negative.
    public let width: Int
    /// Rows, never negative.
    public let height: Int

    /// A rectangle; positions are clamped to a million cells either way and sizes to 0...1 000 000, so that no
    /// arithmetic on them can overflow.
    public init(x: Int, y: Int, width: Int, height: Int) {
        let far = 1_000_000
        self.x = max(-far, min(x, far))
        self.y = max(-far, min(y, far))
        self.width = max(0, min(width, far))
        self.height = max(0, min(height, far))
    }

    /// The first column to the right of the rectangle.
    public var right: Int { x + width }
    /// The first row below the rectangle.
    public var bottom: Int { y + height }
    /// Whether it has no cells.
    public var isEmpty: Bool { width == 0 || height == 0 }

    /// What both rectangles cover; empty if they do not meet.
    public func intersection(_ other: Rect) -> Rect {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return Rect(
            x: left, y: top, width: min(right, other.right) - left, height: min(bottom, other.bottom) - top)
    }

    /// The rectangle without this many columns on either side and rows above and below.
    public func inset(horizontal: Int = 0, vertical: Int = 0) -> Rect {
        Rect(
            x: x + min(horizontal, width / 2), y: y + min(vertical, height / 2),
            width: width - 2 * min(horizontal, width / 2), height: height - 2 * min(vertical, height / 2))
    }

    /// The rectangle without a margin of this many cells all round.
    public func inset(by margin: Int) -> Rect { inset(horizontal: margin, vertical: margin) }

    /// One line of the rectangle, 0 the topmost; empty if there is no such line.
    public func line(_ index: Int) -> Rect {
        guard index >= 0, index < height else { return Rect(x: x, y: y, width: 0, height: 0) }
        return Rect(x: x, y: y + index, width: width, height: 1)
    }
}
