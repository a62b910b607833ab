public import Timeline

/// How many sagas stand how, and how old those are that are under way.
public struct SagaCensus: Hashable, Sendable {
    /// The counts, in the order of ``Saga/Standing``.
    private var counts = [Int](repeating: 0, count: Saga.Standing.allCases.count)
    /// The ages of those that have been started and are not over, the shortest first.
    private let ages: [Duration]

    /// Counts sagas.
    /// - Parameters:
    ///   - sagas: each saga, and how it stands: ``SagaMonitor/standing(of:_:under:)``.
    ///   - now: the time.
    public init(of sagas: some Sequence<(saga: Saga, standing: Saga.Standing)>, at now: Instant) {
        var ages: [Duration] = []
        for (saga, standing) in sagas {
            counts[Int(standing.rawValue)] += 1
            if !saga.isOver, let start = saga.startedAt { ages.append(now - start) }
        }
        ages.sort()
        self.ages = ages
    }

    /// How many stand like this.
    public subscript(standing: Saga.Standing) -> Int { counts[Int(standing.rawValue)] }

    /// How many there are.
    public var total: Int { counts.reduce(0, +) }

    /// How many have been started and are not over.
    public var underWay: Int { ages.count }

    /// The age that this share (0 to 1) of the sagas under way do not exceed, by nearest rank; nil if there are none.
    ///
    /// So the oldest is that of share 1, and what is outside counts as the nearest.
    public func age(at share: Double) -> Duration? {
        guard let last = ages.indices.last else { return nil }
        let rank = (share.isNaN ? 0 : min(max(0, share), 1)) * Double(ages.count)
        return ages[min(max(0, Int(rank.rounded(.up)) - 1), last)]
    }
}
