internal import CTerminal
public import Screen

/// The terminal that the program runs in: paints grids, reads keys.
///
/// While a value of this type lives the screen is the program's; when it ends, or the program does in whatever way
/// (exit, a signal, a trap), the terminal is as it was before. A request to end (SIGTERM, SIGINT, SIGHUP) arrives as
/// ``Input``; asked again, or not listening for three seconds, the process restores the screen and dies of the signal.
public struct Terminal: ~Copyable {
    /// How many colours can be shown; styles are brought down to it when painted.
    public let colorDepth: ColorDepth
    /// Whether anything but ASCII can be shown; choose the glyphs by it.
    public let isUTF8: Bool

    private var painted: Painted
    /// What came while something else was being waited for.
    var pendingInputs: [Input] = []

    /// Takes over the terminal of standard input and output.
    ///
    /// Without colours if `NO_COLOR` is set and not empty, or the terminal has none.
    /// - Parameter deepest: use no more colours than this, whatever the terminal has.
    public init(deepest: ColorDepth = .indexed256) throws(TerminalError) {
        switch ct_open() {
        case CT_OPENED: break
        case CT_ALREADY_OPEN: throw .alreadyOpen
        case CT_UNKNOWN_TERMINAL: throw .unknownTerminal
        case CT_TOO_DUMB: throw .tooDumb
        default: throw .notATerminal
        }
        colorDepth = min(deepest, ColorDepth(colorCount: Int(ct_color_count())))
        isUTF8 = ct_is_utf8()
        painted = Painted(width: Int(ct_width()), height: Int(ct_height()))
    }

    deinit { ct_close() }

    /// Columns and rows of the window.
    public var size: (width: Int, height: Int) { (Int(ct_width()), Int(ct_height())) }

    /// Shows a grid, from the upper left corner; sends only what differs from what is shown, nothing if nothing does.
    ///
    /// What the grid does not cover is blank; what the window does not hold is left out.
    public mutating func paint(_ grid: Grid) {
        if painted.width != size.width || painted.height != size.height {
            painted = Painted(width: size.width, height: size.height)
            ct_erase()
        }
        if painted.update(to: grid, depth: colorDepth) { ct_flush() }
    }

    /// Sends the whole screen again, should something else have written over it.
    public mutating func redraw() { ct_redraw() }

    /// Gives the terminal back to the shell and stops the whole job, as Ctrl-Z does elsewhere.
    ///
    /// Returns when the job is in front again; the next input is then ``Input/resumed``.
    public mutating func suspend() {
        ct_suspend(true)
        pendingInputs.append(.resumed)
    }
}

extension ColorDepth {
    fileprivate init(colorCount: Int) {
        switch colorCount {
        case 256...: self = .indexed256
        case 16...: self = .ansi16
        case 8...: self = .ansi8
        default: self = .mono
        }
    }
}
