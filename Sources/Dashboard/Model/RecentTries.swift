internal import Resilience
internal import Simulation
internal import Timeline

/// How often calls were tried in the last ten seconds, edge by edge: the amplification of retries and hedges.
///
/// The history has no series for the calls of a retry, so their counts are kept here as each second closes. After
/// time was turned back they begin anew.
struct RecentTries: Hashable, Sendable {
    /// The calls that met the outermost retry or hedge of an edge and have ended, and all that was tried besides.
    struct Counts: Hashable, Sendable {
        var calls = 0
        var extra = 0
    }

    private var window = 0
    /// The counts of all edges as each of the last seconds closed, oldest first.
    private var past: [[Counts]] = []

    private static let seconds = 10

    /// Looks them up if a second has closed since, or time was turned back.
    mutating func observe(_ world: World, _ plan: Plan, _ history: History) {
        guard window != history.windows else { return }
        if history.windows < window { past.removeAll(keepingCapacity: true) }
        window = history.windows
        if past.count > Self.seconds { past.removeFirst() }
        past.append(plan.edges.indices.map { Self.counts($0, world, plan) })
    }

    /// The counts of an edge since the beginning.
    static func counts(_ edge: Int, _ world: World, _ plan: Plan) -> Counts {
        var counts = Counts()
        var isOutermost = true
        for (stage, each) in plan.edges[edge].guards.enumerated() {
            let calls: Int
            switch each {
            case .retry:
                guard let totals = world.retryTotals(edge: edge, stage: stage) else { continue }
                calls = totals.succeededAtOnce + totals.succeededAfterRetry + totals.failed
                counts.extra += totals.retries
            case .hedge:
                guard let totals = world.hedge(edge: edge, stage: stage)?.totals else { continue }
                calls = totals.calls
                counts.extra += totals.hedges
            default: continue
            }
            if isOutermost { counts.calls = calls }
            isOutermost = false
        }
        return counts
    }

    /// How often a call over an edge was tried on average in the last ten seconds; nil without calls.
    func amplification(edge: Int) -> Double? {
        guard let first = past.first, let last = past.last, first.indices.contains(edge) else { return nil }
        // What came before the first second that is kept counts too while that is the beginning of the run.
        let start = past.count > Self.seconds ? first[edge] : Counts()
        let calls = last[edge].calls - start.calls
        return calls > 0 ? 1 + Double(last[edge].extra - start.extra) / Double(calls) : nil
    }
}
