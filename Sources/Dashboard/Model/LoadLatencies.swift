internal import Simulation
internal import Timeline

/// How long the requests of each load took in the last ten seconds, looked up once a second: a quantile costs more
/// than all else in a frame.
struct LoadLatencies: Hashable, Sendable {
    /// Half of the requests took at most so long, and 99 of 100.
    struct Quantiles: Hashable, Sendable {
        var p50: Duration?
        var p99: Duration?
    }

    private var window: Int?
    private var loads: [Quantiles] = []

    /// Looks them up if a second has closed since, or time was turned back.
    mutating func observe(_ history: History, loads count: Int) {
        guard window != history.windows else { return }
        window = history.windows
        loads = (0..<count).map { load in
            let latencies = history.latencies(load: load, .all, over: history.lastTenSeconds)
            return Quantiles(p50: latencies.quantile(0.5), p99: latencies.quantile(0.99))
        }
    }

    /// Those of one load.
    func ofLoad(_ load: Int) -> Quantiles? {
        loads.indices.contains(load) ? loads[load] : nil
    }
}

extension History {
    /// The last ten whole seconds.
    var lastTenSeconds: Range<Int> { max(0, windows - 10)..<windows }
}
