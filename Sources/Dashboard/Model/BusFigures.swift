internal import CQRS
internal import Simulation
internal import Timeline

/// A command bus as it stands.
struct BusFigures: Sendable {
    let view: CommandBusView
    let plan: BusPlan
    /// How long the oldest command has waited; nil if none waits.
    let oldest: Duration?

    init(_ bus: Int, in world: World, _ plan: BusPlan) {
        view = world.commandBus(bus)
        self.plan = plan
        oldest = view.oldestSince.map { world.now - $0 }
    }

    /// Whether its queue has no room for another command.
    var isFull: Bool { plan.isQueued && view.depth >= plan.capacity }

    /// Longer than this in the queue is behind.
    private static let prompt = Duration.seconds(1)

    /// Whether commands wait for longer than they do where workers keep up.
    var isBehind: Bool { (oldest ?? .zero) > Self.prompt }

    /// How many commands were refused, by reason, those without any left out.
    var refusals: [(reason: CommandRejection.Reason, count: Int)] {
        CommandRejection.Reason.allCases.compactMap { reason in
            let count = view.sum { $0.rejected[reason] }
            return count > 0 ? (reason, count) : nil
        }
    }
}

/// How a query bus did lately: of the last ten seconds, and of each of the last so many.
struct RecentQueries: Sendable {
    private let lookups: [Double]
    private let hits: [Double]

    private static let seconds = 10

    init(_ projection: Int, _ history: History, seconds: Int = 30) {
        lookups = history.rates(.queryLookups(projection: projection), seconds)
        hits = history.rates(.queryHits(projection: projection), seconds)
    }

    /// The share of the queries that an answer from before was found for; nil without queries.
    var hitShare: Double? {
        let all = lookups.suffix(Self.seconds).reduce(0, +)
        return all > 0 ? hits.suffix(Self.seconds).reduce(0, +) / all : nil
    }

    /// The same of each second.
    var trend: [Double] { zip(hits, lookups).map { $1 > 0 ? $0 / $1 : .nan } }
}
