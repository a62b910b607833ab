import Sagas
import Timeline

// Where the sagas stand: how many, and which of them an operator has to look at.

extension SagaHost {
    /// Counts a saga where it stands now.
    mutating func count(_ slot: UInt32) {
        let (now, before) = (SagaTally.Column(slots[Int(slot)].machine), slots[Int(slot)].counted)
        guard now != before else { return }
        let plan = Int(slots[Int(slot)].plan)
        tallies[plan].count(before, by: -1)
        tallies[plan].count(now, by: 1)
        slots[Int(slot)].counted = now
        live += (before == .over ? 1 : 0) - (now == .over ? 1 : 0)
    }

    /// Counts a saga among those that wait for an operator, or no longer.
    mutating func countAttention(_ slot: UInt32) {
        let wants = !slots[Int(slot)].isSettled && slots[Int(slot)].machine.needsOperator
        guard wants != slots[Int(slot)].wantsOperator else { return }
        slots[Int(slot)].wantsOperator = wants
        tallies[Int(slots[Int(slot)].plan)].attention &+= wants ? 1 : UInt64.max
    }

    /// The monitor looks at a saga; the result is what an operator is called for now, and when something is due next.
    mutating func look(_ slot: UInt32, at now: Instant) -> (alarms: SagaMonitor.Alarms, due: Instant) {
        let plan = Int(slots[Int(slot)].plan)
        var watch = slots[Int(slot)].watch
        let (findings, due) = plans.monitors[plan].review(
            slots[Int(slot)].machine, &watch, under: plans.definitions[plan], at: now)
        slots[Int(slot)].watch = watch
        // Who is not held up waits for nobody: most are not looked at again.
        if watch.isHeldUp || slots[Int(slot)].wantsOperator { countAttention(slot) }
        if !findings.isEmpty { count(findings, plan) }
        return (findings.raised, due ?? .distantFuture)
    }

    private mutating func count(_ findings: SagaMonitor.Findings, _ plan: Int) {
        if findings.raised.contains(.stuck) { tallies[plan].stuck &+= 1 }
        if findings.cleared.contains(.stuck) { tallies[plan].stuck &-= 1 }
        if !findings.raised.isEmpty { tallies[plan].alarms += 1 }
    }

    /// When something is due next in a saga, or its monitor is to look at it; at no time if nothing is.
    func due(_ slot: UInt32) -> Instant {
        let plan = Int(slots[Int(slot)].plan)
        let own = slots[Int(slot)].machine.due(under: plans.definitions[plan])
        let look = plans.monitors[plan].due(
            slots[Int(slot)].machine, slots[Int(slot)].watch, under: plans.definitions[plan])
        return min(own ?? .distantFuture, look ?? .distantFuture)
    }

    /// The saga will not make its limit, and cannot turn back.
    mutating func becameOverdue(_ slot: UInt32) { tallies[Int(slots[Int(slot)].plan)].overdue += 1 }

    /// The saga was taken over after a crash of its orchestrator.
    mutating func wasRecovered(_ slot: UInt32) { tallies[Int(slots[Int(slot)].plan)].recovered += 1 }
}

extension SagaTally {
    /// One more, or one less, in a column.
    mutating func count(_ column: Column, by change: Int) {
        let change = UInt64(bitPattern: Int64(change))
        switch column {
        case .forward: running &+= change
        case .back: compensating &+= change
        case .over: break
        }
    }

    /// One more has ended so.
    mutating func count(_ ending: Saga.Ending) {
        switch ending {
        case .completed(let without):
            completed += 1
            leftOut += without.isEmpty ? 0 : 1
        case .compensated: compensated += 1
        case .compensationFailed: compensationFailed += 1
        case .killed: killed += 1
        }
    }
}
