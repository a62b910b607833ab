import EventSourcing
import Timeline

/// A network, disks and clocks for a cluster, in virtual time and with every kind of trouble.
struct ClusterDriver {
    var cluster: StoreCluster
    var random: RandomStream
    var now = Instant.zero
    /// The nodes that cannot be reached, nor reach others.
    var cut: Set<Int> = []
    /// The nodes that stand still: what arrives at them waits.
    var paused: Set<Int> = []
    /// The share of messages that are lost, and that arrive twice.
    var loss = 0.0
    var duplication = 0.0
    /// The longest way of a message, and the longest write.
    var delay = Duration.milliseconds(5)
    /// What appends were answered.
    private(set) var answers: [UInt64: ClusterAnswer] = [:]
    /// The entries of which it was said that they count, in that order.
    private(set) var counted: [UInt32] = []
    private(set) var leaders: [(node: Int, partition: Int, epoch: UInt32)] = []
    private var agenda: [(at: Instant, work: Work)] = []
    private var held: [Work] = []

    enum Work {
        case deliver(ClusterMessage)
        case written(replica: Int, tip: UInt32)
        case wake(replica: Int)
    }

    init(_ settings: ClusterSettings, seed: UInt64 = 1) {
        random = RandomStream(seed: seed, name: "driver", purpose: "test")
        cluster = StoreCluster(settings, random: RandomStream(seed: seed, name: "cluster", purpose: "elections"))
        var effects: [ClusterEffect] = []
        cluster.start(at: now, &effects)
        carryOut(effects)
    }

    /// Lets time pass.
    mutating func run(for length: Duration) {
        let end = now + length
        while let index = agenda.indices.min(by: { agenda[$0].at < agenda[$1].at }), agenda[index].at <= end {
            let due = agenda.remove(at: index)
            now = due.at
            handle(due.work)
        }
        now = end
    }

    private mutating func handle(_ work: Work) {
        guard !paused.contains(node(of: work)) else { return held.append(work) }
        var effects: [ClusterEffect] = []
        switch work {
        case .deliver(let message):
            guard !cut.contains(Int(message.sender)), !cut.contains(Int(message.receiver)) else { return }
            cluster.receive(message, at: now, &effects)
        case .written(let replica, let tip): cluster.written(replica, tip: tip, at: now, &effects)
        case .wake(let replica): cluster.wake(replica, at: now, &effects)
        }
        carryOut(effects)
    }

    private func node(of work: Work) -> Int {
        switch work {
        case .deliver(let message): Int(message.receiver)
        case .written(let replica, _), .wake(let replica): cluster.place(ofReplica: replica).node
        }
    }

    mutating func carryOut(_ effects: [ClusterEffect]) {
        for effect in effects {
            switch effect {
            case .send(let message):
                if random.chance(loss) { continue }
                agenda.append((later(), .deliver(message)))
                if random.chance(duplication) { agenda.append((later(), .deliver(message))) }
            case .write(let replica, let tip): agenda.append((later(), .written(replica: replica, tip: tip)))
            case .wake(let replica, let at): agenda.append((at, .wake(replica: replica)))
            case .answer(let ticket, let answer): answers[ticket] = answer
            case .leads(let node, let partition, let epoch): leaders.append((node, partition, epoch))
            case .counts(let entry): counted.append(entry)
            case .lost: break
            }
        }
    }

    private mutating func later() -> Instant {
        now + .microseconds(100) + delay * random.uniform()
    }

    /// Asks a node to append one event, known by the ticket.
    mutating func append(
        _ ticket: UInt64, to stream: UInt32, expecting expected: ExpectedVersion = .any, at node: Int
    ) {
        var effects: [ClusterEffect] = []
        let event = StoreCluster.ProposedEvent(id: EventID(high: 0, low: ticket), payload: ticket)
        cluster.append(
            ticket: ticket, [event], to: stream, expecting: expected, at: node, now: now, &effects)
        carryOut(effects)
    }

    mutating func crash(_ node: Int) { cluster.crash(node) }

    mutating func restart(_ node: Int) {
        var effects: [ClusterEffect] = []
        cluster.restart(node, at: now, &effects)
        carryOut(effects)
    }

    /// A node goes on: its own timers first, then what has arrived meanwhile.
    mutating func resume(_ node: Int) {
        paused.remove(node)
        let all = held
        held = all.filter { self.node(of: $0) != node }
        let own = all.filter { self.node(of: $0) == node }
        for case .wake(let replica) in own { handle(.wake(replica: replica)) }
        for work in own {
            if case .wake = work { continue }
            agenda.append((now + .milliseconds(1), work))
        }
    }

    /// The tickets of the events that count in the end, in order of the log.
    var log: [UInt64] {
        var tickets: [UInt64] = []
        var position = Position.start
        while position < cluster.log.mark {
            position = position + 1
            guard cluster.log.fate(of: position) == .committed else { continue }
            tickets.append(cluster.tree[cluster.log.entry(at: position)].payload)
        }
        return tickets
    }

    /// The tickets that were told that they count.
    var acknowledged: Set<UInt64> {
        Set(
            answers.filter { _, answer in
                switch answer {
                case .appended, .wasThere: true
                default: false
                }
            }.keys)
    }
}
