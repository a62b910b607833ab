import CQRS
import Resilience
import Simulation
import Timeline

extension Compiler {
    /// Reads the command buses.
    mutating func readBuses(_ pairs: [Tree.Pair]) {
        declare(pairs, as: { .bus($0) })
        for pair in pairs {
            let reader = SectionReader(pair.value, BusKeys.section, &findings)
            var bus = BusPlan(name: pair.key)
            reader.read(BusKeys.delivery, into: &bus.isQueued, &findings)
            reader.read(BusKeys.workers, into: &bus.workers, &findings)
            reader.read(BusKeys.queue, into: &bus.capacity, &findings)
            reader.read(BusKeys.visibility, into: &bus.visibility, &findings)
            reader.read(BusKeys.conflictRetries, into: &bus.conflictRetries, &findings)
            reader.read(BusKeys.deadLetters, into: &bus.deadLetters, &findings)
            reader.read(BusKeys.work, into: &bus.work, &findings)
            reader.read(BusKeys.poison, into: &bus.poison, &findings)
            bus.retry = busRetry(reader)
            plan.buses.append(bus)
        }
    }

    private mutating func busRetry(_ reader: SectionReader) -> RetryPolicy? {
        let attempts = reader.value(BusKeys.attempts, &findings)
        let backoff = reader.value(BusKeys.backoff, &findings)
        guard let attempts, let backoff, attempts > 1 else { return nil }
        do {
            return try RetryPolicy(attempts: attempts, backoff: backoff)
        } catch {
            findings.add(error, in: reader.tree)
            return nil
        }
    }

    /// The bus that an operation's command goes on; nil if it goes on none, or the bus is not known.
    mutating func bus(_ reader: SectionReader) -> Int? {
        guard let name = reader.given(OperationKeys.bus, &findings) else { return nil }
        let place = reader.place(of: OperationKeys.bus.name)
        if reader.tree[OperationKeys.command.name] == nil {
            findings.add("bus is of use beside a command only", at: place)
        }
        guard let bus = plan.buses.firstIndex(where: { $0.name == name }) else {
            let hint = findings.hint(for: name, among: plan.buses.map(\.name))
            findings.add("no command bus is named \"\(name)\"\(hint)", at: place)
            return nil
        }
        return bus
    }

    /// The bus before a projection.
    mutating func queryBus(_ tree: Tree) -> QueryBusPlan {
        let reader = SectionReader(tree, QueryBusKeys.section, &findings)
        var bus = QueryBusPlan()
        reader.read(QueryBusKeys.cache, into: &bus.cache, &findings)
        reader.read(QueryBusKeys.timeToLive, into: &bus.timeToLive, &findings)
        reader.read(QueryBusKeys.invalidation, into: &bus.invalidates, &findings)
        reader.read(QueryBusKeys.shards, into: &bus.shards, &findings)
        reader.read(QueryBusKeys.replicas, into: &bus.replicas, &findings)
        reader.read(QueryBusKeys.latency, into: &bus.latency, &findings)
        if let breaker = tree["breaker"].flatMap({ ownBreaker($0.value, of: QueryBusKeys.breaker) }) {
            (bus.breaker, bus.detector) = (breaker.settings, breaker.detector)
        }
        return bus
    }
}
