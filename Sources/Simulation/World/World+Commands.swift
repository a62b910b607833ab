import Resilience
import Timeline

// What the commands of the operator and the scenario do.

extension World {
    /// Up to when events alone go on: the moment before the next command, or the limit if that is earlier.
    func endOfSegment(before commands: [TimedAction], limit: Instant) -> Instant {
        guard commandsDone < commands.count, commands[commandsDone].time <= limit else { return limit }
        return commands[commandsDone].time - .nanoseconds(1)
    }

    /// Carries out the next command, unless it comes after the limit or events come before it.
    mutating func carryOutNext(of commands: [TimedAction], by limit: Instant) -> Bool {
        guard commandsDone < commands.count else { return false }
        let next = commands[commandsDone]
        guard next.time <= limit, isQuiet(until: next.time - .nanoseconds(1)) else { return false }
        carryOut(next)
        return true
    }

    private mutating func carryOut(_ timed: TimedAction) {
        port.advance(to: timed.time)
        port.touched = []
        commandsDone += 1
        port.signCommand(UInt64(commandsDone))
        let why = Why.command(UInt32(commandsDone))
        switch timed.action {
        case .inject(let fault):
            inject(fault, command: why)
        case .heal(let selection):
            for index in faultsInForce(selection) { heal(index) }
        case .change(let plan):
            change(to: plan)
            port.note(.settingChanged, .system, why: why)
        case .force(let edge, let stage, let hold):
            if case .breaker(let breaker)? = edges.guardRef(UInt16(edge), UInt8(stage)) {
                breakers.force(Int(breaker), hold, command: why, &port)
            }
        case .replay(let projection):
            replayDeadLetters(of: projection)
        case .warm(let service):
            warm(service: service, command: why)
        case .replayCommands(let bus):
            replayDeadLetters(ofBus: bus)
        case .rebuild(let projection):
            rebuild(projection, command: why)
        case .deploy(let saga):
            sagas.deploy(saga)
            port.note(.deployed, .saga(UInt16(saga)), why: why)
        case .order(let order):
            carryOut(order, command: why)
        case .orderFlows(let order):
            carryOut(order, command: why)
        case .restart(let projection):
            start(stopped: projection, command: why)
        case .stopLoad:
            loads.stop(&port)
            port.note(.loadStopped, .system, why: why)
        }
        if !port.ready.isEmpty || !port.turnedAway.isEmpty { resumeReady() }
    }

    /// The places in ``faultLog`` of the faults in force that a selection means.
    public func faultsInForce(_ selection: FaultSelection) -> [Int] {
        faults.activeIndices.filter { index in
            let place = faults.faults[index].plan.target
            return switch selection {
            case .all: true
            case .number(let number): number == index + 1
            case .target(let target):
                place == target || target == service(of: place).map { .service($0) } || target == edge(of: place)
            }
        }
    }

    /// The service that a target is part of.
    private func service(of target: FaultPlan.Target) -> Int? {
        switch target {
        case .service(let service), .replica(let service, _), .cache(let service, _): service
        case .operation(let operation): services.service(of: UInt16(operation))
        case .memory(let service): service
        case .edge, .connections, .store, .node, .projection, .bus, .shard, .saga, .sagaStep, .choreography, .policy,
            .load:
            nil
        }
    }

    /// The edge whose connections a target is.
    private func edge(of target: FaultPlan.Target) -> FaultPlan.Target? {
        if case .connections(let edge) = target { .edge(edge) } else { nil }
    }

    /// Gives an edge another budget, its first, or none.
    private mutating func changeBudget(of edge: Int, to settings: RetryBudget.Settings?) {
        if let budget = edges.budget(UInt16(edge)), let settings {
            retries.changeBudget(budget, to: settings)
            return
        }
        guard settings != nil || edges.budget(UInt16(edge)) != nil else { return }
        let budget = settings.map { retries.addBudget($0) }
        edges.place(budget: budget, edge: edge)
        for retry in edges.retries(of: UInt16(edge)) { retries.use(budget: budget, in: retry) }
    }

    /// Takes over a plan that differs in settings alone.
    private mutating func change(to plan: Plan) {
        services.change(to: plan)
        edges.change(to: plan)
        caches.change(to: plan)
        gateways.change(to: plan, at: port.now)
        for service in plan.services.indices where caches.exists(service) { scheduleWarming(of: service) }
        stores.change(to: plan)
        projections.change(to: plan)
        buses.change(to: plan)
        queries.change(to: plan)
        memories.change(to: plan)
        let definitions = sagas.definitions
        sagas.change(to: plan)
        if sagas.definitions != definitions {
            for slot in sagas.liveSlots { setDue(slot, sagas.due(slot)) }
        }
        flows.change(to: plan)
        loads.change(to: plan, &port)
        for (edgeIndex, edge) in plan.edges.enumerated() {
            changeBudget(of: edgeIndex, to: edge.retryBudget)
            for (stage, each) in edge.guards.enumerated() {
                guard let guardRef = edges.guardRef(UInt16(edgeIndex), UInt8(stage)) else { continue }
                change(guardRef.index, to: each, on: edge)
            }
        }
        memories.applyChanges(&port)
        for service in plan.services.indices {
            scale(service, to: plan.services[service].runningReplicas)
            for replica in replicas(of: service) { applyCapacity(of: replica) }
        }
    }

    /// Gives a guard other settings; a changed plan has the guards of the first.
    private mutating func change(_ index: Int, to plan: GuardPlan, on edge: EdgePlan) {
        switch plan {
        case .bulkhead(let settings): bulkheads.change(index, to: settings, &port)
        case .semaphore(let settings): semaphores.change(index, to: settings, &port)
        case .retry(let policy): retries.change(index, to: policy)
        case .breaker(let settings): breakers.change(index, to: settings, &port)
        case .timeout(let limit): timeLimits.change(index, to: limit, at: port.now)
        case .hedge(let plan): hedges.change(index, to: plan)
        case .fallback(let plan): fallbacks.change(index, to: plan)
        case .balancer(let plan): balancers.change(index, to: plan, &port)
        case .connections(let plan): connections.change(index, to: plan, network: edge.network, &port)
        case .memory(let plan): memories.change(index, to: plan)
        case .limiter(let plan): limiters.change(index, to: plan, at: port.now)
        case .throttle(let settings): throttles.change(index, to: settings)
        case .concurrency(let settings): concurrencies.change(index, to: settings, &port)
        case .isolator(let plan): isolators.change(index, to: plan, &port)
        }
    }
}
