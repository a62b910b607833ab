/// A key, or a key held together with Control.
public enum Key: Hashable, Sendable {
    /// A character as typed; the space bar too.
    case character(Unicode.Scalar)
    /// Control with a character: an upper-case letter or one of `@ \ ] ^ _`. See ``init(controlled:)``.
    case control(Unicode.Scalar)
    /// F1 and up.
    case function(Int)
    /// The arrow keys.
    case up, down, left, right
    /// The keys that go far.
    case home, end, pageUp, pageDown
    /// Tab, and Tab with Shift.
    case tab, backTab
    /// Return.
    case enter
    /// Esc.
    case escape
    /// The keys that take away or put in.
    case backspace, delete, insert

    /// Control with a character, however that is written; nil for one that Control does nothing to.
    public init?(controlled scalar: Unicode.Scalar) {
        switch scalar {
        case "a"..."z": self = .control(Unicode.Scalar(UInt8(scalar.value) - 32))
        case "A"..."Z", "@", "\\", "]", "^", "_": self = .control(scalar)
        default: return nil
        }
    }
}
