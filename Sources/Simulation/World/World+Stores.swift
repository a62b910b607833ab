import CQRS
public import EventSourcing
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

    /// Whether a node takes calls: it runs, and does not stand still.
    func reaches(_ node: UInt8, of store: Int) -> Bool {
        guard faults.areActive else { return true }
        return faults.fault(.crash, onNode: Int(node), ofStore: store) == nil
            && faults.fault(.pause, onNode: Int(node), ofStore: store) == nil
    }

    /// Carries out what the nodes of a store ask for; what counts takes its effect before anybody is told.
    mutating func carryOut(_ effects: [ClusterEffect], of store: Int) {
        let others =
            faults.areActive
            ? stores.carryOut(effects, of: store, slower: { faults.slowsDisk(ofNode: $0, store: store) }, &port)
            : stores.carryOut(effects, of: store, &port)
        for effect in others {
            switch effect {
            case .answer(let ticket, let answer): answered(ticket, answer)
            case .counts(let entry): takeEffect(of: entry, in: store)
            case .leads(let node, _, let epoch):
                if epoch > 1 {
                    port.note(.leads, .store(UInt16(store)), why: .node(UInt8(node), epoch: epoch))
                }
            case .lost(_, let entries):
                port.note(.eventsLost, .store(UInt16(store)), why: .count(UInt32(clamping: entries)))
            case .send, .write, .wake: break
            }
        }
        port.touched.insert(.stores)
        tellProjections(of: store)
    }

    /// Something between the nodes of a store, or on a disk, is due.
    mutating func storeWorks(_ slot: UInt32) {
        let work = stores.take(slot)
        if faults.areActive, isHeldUp(work) { return }
        handle(work)
    }

    /// A copy of a partition is called.
    mutating func storeWakes(_ code: UInt32) {
        let (store, replica) = (Int(code >> 16), Int(code & 0xffff))
        stores[store].timers[replica] = .none
        let work = StoreHost.Work(store: UInt16(store), kind: .wake(replica: replica))
        if faults.areActive, isHeldUp(work) { return }
        handle(work)
    }

    mutating func handle(_ work: StoreHost.Work) {
        let store = Int(work.store)
        var effects: [ClusterEffect] = []
        switch work.kind {
        case .message(let message): stores[store].cluster.receive(message, at: port.now, &effects)
        case .written(let replica, let tip):
            stores[store].cluster.written(replica, tip: tip, at: port.now, &effects)
        case .wake(let replica): stores[store].cluster.wake(replica, at: port.now, &effects)
        case .parcel(let slot): return parcelComes(slot, to: store)
        case .kept(let slot): return parcelKept(slot, of: store)
        case .round(let node): return beginRound(of: node, in: store)
        }
        carryOut(effects, of: store)
    }

    /// Whether a fault keeps something from its node, for now or for ever.
    mutating func isHeldUp(_ work: StoreHost.Work) -> Bool {
        let (store, node) = (Int(work.store), stores.node(of: work))
        if faults.fault(.pause, onNode: node, ofStore: store) != nil {
            stores.hold(work)
            return true
        }
        guard let (sender, receiver) = stores.ends(of: work) else { return false }
        for end in [sender, receiver] {
            guard let cut = faults.fault(.cut, onNode: end, ofStore: store) else { continue }
            faults.hit(cut)
            isLost(work, by: cut)
            return true
        }
        for end in [sender, receiver] where faults.loses(messageOfNode: end, ofStore: store) {
            isLost(work, by: faults.fault(.lose, onNode: end, ofStore: store))
            return true
        }
        return false
    }

    /// A node of an event store dies.
    mutating func crash(node: Int, of store: Int, by fault: Int) {
        faults.hit(fault)
        stores[store].crash(node)
        port.note(.crashed, .store(UInt16(store)), why: .node(UInt8(node), epoch: 0), cause: faults.faults[fault].entry)
        port.touched.insert(.stores)
    }

    /// A node of an event store comes back, unless another fault holds it down.
    mutating func restart(node: Int, of store: Int, cause: EntryID) {
        guard faults.fault(.crash, onNode: node, ofStore: store) == nil else { return }
        let entry = port.note(.restarted, .store(UInt16(store)), why: .node(UInt8(node), epoch: 0), cause: cause)
        guard stores[store].available == nil else { return rejoin(node, in: store, cause: entry) }
        var effects: [ClusterEffect] = []
        stores[store].cluster.restart(node, at: port.now, &effects)
        carryOut(effects, of: store)
    }

    /// A node of an event store goes on, as if no time had passed, unless another fault holds it.
    mutating func resume(node: Int, of store: Int) {
        guard faults.fault(.pause, onNode: node, ofStore: store) == nil else { return }
        stores[store].available?.returned(node)
        for work in stores.release(node, of: store) { handle(work) }
    }

    /// A node has answered an append.
    private mutating func answered(_ ticket: UInt64, _ answer: ClusterAnswer) {
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

    /// An event counts: what its operation books is booked here and nowhere else.
    private mutating func takeEffect(of entry: UInt32, in store: Int) {
        stores[store].takeEffect(of: entry)
        takeEffect(ofFact: stores[store].cluster.tree[entry].payload, in: store)
    }

    /// What an event says takes its effect.
    mutating func takeEffect(ofFact number: UInt64, in store: Int) {
        let fact = stores[store].facts[number]
        stores[store].totals.count(fact.kind.category)
        let noted = port.note(
            .appended, .store(UInt16(store)), request: fact.request, cause: fact.cause)
        stores[store].facts[number].cause = noted
        guard !fact.isVoid, let account = scripts.account(fact.operation) else { return }
        ledger.book(fact.amount, to: account, saga: fact.saga, request: fact.request)
        port.note(
            .booked, .ledger, why: .cents(fact.amount, account: UInt16(account)), request: fact.request, cause: noted)
        port.touched.insert(.ledger)
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
        let store = command.plan.store
        stores.close(slot, &port)
        guard case .frame(let frame) = command.owner else { return commandDone(command) }
        guard frames.isAlive(frame), frames[frame.index].phase == .appending else {
            if command.hasAppended { cannotPublish(command.entry, of: store) }
            return
        }
        if command.entry != 0 {
            let position = stores[store].cluster.tree[command.entry].position
            frames[frame.index].written = UInt32(clamping: position.number)
            if command.hasAppended { publish(command.entry, of: store) }
        }
        commandReturned(to: frame.index)
    }

    /// A handler's command has been carried out.
    private mutating func commandDone(_ command: StoreHost.Command) {
        guard case .handler(let handler) = command.owner else { return }
        guard command.entry != 0 else { return handled(handler, .pass) }
        if command.hasAppended { publish(command.entry, of: command.plan.store) }
        handled(handler, .done(Self.receipt(stores[command.plan.store].cluster.tree[command.entry].position)))
    }

    mutating func commandFailed(_ slot: UInt32, _ failure: Failure) {
        let owner = stores[command: slot].owner
        stores.close(slot, &port)
        guard case .frame(let frame) = owner else { return handlerFailed(owner, failure) }
        if frames.isAlive(frame), frames[frame.index].phase == .appending { fail(frame.index, failure) }
    }
}

// What can be seen of the event stores from outside. Indices are those of the plan.

extension World {
    /// What an event store has done so far.
    public func storeTotals(_ store: Int) -> StoreTotals { stores[store].totals }

    /// The nodes of an event store, with what they have written. If it prefers availability they have written nothing:
    /// see ``availableNodes(ofStore:)``.
    public func cluster(ofStore store: Int) -> StoreCluster { stores[store].cluster }

    /// How many events of an event store count.
    public func eventsCommitted(inStore store: Int) -> UInt64 {
        stores[store].available?.events ?? stores[store].cluster.log.committedCount
    }

    /// The nodes of an event store that prefers availability; nil if it does not.
    public func availableNodes(ofStore store: Int) -> AvailableNodes? { stores[store].available }
}
