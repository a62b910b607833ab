/// What a key can make the dashboard do.
enum Action: Hashable, CaseIterable, Sendable {
    // The clock.
    case playPause, stepEvent, rewind, faster, slower, previousMark, nextMark, mark
    // Faults.
    case inject, heal, healAll
    // Looking around.
    case nextPane, previousPane, up, down, pageUp, pageDown, first, last, open, back, zoom, why, follow, filter
    // A line or a form that is being filled in.
    case enter, cancel, complete, earlier, later, nextField, previousField, nextChoice, previousChoice
    case eraseBack, eraseForward, eraseAll, lineStart, lineEnd, charBack, charForward
    // The program.
    case prompt, save, help, theme, redraw, suspend, quit
}

/// What is in front, and so which keys mean what.
enum Scope: Hashable, CaseIterable, Sendable {
    /// Whatever is in front.
    case always
    /// The panes.
    case panes
    /// The detail of one thing, in place of the panes.
    case detail
    /// A text to read: the help, a chain of causes.
    case reading
    /// The line at the bottom, for a command or a filter.
    case prompt
    /// The form of a fault.
    case form

    /// How the help calls it.
    var title: String {
        switch self {
        case .always: "Everywhere"
        case .panes: "On the panes"
        case .detail: "In a detail"
        case .reading: "In a text"
        case .prompt: "At the prompt"
        case .form: "In the fault form"
        }
    }
}
