public import Timeline

extension Saga {
    /// Where a saga that goes forward stands relative to its point of no return.
    enum Position {
        /// It can turn back.
        case before
        /// The pivot is being called and may succeed at this moment: it can stand on either side.
        case inDoubt
        /// It can only go forward.
        case beyond
    }

    /// When ``deadlinePassed(at:under:)`` is due; nil if it does not matter, or not any more.
    public func deadline(under definition: SagaDefinition) -> Instant? {
        guard timeLimitState == .open else { return nil }
        return switch activity {
        case .calling, .backingOff: definition.timeLimit.map { startTime + $0 }
        case .ready, .undoing, .undoBackingOff, .completed, .compensationOver: nil
        }
    }

    /// When ``compensationDeadlinePassed(at:under:)`` is due; nil unless the saga is on its way back.
    public func compensationDeadline(under definition: SagaDefinition) -> Instant? {
        switch activity {
        case .undoing, .undoBackingOff: wayBack.map { $0.startedAt + definition.compensation.timeLimit }
        case .ready, .calling, .backingOff, .completed, .compensationOver: nil
        }
    }

    /// Takes in that the time limit of the whole saga has passed; nothing before it has.
    ///
    /// Before the point of no return the saga turns back at once; a call that is outstanding then is abandoned.
    /// Beyond it the saga is overdue and goes on. While the pivot is being called the decision waits for its
    /// reply, since the pivot may be happening just then.
    public mutating func deadlinePassed(at now: Instant, under definition: SagaDefinition) -> Directive {
        guard let deadline = deadline(under: definition), now >= deadline else { return .none }
        switch position(under: definition) {
        case .before:
            abandonCall()
            return turnBack(because: .timeLimitPassed, at: now)
        case .inDoubt:
            timeLimitState = .passedDuringPivot
            return .none
        case .beyond:
            timeLimitState = .overdue
            return .none
        }
    }

    /// Takes in that the time limit of the compensation has passed; nothing before it has.
    ///
    /// The saga ends, with every step that is not known to be undone reported as such.
    public mutating func compensationDeadlinePassed(at now: Instant, under definition: SagaDefinition) -> Directive {
        guard let deadline = compensationDeadline(under: definition), now >= deadline else { return .none }
        if case .undoing(let step) = activity { giveUpUndo(Int(step)) }
        if case .undoBackingOff(_, let step) = activity { giveUpUndo(Int(step)) }
        return endCompensation()
    }

    /// Turns the saga back on an operator's word; a call that is outstanding is abandoned.
    /// - Throws: ``cancelRefusal(under:)`` if there is one.
    public mutating func cancel(at now: Instant, under definition: SagaDefinition) throws(CancelRefusal) -> Directive {
        if let refusal = cancelRefusal(under: definition) { throw refusal }
        if case .ready = activity { startTime = now }
        abandonCall()
        return turnBack(because: .cancelled, at: now)
    }

    /// Why the saga cannot be cancelled any more, or not now; nil if it can.
    public func cancelRefusal(under definition: SagaDefinition) -> CancelRefusal? {
        switch activity {
        case .ready:
            return nil
        case .calling, .backingOff:
            let name = definition.pointOfNoReturn.map { definition.steps[$0.step].name } ?? ""
            return switch position(under: definition) {
            case .before: nil
            case .inDoubt: .pivotOutstanding(step: name)
            case .beyond: .beyondPointOfNoReturn(step: name)
            }
        case .undoing, .undoBackingOff:
            return .alreadyCompensating
        case .completed, .compensationOver:
            return .alreadyEnded
        }
    }

    /// Gives up a call that is outstanding: it may have happened.
    private mutating func abandonCall() {
        if case .calling(let step) = activity { records[Int(step)].mayHaveHappened = true }
    }

    /// Where the saga stands, while it goes forward.
    func position(under definition: SagaDefinition) -> Position {
        guard let point = definition.pointOfNoReturn, let current = furthestStep, current >= point.step else {
            return .before
        }
        switch point {
        case .entry:
            return .beyond
        case .pivot(let pivot):
            if current > pivot || records[pivot].mayHaveHappened { return .beyond }
            if case .calling = activity { return .inDoubt }
            return .before
        }
    }
}
