import CQRS
import EventSourcing
import Resilience
import Timeline

// Commands on a bus: from the call that sends one to the aggregate, and back with what came of it.

extension World {
    /// A call sends its command on a bus, and waits for what that says.
    mutating func send(_ index: UInt32, _ matter: CommandMatter, _ id: EventID, on bus: Int) {
        let caller = Self.number(of: frames.id(of: index))
        note(index, .commandSent, .itself, at: .bus(UInt16(bus)))
        let envelope = buses.envelope(id, operation: matter.fact.operation, stream: matter.stream, at: port.now)
        if buses[bus].matters[id] == nil { buses[bus].matters[id] = matter }
        follow(buses[bus].machine.send(envelope, from: caller, at: port.now), id, on: bus, isWorker: false)
        dispatch(bus)
    }

    /// A call as those who wait for something know it.
    static func number(of id: FrameID) -> UInt64 { UInt64(id.generation) << 32 | UInt64(id.index) }

    /// The call that a number means; nil if it is over.
    func frame(ofNumber number: UInt64) -> UInt32? {
        let id = FrameID(index: UInt32(truncatingIfNeeded: number), generation: UInt32(number >> 32))
        return frames.isAlive(id) ? id.index : nil
    }

    /// Does what a bus says; a worker is free once nothing more follows from its command.
    private mutating func follow(_ step: CommandBus.Step, _ command: EventID, on bus: Int, isWorker: Bool) {
        switch step {
        case .validate(let ticket), .run(.middleware, let ticket), .run(.wayBack, let ticket):
            resume(ticket, with: .pass, command, on: bus, isWorker: isWorker)
        case .run(.handler, let ticket):
            handle(ticket, command, on: bus)
        case .wait(let until, let ticket):
            let generation = buses[bus].generation
            var wait = BusHost.Handling(bus: UInt16(bus), ticket: ticket, command: command, generation: generation)
            wait.isWait = true
            port.schedule(after: until - port.now, .handlerGoesOn(buses.handlings.put(wait)))
        case .answer(let answer, let callers):
            if answer.isFinal { buses[bus].matters[command] = nil }
            if isWorker { workerIsFree(bus) }
            for caller in callers { tell(caller, answer) }
        case .parked:
            let cause = buses[bus].matters[command]?.fact.cause ?? .none
            port.note(.setAside, .bus(UInt16(bus)), request: command.high, cause: cause)
            if isWorker { workerIsFree(bus) }
        case .postponed, .late:
            if isWorker { workerIsFree(bus) }
        case .joined:
            break
        }
        port.touched.insert(.buses)
    }

    private mutating func resume(
        _ ticket: CommandBus.Ticket, with reply: CommandBus.Reply, _ command: EventID, on bus: Int, isWorker: Bool
    ) {
        var chance = buses[bus].chance
        let step = buses[bus].machine.resume(ticket, with: reply, at: port.now, using: &chance)
        buses[bus].chance = chance
        follow(step, command, on: bus, isWorker: isWorker)
    }

    /// The handler begins: its own work comes before it asks the store.
    private mutating func handle(_ ticket: CommandBus.Ticket, _ command: EventID, on bus: Int) {
        var handling = BusHost.Handling(
            bus: UInt16(bus), ticket: ticket, command: command, generation: buses[bus].generation)
        var length = buses[bus].sampleWork()
        handling.isDoomed = buses[bus].isPoison(command) || buses[bus].isDown
        if let impact = faults.strike(bus: bus) {
            length = length + impact.extra
            handling.isDoomed = handling.isDoomed || impact.fails
        }
        port.schedule(after: length, .handlerGoesOn(buses.handlings.put(handling)))
    }

    /// A handler has done its own work, or a wait between two attempts is over.
    mutating func handlerGoesOn(_ slot: UInt32) {
        let handling = buses.handlings[slot]
        let bus = Int(handling.bus)
        guard handling.generation == buses[bus].generation else { return buses.handlings.free(slot) }
        if handling.isWait {
            buses.handlings.free(slot)
            return resume(handling.ticket, with: .pass, handling.command, on: bus, isWorker: false)
        }
        guard !handling.isDoomed, let matter = buses[bus].matters[handling.command] else {
            return handled(slot, .fail(.fault(.server, detail: "handler failed")))
        }
        beginCommand(matter, handling.command, for: .handler(slot))
    }

    /// A handler replies to its bus.
    mutating func handled(_ slot: UInt32, _ reply: CommandBus.Reply) {
        let handling = buses.handlings.take(slot)
        let bus = Int(handling.bus)
        guard handling.generation == buses[bus].generation else { return }
        resume(handling.ticket, with: reply, handling.command, on: bus, isWorker: buses[bus].plan.isQueued)
        dispatch(bus)
    }

    /// The store has not carried out a handler's command.
    mutating func handlerFailed(_ owner: CommandOwner, _ failure: Failure) {
        guard case .handler(let slot) = owner else { return }
        switch failure {
        case .conflict: handled(slot, .fail(.versionConflict()))
        case .timedOut: handled(slot, .fail(.fault(.timeout)))
        case .invalid: handled(slot, .reject("the aggregate refuses"))
        default: handled(slot, .fail(.fault(.server)))
        }
    }

    private mutating func workerIsFree(_ bus: Int) {
        buses[bus].busy -= 1
        buses[bus].isReplaying = false
    }

    /// Gives commands to the workers that are free, dead letters that are to be carried out again among them.
    mutating func dispatch(_ bus: Int) {
        guard buses[bus].plan.isQueued, !buses[bus].isDown else { return }
        replayNext(bus)
        while buses[bus].busy < buses[bus].plan.workers,
            let step = buses[bus].machine.take(from: BusHost.queue, at: port.now)
        {
            begin(step, on: bus)
        }
        port.cancel(&buses[bus].due)
        guard let wake = buses[bus].machine.nextWake(of: BusHost.queue), wake > port.now else { return }
        buses[bus].due = port.schedule(after: wake - port.now, .busDue(UInt32(bus)))
    }

    private mutating func begin(_ step: CommandBus.Step, on bus: Int) {
        guard case .run(_, let ticket) = step, let command = buses[bus].machine.command(of: ticket) else { return }
        buses[bus].busy += 1
        follow(step, command.id, on: bus, isWorker: true)
    }

    private mutating func replayNext(_ bus: Int) {
        guard var plan = buses[bus].replay, !buses[bus].isReplaying, buses[bus].busy < buses[bus].plan.workers else {
            return
        }
        let step = buses[bus].machine.replay(&plan, of: BusHost.queue, at: port.now)
        buses[bus].replay = plan
        switch step {
        case .execute(let step):
            buses[bus].isReplaying = true
            begin(step, on: bus)
        case .busy: break
        case .finished: buses[bus].replay = nil
        }
    }

    /// Something in the queue of a bus has waited for its time.
    mutating func busDue(_ bus: Int) {
        buses[bus].due = .none
        dispatch(bus)
    }

    /// A caller is told what came of its command.
    private mutating func tell(_ caller: UInt64, _ answer: CommandBus.Answer) {
        guard let index = frame(ofNumber: caller), frames[index].phase == .appending else { return }
        switch answer {
        case .done(let receipt):
            if let position = Self.position(in: receipt), let command = stores.command(of: frames[index].operation) {
                frames[index].written = Written(at: position, in: command.store)
            }
            commandReturned(to: index)
        case .accepted: commandReturned(to: index)
        case .rejected(.queueFull): fail(index, .queueFull)
        case .rejected: fail(index, .invalid)
        case .failed(.versionConflict, _): fail(index, .conflict)
        case .failed(.fault(.timeout, _, _), _): fail(index, .timedOut)
        case .failed, .cancelled, .parked: fail(index, .error)
        }
    }

    /// What a handler tells the sender of its command: where the event stands.
    static func receipt(_ position: Position) -> [UInt8] {
        let number = UInt32(clamping: position.number)
        return (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func position(in receipt: [UInt8]) -> Position? {
        guard receipt.count == 4 else { return nil }
        return Position(Int64(receipt.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }))
    }

    /// The dead letters of a bus are carried out again.
    mutating func replayDeadLetters(ofBus bus: Int) {
        let plan = buses[bus].machine.replayPlan(for: BusHost.queue)
        port.note(.replays, .bus(UInt16(bus)), why: .count(UInt32(clamping: plan.letters)))
        buses[bus].replay = plan
        dispatch(bus)
        port.touched.insert(.buses)
    }

    /// The workers of a bus die: nobody hears of what they had until its time is over. Without a queue there are none, and
    /// what comes meanwhile fails.
    mutating func crash(bus: Int, by fault: Int) {
        faults.hit(fault)
        buses[bus].isDown = true
        if buses[bus].plan.isQueued { buses[bus].generation &+= 1 }
        buses[bus].busy = 0
        buses[bus].isReplaying = false
        port.cancel(&buses[bus].due)
        port.note(.crashed, .bus(UInt16(bus)), cause: faults.faults[fault].entry)
        port.touched.insert(.buses)
    }

    /// A bus has workers again, unless another fault holds it down.
    mutating func restart(bus: Int, cause: EntryID) {
        guard faults.crash(on: .bus(bus)) == nil else { return }
        buses[bus].isDown = false
        port.note(.restarted, .bus(UInt16(bus)), cause: cause)
        dispatch(bus)
    }
}

extension CommandBus.Answer {
    /// Whether its command is over.
    fileprivate var isFinal: Bool {
        switch self {
        case .done, .rejected, .failed, .cancelled: true
        case .accepted, .parked: false
        }
    }
}
