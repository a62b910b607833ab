public import Timeline

extension Saga {
    /// What an operator can want of a saga.
    public enum Order: Hashable, Sendable {
        /// What waits for its next attempt, or for an operator, is called now.
        case retryNow
        /// The saga goes on as if the step were done, with this result; nil where the step returns nothing.
        case skip(step: Int, SagaValue?)
        /// It stops where it is: nothing is called any more. Replies are still taken in, and time does not count.
        case pause
        /// It goes on.
        case resume
        /// It turns back.
        case cancel
        /// It ends as it stands; nothing is taken back.
        case kill
        /// What could not be undone is to be undone after all.
        case retryCompensation
        /// What could not be undone has been taken back by hand.
        case markResolved

        /// What kind of order it is.
        public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
            /// See the order of the same name.
            case retryNow, skip, pause, resume, cancel, kill, retryCompensation, markResolved
        }

        /// What kind of order it is.
        public var kind: Kind {
            switch self {
            case .retryNow: .retryNow
            case .skip: .skip
            case .pause: .pause
            case .resume: .resume
            case .cancel: .cancel
            case .kill: .kill
            case .retryCompensation: .retryCompensation
            case .markResolved: .markResolved
            }
        }
    }

    /// Does what an operator wants. The order itself is the first of the events, and its reason is for whoever stores
    /// them to keep.
    /// - Throws: ``refusal(of:under:)`` if there is one; nothing has changed then.
    public mutating func obey(
        _ order: Order, at now: Instant, under definition: SagaDefinition, into events: inout [Event]
    ) throws(OrderRefusal) {
        if let refusal = refusal(of: order, under: definition) { throw refusal }
        emit(.ordered(order.kind), at: now, definition, &events)
        switch order {
        case .retryNow:
            for step in definition.steps.indices {
                records[step].forgetFailures()
                requestAgain(step, at: now, definition, &events)
            }
        case .skip(let step, let result):
            emit(.stepSkipped(step: UInt8(step), result), at: now, definition, &events)
            settleTimeLimit(at: now, definition, &events)
            settle(at: now, definition, &events)
        case .pause: emit(.paused(.ordered), at: now, definition, &events)
        case .resume:
            emit(.resumed, at: now, definition, &events)
            for step in definition.steps.indices where records[step].wakesAt <= now {
                if records[step].status.isBackingOff { requestAgain(step, at: now, definition, &events) }
            }
            settle(at: now, definition, &events)
        case .cancel: turnBack(.cancelled, at: now, definition, &events)
        case .kill: emit(.killed, at: now, definition, &events)
        case .retryCompensation:
            emit(.compensationRetried, at: now, definition, &events)
            settle(at: now, definition, &events)
        case .markResolved: resolve(at: now, definition, &events)
        }
    }

    private mutating func resolve(at now: Instant, _ definition: SagaDefinition, _ events: inout [Event]) {
        for step in definition.steps.indices {
            let status = records[step].status
            let hadNoTime = compensationHasFailed && notUndone.contains(step)
            guard status == .undoStalled || status == .undoFailed || hadNoTime else { continue }
            emit(.undoResolved(step: UInt8(step)), at: now, definition, &events)
        }
        if course == .compensationFailed, notUndone.isEmpty { emit(.compensated, at: now, definition, &events) }
        settle(at: now, definition, &events)
    }
}

extension Saga.StepStatus {
    /// Whether it waits before its next attempt.
    public var isBackingOff: Bool { self == .backingOff || self == .undoBackingOff }
}
