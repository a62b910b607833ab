public import Scenarios
public import Screen
internal import EventSourcing
internal import Simulation

/// The dashboard: what is selected, open and typed, and how that looks; the run itself is the session's.
///
/// Model, update, view: ``update(_:_:)`` takes what the terminal says and changes the dashboard, and through commands
/// the session; ``observe(_:)`` takes in what has happened since; ``view(_:)`` draws both and changes nothing.
public struct Dashboard: Sendable {
    /// The size of the screen.
    var width: Int
    var height: Int
    /// Which of the screens is shown.
    var page = Page.overview
    /// The pane that had the focus last on each screen.
    private var focuses: [Page: Pane] = [:]
    /// What is selected in each pane, if somebody has selected something; else it is the first line.
    var selections: [Pane: Item] = [:]
    /// What is in front.
    var front = Front.panes
    /// Whether the pane with the focus has the whole screen.
    var isZoomed = false
    /// Only events with this in them are shown.
    var eventFilter = ""
    /// Only events of the log with this in them are shown.
    var logFilter = ""
    /// Only lines of the access log with this in them are shown.
    var accessFilter = ""
    /// Where the pane of the log stands still; nil while it follows.
    var logHold: LogHold?
    /// The entry at which the events pane stands still; nil while it follows.
    var eventsHeldAt: EntryID?
    /// The lines typed at the prompt, oldest first.
    var typed: [String] = []
    /// Which sagas are listed, and in which order.
    var sagaQuery = SagaQuery()
    /// What somebody has kept of such queries, and which of them is shown.
    var keptQueries: [KeptQuery] = []
    var keptView: Int?
    /// The sagas of the list, and the one of them that is selected.
    var sagas = SagaList()
    var followed: FollowedSaga?
    /// The flows of the list.
    var flows = FlowList()
    /// What other caches would have had.
    var hindsights = Hindsights()
    /// The key of a cache that somebody has asked for, as it was typed; empty for the hottest ones.
    var askedKey = ""
    /// What the program has to say, for a while.
    var notice: Notice?
    var feed = EventFeed()
    var sample = Sample()
    var latencies = LoadLatencies()
    var tries = RecentTries()
    var traffic = RecentTraffic()
    var routeLatencies = RouteLatencies()
    private var observations = 0

    private var themes: [Theme]
    private var themeIndex = 0
    private let depth: ColorDepth
    private(set) var look: Look

    /// What is in front of the panes.
    enum Front: Hashable, Sendable {
        /// Nothing.
        case panes
        /// The detail of what is selected, scrolled down so many lines.
        case detail(scroll: Int)
        /// A text to read.
        case reading(Reading)
        /// A line to type.
        case prompt(Prompt)
        /// A fault to put together.
        case form(InjectForm)
        /// What can be done with sagas.
        case menu(SagaMenu)
    }

    /// A text in front of the panes.
    struct Reading: Hashable, Sendable {
        var title: String
        var lines: [Line]
        var scroll = 0
    }

    /// A dashboard for a terminal.
    /// - Parameters:
    ///   - width: columns of the screen.
    ///   - height: rows of the screen.
    ///   - themes: the themes to choose from, the first one in use; ``Theme/plain`` if there are none.
    ///   - depth: how many colours the terminal has.
    ///   - glyphs: the signs that it can show.
    public init(width: Int, height: Int, themes: [Theme] = [], depth: ColorDepth, glyphs: Glyphs) {
        self.width = width
        self.height = height
        self.themes = themes.isEmpty ? [.plain] : themes
        self.depth = depth
        look = Look(palette: self.themes[0].palette(for: depth), glyphs: glyphs)
    }

    /// Takes the next theme.
    mutating func changeTheme() {
        themeIndex = (themeIndex + 1) % themes.count
        look.palette = themes[themeIndex].palette(for: depth)
    }
}

extension Dashboard {
    /// The pane whose lines the arrow keys go through; to set it goes to its screen.
    var focus: Pane {
        get { focuses[page] ?? page.firstFocus }
        set {
            page = newValue.page
            focuses[page] = newValue
        }
    }
}

/// What the dashboard asks of the program.
public enum Effect: Hashable, Sendable {
    /// End.
    case quit
    /// Draw everything anew: what the terminal shows cannot be trusted.
    case redraw
    /// Give the terminal back and stop until the shell says otherwise.
    case suspend
    /// Write a text to a file, and tell ``Dashboard/say(_:isProblem:)`` what came of it.
    case write(text: String, file: String)
}

/// What the program has to say, for a while.
struct Notice: Hashable, Sendable {
    let text: String
    let isProblem: Bool
    private var age = 0

    init(_ text: String, isProblem: Bool = false) {
        self.text = text
        self.isProblem = isProblem
    }

    private static let longest = 50

    mutating func grow() { age += 1 }

    /// Whether it has been shown for long enough, about ten seconds.
    var isOld: Bool { age > Self.longest }
}

extension Dashboard {
    /// Shows a message for a while.
    public mutating func say(_ text: String, isProblem: Bool = false) {
        notice = Notice(text, isProblem: isProblem)
    }

    /// Takes in what has happened; to be called after the session has gone on and before it is drawn.
    public mutating func observe(_ session: inout Session) {
        let isDue = observations.isMultiple(of: Self.observationsPerSample) || !session.isGoing
        observations += 1
        notice?.grow()
        if notice?.isOld == true { notice = nil }
        takeIn(&session, withSample: isDue)
    }

    /// At five frames a second, what changes fastest changes twice or thrice: faster than that nobody can read it.
    private static let observationsPerSample = 2

    /// Takes in what has happened, what changes fastest too if it is due.
    mutating func takeIn(_ session: inout Session, withSample: Bool) {
        if let last = session.takeNotices().last { notice = Notice(last) }
        feed.follow(session.simulation)
        latencies.observe(session.simulation.history, loads: session.simulation.plan.loads.count)
        tries.observe(session.simulation.world, session.simulation.plan, session.simulation.history)
        traffic.observe(session.simulation.world, session.simulation.plan, session.simulation.history)
        if let held = logHold, held.position > session.simulation.world.cluster(ofStore: held.store).log.last.number {
            logHold = nil
        }
        if let held = eventsHeldAt, held >= session.simulation.journal.next { eventsHeldAt = nil }
        if withSample {
            sample = Sample(of: session.simulation.world, session.simulation.plan, rows: height, after: sample)
        }
        if withSample {
            takeInSagas(session)
            takeInFlows(session)
            takeInHindsights(session)
            takeInRoutes(session)
        }
    }

    /// What a frame shows.
    func scene(_ session: Session) -> Scene {
        Scene(
            world: session.simulation.world, journal: session.simulation.journal, history: session.simulation.history,
            plan: session.simulation.plan, commands: session.simulation.commands, status: RunStatus(session),
            events: feed.lines, transitions: feed.transitions,
            sample: sample, latencies: latencies, tries: tries, traffic: traffic,
            routeLatencies: routeLatencies, sagas: sagas, flows: flows,
            hindsights: page == .caches ? hindsights : Hindsights(), askedKey: shownKey, followed: followed)
    }

    /// What the panes show depends on this besides the scene.
    var choices: PaneContent.Choices {
        PaneContent.Choices(
            glyphs: look.glyphs, eventFilter: shown(eventFilter, on: .overview), eventsHeldAt: eventsHeldAt?.number,
            logFilter: shown(logFilter, on: .events), accessFilter: shown(accessFilter, on: .gateway),
            keptQuery: shownKeptName, logHold: logHold,
            selections: selections, rows: height)
    }

    /// The filter as it is typed counts already.
    private func shown(_ filter: String, on page: Page) -> String {
        if case .prompt(let prompt) = front, prompt.purpose == .filter, page == self.page { return prompt.editor.text }
        return filter
    }

    /// What is selected in a pane: what somebody selected if it is still there, else the first line.
    func selection(in pane: Pane, of items: [Item]) -> Item? {
        guard let chosen = selections[pane], items.contains(chosen) else { return items.first }
        return chosen
    }

    /// What is selected in the pane with the focus.
    func selection(_ scene: Scene) -> Item? {
        selection(in: focus, of: PaneContent.of(focus, scene, choices).table.items)
    }
}
