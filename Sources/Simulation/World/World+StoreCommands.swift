import CQRS
import EventSourcing
import Orders
import Timeline

// Commands to aggregates: read the events, decide, append, and again if somebody else was faster.

extension World {
    /// A call asks something of an aggregate: the service waits until the store has answered.
    mutating func beginCommand(_ index: UInt32, _ plan: CommandPlan) {
        let frame = frames[index]
        frames[index].phase = .appending
        let stream = stores[plan.store].stream(about: Self.subject(of: frame, plan.kind.category))
        let fact = Fact(
            kind: plan.kind, request: frame.request, saga: frame.errand.saga, operation: frame.operation,
            amount: frame.amount, schema: UInt8(clamping: stores[plan.store].plan.schema), cause: frame.cause)
        let event = EventID(high: frame.request, low: UInt64(frame.operation) << 16 | UInt64(frame.errand.step))
        let matter = CommandMatter(plan: plan, stream: stream, fact: fact, isUndo: frame.errand.kind == .undo)
        if let bus = plan.bus { return send(index, matter, event, on: bus) }
        beginCommand(matter, event, for: .frame(frames.id(of: index)))
    }

    /// Somebody has a command carried out: the aggregate is read first.
    mutating func beginCommand(_ matter: CommandMatter, _ event: EventID, for owner: CommandOwner) {
        let (store, stream) = (matter.plan.store, matter.stream)
        let slot = stores.open(
            StoreHost.Command(
                owner: owner, plan: matter.plan, stream: stream, event: event, fact: matter.fact,
                isUndo: matter.isUndo))
        let service = services.service(of: matter.fact.operation)
        stores[command: slot].node = UInt8(stores[store].node(askedBy: service, about: stream))
        stores[command: slot].limit = port.schedule(after: stores[store].plan.answerTime, .commandLimit(slot))
        read(slot)
    }

    /// What a call is about: an aggregate of each kind for a saga, a key or a request.
    static func subject(of frame: Frame, _ category: CommandPlan.Category) -> UInt64 {
        let category = UInt64(category.rawValue) << 60
        if frame.errand.kind == .none, frame.key > 0 { return category | 1 << 59 | UInt64(frame.key) }
        return category | frame.request & 0x07ff_ffff_ffff_ffff
    }

    /// Has the node read the aggregate's events; that takes its time, there and back.
    private mutating func read(_ slot: UInt32) {
        let command = stores[command: slot]
        let store = command.plan.store
        guard reaches(command.node, of: store) else { return askAgain(slot, at: nil) }
        stores[command: slot].phase = .reading
        let events = stores[store].read(command.stream, on: Int(command.node)).events
        let length =
            stores[store].crossing() + stores[store].plan.reading * Int64(events) + stores[store].crossing()
        stores[command: slot].timer = port.schedule(after: length, .commandGoesOn(slot))
    }

    /// What a command was waiting for is over: it has been read, it has reached the node, or its answer is back.
    mutating func commandGoesOn(_ slot: UInt32) {
        stores[command: slot].timer = .none
        switch stores[command: slot].phase {
        case .reading: decide(slot)
        case .waiting: read(slot)
        case .asking: append(slot)
        case .answering: commandDone(slot)
        case .appending, .free: break
        }
    }

    /// The aggregate decides.
    private mutating func decide(_ slot: UInt32) {
        let command = stores[command: slot]
        let store = command.plan.store
        let reading = stores[store].read(command.stream, on: Int(command.node))
        stores[store].totals.eventsRead += UInt64(reading.events)
        stores[command: slot].basis = reading.basis
        stores[command: slot].entry = reading.head
        if stores[store].holds(command.event, in: command.stream, as: reading) {
            stores[store].totals.repeated += 1
            return commandDone(slot)
        }
        switch reading.state.answer(to: command.plan.kind) {
        case .isDone:
            stores[store].totals.done += 1
            commandDone(slot)
        case .refused where !command.isUndo || !reading.state.hasNothing(toUndoBy: command.plan.kind):
            stores[store].totals.refused += 1
            commandFailed(slot, .invalid)
        case .happens, .refused:
            // An undo that comes first is written down, so that what it takes back is refused when it comes.
            let isVoid = command.isUndo && reading.state.hasNothing(toUndoBy: command.plan.kind)
            stores[command: slot].fact.isVoid = isVoid
            stores[command: slot].fact.cause = port.note(
                .decided, .store(UInt16(store)), why: .events(UInt32(clamping: reading.events)),
                request: command.fact.request, cause: command.fact.cause)
            stores[command: slot].phase = .asking
            stores[command: slot].timer = port.schedule(after: stores[store].crossing(), .commandGoesOn(slot))
        }
    }

    /// The append has reached the node.
    private mutating func append(_ slot: UInt32) {
        let command = stores[command: slot]
        let store = command.plan.store
        guard reaches(command.node, of: store) else { return askAgain(slot, at: nil) }
        stores[command: slot].phase = .appending
        var fact = command.fact
        fact.latestRequest = requestsArrived
        let payload = stores[store].facts.add(fact)
        switch command.basis {
        case .version(let version):
            var effects: [ClusterEffect] = []
            stores[store].cluster.append(
                ticket: stores.ticket(of: slot), [StoreCluster.ProposedEvent(id: command.event, payload: payload)],
                to: command.stream, expecting: version.map { .exactly($0) } ?? .noStream,
                at: Int(command.node), now: port.now, &effects)
            carryOut(effects, of: store)
        case .vector(let vector):
            let append = Parcel.Append(
                ticket: stores.ticket(of: slot), stream: command.stream, event: command.event, payload: payload,
                vector: vector)
            write(Parcel(append, at: command.node), of: store)
        }
    }

    /// A node has answered an append.
    mutating func answered(_ ticket: UInt64, _ answer: ClusterAnswer) {
        guard let slot = stores.command(withTicket: ticket) else { return }
        switch answer {
        case .appended(let entry):
            stores[command: slot].entry = entry
            stores[command: slot].hasAppended = true
            goBack(slot)
        case .wasThere(let entry):
            stores[command: slot].entry = entry
            stores[stores[command: slot].plan.store].totals.repeated += 1
            goBack(slot)
        case .wrongVersion, .partlyThere: conflict(slot)
        case .notLeader(let hint): askAgain(slot, at: hint)
        case .notYetReplicated, .unknown: askAgain(slot, at: nil)
        }
    }

    mutating func goBack(_ slot: UInt32) {
        stores[command: slot].phase = .answering
        let crossing = stores[stores[command: slot].plan.store].crossing()
        stores[command: slot].timer = port.schedule(after: crossing, .commandGoesOn(slot))
    }

    /// Somebody else has appended since the aggregate was read: it is read again, as often as allowed.
    mutating func conflict(_ slot: UInt32) {
        let command = stores[command: slot]
        let store = command.plan.store
        stores[store].totals.conflicts += 1
        switch command.owner {
        case .frame(let frame) where frames.isAlive(frame):
            note(frame.index, .conflicted, .itself, at: .store(UInt16(store)))
        case .frame: break
        case .handler:
            // Whether it is decided anew is up to the bus.
            port.note(.conflicted, .store(UInt16(store)), request: command.fact.request, cause: command.fact.cause)
            return commandFailed(slot, .conflict)
        }
        guard Int(command.conflicts) < stores[store].plan.conflictRetries else {
            stores[store].totals.gaveUp += 1
            return commandFailed(slot, .conflict)
        }
        stores[command: slot].conflicts += 1
        read(slot)
    }

    /// The node does not lead, or cannot say yet: another one is asked, or the same again, after a while.
    private mutating func askAgain(_ slot: UInt32, at hint: Int?) {
        let command = stores[command: slot]
        let store = command.plan.store
        let service = services.service(of: command.fact.operation)
        stores[store].correct(service, about: command.stream, asked: command.node, leader: hint)
        stores[command: slot].node = UInt8(stores[store].node(askedBy: service, about: command.stream))
        // What one node knew when it was read says nothing of another that does without the first.
        let isReadAgain = command.phase == .reading || stores[store].available != nil
        stores[command: slot].phase = isReadAgain ? .waiting : .asking
        stores[command: slot].timer = port.schedule(after: Self.askingPause, .commandGoesOn(slot))
    }

    private static let askingPause = Duration.milliseconds(20)

    /// The service has waited for the store for as long as it does.
    mutating func commandLimit(_ slot: UInt32) {
        let command = stores[command: slot]
        stores[command: slot].limit = .none
        stores[command.plan.store].totals.timedOut += 1
        // Whoever leads there, it does not answer: the next command asks another node.
        let service = services.service(of: command.fact.operation)
        stores[command.plan.store].correct(service, about: command.stream, asked: command.node, leader: nil)
        commandFailed(slot, .timedOut)
    }

    private mutating func commandDone(_ slot: UInt32) {
        let command = stores[command: slot]
        stores.close(slot, &port)
        switch command.owner {
        case .frame(let frame):
            guard frames.isAlive(frame), frames[frame.index].phase == .appending else {
                if command.hasAppended { cannotPublish(command.entry, of: command.plan.store) }
                return
            }
            if let position = published(by: command) {
                frames[frame.index].written = Written(at: position, in: command.plan.store)
            }
            commandReturned(to: frame.index)
        case .handler(let handler):
            handled(handler, published(by: command).map { .done(Self.receipt($0)) } ?? .pass)
        }
    }

    /// Has what a command has appended published; returns where that stands in the log, or where the aggregate's last
    /// event does if there was nothing to append. Nil for an aggregate without events.
    private mutating func published(by command: StoreHost.Command) -> Position? {
        guard command.entry != 0 else { return nil }
        if command.hasAppended { publish(command.entry, of: command.plan.store) }
        return stores[command.plan.store].cluster.tree[command.entry].position
    }

    mutating func commandFailed(_ slot: UInt32, _ failure: Failure) {
        let owner = stores[command: slot].owner
        stores.close(slot, &port)
        guard case .frame(let frame) = owner else { return handlerFailed(owner, failure) }
        if frames.isAlive(frame), frames[frame.index].phase == .appending { fail(frame.index, failure) }
    }
}
