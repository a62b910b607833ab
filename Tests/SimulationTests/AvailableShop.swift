import EventSourcing
import Orders
import Simulation
import Timeline

/// Services that append to the same few aggregates of a store that prefers availability, each on a node of its own.
struct AvailableShop {
    var plan: Plan

    /// - Parameters:
    ///   - kinds: what each service asks.
    ///   - keys: how many aggregates there are.
    init(
        seed: UInt64 = 42, nodes: Int = 3, resolution: AvailableReplica.Resolution = .keepBoth,
        asking kinds: [CommandPlan.Kind] = [.record, .record, .record], keys: Int = 40, rate: Double = 30
    ) throws {
        plan = Plan(name: "available", seed: seed, duration: .minutes(2))
        var store = StorePlan(name: "cart-log", cluster: try ClusterSettings(nodes: nodes))
        store.availability = AvailabilityPlan(rounds: try AntiEntropyTimer.Settings(), resolution: resolution)
        store.disk = .lognormal(p50: .milliseconds(1), p99: .milliseconds(8))
        plan.stores = [store]
        plan.accounts = ["charged"]
        for (index, kind) in kinds.enumerated() {
            var service = ServicePlan(name: "carts-\(index + 1)")
            (service.workers, service.queue, service.latency) = (64, 256, .constant(.milliseconds(1)))
            plan.services.append(service)
            var work = OperationPlan(name: "carts-\(index + 1).put", service: index)
            work.command = CommandPlan(store: 0, kind)
            work.books = 0
            plan.operations.append(work)
            plan.edges.append(EdgePlan(name: "edge-\(index + 1)", source: .load(index), target: index))
            var load = LoadPlan(
                name: "load-\(index + 1)", target: .call(CallPlan(edge: index, operation: index)),
                arrivals: .open(.poisson, [.steady(rate)]))
            load.keys = .zipf(Zipf(ranks: UInt32(keys), exponent: 1))
            plan.loads.append(load)
        }
    }

    /// The shop after so long, and ten seconds of peace.
    func run(_ faults: [(at: Duration, FaultPlan)], seconds: Int64 = 12) -> Simulation {
        var options = Simulation.Options()
        options.journalEntries = 1 << 18
        var simulation = Simulation(plan: plan, options: options)
        for (time, fault) in faults.sorted(by: { $0.at < $1.at }) {
            simulation.schedule(TimedAction(at: .after(time), .inject(fault)))
        }
        simulation.schedule(TimedAction(at: .after(.seconds(seconds)), .stopLoad))
        simulation.run(until: .after(.seconds(seconds + 10)))
        return simulation
    }

    /// Faults at random times on random nodes, all over within so many seconds.
    func randomFaults(seed: UInt64, seconds: Int64 = 12) -> [(at: Duration, FaultPlan)] {
        var random = RandomStream(seed: seed, name: "available store", purpose: "faults")
        let kinds: [FaultPlan.Kind] = [.crash, .cut, .pause, .lose, .latency(add: .milliseconds(50), jitter: 0.5)]
        return (0..<8).map { _ in
            let kind = kinds[Int(random.below(5))]
            let target = FaultPlan.Target.node(store: 0, Int(random.below(UInt64(plan.stores[0].cluster.nodes))))
            let length = Duration.milliseconds(300 + Int64(random.below(3_000)))
            let start = Duration.milliseconds(500 + Int64(random.below(UInt64(seconds - 6) * 1_000)))
            return (start, FaultPlan(kind, on: target, probability: kind == .lose ? 0.5 : 1, for: length))
        }
    }
}

extension AvailableNodes {
    /// All entries that the nodes together have, by stream.
    private var entriesByStream: [[ReplicatedEntry]] {
        (0..<UInt32(arena.count)).compactMap { arena[$0] }
            .reduce(into: [[ReplicatedEntry]](repeating: [], count: Int(streams))) { $0[Int($1.stream)].append($1) }
    }

    /// How many streams there are, by the last of which anything is known.
    var streams: UInt32 { (0..<UInt32(arena.count)).compactMap { arena[$0]?.stream }.max().map { $0 + 1 } ?? 0 }

    /// How many entries were made in ignorance of another one, counted one by one; for streams without copies.
    var concurrentByCounting: Int {
        entriesByStream.reduce(0) { sum, entries in
            sum + entries.count { one in entries.contains { one.isConcurrent(with: $0) } }
        }
    }

    /// Whether all nodes have the same history of every stream.
    var isOneHistory: Bool {
        (0..<streams).allSatisfy { stream in
            Set(replicas.map { $0.history(of: stream, in: arena) }).count == 1
        }
    }
}

extension Journal {
    /// How many entries say that this has happened.
    func count(_ what: What) -> Int { entries(from: oldest).count { $0.what == what } }
}
