public import Bulkheads
import CQRS
import Gateway
public import Sagas
import Timeline

extension Entry {
    /// The entry as a line of text without its time: `shop -> payment breaker: opened, failures 11 of 20 (limit 50%)`.
    public func text(_ plan: Plan) -> String {
        if what == .passedStage, case .stage(let stage, let length) = why {
            return "\(place.name(plan)): \(Why.stageName(stage)) passed (\(length))"
        }
        let reason = why.text(plan, place)
        let event = "\(place.name(plan)): \(what.text(at: place))"
        return reason.isEmpty ? event : "\(event), \(reason)"
    }
}

extension Component {
    /// The component's name, as the scenario has it.
    public func name(_ plan: Plan) -> String {
        switch self {
        case .system: "run"
        case .service(let index): plan.services[Int(index)].name
        case .replica(let service, let replica): plan.services[Int(service)].name(ofReplica: Int(replica))
        case .operation(let index): plan.operations[Int(index)].name
        case .edge(let index): plan.edges[Int(index)].name
        case .guardOn(let edge, let stage): guardName(plan.edges[Int(edge)], Int(stage))
        case .guardPart(let edge, let stage, let part):
            "\(guardName(plan.edges[Int(edge)], Int(stage))) of \(partName(plan, edge, stage, Int(part)))"
        case .cache(let service): "\(plan.services[Int(service)].name) cache"
        case .saga(let index): plan.sagas[Int(index)].definition.name
        case .choreography(let index): plan.choreographies[Int(index)].choreography.name
        case .load(let index): plan.loads[Int(index)].name
        case .fault(let index): "fault F\(index + 1)"
        case .ledger: "ledger"
        case .store(let index): plan.stores[Int(index)].name
        case .projection(let index): plan.projections[Int(index)].name
        case .bus(let index): plan.buses[Int(index)].name
        case .shard(let projection, let shard): plan.projections[Int(projection)].name(ofShard: Int(shard))
        }
    }

    /// The operation, the replica, the tenant or the compartment that a guard has a part for.
    private func partName(_ plan: Plan, _ edge: UInt16, _ stage: UInt8, _ part: Int) -> String {
        let edge = plan.edges[Int(edge)]
        switch edge.guards[Int(stage)] {
        case .breaker(let breaker) where breaker.scope == .operation:
            return plan.operations[plan.operations(of: edge.target)[part]].name
        case .connections: return "pool \(part + 1)"
        case .limiter: return plan.tenants[part]
        case .isolator(let isolator): return isolator.names[part]
        default: return plan.services[edge.target].name(ofReplica: part)
        }
    }

    private func guardName(_ edge: EdgePlan, _ stage: Int) -> String {
        stage < edge.guards.count ? "\(edge.name) \(edge.guards[stage].name)" : edge.name
    }
}

extension What {
    /// What happened somewhere, in words: of a bus, whether it was its workers or one of its commands.
    fileprivate func text(at place: Component) -> String {
        guard case .bus = place else { return text }
        return switch self {
        case .crashed, .restarted: "workers \(text)"
        case .setAside: "a command became a dead letter"
        default: text
        }
    }

    /// What happened, in words.
    public var text: String {
        switch self {
        case .arrived: "request arrived"
        case .answered: "request answered"
        case .failed: "request failed"
        case .sent: "sent"
        case .replied: "replied"
        case .waits: "waits"
        case .rejected: "rejected"
        case .timedOut: "timed out"
        case .backsOff: "backs off"
        case .gaveUp: "gave up"
        case .cameTooLate: "came back too late"
        case .cancelled: "cancelled"
        case .hedged: "hedged"
        case .fellBack: "fell back"
        case .queued: "queued"
        case .startedWork: "started"
        case .foundInCache: "found"
        case .missedCache: "missed"
        case .joinedLoad: "waits for another's load"
        case .servedStale: "served stale"
        case .flushedWrites: "writes to its store"
        case .writesLost: "writes lost"
        case .warms: "warms its cache"
        case .finishedWork: "done"
        case .failedWork: "failed"
        case .turnedAway: "turned away"
        case .connectionLost: "connection lost"
        case .dropped: "dropped"
        case .opened: "OPENED"
        case .halfOpened: "HALF-OPEN"
        case .closed: "CLOSED"
        case .forced: "FORCED"
        case .limitChanged: "limit changed"
        case .unhealthy: "UNHEALTHY"
        case .healthy: "HEALTHY"
        case .ejected: "EJECTED"
        case .readmitted: "readmitted"
        case .panicked: "PANIC: all replicas are used"
        case .calmed: "panic over"
        case .connected: "connected"
        case .disconnected: "disconnected"
        case .connectFailed: "connect failed"
        case .leaked: "LEAK suspected"
        case .evicted: "evicted"
        case .alerted: "memory"
        case .sagaStarted: "saga started"
        case .stepStarted: "step started"
        case .stepDone: "step done"
        case .stepFailed: "step failed"
        case .stepBacksOff: "waits to try again"
        case .compensates: "compensates"
        case .undoStarted: "undo started"
        case .undoDone: "undone"
        case .undoFailed: "undo failed"
        case .overdue: "overdue"
        case .completed: "completed"
        case .compensated: "compensated"
        case .compensationFailed: "COMPENSATION FAILED"
        case .sagaInterrupted: "ORCHESTRATOR CRASHED"
        case .sagaRecovered: "taken over"
        case .sagaStalled: "WAITS FOR AN OPERATOR"
        case .sagaPaused: "paused"
        case .sagaResumed: "resumed"
        case .sagaKilled: "KILLED"
        case .stepSkipped: "skipped"
        case .undoResolved: "taken back by hand"
        case .lockAwaited: "waits for its lock"
        case .sagaLocked: "has its lock"
        case .ordered: "an operator acts"
        case .deployed: "DEPLOYED"
        case .operatorCalled: "CALLS THE OPERATOR"
        case .eventPublished: "published"
        case .eventDelivered: "delivered"
        case .undelivered: "NOT DELIVERED"
        case .eventRepeated: "heard again"
        case .eventRefused: "IGNORED"
        case .reactionFailed: "could not act"
        case .flowOrphaned: "ORPHANED"
        case .flowParked: "PARKED"
        case .commandSent: "takes a command"
        case .decided: "aggregate decided"
        case .queried: "queried"
        case .appended: "appended"
        case .conflicted: "version conflict"
        case .leads: "NEW LEADER"
        case .eventsLost: "EVENTS LOST"
        case .diverged: "NODES DIFFER"
        case .converged: "nodes alike again"
        case .concurrent: "CONCURRENT APPEND"
        case .overruled: "OVERRULED"
        case .projected: "projected"
        case .setAside: "set aside"
        case .leftOut: "left out"
        case .projectedAgain: "PROJECTED TWICE"
        case .notPublished: "NOT PUBLISHED"
        case .projectionStopped: "STOPPED"
        case .projectionStarted: "started"
        case .replays: "replays dead letters"
        case .rebuilds: "rebuilds"
        case .switched: "SWITCHED"
        case .readStale: "read without the own write"
        case .passedStage: "passed"
        case .awaitsKeys: "waits for the issuer's keys"
        case .answeredByGateway: "answers itself"
        case .responded: "responds"
        case .keysFetched: "KEYS FETCHED"
        case .keysRotated: "NEW KEY"
        case .faultInjected: "injected"
        case .faultHit: "hit by a fault"
        case .faultHealed: "healed"
        case .crashed: "crashed"
        case .restarted: "restarted"
        case .flushed: "flushed"
        case .resized: "resized"
        case .scaled: "SCALED"
        case .booked: "booked"
        case .settingChanged: "setting changed"
        case .loadStopped: "load stopped"
        case .outOfRoom: "out of room"
        }
    }
}

extension Why.RateKind {
    fileprivate var text: String {
        switch self {
        case .failures: "failures"
        case .slowCalls: "slow calls"
        case .refusals: "refusals"
        case .successes: "successes"
        }
    }
}

extension Why {
    fileprivate static func stageName(_ stage: UInt8) -> String { Stage(rawValue: stage)?.name ?? "stage \(stage)" }

    /// The reason in words and numbers; empty where what happened says it all.
    func text(_ plan: Plan, _ place: Component) -> String {
        switch self {
        case .itself: ""
        case .attempt(let number, let most):
            most == 0 || most == .max ? "attempt \(number)" : "attempt \(number) of \(most)"
        case .took(let length): "after \(length)"
        case .limit(let length): "limit \(length)"
        case .delay(let length): length > .zero ? "\(length)" : ""
        case .retryAfter(let length): "next try in \(length)"
        case .occupancy(let used, let all): "\(used) of \(all) in use"
        case .rate(let kind, let bad, let all, let threshold):
            "\(kind.text) \(bad) of \(all) (limit \(percent(threshold)))"
        case .failures(let failed, let all, let limit):
            "failures \(failed) of \(all) (\(limit == 0 ? "own rule" : "limit \(limit)"))"
        case .inARow(let failed, let limit): "\(failed) failures in a row (limit \(limit))"
        case .health(let isGood): isGood ? "health check passed" : "health check failed"
        case .probes(let good, let all): "\(good) of \(all) probes ok"
        case .failure(let failure): failure.text
        case .step(let step, let attempt):
            attempt > 1 ? "\(stepName(step, plan, place)), attempt \(attempt)" : stepName(step, plan, place)
        case .stepFailure(let step, let failure): "\(stepName(step, plan, place)): \(failure.text)"
        case .flowEvent(let type): eventName(type, plan, place)
        case .refusedEvent(let type, let reason): "\(eventName(type, plan, place)): \(reason.text)"
        case .policy(let policy, let attempt):
            attempt > 1
                ? "\(policyName(policy, plan, place)), attempt \(attempt)" : policyName(policy, plan, place)
        case .policyFailure(let policy, let failure): "\(policyName(policy, plan, place)): \(failure.text)"
        case .undone(let left, let all): "\(left) of \(all) undos left undone"
        case .cents(let cents, let account): "\(Self.money(cents)) \(plan.accounts[Int(account)])"
        case .command(let number): "command \(number)"
        case .alarms(let alarms): "\(alarms)"
        case .count(let count): "\(count)"
        case .events(let count): count == 0 ? "no events yet" : count == 1 ? "by 1 event" : "by \(count) events"
        case .share(let kind, let share, let limit): "\(kind.text) \(percent(share)) (limit \(percent(limit)))"
        case .replicas(let eligible, let all): "\(eligible) of \(all) replicas left"
        case .budgetSpent: "the retry budget is spent"
        case .closing(let reason): reason.text
        case .bytes(let bytes): Self.text(bytes: bytes)
        case .noMemory(let wanted, let limit, let isOwn):
            "\(isOwn ? "own limit" : "the caller's memory"): "
                + "\(Self.text(bytes: wanted)) wanted of \(Self.text(bytes: limit))"
        case .memory(let used, let limit, let pressure):
            "\(pressure.text), \(Self.text(bytes: used)) of \(Self.text(bytes: limit)) in use"
        case .filling(let length, let growth): "full in \(length) at \(Self.text(bytes: growth)) a second"
        case .node(let node, let epoch): epoch == 0 ? "node \(node + 1)" : "node \(node + 1), epoch \(epoch)"
        case .stream(let stream, let node): "stream \(stream + 1) at node \(node + 1)"
        case .event(let position, let failure): "event \(position): \(failure)"
        case .answer(let isStored): isStored ? "answered from its cache" : "answered by a shard"
        case .stage(let stage, let length): "\(Self.stageName(stage)) (\(length))"
        case .status(let code, let end):
            end == .backend ? "\(Status(Int(code)))" : "\(Status(Int(code))) (\(end.name))"
        case .changed(let old, let new): "\(old) to \(new)"
        }
    }

    private func stepName(_ step: UInt8, _ plan: Plan, _ place: Component) -> String {
        guard case .saga(let index) = place, Int(step) < plan.sagas[Int(index)].definition.steps.count else {
            return "step \(step)"
        }
        return plan.sagas[Int(index)].definition.steps[Int(step)].name
    }

    private func eventName(_ type: UInt8, _ plan: Plan, _ place: Component) -> String {
        guard case .choreography(let index) = place else { return "event \(type)" }
        let events = plan.choreographies[Int(index)].choreography.events
        return Int(type) < events.count ? events[Int(type)].name : "event \(type)"
    }

    private func policyName(_ policy: UInt8, _ plan: Plan, _ place: Component) -> String {
        guard case .choreography(let index) = place else { return "policy \(policy)" }
        let reactions = plan.choreographies[Int(index)].reactions
        return Int(policy) < reactions.count ? reactions[Int(policy)].name : "policy \(policy)"
    }

    private func percent(_ share: Float) -> String {
        let tenths = Int((share * 1_000).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)%" : "\(tenths / 10).\(tenths % 10)%"
    }

    /// An amount of memory as people read it: `1.5 MB`.
    public static func text(bytes: Float) -> String {
        var (value, unit) = (bytes, "B")
        for larger in ["kB", "MB", "GB", "TB", "PB"] where value.magnitude >= 999.5 {
            (value, unit) = (value / 1_000, larger)
        }
        let tenths = (value * 10).rounded()
        guard tenths.magnitude < 1_000, tenths.truncatingRemainder(dividingBy: 10) != 0 else {
            return "\(Int(value.rounded())) \(unit)"
        }
        return "\(Int(tenths) / 10).\(Int(tenths.magnitude) % 10) \(unit)"
    }

    /// An amount as people write it: `123.45`.
    public static func money(_ cents: Int64) -> String {
        let digits = String(cents.magnitude % 100 + 100).dropFirst()
        return "\(cents < 0 ? "-" : "")\(cents.magnitude / 100).\(digits)"
    }
}

extension Flow.Reason {
    /// Why an event changes nothing, in words.
    public var text: String {
        switch self {
        case .duplicate: "a duplicate"
        case .flowOver: "the flow is over"
        case .flowParked: "the flow is parked"
        case .notStarted: "the flow has not begun"
        case .startedAlready: "the flow has begun already"
        case .answeredAlready: "answered already"
        case .tooLate: "too late"
        case .unexpected: "unexpected"
        }
    }
}

extension ConnectionPool.CloseReason {
    /// The reason in words.
    public var text: String {
        switch self {
        case .idle: "idle"
        case .lifetime: "lifetime over"
        case .dead: "dead"
        case .broken: "broken"
        case .evicted: "evicted"
        case .surplus: "surplus"
        case .reclaimed: "reclaimed"
        case .shutDown: "shut down"
        }
    }
}

extension MemoryMonitor.Pressure {
    /// How short memory is, in words.
    public var text: String {
        switch self {
        case .normal: "back to normal"
        case .warning: "warning"
        case .critical: "critical"
        }
    }
}

extension Failure {
    /// The failure in words.
    public var text: String {
        switch self {
        case .error: "error"
        case .timedOut: "timed out"
        case .breakerOpen: "breaker open"
        case .bulkheadFull: "bulkhead full"
        case .queueFull: "queue full"
        case .refused: "connection refused"
        case .connectionLost: "connection lost"
        case .voided: "already undone"
        case .dependency: "a call of its own failed"
        case .outOfRoom: "out of room"
        case .compensated: "compensated"
        case .leftUndone: "compensation failed"
        case .invalid: "invalid request"
        case .rateLimited: "rate limited"
        case .throttled: "throttled"
        case .limitReached: "concurrency limit"
        case .noConnection: "no connection"
        case .outOfMemory: "out of memory"
        case .deadlineExceeded: "deadline exceeded"
        case .dropped: "dropped"
        case .conflict: "version conflict"
        case .soldOut: "sold out"
        case .cancelled: "cancelled"
        case .noReplica: "no replica"
        case .unauthorized: "unauthorized"
        case .notFound: "no route"
        case .overLimit: "over the gateway's limit"
        }
    }
}
