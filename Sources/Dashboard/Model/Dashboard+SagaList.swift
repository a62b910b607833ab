internal import Sagas
internal import Scenarios
internal import Simulation

// What keys do with the list of sagas, and how it keeps up with what happens.

extension Dashboard {
    /// Does something with sagas.
    mutating func act(_ action: SagaAction, _ session: inout Session) {
        switch action {
        case .menu, .menuForAll:
            if case .flow? = selection(scene(session)) {
                proposeFlowOrder(forAll: action == .menuForAll, session)
            } else if action == .menu {
                openSagaMenu(session)
            } else {
                openMenuForAll(session)
            }
        case .nextView, .previousView, .nextOrder, .keepView:
            guard page == .sagas else {
                return say("6 shows the sagas: there it changes what is listed", isProblem: true)
            }
            guard focus == .sagaList else {
                return say(
                    "flows are listed worst first; / filters them, and so does orphan, parked or done", isProblem: true)
            }
            switch action {
            case .nextView: changeView(1)
            case .previousView: changeView(-1)
            case .nextOrder: sagaQuery.order = sagaQuery.order.moved(by: 1)
            default: front = .prompt(Prompt(.viewName, keptView.map { keptQueries[$0].name } ?? ""))
            }
        }
    }

    /// The next view, those that somebody has kept after all others.
    private mutating func changeView(_ step: Int) {
        let own = SagaQuery.View.allCases
        let count = own.count + keptQueries.count
        let position = keptView.map { own.count + $0 } ?? own.firstIndex(of: sagaQuery.view) ?? 0
        let next = (position + step + count) % count
        if next < own.count {
            if keptView != nil { sagaQuery = SagaQuery() }
            sagaQuery.view = own[next]
            keptView = nil
        } else {
            keptView = next - own.count
            sagaQuery = keptQueries[next - own.count].query
        }
    }

    /// Keeps the view, its order and its filter under a name; with no name, drops the one that is shown.
    mutating func keepView(_ name: String) {
        let name = name.split(separator: " ").joined(separator: " ")
        guard !name.isEmpty else {
            if let kept = keptView { keptQueries.remove(at: kept) }
            keptView = nil
            return
        }
        let kept = KeptQuery(name: name, query: sagaQuery)
        keptQueries.removeAll { $0.name == name }
        keptQueries.append(kept)
        keptView = keptQueries.count - 1
        say("kept as \(name): v comes to it after the other views")
    }

    /// The query in force: a filter counts already while it is typed.
    var shownSagaQuery: SagaQuery {
        var query = sagaQuery
        if page == .sagas, case .prompt(let prompt) = front, prompt.purpose == .filter {
            query.text = prompt.editor.text
        }
        return query
    }

    /// Under which name what is shown is kept; nothing if it is not, or not any more.
    var shownKeptName: String {
        guard let kept = keptView, keptQueries.indices.contains(kept), keptQueries[kept].query == shownSagaQuery else {
            return ""
        }
        return keptQueries[kept].name
    }

    /// Looks at the sagas again: at all of them if they are shown, and closely at the one that is selected.
    mutating func takeInSagas(_ session: Session) {
        let (world, plan) = (session.simulation.world, session.simulation.plan)
        guard !plan.sagas.isEmpty else { return }
        if page == .sagas { listSagas(shownSagaQuery, world, plan) }
        follow(session)
    }

    private mutating func listSagas(_ query: SagaQuery, _ world: World, _ plan: Plan) {
        var chosen: SagaRow?
        // What somebody has chosen stays in the list, whatever becomes of it, until he wants to see another list.
        if sagas.query == query, case .saga(let request)? = selections[.sagaList], followed?.request == request {
            chosen = followed?.row
        }
        guard !sagas.isCurrent(query, of: world, chosen: chosen?.request ?? 0) else { return }
        sagas = SagaList(query, of: world, plan, chosen: chosen)
    }

    private mutating func follow(_ session: Session) {
        let (world, journal) = (session.simulation.world, session.simulation.journal)
        var row: SagaRow?
        if page == .sagas {
            if case .saga(let request)? = selections[.sagaList], let place = sagas.position(of: request) {
                row = sagas.rows[place]
            } else {
                row = sagas.rows.first
            }
        }
        var request = row?.request
        if page == .overview, focus == .sagas, case .saga(let chosen)? = selection(scene(session)) { request = chosen }
        guard let request else { return followed = nil }
        if followed?.request == request, followed?.follow(world, journal) == true { return }
        followed = FollowedSaga(request, row: row, world, journal)
    }

    /// The items of the list, however many there are, for keys to go through.
    var listedSagas: [Item] { sagas.rows.map { .saga(request: $0.request) } }
}
