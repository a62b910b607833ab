internal import Sagas
internal import Scenarios
internal import Simulation

// What an operator does with sagas: a menu of all that can be done, a question, and the command.

extension Dashboard {
    /// Opens the menu of the saga that is selected.
    mutating func openSagaMenu(_ session: Session) {
        guard case .saga(let request)? = selection(scene(session)) else {
            return say("select a saga first: 6 shows them all", isProblem: true)
        }
        let isOverDetail = if case .detail = front { true } else { false }
        var menu = SagaMenu(subject: .one(request), isOverDetail: isOverDetail)
        let rows = menu.rows(scene(session))
        guard !rows.isEmpty else { return say("the saga is over and no longer kept", isProblem: true) }
        menu.act = rows.first { $0.refusal == nil }?.act ?? .retry
        front = .menu(menu)
    }

    /// Opens the menu for all sagas of the list, of the saga of the plan that the selected one is of.
    mutating func openMenuForAll(_ session: Session) {
        if page != .sagas {
            sagas = SagaList(sagaQuery, of: session.simulation.world, session.simulation.plan)
        }
        let (world, plan) = (session.simulation.world, session.simulation.plan)
        var chosen: Int?
        if case .saga(let request)? = selection(scene(session)), let place = sagas.position(of: request) {
            chosen = Int(sagas.rows[place].plan)
        }
        let rows = sagas.rows.filter { !$0.isOver || $0.standing.needsOperator || $0.standing == .killed }
        guard let first = chosen ?? rows.first.map({ Int($0.plan) }) else {
            return say("no saga is in the list that anything could be done with", isProblem: true)
        }
        let meant = rows.filter { Int($0.plan) == first }
        guard !meant.isEmpty else { return say("nothing can be done with the sagas in the list", isProblem: true) }
        var many = SagaMenu.Many(
            plan: first, words: words(of: sagas.query, plan.sagas.count > 1 ? plan.sagas[first].definition.name : ""),
            count: meant.count, filter: sagas.query.text.isEmpty ? sagas.query.view.filter : nil)
        for act in SagaAct.allCases where !act.hasStep {
            let (able, refusals) = world.sagas(of: meant, thatCan: act.deed(step: 0, result: nil))
            many.able[act] = able
            many.refusals[act] = refusals.first.map { $0.reason.description }
        }
        var menu = SagaMenu(subject: .many(many), isOverDetail: false)
        menu.act = SagaAct.allCases.first { !(many.able[$0] ?? []).isEmpty } ?? .retry
        front = .menu(menu)
    }

    /// Which sagas a query means, behind their number.
    private func words(of query: SagaQuery, _ name: String) -> String {
        let kind = name.isEmpty ? "" : "of \(name) "
        let view = query.view.filter?.words ?? "over"
        return kind + view + (query.text.isEmpty ? "" : ", with \"\(query.text)\" in their row")
    }

    /// Does something in the menu.
    mutating func act(_ action: MenuAction, _ session: inout Session) {
        guard case .menu(var menu) = front else { return }
        switch action {
        case .choose: choose(menu, session)
        case .nextStep, .previousStep:
            menu.stepOffset += action == .nextStep ? 1 : -1
            front = .menu(menu)
        }
    }

    /// Goes up and down in the menu.
    func moved(_ menu: SagaMenu, _ move: Move, _ session: Session) -> SagaMenu {
        let acts = menu.rows(scene(session)).map(\.act)
        guard let position = acts.firstIndex(of: menu.act) else { return menu }
        var menu = menu
        menu.act = acts[move.target(from: position, page: 4, last: acts.count - 1)]
        menu.stepOffset = 0
        return menu
    }

    /// Asks whether what was chosen shall be done: the line at the bottom has the command, for a reason to be written.
    private mutating func choose(_ menu: SagaMenu, _ session: Session) {
        let scene = scene(session)
        guard let row = menu.rows(scene).first(where: { $0.act == menu.act }), let order = row.order else { return }
        if let refusal = row.refusal { return say("\(row.title): \(refusal)", isProblem: true) }
        guard let line = OrderLine(order, in: scene.plan) else { return }
        var prompt = Prompt(.command, "\(line.text) because \"\"")
        prompt.editor.move(to: prompt.editor.text.count - 1)
        prompt.asksAbout = line.text
        switch menu.subject {
        case .one(let request): prompt.question = "\(row.title) #\(request)? It \(row.effect)."
        case .many(let many):
            prompt.batch = many.filter == nil ? many.able[row.act] ?? [] : []
            let counts = "\(Figures.count(many.able[row.act]?.count ?? 0)) of \(Figures.count(many.count))"
            let rest = row.effect.dropFirst(counts.count + 2)
            prompt.question = "\(row.title) \(counts) sagas \(many.words)? \(rest)."
        }
        prompt.question += "  Enter: yes, Esc: no"
        front = .prompt(prompt)
    }

    /// Gives a command to each of many sagas.
    mutating func order(_ line: OrderLine, of batch: [UInt64], _ session: inout Session) {
        var (done, problem) = (0, "")
        for request in batch {
            var order = line.order
            order.selection = .one(request: request)
            guard let each = OrderLine(order, in: session.simulation.plan) else { continue }
            do throws(SyntaxProblem) {
                _ = try session.perform(.order(each))
                done += 1
            } catch {
                problem = error.message
            }
        }
        takeIn(&session, withSample: true)
        let failed = problem.isEmpty ? "" : "; \(Figures.count(batch.count - done)) could not: \(problem)"
        say("done with \(Figures.count(done, "saga"))\(failed)", isProblem: !problem.isEmpty)
    }
}
