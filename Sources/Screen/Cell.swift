/// One position of the screen: what is written there and how it looks.
public struct Cell: Hashable, Sendable {
    /// Always printable; a space in a cell that shows nothing.
    public let scalar: Unicode.Scalar
    /// Colours and attributes.
    public var style: Style
    /// How the cell shares its scalar with its neighbour.
    public let extent: Extent

    /// How many positions a scalar takes, and which of them this is.
    public enum Extent: UInt8, Sendable {
        /// The scalar takes this position alone.
        case narrow
        /// The scalar takes this position and the one to its right.
        case wide
        /// The right half of the wide scalar to the left.
        case continuation
    }

    /// A cell that shows `scalar`; one that would not just print (control, combining, invisible) is replaced.
    public init(_ scalar: Unicode.Scalar, _ style: Style = .plain) {
        let shown = scalar.printable
        let columns = shown.columns
        self.init(scalar: columns == 0 ? " " : shown, style: style, extent: columns == 2 ? .wide : .narrow)
    }

    private init(scalar: Unicode.Scalar, style: Style, extent: Extent) {
        self.scalar = scalar
        self.style = style
        self.extent = extent
    }

    /// A space in the terminal's own colours.
    public static let blank = Cell(scalar: " ", style: .plain, extent: .narrow)

    /// What stands to the right of a wide cell.
    static func continuation(of wide: Cell) -> Cell {
        Cell(scalar: " ", style: wide.style, extent: .continuation)
    }

    /// The cell with nothing in it but its style.
    var emptied: Cell { Cell(scalar: " ", style: style, extent: .narrow) }
}
