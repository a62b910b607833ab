import CQRS
import EventSourcing
import Resilience
import Timeline

/// The chapter of the command buses: the buses, what their commands are about, and their workers' handlers at work.
struct BusHost: Sendable {
    private(set) var buses: [Bus]
    /// Handlers at work.
    var handlings = Slots<Handling>()
    /// The names of the operations, for whoever looks.
    let names: [String]

    /// One bus, with the workers of its queue.
    struct Bus: Sendable {
        private(set) var plan: BusPlan
        var machine: CommandBus
        /// What the commands that are not over are about.
        var matters: [EventID: CommandMatter] = [:]
        /// How many workers are busy.
        var busy = 0
        /// Tells the workers that there are from those that have died.
        var generation: UInt32 = 0
        var isDown = false
        var due = Agenda.TimerID.none
        /// The dead letters that are being carried out again, one at a time.
        var replay: ReplayPlan?
        var isReplaying = false
        /// Chance for waits, and for the handlers' work.
        var chance: RandomStream
        private(set) var workDraws: RandomStream
        private let poison: Poison

        init(_ plan: BusPlan, machine: CommandBus, seed: UInt64) {
            self.plan = plan
            self.machine = machine
            chance = RandomStream(seed: seed, name: plan.name, purpose: "waits")
            workDraws = RandomStream(seed: seed, name: plan.name, purpose: "work")
            poison = Poison(seed: seed, name: plan.name)
        }

        /// How long a handler works on the next command.
        mutating func sampleWork() -> Duration { plan.work.sample(using: &workDraws) }

        /// Takes over what can change while it runs.
        mutating func change(to plan: BusPlan) {
            self.plan.work = plan.work
            self.plan.poison = plan.poison
            self.plan.workers = plan.workers
        }

        /// Whether its handler can never carry out this command.
        func isPoison(_ id: EventID) -> Bool { poison.isIn(id, share: plan.poison) }
    }

    /// A handler at work.
    struct Handling: Sendable {
        let bus: UInt16
        let ticket: CommandBus.Ticket
        let command: EventID
        /// Of which workers of the bus.
        let generation: UInt32
        /// Whether its time between two attempts is over, rather than its work.
        var isWait = false
        var isDoomed = false
    }

    /// The one queue of a bus.
    static let queue = "commands"

    init(plan: Plan) {
        names = plan.operations.map(\.name)
        buses = plan.buses.map { Bus($0, machine: Self.machine($0), seed: plan.seed) }
        for (index, operation) in plan.operations.enumerated() {
            guard let bus = operation.command?.bus else { continue }
            Self.register(index, plan.buses[bus], in: &buses[bus].machine)
        }
    }

    /// By what a bus knows the commands of an operation: names of a scenario may be longer than a type's.
    static func type(ofOperation operation: Int) -> String { "\(operation)" }

    private static func machine(_ plan: BusPlan) -> CommandBus {
        do throws(SettingError) {
            let queue = try CommandBus.QueueSettings(
                queue, queue: SequencedQueue.Settings(capacity: plan.capacity, visibility: plan.visibility),
                deadLetters: DeadLetterQueue.Settings(
                    sequences: plan.deadLetters, sequenceLength: plan.deadLetters))
            return CommandBus(
                try CommandBus.Settings(
                    queues: plan.isQueued ? [queue] : [], rememberedAnswers: 1_000, concurrency: 1_000_000))
        } catch {
            preconditionFailure("a plan's settings are checked: \(error)")
        }
    }

    private static func register(_ operation: Int, _ plan: BusPlan, in machine: inout CommandBus) {
        do {
            try machine.register(
                CommandType(
                    type(ofOperation: operation), handledBy: queue, delivery: plan.isQueued ? .queued(queue) : .local,
                    retry: plan.retry,
                    conflictRetries: plan.conflictRetries))
        } catch {
            preconditionFailure("a number is a name, and a plan's settings are checked: \(error)")
        }
    }

    mutating func change(to plan: Plan) {
        for (index, bus) in plan.buses.enumerated() { buses[index].change(to: bus) }
    }

    subscript(bus: Int) -> Bus {
        get { buses[bus] }
        _modify { yield &buses[bus] }
    }

    /// A command as it travels: an operation's, about a stream.
    func envelope(_ id: EventID, operation: UInt16, stream: UInt32, at now: Instant) -> CommandEnvelope {
        do throws(SettingError) {
            return try CommandEnvelope(
                id: id, type: Self.type(ofOperation: Int(operation)), sequence: "\(stream)",
                correlation: EventID(high: id.high, low: 0),
                issuedAt: now)
        } catch {
            preconditionFailure("numbers are names: \(error)")
        }
    }

    func mix(into digest: inout Digest) {
        for bus in buses {
            var (chance, work) = (bus.chance, bus.workDraws)
            digest.mix(chance.next(), work.next())
            digest.mix(UInt64(bus.busy), UInt64(bus.generation))
            digest.mix(UInt64(bus.matters.count), UInt64(bus.machine.commands(in: Self.queue)?.depth ?? 0))
            digest.mix(UInt64(bus.machine.deadLetters(of: Self.queue)?.count ?? 0), UInt64(bus.machine.lateReplies))
        }
        handlings.mix(into: &digest)
    }
}
