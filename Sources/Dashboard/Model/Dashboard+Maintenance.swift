internal import EventSourcing
internal import Scenarios
internal import Simulation

// What keys do with the projection, or the command bus, that is selected.

extension Dashboard {
    /// Asks whether a projection shall do something: the line at the bottom has the command, and above it stands what
    /// that means; Enter says yes, Esc no.
    mutating func ask(_ maintenance: Command.Maintenance, _ session: Session) {
        if maintenance == .replay, let bus = meantBus(session) { return askToReplay(deadLettersOf: bus, session) }
        guard let projection = meantProjection(session) else { return }
        let plan = session.simulation.plan
        let view = session.simulation.world.projection(projection)
        let name = plan.projections[projection].name
        let question: String
        switch maintenance {
        case .replay:
            guard view.setAside > 0 else { return say("\(name) has set nothing aside", isProblem: true) }
            let letters = Figures.count(view.setAside, "dead letter")
            question = "replay \(letters) of \(name) in \(Figures.count(view.streamsSetAside, "stream"))?"
        case .rebuild:
            if case .rebuilds = view.state { return say("\(name) is being rebuilt already", isProblem: true) }
            question = "rebuild \(name) from \(Figures.count(view.head.number, "event"))?"
        case .resume:
            question = "let \(name) go on?"
        }
        ask(question, before: command(maintenance, projection, plan))
    }

    /// Asks whether a bus shall carry out its dead letters again.
    private mutating func askToReplay(deadLettersOf bus: Int, _ session: Session) {
        let name = session.simulation.plan.buses[bus].name
        let view = session.simulation.world.commandBus(bus)
        guard view.deadLetters > 0 else { return say("\(name) has no dead letters", isProblem: true) }
        guard view.replay == nil else { return say("\(name) replays dead letters already", isProblem: true) }
        let letters = Figures.count(view.deadLetters, "dead letter")
        ask(
            "replay \(letters) of \(name) in \(Figures.count(view.sequencesParked, "sequence"))?",
            before: "replay \(TargetName(.bus(bus), in: session.simulation.plan).text)")
    }

    private mutating func ask(_ question: String, before command: String) {
        var prompt = Prompt(.command, command)
        prompt.question = "\(question)  Enter: yes, Esc: no"
        front = .prompt(prompt)
    }

    /// Lets a projection go on that has stopped.
    mutating func resume(_ session: inout Session) {
        guard let projection = meantProjection(session) else { return }
        let text = command(.resume, projection, session.simulation.plan)
        do throws(SyntaxProblem) {
            guard let command = try Command.parse(text[...], plan: session.original.plan) else { return }
            perform(command, &session)
        } catch {
            say(error.message, isProblem: true)
        }
    }

    private func command(_ maintenance: Command.Maintenance, _ projection: Int, _ plan: Plan) -> String {
        "\(maintenance.rawValue) \(TargetName(.projection(projection), in: plan).text)"
    }

    /// The projection that is selected, or else the only one.
    private mutating func meantProjection(_ session: Session) -> Int? {
        let scene = scene(session)
        switch selection(scene) {
        case .projection(let projection)?, .queryBus(let projection)?, .shard(let projection, _)?: return projection
        default: break
        }
        if scene.plan.projections.count == 1 { return 0 }
        let isAny = !scene.plan.projections.isEmpty
        say(
            isAny ? "select a projection first: 4, then Tab to the projections" : "the scenario has no projection",
            isProblem: true)
        return nil
    }
    /// The command bus that is selected, or else the only one of a scenario without projections.
    private func meantBus(_ session: Session) -> Int? {
        let scene = scene(session)
        if case .bus(let bus)? = selection(scene) { return bus }
        return scene.plan.projections.isEmpty && scene.plan.buses.count == 1 ? 0 : nil
    }
}

extension Item {
    /// What an operator can have done by it, besides faults.
    var maintenance: [RunAction] {
        switch self {
        case .projection: [.replay, .rebuild, .resume]
        case .bus: [.replay]
        default: []
        }
    }
}
