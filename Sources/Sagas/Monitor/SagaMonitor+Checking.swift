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

    /// How a saga stands, with the monitor's word for one that gets no further.
    public func standing(of saga: Saga, _ watch: Watch, under definition: SagaDefinition) -> Saga.Standing {
        watch.alarms.contains(.stuck) && !saga.isOver ? .stuck : saga.standing(under: definition)
    }

    /// When an alarm is raised if the saga stays as it is; nil if there is no reason for it.
    ///
    /// Part of its callers, as a call would copy the saga.
    @inline(__always)
    private func time(
        of alarm: Alarms, _ saga: Saga, _ watch: Watch, _ definition: SagaDefinition
    ) -> Instant? {
        switch alarm {
        case .stuck:
            guard saga.startedAt != nil, !saga.isOver, !watch.isHeldUp else { return nil }
            return max(watch.countsFrom, saga.progressedAt) + stuckAfter
        case .compensatesTooLong:
            guard saga.course == .back else { return nil }
            // While it is paused, the time of its way back stands still.
            if saga.isPaused { return .distantFuture }
            return saga.turnTime + saga.pausedFor + compensatingAfter
        case .waitsForOperator:
            return waitingSince(saga, definition).map { $0 + waitingAfter }
        case .isOld:
            guard let oldAfter, !saga.isOver else { return nil }
            return saga.startedAt.map { $0 + oldAfter }
        case .compensationFailed: return saga.course == .compensationFailed ? saga.progressedAt : nil
        default: return nil
        }
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
