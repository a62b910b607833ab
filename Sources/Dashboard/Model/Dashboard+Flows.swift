internal import Scenarios
internal import Simulation

// What keys do with the list of flows, and how it keeps up with what happens.

extension Dashboard {
    /// Looks at the flows again, if they are shown.
    mutating func takeInFlows(_ session: Session) {
        let (world, plan) = (session.simulation.world, session.simulation.plan)
        guard !plan.choreographies.isEmpty, page == .sagas else { return }
        flows = FlowList(shownSagaQuery.text, of: world, plan)
    }

    /// The items of the list, however many there are, for keys to go through.
    var listedFlows: [Item] { flows.rows.map { .flow(request: $0.request) } }

    /// Writes the likeliest order for the flow that is selected, or for all that stand like it, at the prompt; Tab shows
    /// what else can stand there.
    mutating func proposeFlowOrder(forAll: Bool, _ session: Session) {
        guard case .flow(let request)? = selection(scene(session)),
            let flow = session.simulation.world.flow(ofRequest: request)
        else { return say("no flow is selected", isProblem: true) }
        guard !flow.standing.isOver else {
            return say("the flow is over: nothing can be done with it", isProblem: true)
        }
        let deed: FlowOrder.Deed = flow.standing == .parked ? .resume : flow.lapses > 0 ? .resend : .close
        let order = FlowOrder(deed, plan: flow.plan, forAll ? .all(flow.standing) : .one(request: request))
        guard let line = FlowOrderLine(order, in: session.simulation.plan) else { return }
        var prompt = Prompt(.command, "\(line.text) because \"")
        if forAll {
            let count = session.simulation.world.flows(meantBy: order).count
            prompt.question = "\(Figures.count(count, "flow")) can obey: Enter orders it, Esc does not"
            prompt.asksAbout = line.text
        }
        front = .prompt(prompt)
    }
}
