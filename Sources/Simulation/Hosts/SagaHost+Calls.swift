import Sagas
import Timeline

// What is true of the saga in a slot by its plan: whom it calls, about how much, what it returns, and what it locks.

extension SagaHost {
    /// The operation that stands for the saga itself.
    func operation(_ slot: UInt32) -> Int { plans.operation(plan(slot)) }

    /// The service whose workers drive a saga.
    func home(_ slot: UInt32) -> Int { plans.home(plan(slot)) }

    /// How long after a crash of its orchestrator another one takes a saga over.
    func takeover(_ slot: UInt32) -> Duration { plans.takeover(plan(slot)) }

    /// How long the whole saga may take; nil for no limit.
    func timeLimit(_ slot: UInt32) -> Duration? { plans.definitions[plan(slot)].timeLimit }

    /// How long ago the saga was started.
    func age(_ slot: UInt32, at now: Instant) -> Duration {
        slots[Int(slot)].machine.startedAt.map { now - $0 } ?? .zero
    }

    /// How many steps have an undo.
    func undoCount(_ slot: UInt32) -> Int { plans.undoCount(plan(slot)) }

    /// The call that a step makes.
    func action(_ slot: UInt32, step: Int) -> CallPlan { plans.action(plan(slot), step: step) }

    /// The call that a step's undo makes; nil where there is nothing to undo.
    func undo(_ slot: UInt32, step: Int) -> CallPlan? { plans.undo(plan(slot), step: step) }

    /// What a call is about, in cents: its parameter of that name, or else what the saga is about.
    func amount(_ slot: UInt32, step: Int, isUndo: Bool) -> Int64 {
        guard let parameter = plans.amountParameter(plan(slot), step: step, isUndo: isUndo) else {
            return slots[Int(slot)].amount
        }
        let value =
            isUndo
            ? slots[Int(slot)].machine.undoArgument(parameter, of: step, under: plans.definitions[plan(slot)])
            : slots[Int(slot)].machine.argument(parameter, of: step, under: plans.definitions[plan(slot)])
        if case .cents(let cents)? = value { return cents }
        return slots[Int(slot)].amount
    }

    /// What a step returns, if it returns something: the money that it was about, or a number of its own.
    func result(_ slot: UInt32, step: Int) -> SagaValue? {
        switch plans.definitions[plan(slot)].steps[step].result {
        case .cents: .cents(amount(slot, step: step, isUndo: false))
        case .number: .number(Int64(slots[Int(slot)].key))
        case .identifier: .identifier(slots[Int(slot)].request << 8 | UInt64(step))
        case .flag: .flag(true)
        case nil: nil
        }
    }

    /// Asks for the lock of a saga; nil if it takes none.
    mutating func acquireLock(_ slot: UInt32, at now: Instant) -> SemanticLocks.Answer? {
        let definition = plans.definitions[plan(slot)]
        guard case .semanticLock(let lock) = definition.isolation,
            let key = definition.lockKey(of: slots[Int(slot)].machine.data)
        else { return nil }
        return locks.acquire(key, by: UInt64(slot), policy: lock.whenTaken == .waits ? .wait : .refuse, at: now)
    }

    /// Gives back the lock of a saga, or its place in line; the result is the slots of those that have one now.
    mutating func releaseLocks(_ slot: UInt32, at now: Instant) -> [UInt32] {
        locks.releaseAll(of: UInt64(slot), at: now).map { UInt32($0.saga) }
    }

    private func plan(_ slot: UInt32) -> Int { Int(slots[Int(slot)].plan) }
}
