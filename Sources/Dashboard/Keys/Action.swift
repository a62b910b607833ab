/// What a key can make the dashboard do.
enum Action: Hashable, Sendable {
    case run(RunAction)
    case pane(PaneAction)
    /// Goes to a screen.
    case page(Page)
    case move(Move)
    /// Closes the detail or the text in front.
    case close
    case line(LineAction)
    case form(FormAction)
    case saga(SagaAction)
    case menu(MenuAction)
    case program(ProgramAction)
}

/// What can be done to the run, and what opens something in front of the panes.
enum RunAction: Hashable, CaseIterable, Sendable {
    case playPause, rewind, stepEvent, faster, slower, mark, previousMark, nextMark
    case inject, heal, healAll, why
    /// Done with the projection, or the command bus, that is selected.
    case replay, rebuild, resume
    case prompt, save, theme, help
}

/// What can be done with the panes.
enum PaneAction: Hashable, CaseIterable, Sendable {
    case next, previous, open, zoom, back, filter, follow
    /// Asks which key of the cache that is selected shall be shown.
    case lookUp
    /// Begins a command that sets the limit of the gateway or the route that is selected.
    case setLimit
}

/// Where to go in a list or a text.
enum Move: Hashable, CaseIterable, Sendable {
    case up, down, pageUp, pageDown, first, last
}

/// What can be done with the line at the bottom.
enum LineAction: Hashable, CaseIterable, Sendable {
    case enter, cancel, complete, earlier, later, left, right, start, end, eraseBack, eraseForward, eraseAll
}

/// What can be done with the form of a fault.
enum FormAction: Hashable, CaseIterable, Sendable {
    case enter, cancel, nextField, previousField, nextChoice, previousChoice, eraseBack, eraseAll
}

/// What can be done with sagas, and with the list of them.
enum SagaAction: Hashable, CaseIterable, Sendable {
    case menu, menuForAll, nextView, previousView, nextOrder, keepView
}

/// What can be done in the menu of a saga.
enum MenuAction: Hashable, CaseIterable, Sendable {
    case choose, nextStep, previousStep
}

/// What is asked of the program.
enum ProgramAction: Hashable, CaseIterable, Sendable {
    case redraw, suspend, quit
}

/// What is in front, and so which keys mean what.
enum Scope: Hashable, CaseIterable, Sendable {
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
    /// The menu of what can be done with sagas.
    case menu
    /// Whatever is in front.
    case always

    /// How the help calls it.
    var title: String {
        switch self {
        case .panes: "On the panes"
        case .detail: "In a detail"
        case .reading: "In a text like this"
        case .prompt: "At the prompt"
        case .form: "In the form of a fault"
        case .menu: "In the menu of a saga"
        case .always: "Everywhere"
        }
    }
}
