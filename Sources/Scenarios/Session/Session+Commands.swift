import Simulation
import Timeline

extension Session {
    /// Carries out a line as it is typed; nothing happens for an empty one.
    ///
    /// - Throws: what is wrong with it, by the number of characters before it.
    @discardableResult
    public mutating func perform(text: String) throws(SyntaxProblem) -> Errand? {
        guard let command = try Command.parse(text[...], plan: original.plan) else { return nil }
        return try perform(command, argumentAt: Command.argumentOffset(in: text[...]))
    }

    /// Carries out a command; returns what is left to the caller.
    ///
    /// - Throws: why it cannot be carried out, by the number of characters before the place in its description.
    @discardableResult
    public mutating func perform(_ command: Command) throws(SyntaxProblem) -> Errand? {
        try perform(command, argumentAt: Command.argumentOffset(in: "\(command)"))
    }

    /// - Parameter offset: where in its line stands what the command is about, for problems with that.
    private mutating func perform(_ command: Command, argumentAt offset: Int) throws(SyntaxProblem) -> Errand? {
        switch command {
        case .inject, .heal, .set, .force, .warm, .maintain, .replay, .order, .orderFlows, .deploy:
            try change(command, argumentAt: offset)
        case .caption, .mark: log.add(TimedCommand(at: now, command), isLive: true)
        case .pause: pause(for: .command)
        case .play: play()
        case .speed(let factor): speed = factor
        case .step(let stride): step(stride)
        case .run(let goal): try run(to: goal, at: offset)
        case .rewind(let destination): try rewind(to: destination, at: offset)
        case .save(let file): return .write(text: try savedText(), file: file)
        case .quit: return .quit
        }
        return nil
    }

    private mutating func pause(for reason: Pause) {
        goal = nil
        pause = reason
    }

    private mutating func play() {
        goal = nil
        pause = nil
        if judge.ending != nil { notice("the run is over; rewind to see it again") }
    }

    /// Does something to the world, one nanosecond from now.
    private mutating func change(_ command: Command, argumentAt offset: Int) throws(SyntaxProblem) {
        try check(command, argumentAt: offset)
        guard judge.ending == nil else { throw SyntaxProblem(at: 0, "the run is over; rewind first") }
        dropFuture()
        let time = now + .nanoseconds(1)
        log.add(TimedCommand(at: time, command), isLive: true)
        scheduleCommands(after: now)
        // Only the command itself: what the world does next is left to the clock.
        simulation.run(until: time, atMost: 0)
        furthest = now
        judge.look(at: simulation, changes: simulation.world.changes)
    }

    /// Makes sure that there is something to do.
    private func check(_ command: Command, argumentAt offset: Int) throws(SyntaxProblem) {
        switch command {
        case .set(let path, let value):
            do throws(SyntaxProblem) {
                _ = try scenario.changing(path, to: value)
            } catch {
                throw SyntaxProblem(at: offset + error.offset, error.message)
            }
        case .heal(.number(let number)):
            let faults = simulation.world.faultLog
            guard faults.indices.contains(number - 1) else {
                throw SyntaxProblem(at: offset, "there is no fault F\(number); so far there were \(faults.count)")
            }
            guard faults[number - 1].isActive else { throw SyntaxProblem(at: offset, "fault F\(number) has ended") }
        case .heal(.target(let target)):
            guard !simulation.world.faultsInForce(.target(target.target)).isEmpty else {
                throw SyntaxProblem(at: offset, "no fault is in force on \(target.name)")
            }
        case .maintain(let maintenance, let projection):
            if let objection = objection(to: maintenance, of: projection) {
                throw SyntaxProblem(at: offset, objection)
            }
        case .replay(let bus):
            guard simulation.world.deadLetters(ofBus: bus.index) > 0 else {
                throw SyntaxProblem(at: offset, "\(bus.name) has no dead letters")
            }
        case .order(let line):
            if let objection = simulation.world.objection(to: line.order) {
                throw SyntaxProblem(at: offset, objection)
            }
        case .orderFlows(let line):
            if let objection = simulation.world.objection(to: line.order) {
                throw SyntaxProblem(at: offset, objection)
            }
        case .warm(let service):
            switch scenario.plan.services[service.index].cache?.warming?.choice {
            case .popular, .first, .comingHour: break
            case .next, nil:
                let example = "set services.\(service.name).cache.warming.keys popular 100 at restart"
                throw SyntaxProblem(at: offset, "the cache of \(service.name) chooses no keys to warm; \(example)")
            }
        case .inject, .heal(.all), .force, .deploy, .caption, .mark, .pause, .play, .step, .run, .speed, .rewind,
            .save,
            .quit:
            break
        }
    }

    /// Why there is nothing to do with a projection; nil if there is.
    private func objection(to maintenance: Command.Maintenance, of projection: PlanName) -> String? {
        let view = simulation.world.projection(projection.index)
        switch (maintenance, view.state) {
        case (.replay, _) where view.setAside == 0: return "\(projection.name) has set nothing aside"
        case (.resume, .stopped): return nil
        case (.resume, _): return "\(projection.name) has not stopped"
        case (.rebuild, .rebuilds): return "\(projection.name) is being rebuilt already"
        case (.replay, _), (.rebuild, _): return nil
        }
    }

    /// After a rewind: what was done in the future that is given up does not happen again.
    private mutating func dropFuture() {
        guard furthest > now else { return }
        let dropped = log.drop(after: now, by: furthest)
        furthest = now
        guard let first = dropped.first else { return }
        let others = dropped.count > 1 ? " and \(dropped.count - 1) more" : ""
        notice("no longer to come: \(first.command.text)\(others)")
    }

    private mutating func step(_ stride: Command.Stride) {
        goal = nil
        pause = nil
        switch stride {
        case .events(let count): run(to: .distantFuture, atMost: count)
        case .length(let length): run(to: now + length)
        case .eventsBack(let count):
            simulation.stepBack(UInt64(count))
            goneBack(restedAt: now - .nanoseconds(1))
        }
        if pause == nil { pause = .stepped }
    }

    private mutating func run(to goal: Command.Goal, at offset: Int) throws(SyntaxProblem) {
        if case .instant(let instant) = goal, instant <= now {
            throw SyntaxProblem(at: offset, "\(instant.exactText) is behind; rewind to \(instant.exactText)")
        }
        guard judge.ending == nil else { throw SyntaxProblem(at: 0, "the run is over; rewind first") }
        self.goal = goal
        pause = nil
        if case .predicate(let predicate) = goal, predicate.holds(in: simulation, over: Coverage(before: now)) == true {
            notice("it holds already")
        }
    }

    private mutating func rewind(to destination: Command.Destination, at offset: Int) throws(SyntaxProblem) {
        let moment = try moment(of: destination, at: offset)
        guard now > .zero else { throw SyntaxProblem(at: 0, "this is the beginning") }
        guard moment < now else {
            throw SyntaxProblem(at: offset, "\(moment.exactText) is not behind; run to \(moment.exactText)")
        }
        simulation.seek(to: moment)
        goneBack(restedAt: moment)
        pause = .rewound
    }

    private func moment(of destination: Command.Destination, at offset: Int) throws(SyntaxProblem) -> Instant {
        switch destination {
        case .back(let length): return max(.zero, now - length)
        case .instant(let instant): return instant
        case .mark(let name):
            let marks = log.marks
            if let mark = marks.last(where: { $0.name == name && $0.time < now }) { return mark.time }
            if let mark = marks.first(where: { $0.name == name }) { return mark.time }
            throw SyntaxProblem(
                at: offset, "no moment is marked \"\(name)\"\(Spelling.hint(for: name, among: self.marks.map(\.name)))")
        }
    }

    /// Time was turned back: what was seen later is forgotten.
    private mutating func goneBack(restedAt moment: Instant) {
        goal = nil
        restedAt = moment
        judge.forget(after: now)
    }
}

extension Session {
    /// Puts the commands of the log that come after a moment, and the end of the load, before the simulation.
    mutating func scheduleCommands(after moment: Instant) {
        simulation.dropCommands(after: moment)
        for (time, action) in resolveLog() where time > moment {
            simulation.schedule(TimedAction(at: time, action))
        }
        if judge.loadEnd > moment, judge.loadEnd < .distantFuture {
            simulation.schedule(TimedAction(at: judge.loadEnd, .stopLoad))
        }
    }

    /// What the commands of the log do to the world, each on top of the settings that those before it have made.
    ///
    /// What cannot be done becomes an error of the run.
    private mutating func resolveLog() -> [(Instant, Action)] {
        var actions: [(Instant, Action)] = []
        errors = []
        revisions = []
        for entry in log.entries {
            switch entry.command.command {
            case .inject(let fault, _): actions.append((entry.time, .inject(fault)))
            case .heal(let healing): actions.append((entry.time, .heal(healing.selection)))
            case .force(let breaker, let hold):
                actions.append((entry.time, .force(edge: breaker.edge, stage: breaker.stage, hold)))
            case .replay(let bus): actions.append((entry.time, .replayCommands(bus: bus.index)))
            case .warm(let service): actions.append((entry.time, .warm(service: service.index)))
            case .deploy(let saga): actions.append((entry.time, .deploy(saga: saga.index)))
            case .order(let line): actions.append((entry.time, .order(line.order)))
            case .orderFlows(let line): actions.append((entry.time, .orderFlows(line.order)))
            case .maintain(let maintenance, let projection):
                actions.append((entry.time, maintenance.action(projection.index)))
            case .set(let path, let value):
                do throws(SyntaxProblem) {
                    let revised = try (revisions.last?.scenario ?? original).changing(path, to: value)
                    revisions.append(Revision(time: entry.time, scenario: revised))
                    actions.append((entry.time, .change(revised.plan)))
                } catch {
                    errors.append(RunError(time: entry.time, message: "\(entry.command.text): \(error.message)"))
                }
            case .caption, .mark, .pause, .play, .step, .run, .speed, .rewind, .save, .quit: break
            }
        }
        return actions
    }
}

extension Command.Maintenance {
    fileprivate func action(_ projection: Int) -> Action {
        switch self {
        case .replay: .replay(projection: projection)
        case .rebuild: .rebuild(projection: projection)
        case .resume: .restart(projection: projection)
        }
    }
}

extension Command.Healing {
    fileprivate var selection: FaultSelection {
        switch self {
        case .all: .all
        case .number(let number): .number(number)
        case .target(let target): .target(target.target)
        }
    }
}
