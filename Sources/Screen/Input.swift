/// What a terminal tells a program.
public enum Input: Hashable, Sendable {
    /// A key was pressed.
    case key(Key)
    /// Text was pasted: it was not typed, so none of it is a command.
    case paste(String)
    /// The window has this many columns and rows now; draw everything anew.
    case resize(width: Int, height: Int)
    /// The program goes on after having been suspended: time has passed, and the window may have changed.
    case resumed
    /// Somebody asks the program to end (SIGTERM, SIGINT).
    case terminate
    /// The terminal is gone: save what matters and end.
    case hangUp
}
