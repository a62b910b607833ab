internal import Sagas
internal import Simulation
internal import Timeline

/// The sagas that a query means, in its order, as small rows: what is not on the screen is not looked at any closer.
struct SagaList: Sendable {
    /// What is in the list, in order.
    private(set) var rows: [SagaRow] = []
    /// How all sagas stand, whatever the query.
    private(set) var census = SagaCensus()
    /// How old those in the list are that are under way.
    private(set) var ages = Ages()
    /// What it was made for, and of what.
    private(set) var query = SagaQuery()
    private(set) var time = Instant.zero
    private var mark = EntryID.none
    private var chosen: UInt64 = 0

    /// An empty list.
    init() {}

    /// Looks at all sagas once.
    /// - Parameter chosen: the saga that stays in the list, whatever becomes of it.
    init(_ query: SagaQuery, of world: World, _ plan: Plan, chosen: SagaRow? = nil) {
        self.query = query
        time = world.now
        mark = world.nextEntry
        self.chosen = chosen?.request ?? 0
        let matcher = SagaMatcher(query.text, plan)
        let filter = query.view.filter
        var (everyone, moments) = (SagaCensus(), SagaAges())
        var found = world.sagaRows { row in
            everyone.count(row.standing, row.alarms)
            guard let filter, filter.matches(row), matcher.matches(row) else { return false }
            if !row.isOver { moments.take(startedAt: row.startedAt, progressedAt: row.progressedAt) }
            return true
        }
        census = everyone
        ages = Ages(moments, at: time)
        if query.view == .these(.all) || query.view == .ended {
            let kept = Set(found.lazy.filter(\.isOver).map(\.request))
            found += world.endedSagaRows.filter { !kept.contains($0.request) && matcher.matches($0) }
        }
        if let chosen, matcher.matches(chosen), !found.contains(where: { $0.request == chosen.request }) {
            found.append(chosen)
        }
        rows = Self.sorted(found, query.shownOrder)
    }

    /// Whether it would be the same if it were made once more.
    func isCurrent(_ query: SagaQuery, of world: World, chosen: UInt64) -> Bool {
        self.query == query && time == world.now && mark == world.nextEntry && self.chosen == chosen
    }

    /// Where a saga stands in the list; nil if it does not.
    func position(of request: UInt64) -> Int? { rows.firstIndex { $0.request == request } }

    private static func sorted(_ rows: [SagaRow], _ order: SagaQuery.Order) -> [SagaRow] {
        let keys = rows.enumerated().map { (key: $1.key(order), request: $1.request, index: $0) }
        return keys.sorted { $0.key != $1.key ? $0.key < $1.key : $0.request < $1.request }.map { rows[$0.index] }
    }
}

extension SagaRow {
    /// What sorts the row, the least first. What has ended comes last, the newest of it first.
    fileprivate func key(_ order: SagaQuery.Order) -> UInt64 {
        let isDone = isOver && standing != .compensationFailed
        if isDone, order != .urgency { return .max - Self.half(progressedAt) }
        switch order {
        case .age: return Self.half(startedAt)
        case .progress: return Self.half(progressedAt)
        case .retries: return UInt64(UInt16.max - retries)
        case .step: return UInt64(step)
        case .urgency:
            let moment = isDone ? UInt64(1 << 56) - Self.half(progressedAt) >> 7 : Self.half(startedAt) >> 7
            return grade << 57 | moment
        }
    }

    /// A moment in 63 bits.
    private static func half(_ moment: Instant) -> UInt64 { UInt64(clamping: moment.nanoseconds) }

    /// How little it needs to be looked at.
    private var grade: UInt64 {
        switch standing {
        case .waitingForOperator, .compensationFailed: return 0
        case .compensated, .compensatedByHand, .killed, .leftStepsOut: return 5
        case .completed: return 6
        case .ready, .locking, .running, .backingOff, .paused, .compensating, .compensationWaits: break
        }
        if alarms.rawValue != 0 { return 0 }
        return hasTurnedBack ? 1 : isDown || isOverdue || standing == .paused ? 2 : retries > 0 ? 3 : 4
    }
}

extension SagaList {
    /// Ages of sagas under way, and the longest that one got no step further; nothing if there is none.
    struct Ages: Hashable, Sendable {
        private(set) var median = Duration.zero
        /// What 19 of 20 do not exceed.
        private(set) var p95 = Duration.zero
        private(set) var oldest = Duration.zero
        private(set) var withoutStep: Duration?

        init() {}

        init(_ moments: SagaAges, at now: Instant) {
            let ages = moments.ages(at: [0.5, 0.95, 1], now: now)
            guard ages.count == 3 else { return }
            (median, p95, oldest) = (ages[0], ages[1], ages[2])
            withoutStep = moments.withoutProgress(at: now)
        }
    }
}
