import EventSourcing
import Sagas
import Timeline

/// What services have done, by key: each honours keys as ``Saga/IdempotencyKey`` asks.
struct KeyedLedger {
    private var calls: Set<Saga.IdempotencyKey> = []
    private var undos: Set<Saga.IdempotencyKey> = []
    /// What was done, once for each key.
    private(set) var effects: [String] = []
    /// What arrived, repetitions included.
    private(set) var deliveries: [String] = []

    mutating func call(_ name: String, _ key: Saga.IdempotencyKey) -> Saga.Reply {
        deliveries.append(name)
        if undos.contains(key) { return .failure(Saga.Failure(.unspecified, .notExecuted, isRetryable: false)) }
        if calls.insert(key).inserted { effects.append(name) }
        return .success(nil)
    }

    mutating func undo(_ name: String, _ key: Saga.IdempotencyKey) -> Saga.Reply {
        deliveries.append(name)
        if undos.insert(key).inserted, calls.contains(key) { effects.append(name) }
        return .success(nil)
    }
}

/// A small orchestrator: takes a saga up, stores what it decides, calls executors, and crashes where it is told to.
struct SagaRunner {
    /// Where it crashes, with regard to a call or an undo.
    enum CrashPoint: CaseIterable {
        /// Before it is stored that the call is to be made.
        case beforeIntent
        /// When that is stored, before the call is sent.
        case afterIntent
        /// When the call is sent; it is on its way still when the saga has ended.
        case afterSend
        /// When the call has been done and replied to, before anything of that is stored.
        case afterReply
    }

    struct Crash: Error {}

    /// A call or an undo.
    struct Call: Hashable {
        var step: Int
        var attempt: Int
        var isUndo: Bool
    }

    typealias Executor = (inout KeyedLedger, Saga.IdempotencyKey) -> Saga.Reply

    let log: SagaLog
    let executors: [String: Executor]
    var store = MemoryEventStore()
    var ledger = KeyedLedger()
    var crash: (point: CrashPoint, call: String)?
    var now = Instant.zero
    private var causes = RandomStream(seed: 1, name: "saga", purpose: "causes")
    private var random = RandomStream(seed: 1, name: "saga", purpose: "jitter")
    private var queue: [Call] = []
    private var onTheWay: [(String, Saga.IdempotencyKey)] = []

    init(_ log: SagaLog, _ executors: [String: Executor]) {
        (self.log, self.executors) = (log, executors)
    }

    /// Takes the saga up, and again after each crash, until it has ended or waits for an operator; what is still on its
    /// way arrives then.
    mutating func run(_ id: UInt64, named name: String) throws -> Saga.Phase {
        while true {
            do {
                let phase = try attempt(id, named: name)
                for (name, key) in onTheWay { _ = executors[name]?(&ledger, key) }
                return phase
            } catch is Crash {
                queue = []
                crash = nil
            }
        }
    }

    private mutating func attempt(_ id: UInt64, named name: String) throws -> Saga.Phase {
        let isNew = try store.state(of: log.stream(of: id, named: name)).lastVersion == nil
        let found = try isNew ? log.start(id, named: name) : log.load(id, named: name, from: &store)
        var recorded = try told(isNew ? .start : .recovered, found)
        while !recorded.saga.isOver {
            if let call = queue.first {
                queue.removeFirst()
                recorded = try told(make(call, recorded), recorded)
            } else if let due = recorded.saga.due(under: recorded.definition) {
                now = due
                recorded = try told(.timePassed, recorded)
            } else {
                return recorded.saga.phase
            }
        }
        return recorded.saga.phase
    }

    private mutating func told(_ input: Saga.Input, _ recorded: SagaLog.Recorded) throws -> SagaLog.Recorded {
        var (saga, events) = (recorded.saga, [Saga.Event]())
        saga.handle(input, at: now, under: recorded.definition, using: &random, into: &events)
        let calls = events.compactMap { Self.call($0.what) }
        for call in calls { try pass(.beforeIntent, call, recorded) }
        let appended = try log.append(
            events, to: recorded, causedBy: EventID(using: &causes), in: &store, at: now)
        for call in calls { try pass(.afterIntent, call, recorded) }
        if case .stored = appended { queue += calls }
        return appended.recorded
    }

    private mutating func make(_ call: Call, _ recorded: SagaLog.Recorded) throws -> Saga.Input {
        let (name, key) = (name(call, recorded), recorded.saga.idempotencyKey(of: call.step))
        if crash?.point == .afterSend, crash?.call == name { onTheWay.append((name, key)) }
        try pass(.afterSend, call, recorded)
        let reply = executors[name]?(&ledger, key) ?? .success(nil)
        try pass(.afterReply, call, recorded)
        return call.isUndo
            ? .undoReplied(step: call.step, attempt: call.attempt, reply)
            : .stepReplied(step: call.step, attempt: call.attempt, reply)
    }

    private func pass(_ point: CrashPoint, _ call: Call, _ recorded: SagaLog.Recorded) throws {
        if crash?.point == point, crash?.call == name(call, recorded) { throw Crash() }
    }

    private func name(_ call: Call, _ recorded: SagaLog.Recorded) -> String {
        let step = recorded.definition.steps[call.step]
        return call.isUndo ? step.undo?.name ?? "" : step.name
    }

    private static func call(_ what: Saga.Event.What) -> Call? {
        switch what {
        case .stepRequested(let step, let attempt): Call(step: Int(step), attempt: Int(attempt), isUndo: false)
        case .undoRequested(let step, let attempt): Call(step: Int(step), attempt: Int(attempt), isUndo: true)
        default: nil
        }
    }
}
