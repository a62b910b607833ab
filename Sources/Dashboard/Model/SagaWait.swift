internal import Resilience
internal import Sagas
internal import Simulation
internal import Timeline

/// What a saga waits for at this moment, since when, and how much of it is left.
struct SagaWait: Hashable, Sendable {
    /// What has to happen for it to go on.
    enum Kind: Hashable, Sendable {
        /// It is over.
        case nothing
        /// A worker of its home service has to make the call.
        case worker
        /// The reply to a call.
        case reply
        /// The time of the next attempt.
        case retry
        /// Its semantic lock, behind so many others, of which the first is this saga.
        case lock(holder: UInt64, place: Int)
        /// An operator has to deal with a step, or an undo.
        case operator_
        /// An operator has stopped it, or its recoveries have.
        case resume
        /// Another orchestrator has to take it over.
        case takeover
    }

    /// How many attempts there are.
    enum Attempts: Hashable, Sendable {
        case endless
        case left(Int)
    }

    var kind = Kind.nothing
    /// The step that it is about, or whose undo; nil if it is about all of it.
    var step: Int?
    var isUndo = false
    /// How often that was called.
    var attempts = 0
    /// How often it will be called again at most; nil if there is nothing to call.
    var left: Attempts?
    var since: Instant
    /// When it goes on by itself at the latest.
    var next: Instant?
    /// What it waits for besides.
    var others = 0

    init(_ saga: SagaView, _ definition: SagaDefinition) {
        let machine = saga.machine
        since = saga.endedAt ?? machine.progressedAt
        guard saga.endedAt == nil, !machine.isOver else { return }
        let active = machine.activeSteps
        if let step = Self.foremost(active, machine) { take(step, saga, definition, others: active.count - 1) }
        if saga.isDown {
            (kind, next) = (.takeover, nil)
        } else if machine.isStopped {
            (kind, since, next) = (.resume, machine.pausedAt ?? since, nil)
        } else if machine.isLocking {
            kind = .lock(holder: saga.lock?.holder ?? 0, place: saga.lock?.place ?? 0)
            since = saga.lock?.since ?? since
        }
    }

    private mutating func take(_ step: Int, _ saga: SagaView, _ definition: SagaDefinition, others: Int) {
        let machine = saga.machine
        self.step = step
        self.others = others
        isUndo = machine.hasTurnedBack
        attempts = machine.attempts(of: step)
        since = machine.since(step)
        next = machine.nextAttempt(of: step)
        let status = machine.status(of: step)
        kind =
            status.waitsForOperator
            ? .operator_ : status.isBackingOff ? .retry : saga.unsent.contains(step) ? .worker : .reply
        left = isUndo ? undoAttemptsLeft(step, saga, definition) : attemptsLeft(step, definition)
    }

    /// Of several steps, the one that an operator would ask about: one that waits for him, or else the next to go on.
    private static func foremost(_ active: [Int], _ machine: Saga) -> Int? {
        if let stalled = active.first(where: { machine.status(of: $0).waitsForOperator }) { return stalled }
        if let called = active.first(where: { machine.nextAttempt(of: $0) == nil }) { return called }
        return active.min { left, right in
            (machine.nextAttempt(of: left) ?? .distantFuture) < (machine.nextAttempt(of: right) ?? .distantFuture)
        }
    }

    private func attemptsLeft(_ step: Int, _ definition: SagaDefinition) -> Attempts {
        switch definition.steps[step].retry {
        case .untilDone: .endless
        case .attempts(let policy):
            policy.attempts == RetryPolicy.unlimited ? .endless : .left(max(0, policy.attempts - attempts))
        }
    }

    /// Only failures count that named no time to retry after, and an attempt that is under way may be the next of them.
    private func undoAttemptsLeft(_ step: Int, _ saga: SagaView, _ definition: SagaDefinition) -> Attempts {
        let most = definition.compensation.retry.attempts
        guard most != RetryPolicy.unlimited else { return .endless }
        var failures = 0
        for event in saga.events {
            switch event.what {
            case .undoRequested(UInt8(step), 1): failures = 0
            case .undoFailed(UInt8(step), _, _, _, let counts): failures += counts ? 1 : 0
            default: break
            }
        }
        return .left(max(0, most - failures - (kind == .retry ? 0 : 1)))
    }
}

/// A time limit that runs.
struct RunningLimit: Hashable, Sendable {
    var name: String
    var end: Instant

    /// The time limits of a saga that run, the next to pass first.
    static func of(_ saga: SagaView, _ definition: SagaDefinition) -> [RunningLimit] {
        let machine = saga.machine
        guard !machine.isOver, !machine.isStopped else { return [] }
        var limits: [RunningLimit] = []
        if let end = machine.deadline(under: definition) { limits.append(RunningLimit(name: "whole saga", end: end)) }
        if let end = machine.compensationDeadline(under: definition) {
            limits.append(RunningLimit(name: "way back", end: end))
        }
        for step in machine.activeSteps {
            let (each, status) = (definition.steps[step], machine.status(of: step))
            if let limit = each.attemptLimit, status == .calling || status == .undoing {
                limits.append(RunningLimit(name: "this attempt", end: machine.since(step) + limit))
            }
            if let limit = each.timeLimit, !machine.hasTurnedBack, let first = saga.firstCall(of: step) {
                limits.append(RunningLimit(name: "all attempts of \(each.name)", end: first + limit))
            }
        }
        return limits.sorted { $0.end < $1.end }
    }
}

extension SagaView {
    /// When a step was called for the first time.
    fileprivate func firstCall(of step: Int) -> Instant? {
        events.first { event in
            if case .stepRequested(UInt8(step), _) = event.what { true } else { false }
        }?.time
    }
}
