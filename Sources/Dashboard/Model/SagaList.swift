internal import Sagas
internal import Simulation
internal import Timeline

/// The sagas that a query means, in its order, as small rows: what is not on the screen is not looked at any closer.
struct SagaList: Sendable {
    /// What is in the list, in order.
    private(set) var rows: [SagaRow] = []
    /// How many sagas of each standing there are, whatever the query.
    private(set) var counts = [Int](repeating: 0, count: Saga.Standing.allCases.count)
    /// How many are under way and got no further for longer than their sagas may take altogether.
    private(set) var stuck = 0
    /// How many stand as the query wants, whatever its text.
    private(set) var standing = 0
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
        let limits = plan.sagas.map { Self.stuckAfter($0.definition) }
        var found: [SagaRow] = []
        if query.view != .ended {
            found = world.sagaRows(query.view.filter) { row, stands in
                counts[Int(row.standing.rawValue)] += 1
                if row.isStuck(at: time, after: limits[Int(row.plan)]) { stuck += 1 }
                if stands { standing += 1 }
                return stands && matcher.matches(row)
            }
        } else {
            _ = world.sagaRows { row, _ in
                counts[Int(row.standing.rawValue)] += 1
                if row.isStuck(at: time, after: limits[Int(row.plan)]) { stuck += 1 }
                return false
            }
        }
        if query.view == .all || query.view == .ended {
            let kept = Set(found.lazy.filter(\.isOver).map(\.request))
            let ended = world.endedSagaRows.filter { !kept.contains($0.request) }
            if query.view == .ended { standing = ended.count }
            found += ended.filter(matcher.matches)
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

    /// How many stand so.
    subscript(standing: Saga.Standing) -> Int { counts[Int(standing.rawValue)] }

    /// How many are under way.
    var underWay: Int {
        Saga.Standing.allCases.reduce(0) { $1.isOver ? $0 : $0 + self[$1] }
    }

    /// Where a saga stands in the list; nil if it does not.
    func position(of request: UInt64) -> Int? { rows.firstIndex { $0.request == request } }

    /// After how long without a step a saga counts as stuck: its own time limit, or half a minute if it has none.
    static func stuckAfter(_ definition: SagaDefinition) -> Duration { definition.timeLimit ?? .seconds(30) }

    private static func sorted(_ rows: [SagaRow], _ order: SagaQuery.Order) -> [SagaRow] {
        let keys = rows.enumerated().map { (key: $1.key(order), request: $1.request, index: $0) }
        return keys.sorted { $0.key != $1.key ? $0.key < $1.key : $0.request < $1.request }.map { rows[$0.index] }
    }
}

extension SagaRow {
    /// Whether it got no further for longer than this, although nobody has stopped it and nothing waits for an operator.
    func isStuck(at now: Instant, after limit: Duration) -> Bool {
        !isOver && standing != .paused && standing != .waitingForOperator && now - progressedAt > limit
    }

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
        case .ready, .locking, .running, .backingOff, .paused, .compensating, .compensationWaits, .stuck: break
        }
        return hasTurnedBack ? 1 : isDown || isOverdue || standing == .paused ? 2 : retries > 0 ? 3 : 4
    }
}

extension Saga.Standing {
    /// Whether the saga is over.
    var isOver: Bool {
        switch self {
        case .completed, .leftStepsOut, .compensated, .compensatedByHand, .compensationFailed, .killed: true
        case .ready, .locking, .running, .backingOff, .waitingForOperator, .paused, .compensating, .compensationWaits,
            .stuck:
            false
        }
    }
}
