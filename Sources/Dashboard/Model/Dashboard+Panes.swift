internal import EventSourcing
internal import Scenarios
internal import Simulation

// What keys do with the panes and in lists and texts.

extension Dashboard {
    /// Does something with the panes.
    mutating func act(_ action: PaneAction, _ session: inout Session) {
        switch action {
        case .next: focus = neighbour(1, session.simulation.plan)
        case .previous: focus = neighbour(-1, session.simulation.plan)
        case .open: open(&session)
        case .zoom: isZoomed.toggle()
        case .back: goBack(session)
        case .filter where page == .caches, .lookUp: askForKey(session)
        case .filter: openFilter()
        case .follow: toggleFollow(session)
        case .setLimit: askForLimit(session)
        }
    }

    /// Goes to a screen; what is selected stays selected if it is there too.
    mutating func go(to page: Page, _ session: Session) {
        front = .panes
        guard page != self.page else { return }
        if let missing = page.whatIsMissing(in: session.simulation.plan) {
            say("the scenario has no \(missing): screen \(page.number) has nothing to show", isProblem: true)
            return
        }
        isZoomed = false
        let scene = scene(session)
        let selected = selection(scene)
        self.page = page
        let panes = page.panes(in: session.simulation.plan)
        if !panes.contains(focus), let first = panes.first { focus = first }
        if page == .sagas, case .flow? = selected {
            focus = .flowList
            selections[.flowList] = selected
            return
        }
        if page == .sagas, case .saga? = selected {
            selections[.sagaList] = selected
            return
        }
        for pane in panes {
            guard let selected, PaneContent.of(pane, scene, choices).table.items.contains(selected) else { continue }
            focus = pane
            selections[pane] = selected
            return
        }
    }

    private mutating func goBack(_ session: Session) {
        if isZoomed {
            isZoomed = false
        } else if page == .gateway, !accessFilter.isEmpty {
            accessFilter = ""
        } else if page == .events, !logFilter.isEmpty {
            logFilter = ""
        } else if page == .sagas, sagaQuery != SagaQuery() {
            if sagaQuery.text.isEmpty { sagaQuery = SagaQuery() } else { sagaQuery.text = "" }
            keptView = nil
        } else if page == .caches, !askedKey.isEmpty {
            askedKey = ""
        } else if page != .overview {
            go(to: .overview, session)
        } else {
            eventFilter = ""
        }
    }

    /// The pane of the screen that is so many places on, round and round.
    private func neighbour(_ step: Int, _ plan: Plan) -> Pane {
        let all = page.panes(in: plan)
        let position = all.firstIndex(of: focus) ?? 0
        return all[(position + step + all.count) % all.count]
    }

    /// Goes somewhere in the list or the text that is in front.
    mutating func go(_ move: Move, _ session: Session) {
        let page = max(1, height - 5)
        switch front {
        case .panes: select(move, page: max(1, height / 4), session)
        case .detail(let scroll):
            let lines = detailLineCount(session)
            front = .detail(scroll: move.target(from: scroll, page: page, last: max(0, lines - page)))
        case .reading(var reading):
            reading.scroll = move.target(from: reading.scroll, page: page, last: max(0, reading.lines.count - page))
            front = .reading(reading)
        case .menu(let menu): front = .menu(moved(menu, move, session))
        case .prompt, .form: break
        }
    }

    private mutating func select(_ move: Move, page: Int, _ session: Session) {
        let items =
            focus == .sagaList
            ? listedSagas
            : focus == .flowList ? listedFlows : PaneContent.of(focus, scene(session), choices).table.items
        guard let selected = selection(in: focus, of: items), let position = items.firstIndex(of: selected) else {
            return
        }
        selections[focus] = items[move.target(from: position, page: page, last: items.count - 1)]
        if focus == .events && eventsHeldAt == nil || focus == .log && logHold == nil { hold(session) }
    }

    private mutating func openFilter() {
        if page == .sagas {
            front = .prompt(Prompt(.filter, sagaQuery.text))
            return
        }
        if page == .gateway {
            focus = .accessLog
            front = .prompt(Prompt(.filter, accessFilter))
            return
        }
        focus = page == .events ? .log : .events
        front = .prompt(Prompt(.filter, page == .events ? logFilter : eventFilter))
    }

    private mutating func toggleFollow(_ session: Session) {
        focus = page == .events ? .log : .events
        if focus == .log ? logHold == nil : eventsHeldAt == nil {
            hold(session)
        } else if focus == .log {
            logHold = nil
            selections[.log] = nil
        } else {
            eventsHeldAt = nil
            selections[.events] = nil
        }
    }

    /// Lets the pane of the events or of the log stand still, so that nothing moves under the cursor.
    private mutating func hold(_ session: Session) {
        if focus == .log {
            let store = choices.shownStore
            guard session.simulation.plan.stores.indices.contains(store) else { return }
            let last = session.simulation.world.cluster(ofStore: store).log.last
            logHold = LogHold(store: store, position: last.number)
        } else {
            let next = session.simulation.journal.next
            if next.number > 1 { eventsHeldAt = EntryID(next.number - 1) }
        }
    }

    /// Opens what is selected; of an event, its moment.
    private mutating func open(_ session: inout Session) {
        guard let selected = selection(scene(session)) else { return }
        if case .event(let id) = selected, let line = feed.lines.first(where: { $0.id == id }) {
            eventsHeldAt = nil
            selections[.events] = selected
            perform(.rewind(.instant(line.time)), &session)
        } else {
            front = .detail(scroll: 0)
        }
    }
}

extension Move {
    /// Where it leads, from a line to one of 0...last.
    func target(from position: Int, page: Int, last: Int) -> Int {
        let target =
            switch self {
            case .up: position - 1
            case .down: position + 1
            case .pageUp: position - page
            case .pageDown: position + page
            case .first: 0
            case .last: last
            }
        return max(0, min(target, last))
    }
}
