internal import Scenarios
internal import Simulation
internal import Timeline

// What keys do on the panes and in a detail.

extension Dashboard {
    /// How far one press of the rewind key goes.
    private static let rewindStep = Duration.seconds(5)

    /// What a key does on the panes.
    mutating func actOnPanes(_ action: Action, _ session: inout Session) -> Effect? {
        switch action {
        case .nextPane: focus = focus.neighbour(1)
        case .previousPane: focus = focus.neighbour(-1)
        case .up: moveSelection(by: -1, session)
        case .down: moveSelection(by: 1, session)
        case .pageUp: moveSelection(by: -Self.page, session)
        case .pageDown: moveSelection(by: Self.page, session)
        case .first: moveSelection(by: -Self.far, session)
        case .last: moveSelection(by: Self.far, session)
        case .open: open(&session)
        case .zoom: isZoomed.toggle()
        case .back: stepBack()
        case .filter: front = .prompt(Prompt(.filter, eventFilter))
        case .follow: toggleFollow(session)
        default: actOnRun(action, &session)
        }
        return nil
    }

    /// What a key does in a detail.
    mutating func actOnDetail(_ action: Action, _ scroll: Int, _ session: inout Session) {
        switch action {
        case .up, .down, .pageUp, .pageDown, .first, .last:
            front = .detail(scroll: Self.scrolled(scroll, action, lines: detailLineCount(session), page: height - 4))
        case .back: front = .panes
        default: actOnRun(action, &session)
        }
    }

    /// What a key does to the run, to faults, or to the program.
    private mutating func actOnRun(_ action: Action, _ session: inout Session) {
        switch action {
        case .playPause: perform(session.isGoing ? .pause : .play, &session)
        case .stepEvent: perform(.step(.events(1)), &session)
        case .rewind: perform(.rewind(.back(Self.rewindStep)), &session)
        case .faster: perform(.speed(min(session.speed * 2, Self.speeds.upperBound)), &session)
        case .slower: perform(.speed(max(session.speed / 2, Self.speeds.lowerBound)), &session)
        case .previousMark, .nextMark: goToMark(action, &session)
        case .mark: perform(.mark("mark \(session.log.marks.count + 1)"), &session)
        case .inject: openForm(session)
        case .heal: healSelection(&session)
        case .healAll: perform(.heal(.all), &session)
        case .why: explain(session)
        case .prompt: front = .prompt(Prompt(.command))
        case .save: front = .prompt(Prompt(.command, "save "))
        case .help: front = .reading(Reading(title: "Keys", lines: HelpText.lines))
        case .theme: changeTheme()
        default: break
        }
    }

    /// Speeds that the keys reach.
    private static let speeds = 0.0625...1_024.0
    private static let page = 8
    private static let far = 1_000_000

    /// Undoes one thing at a time: the zoom, then the filter.
    private mutating func stepBack() {
        if isZoomed { isZoomed = false } else { eventFilter = "" }
    }

    private mutating func moveSelection(by step: Int, _ session: borrowing Session) {
        let scene = scene(session)
        let items = PaneContent.of(focus, scene, choices).table.items
        guard let selected = selection(in: focus, of: items), let position = items.firstIndex(of: selected) else { return }
        let target = items[max(0, min(position + step, items.count - 1))]
        selections[focus] = target
        if focus == .events, eventsHeldAt == nil { hold(session) }
    }

    private mutating func toggleFollow(_ session: borrowing Session) {
        if eventsHeldAt == nil {
            hold(session)
        } else {
            eventsHeldAt = nil
            selections[.events] = nil
        }
    }

    /// Lets the events pane stand still, so that nothing moves under the cursor.
    private mutating func hold(_ session: borrowing Session) {
        let next = session.simulation.journal.next
        if next.number > 1 { eventsHeldAt = EntryID(next.number - 1) }
    }

    /// Opens what is selected; of an event, its moment.
    private mutating func open(_ session: inout Session) {
        guard let selected = selection(scene(session)) else { return }
        if case .event(let id) = selected, let entry = feed.lines.first(where: { $0.id == id }) {
            eventsHeldAt = nil
            perform(.rewind(.instant(entry.time)), &session)
        } else {
            front = .detail(scroll: 0)
        }
    }

    private mutating func openForm(_ session: borrowing Session) {
        let scene = scene(session)
        let targets = selection(scene)?.faultTargets(scene) ?? Item.allFaultTargets(scene)
        if let form = InjectForm(targets, scene.plan) { front = .form(form) }
    }

    /// Heals the selected fault, or else the faults on what is selected.
    private mutating func healSelection(_ session: inout Session) {
        let scene = scene(session)
        guard let selected = selection(scene) else { return }
        if case .fault(let number) = selected {
            perform(.heal(.number(number)), &session)
            return
        }
        let own = selected.ownFaultTargets(scene)
        let numbers = scene.world.faultLog.indices.filter {
            scene.world.faultLog[$0].isActive && own.contains(scene.world.faultLog[$0].plan.target)
        }
        for number in numbers { perform(.heal(.number(number + 1)), &session) }
    }

    private mutating func explain(_ session: borrowing Session) {
        let scene = scene(session)
        guard let id = selection(scene)?.entryToExplain(scene) else {
            front = .reading(Reading(title: "Why?", lines: [Line("nothing has happened to it so far")]))
            return
        }
        let chain = session.simulation.chain(from: id)
        front = .reading(Reading(title: "Why?", lines: WhyText.lines(chain, scene, look.glyphs)))
    }

    private mutating func goToMark(_ action: Action, _ session: inout Session) {
        let now = session.now
        let times = session.log.marks.map(\.time)
        if action == .nextMark {
            if let next = times.filter({ $0 > now }).min() { perform(.run(.instant(next)), &session) }
        } else {
            perform(.rewind(.instant(times.filter { $0 < now }.max() ?? .zero)), &session)
        }
    }
}

extension Pane {
    /// The pane so many places on, round and round.
    func neighbour(_ step: Int) -> Pane {
        let all = Pane.allCases
        let position = all.firstIndex(of: self) ?? 0
        return all[(position + step + all.count) % all.count]
    }
}
