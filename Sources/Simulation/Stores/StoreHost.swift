import EventSourcing
import Timeline

/// The chapter of the event stores: their nodes, and the services' commands on their way to them and back.
struct StoreHost: Sendable {
    private(set) var stores: [Store]
    /// What is under way between nodes and on disks.
    private var works = Slots<Work>()
    /// The commands that services wait for.
    private var commands = Slots<Command>()
    private var commandsBegun: UInt32 = 0
    private let plans: [CommandPlan?]
    /// What has come to nodes that stand still, in the order in which it came.
    private var held: [Work] = []

    /// Something between nodes or on a disk.
    struct Work: Sendable {
        var store: UInt16
        var kind: Kind

        enum Kind: Sendable {
            case message(ClusterMessage)
            case written(replica: Int, tip: UInt32)
            /// A copy is called.
            case wake(replica: Int)
            /// A message between nodes of a store that prefers availability.
            case parcel(UInt32)
            /// The disk of such a node has written what was in the parcel.
            case kept(UInt32)
            /// Such a node is to begin a round of anti-entropy.
            case round(node: Int)
        }

        /// Whether it is the node's own clock that calls.
        var isOfClock: Bool {
            switch kind {
            case .wake, .round: true
            case .message, .written, .parcel, .kept: false
            }
        }
    }

    /// A command on its way: from a service to a store's node, and back.
    struct Command: Sendable {
        /// Who waits; another call has the frame if that is over.
        let owner: CommandOwner
        let plan: CommandPlan
        let stream: UInt32
        let event: EventID
        var fact: Fact
        /// Which node is asked.
        var node: UInt8 = 0
        let isUndo: Bool
        var phase = Phase.reading
        /// What the aggregate's stream was when it was read.
        var basis = Store.Basis.version(nil)
        /// The event that was appended, or the aggregate's last if nothing was to be; 0 for none.
        var entry: UInt32 = 0
        /// Whether this command has appended it, and knows.
        var hasAppended = false
        var conflicts: UInt16 = 0
        /// Tells it from others that had its slot.
        var generation: UInt32 = 0
        /// What it waits for, unless that is an answer of the nodes.
        var timer = Agenda.TimerID.none
        /// When the service stops waiting.
        var limit = Agenda.TimerID.none
    }

    enum Phase: UInt8, Sendable {
        /// The aggregate is being read.
        case reading
        /// The node could not be read from; another one is, after a while.
        case waiting
        /// The append is on its way to the node.
        case asking
        /// The node has it.
        case appending
        /// The answer is on its way back.
        case answering
        /// The slot is free.
        case free
    }

    init(plan: Plan) {
        stores = plan.stores.indices.map { store in
            let users = plan.operations.filter { $0.command?.store == store }.map(\.service)
            return Store(plan.stores[store], seed: plan.seed, services: plan.services.count, users: users.distinct)
        }
        plans = plan.operations.map(\.command)
    }

    /// Lets the nodes begin.
    mutating func start(_ port: inout Port) {
        for index in stores.indices {
            for node in stores[index].available?.replicas.indices ?? 0..<0 { setRound(of: node, in: index, &port) }
            guard stores[index].available == nil else { continue }
            var effects: [ClusterEffect] = []
            stores[index].cluster.start(at: port.now, &effects)
            _ = carryOut(effects, of: index, &port)
        }
    }

    mutating func change(to plan: Plan) {
        for (index, store) in plan.stores.enumerated() { stores[index].change(to: store) }
    }

    subscript(store: Int) -> Store {
        get { stores[store] }
        _modify { yield &stores[store] }
    }

    /// What an operation asks of an aggregate; nil if it asks nothing.
    func command(of operation: UInt16) -> CommandPlan? { plans[Int(operation)] }

    subscript(command slot: UInt32) -> Command {
        get { commands[slot] }
        _modify { yield &commands[slot] }
    }

    /// Takes a command into a slot.
    mutating func open(_ command: Command) -> UInt32 {
        commandsBegun &+= 1
        var command = command
        command.generation = commandsBegun
        return commands.put(command)
    }

    /// Ends a command: nobody waits for it any more.
    mutating func close(_ slot: UInt32, _ port: inout Port) {
        port.cancel(&commands[slot].timer)
        port.cancel(&commands[slot].limit)
        commands[slot].phase = .free
        commands.free(slot)
    }

    /// What tells a command from all others, for the nodes.
    func ticket(of slot: UInt32) -> UInt64 { UInt64(commands[slot].generation) << 32 | UInt64(slot) }

    /// The command that a ticket was given; nil if it is over.
    func command(withTicket ticket: UInt64) -> UInt32? {
        let slot = UInt32(truncatingIfNeeded: ticket)
        guard commands[slot].phase == .appending, self.ticket(of: slot) == ticket else { return nil }
        return slot
    }

    /// Takes what is due out of its slot.
    mutating func take(_ slot: UInt32) -> Work { works.take(slot) }

    /// Keeps what has come to a node that stands still.
    mutating func hold(_ work: Work) { held.append(work) }

    /// Hands out what has come to a node while it stood still: what its own clock says first.
    mutating func release(_ node: Int, of store: Int) -> [Work] {
        let isOwn = held.map { Int($0.store) == store && self.node(of: $0) == node }
        let own = zip(held, isOwn).filter(\.1).map(\.0)
        held = zip(held, isOwn).filter { !$0.1 }.map(\.0)
        return own.filter(\.isOfClock) + own.filter { !$0.isOfClock }
    }

    /// The node that something comes to.
    func node(of work: Work) -> Int {
        switch work.kind {
        case .message(let message): Int(message.receiver)
        case .written(let replica, _), .wake(let replica):
            stores[Int(work.store)].cluster.place(ofReplica: replica).node
        case .parcel(let slot), .kept(let slot):
            stores[Int(work.store)].available.map { Int($0.parcels[slot].node) } ?? 0
        case .round(let node): node
        }
    }

    /// The nodes that something is on its way between; nil if it does not cross the network.
    func ends(of work: Work) -> (sender: Int, receiver: Int)? {
        switch work.kind {
        case .message(let message): return (Int(message.sender), Int(message.receiver))
        case .parcel(let slot):
            guard case .message(let message)? = stores[Int(work.store)].available?.parcels[slot].content else {
                return nil
            }
            return (Int(message.from), Int(message.to))
        case .written, .wake, .kept, .round: return nil
        }
    }

    /// Carries out what the nodes ask for; returns what concerns others: answers, new leaders, losses.
    /// - Parameter slower: by how much the disk of a node is slower.
    mutating func carryOut(
        _ effects: [ClusterEffect], of store: Int, slower: (Int) -> Duration = { _ in .zero }, _ port: inout Port
    ) -> [ClusterEffect] {
        var others: [ClusterEffect] = []
        for effect in effects {
            switch effect {
            case .send(let message):
                schedule(.message(message), of: store, after: stores[store].crossing(), &port)
            case .write(let replica, let tip):
                let length = stores[store].writing() + slower(stores[store].cluster.place(ofReplica: replica).node)
                schedule(.written(replica: replica, tip: tip), of: store, after: length, &port)
            case .wake(let replica, let at):
                port.cancel(&stores[store].timers[replica])
                let event = Event.storeWakes(UInt32(store) << 16 | UInt32(replica))
                stores[store].timers[replica] = port.schedule(after: at - port.now, event)
            case .answer, .leads, .counts, .lost: others.append(effect)
            }
        }
        return others
    }

    /// Schedules the next round of a node of a store that prefers availability.
    mutating func setRound(of node: Int, in store: Int, _ port: inout Port) {
        guard let available = stores[store].available else { return }
        var timer = available.wakes[node]
        port.cancel(&timer)
        let due = available.nextRound(of: node)
        if due < .distantFuture {
            timer = port.schedule(after: due - port.now, .storeCompares(UInt32(store) << 16 | UInt32(node)))
        }
        stores[store].available?.wakes[node] = timer
    }

    mutating func schedule(_ kind: Work.Kind, of store: Int, after delay: Duration, _ port: inout Port) {
        let work = Work(store: UInt16(store), kind: kind)
        port.schedule(after: delay, .storeWorks(works.put(work)))
    }

    /// About how many bytes a copy takes once the original goes on: full segments are shared.
    var footprint: Int {
        commands.footprint + works.footprint + stores.reduce(0) { $0 + $1.footprint }
    }

    func mix(into digest: inout Digest) {
        for store in stores { store.mix(into: &digest) }
        commands.mix(into: &digest)
        digest.mix(UInt64(held.count))
    }
}

extension [Int] {
    /// Its elements, each once, in the order in which they come first.
    fileprivate var distinct: [Int] {
        reduce(into: []) { list, each in if !list.contains(each) { list.append(each) } }
    }
}
