import Caching
import Resilience
public import Timeline

/// The whole simulated company as one value: a copy of it is a keyframe, and an assignment is time travel.
///
/// It is made of hosts, one for each chapter, that never touch each other. The world passes their decisions
/// on: `World+Calls` takes a call through the guards of its edge and back, `World+Visits` through a service,
/// `World+Sagas` runs the sagas, `World+Flows` those without an orchestrator, `World+Faults` breaks things.
public struct World: Sendable {
    var port = Port()
    var frames: FrameArena
    var loads: LoadHost
    var services: ServiceHost
    var edges: EdgeHost
    var breakers = BreakerHost()
    var bulkheads = BulkheadHost()
    var semaphores = SemaphoreHost()
    var retries = RetryHost()
    var hedges = HedgeHost()
    var fallbacks = FallbackHost()
    var balancers = BalancerHost()
    var limiters = LimiterHost()
    var throttles = ThrottleHost()
    var concurrencies = ConcurrencyHost()
    var isolators = IsolatorHost()
    var timeLimits = TimeLimitHost()
    var connections = ConnectionHost()
    var memories: MemoryHost
    var caches: CacheHost
    var gateways: GatewayHost
    var sagas: SagaHost
    var flows: FlowHost
    var faults: FaultHost
    var rows: RowHost
    var stocks: StockHost
    var stores: StoreHost
    var projections: ProjectionHost
    var buses: BusHost
    var queries: QueryHost
    var meters: MeterHost
    var idempotency = Idempotency()
    /// What really happened to the money.
    public internal(set) var ledger: Ledger
    /// What each operation does after its own work, and books.
    var scripts: ScriptTable
    /// How many requests have arrived; also the number of the latest.
    private(set) var requests: UInt64 = 0
    /// How many commands have been carried out.
    var commandsDone = 0

    /// The company at the beginning of its run.
    public init(plan: Plan) {
        frames = FrameArena(longestChain: plan.edges.map(\.guards.count).max() ?? 0)
        loads = LoadHost(plan: plan)
        services = ServiceHost(plan: plan)
        caches = CacheHost(plan: plan)
        gateways = GatewayHost(plan: plan)
        sagas = SagaHost(plan: plan)
        flows = FlowHost(plan: plan)
        faults = FaultHost(seed: plan.seed)
        rows = RowHost(plan: plan)
        stocks = StockHost(plan: plan)
        stores = StoreHost(plan: plan)
        projections = ProjectionHost(plan: plan)
        buses = BusHost(plan: plan)
        queries = QueryHost(plan: plan)
        memories = MemoryHost(plan: plan)
        meters = MeterHost(plan: plan)
        ledger = Ledger(accounts: plan.accounts.count)
        scripts = ScriptTable(plan: plan)
        edges = EdgeHost(plan: plan)
        placeGuards(of: plan)
        connections.start(&port)
        stores.start(&port)
        startProjections()
        memories.start(at: port.now)
        loads.start(&port)
        startGateways()
        startWarming(of: plan)
        port.schedule(after: Self.window, .windowCloses)
    }

    /// How long a measured window is.
    public static let window = Duration.seconds(1)

    /// Gives each guard of the plan a place in its chapter, and in the chain of its edge.
    private mutating func placeGuards(of plan: Plan) {
        var breakersOfCallers: [EdgePlan.Source: UInt16] = [:]
        for (index, edge) in plan.edges.enumerated() {
            let budget = edge.retryBudget.map { retries.addBudget($0) }
            edges.place(budget: budget, edge: index)
            for (stage, each) in edge.guards.enumerated() {
                let place = Component.guardOn(edge: UInt16(index), stage: UInt8(stage))
                let name = edge.streamName(ofGuardAt: stage)
                let ref: GuardRef =
                    switch each {
                    case .bulkhead(let settings): .bulkhead(bulkheads.add(settings))
                    case .semaphore(let settings): .semaphore(semaphores.add(settings))
                    case .retry(let policy):
                        .retry(retries.add(policy, seed: plan.seed, name: name, budget: budget))
                    case .breaker(let settings):
                        .breaker(placeBreaker(settings, on: edge, plan, at: place, &breakersOfCallers))
                    case .timeout(let limit): .timeout(timeLimits.add(limit))
                    case .hedge(let plan): .hedge(hedges.add(plan))
                    case .fallback(let plan): .fallback(fallbacks.add(plan))
                    case .balancer(let balancer):
                        .balancer(
                            balancers.add(
                                balancer, of: plan.services[edge.target], target: edge.target,
                                operation: plan.operations.firstIndex { $0.service == edge.target }.map { UInt16($0) },
                                at: place, seed: plan.seed, name: edge.name, &port))
                    case .connections(let pool):
                        .connections(
                            connections.add(
                                pool, on: edge, caller: edge.caller(in: plan), seed: plan.seed, name: name, at: place))
                    case .memory(let memory):
                        .memory(memories.add(memory, caller: edge.caller(in: plan), at: place))
                    case .limiter(let limiter):
                        .limiter(limiters.add(limiter, parts: limiter.scope == .edge ? 1 : plan.tenants.count))
                    case .throttle(let settings):
                        .throttle(throttles.add(settings, seed: plan.seed, name: name))
                    case .concurrency(let settings):
                        .concurrency(concurrencies.add(settings, at: place, seed: plan.seed, name: name))
                    case .isolator(let isolator): .isolator(isolators.add(isolator, at: place))
                    }
                edges.place(ref, edge: index, stage: stage)
            }
        }
    }

    /// Gives a breaker its place, or finds the one that it shares with the caller's other edges.
    private mutating func placeBreaker(
        _ breaker: BreakerPlan, on edge: EdgePlan, _ plan: Plan, at place: Component,
        _ ofCallers: inout [EdgePlan.Source: UInt16]
    ) -> UInt16 {
        guard breaker.scope == .caller else {
            return breakers.add(breaker, parts: parts(of: breaker, edge, plan), at: place)
        }
        let caller = edge.caller(in: plan).map { EdgePlan.Source.service($0) } ?? edge.source
        if let shared = ofCallers[caller] { return shared }
        let new = breakers.add(breaker, parts: 1, at: place)
        ofCallers[caller] = new
        return new
    }

    /// How many breakers a guard is.
    private func parts(of breaker: BreakerPlan, _ edge: EdgePlan, _ plan: Plan) -> Int {
        switch breaker.scope {
        case .edge, .caller: 1
        case .operation: max(1, plan.operations(of: edge.target).count)
        case .replica: plan.services[edge.target].replicas
        }
    }

    /// Takes a number for a new request.
    mutating func nextRequest() -> UInt64 {
        requests += 1
        return requests
    }
}

extension World {
    /// Executes events until one is due after `limit`, so many have been executed, or a watched change happens.
    ///
    /// Returns true if a watched change ended it.
    mutating func run(until limit: Instant, atMost count: Int, watching watch: Watch) -> Bool {
        port.touched = []
        for _ in 0..<count {
            guard let event = port.next(by: limit) else { return false }
            handle(event)
            if !port.ready.isEmpty || !port.turnedAway.isEmpty { resumeReady() }
            if !port.touched.isDisjoint(with: watch) { return true }
        }
        return false
    }

    @inline(__always)
    private mutating func handle(_ event: Event) {
        switch event {
        case .delivered(let frame): arrive(frame)
        case .replied(let frame): replied(frame)
        case .retries(let frame): retry(frame)
        case .timeLimit(let frame): timeOut(frame)
        case .hedges(let frame): hedgeDue(frame)
        case .waitLimit(let frame): waitedTooLong(frame)
        case .proceeds(let frame): proceed(frame)
        case .worked(let frame): finishWork(frame)
        case .loadOverdue(let frame): loadOverdue(frame)
        case .writesDue(let place): writesDue(place)
        case .invalidationArrives(let message): invalidationArrives(message)
        case .invalidationsDue(let service): invalidationsDue(Int(service))
        case .warmerGoesOn(let place): warmerGoesOn(place)
        case .warmingDue(let service): warmingDue(Int(service))
        case .breakerDue(let breaker): breakers.due(Int(breaker), &port)
        case .sagaDue(let saga): sagaDue(saga)
        case .sagaAsksAgain(let saga): askAgain(saga)
        case .sagaTakenOver(let saga): takeOver(saga)
        case .eventArrives(let delivery): eventArrives(delivery)
        case .flowDue(let flow): flowDue(flow)
        case .arrives(let load): begin(loads.arrive(load, &port), from: load)
        case .thought(let load): begin(loads.endThinking(load), from: load)
        case .faultHeals(let fault): faultEnds(Int(fault))
        case .faultGrows(let fault): growMemory(Int(fault))
        case .detectionEnds(let balancer): balancers.endInterval(Int(balancer), &port)
        case .checkDue(let replica): check(Int(replica))
        case .connected(let token): connectionOpened(token)
        case .pinged(let token): connectionPinged(token)
        case .poolDue(let pool): connections.due(Int(pool), &port)
        case .storeWorks(let work): storeWorks(work)
        case .storeWakes(let replica): storeWakes(replica)
        case .storeCompares(let node): storeCompares(node)
        case .commandGoesOn(let command): commandGoesOn(command)
        case .commandLimit(let command): commandLimit(command)
        case .projectionGoesOn(let errand): projectionGoesOn(errand)
        case .projectionWakes(let lane): projectionWakes(lane)
        case .published(let message): publicationArrives(message)
        case .readersDue(let projection): readersDue(Int(projection))
        case .handlerGoesOn(let handling): handlerGoesOn(handling)
        case .busDue(let bus): busDue(Int(bus))
        case .queryExecuted(let execution): queryExecuted(execution)
        case .keysArrive(let gateway): keysArrive(Int(gateway))
        case .keysRotate(let site): keysRotate(Int(site))
        case .limitsShared(let site): limitsShared(Int(site))
        case .limitHeard(let news): limitHeard(news)
        case .windowCloses: closeWindow()
        }
    }

    private mutating func closeWindow() {
        port.schedule(after: Self.window, .windowCloses)
        port.touched.insert(.windows)
        memories.sample(&port)
        sampleProjections()
    }

    /// Begins what a load asks for, if it does.
    private mutating func begin(_ request: LoadHost.Request?, from load: UInt32) {
        guard let request else { return }
        switch request.target {
        case .call(let call):
            begin(call, form: request.form, from: load, key: request.key, amount: request.amount)
        case .start(let saga): startSaga(saga, from: load, key: request.key)
        case .begin(let choreography): startFlow(choreography, from: load, key: request.key)
        case .routes: break  // A load has drawn one of them.
        }
    }

    /// In place of a frame that was to be told, and has been cancelled.
    private static var nobody: UInt32 { .max }

    /// Takes a frame that is cancelled out of those that are to be told. True if it was to go on.
    mutating func forgetReady(_ frame: UInt32) -> Bool {
        if let place = port.ready.firstIndex(of: frame) {
            port.ready[place] = Self.nobody
            return true
        }
        if let place = port.turnedAway.firstIndex(where: { $0.frame == frame }) {
            port.turnedAway[place].frame = Self.nobody
        }
        return false
    }

    /// Lets those go on that something freed, in order, and sends those away that wait in vain; they may free others.
    mutating func resumeReady() {
        var (next, refused) = (0, 0)
        while true {
            if next < port.ready.count {
                let frame = port.ready[next]
                port.ready[next] = Self.nobody
                next += 1
                if frame != Self.nobody { resume(frame) }
            } else if refused < port.turnedAway.count {
                let (frame, failure) = port.turnedAway[refused]
                port.turnedAway[refused].frame = Self.nobody
                refused += 1
                if frame != Self.nobody { turnAway(frame, failure) }
            } else {
                break
            }
        }
        port.ready.removeAll(keepingCapacity: true)
        if refused > 0 { port.turnedAway.removeAll(keepingCapacity: true) }
    }
}
