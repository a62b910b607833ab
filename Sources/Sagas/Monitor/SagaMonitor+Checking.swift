public import Timeline

extension SagaMonitor {
    /// Looks at a saga.
    /// - Parameters:
    ///   - saga: the saga.
    ///   - watch: what is kept of it.
    ///   - definition: what it runs under.
    ///   - now: the time; not before that of an earlier look.
    /// - Returns: the alarms that are raised now, and those that are cleared.
    public func check(
        _ saga: Saga, _ watch: inout Watch, under definition: SagaDefinition, at now: Instant
    ) -> Findings {
        review(saga, &watch, under: definition, at: now).findings
    }

    /// Looks at a saga, and says in the same look when something becomes due in it: the next ``Saga/due(under:)`` or
    /// ``due(_:_:under:)``; nil if only a reply or an operator moves it.
    public func review(
        _ saga: Saga, _ watch: inout Watch, under definition: SagaDefinition, at now: Instant
    ) -> (findings: Findings, due: Instant?) {
        let isHeldUp = saga.isOver || saga.isStopped || saga.waitsForOperator
        let hasGotOn = watch.follow(isHeldUp: isHeldUp, progressedAt: saga.progressedAt, at: now)
        let before = watch.alarms
        var after = Alarms()
        var due = saga.due(under: definition) ?? .distantFuture
        // A saga that got on and is stuck again since is another case: the old alarm is over, the new one is raised.
        let lasting = hasGotOn ? before.subtracting(.stuck) : before
        // Where nothing holds a saga up, nothing waits for an operator, and its steps need not be looked at again.
        for alarm in Alarms.each where isHeldUp || alarm != .waitsForOperator {
            guard let time = time(of: alarm, saga, watch, definition) else { continue }
            if time <= now || lasting.contains(alarm) { after.insert(alarm) } else { due = min(due, time) }
        }
        watch.alarms = after
        let findings = Findings(
            raised: after.subtracting(lasting), cleared: before.subtracting(after.intersection(lasting)))
        return (findings, due == .distantFuture ? nil : due)
    }

    /// When to look next if nothing happens to the saga before; nil if time alone raises no alarm.
    public func due(_ saga: Saga, _ watch: Watch, under definition: SagaDefinition) -> Instant? {
        var due = Instant.distantFuture
        for alarm in Alarms.each where !watch.alarms.contains(alarm) {
            if let time = time(of: alarm, saga, watch, definition) { due = min(due, time) }
        }
        return due == .distantFuture ? nil : due
    }

    /// Why the alarms are raised that were raised at the last look.
    public func reasons(for saga: Saga, _ watch: Watch, under definition: SagaDefinition) -> [Reason] {
        Alarms.each.filter(watch.alarms.contains).compactMap { reason(for: $0, saga, watch, definition) }
    }

    /// When an alarm is raised if the saga stays as it is; nil if there is no reason for it.
    @inline(__always)
    private func time(
        of alarm: Alarms, _ saga: Saga, _ watch: Watch, _ definition: SagaDefinition
    ) -> Instant? {
        // While it is paused, the time of its way back stands still.
        if alarm == .compensatesTooLong, saga.course == .back, saga.isPaused { return .distantFuture }
        return reason(for: alarm, saga, watch, definition).map { $0.since + $0.limit }
    }

    /// What an alarm would be raised for; nil if it would not be, however long the saga stays as it is.
    ///
    /// Part of its callers, as a call would copy the saga.
    @inline(__always)
    private func reason(
        for alarm: Alarms, _ saga: Saga, _ watch: Watch, _ definition: SagaDefinition
    ) -> Reason? {
        let (since, limit): (Instant?, Duration?)
        switch alarm {
        case .stuck:
            let isMeant = saga.startedAt != nil && !saga.isOver && !watch.isHeldUp
            (since, limit) = (isMeant ? max(watch.countsFrom, saga.progressedAt) : nil, stuckAfter)
        case .compensatesTooLong:
            (since, limit) = (saga.course == .back ? saga.turnTime + saga.pausedFor : nil, compensatingAfter)
        case .waitsForOperator: (since, limit) = (waitingSince(saga, definition), waitingAfter)
        case .isOld: (since, limit) = (saga.isOver ? nil : saga.startedAt, oldAfter)
        case .compensationFailed:
            (since, limit) = (saga.course == .compensationFailed ? saga.progressedAt : nil, .zero)
        default: return nil
        }
        guard let since, let limit else { return nil }
        return Reason(alarm: alarm, since: since, limit: limit)
    }

    /// Since when something waits for an operator; nil if nothing does.
    private func waitingSince(_ saga: Saga, _ definition: SagaDefinition) -> Instant? {
        guard !saga.isOver else { return nil }
        var since = saga.isHeld(under: definition) ? saga.pauseTime : Instant.distantFuture
        for step in 0..<saga.records.count where saga.records[step].status.waitsForOperator {
            since = min(since, saga.records[step].since)
        }
        return since == .distantFuture ? nil : since
    }
}

extension SagaMonitor.Watch {
    /// Keeps up with how far a saga has got; returns whether it has got further since the last look.
    fileprivate mutating func follow(isHeldUp: Bool, progressedAt: Instant, at now: Instant) -> Bool {
        let before = countsFrom
        if self.isHeldUp, !isHeldUp { countsFrom = now }
        self.isHeldUp = isHeldUp
        countsFrom = max(countsFrom, progressedAt)
        return countsFrom > before
    }
}
