internal import EventSourcing
internal import Simulation

extension Item {
    /// The journal entry to ask "why?" about: the latest transition of what is selected.
    func entryToExplain(_ scene: Scene) -> EntryID? {
        switch self {
        case .event(let id): return id
        case .fault(let number):
            let faults = scene.world.faultLog
            return faults.indices.contains(number - 1) ? faults[number - 1].entry : nil
        case .saga(let request):
            if let last = scene.followed, last.request == request, let entry = last.story.last { return entry.id }
            let running = scene.sample.running.first { $0.row.request == request }?.saga.lastEntry
            return running ?? scene.latestEntry { $0.request == request }
        case .flow(let request):
            return scene.latestEntry { $0.request == request && $0.isOfFlow && !$0.what.isRoutine }
                ?? scene.latestEntry { $0.request == request && $0.isOfFlow }
        case .breaker(let edge, let stage, let part):
            let place = BreakerPlace(edge: edge, stage: stage, part: part)
            let component = scene.world.component(of: place)
            return scene.transitions[component]?.last?.id ?? scene.latestNews { $0 == component }
        case .bulkhead(let edge, let stage), .guardOn(let edge, let stage):
            return scene.latestNews { $0.isGuard(at: GuardPlace(edge: edge, stage: stage)) }
        case .compartment(let edge, let stage, let part):
            let component = Component.guardPart(edge: UInt16(edge), stage: UInt8(stage), part: UInt16(part))
            return scene.transitions[component]?.last?.id ?? scene.latestNews { $0 == component }
        case .edge(let edge): return scene.latestNews { $0.isOn(edge: edge) }
        case .replica(let service, let replica):
            return scene.latestNews { $0 == .replica(service: UInt16(service), UInt8(replica)) }
        case .service(let service):
            return scene.latestNews { place in
                switch place {
                case .service(let index), .replica(let index, _): Int(index) == service
                case .operation(let operation): scene.plan.operations[Int(operation)].service == service
                case .edge(let edge), .guardOn(let edge, _), .guardPart(let edge, _, _):
                    scene.plan.edges[Int(edge)].target == service
                case .system, .cache, .saga, .choreography, .load, .fault, .ledger, .store, .projection, .bus, .shard:
                    false
                }
            }
        case .cache(let service, _): return scene.latestNews { $0 == .cache(service: UInt16(service)) }
        case .origin(let service, let fact):
            let cache = Component.cache(service: UInt16(service))
            guard let what = fact.what else { return scene.latestNews { $0 == cache } }
            return scene.latestEntry { $0.place == cache && $0.what == what }
        case .load(let load): return scene.latestNews { $0 == .load(UInt16(load)) }
        case .store(let store), .node(let store, _): return scene.latestNews { $0 == .store(UInt16(store)) }
        case .logged(let store, let position):
            return scene.world.event(at: Position(position), ofStore: store)?.cause
        case .projection(let projection): return scene.latestNews { $0 == .projection(UInt16(projection)) }
        case .bus(let bus): return scene.latestNews { $0 == .bus(UInt16(bus)) }
        case .queryBus(let projection):
            return scene.latestNews {
                $0 == .projection(UInt16(projection)) || $0.isShard(of: projection)
                    || scene.isFault($0) { $0.isShard(of: projection) }
            }
        case .shard(let projection, let shard):
            return scene.latestNews { scene.concerns($0, shard: shard, of: projection) }
        case .ledger: return scene.latestEntry { $0.place == .ledger }
        case .gateway(let service), .issuer(let service): return Item.service(service).entryToExplain(scene)
        case .route(let service, let route), .message(let service, let route, _), .stage(let service, let route?, _):
            return scene.latestRefusal(ofRoute: route, ofGateway: service)
        case .stage(let service, nil, _): return Item.service(service).entryToExplain(scene)
        case .backend(let edge, let replica), .keys(let edge, let replica):
            return scene.latestNews { scene.concerns($0, replica: replica, onEdge: edge) }
        case .logLine(let service, let number): return scene.refusal(inLine: number, ofGateway: service)
        }
    }
}

extension Scene {
    /// Whether a place of the journal is a fault on such a target.
    func isFault(_ place: Component, on isMeant: (FaultPlan.Target) -> Bool) -> Bool {
        guard case .fault(let index) = place, Int(index) < world.faultLog.count else { return false }
        return isMeant(world.faultLog[Int(index)].plan.target)
    }

    /// Whether a place of the journal is a shard of a projection's query bus, or a fault on it.
    func concerns(_ place: Component, shard: Int, of projection: Int) -> Bool {
        place == .shard(projection: UInt16(projection), UInt16(shard))
            || isFault(place) { $0 == .shard(projection: projection, shard) }
    }

    /// The latest news from a place; of a breaker its transitions come before what it refused.
    fileprivate func latestNews(_ isMeant: (Component) -> Bool) -> EntryID? {
        let lines = events.filter { isMeant($0.place) }
        return (lines.last { $0.what.isTransition } ?? lines.last)?.id
    }

    /// The latest entry of all that are held; looked for on a key press, never in a frame.
    fileprivate func latestEntry(where isMeant: (Entry) -> Bool) -> EntryID? {
        journal.latest(1, where: isMeant).first?.id
    }
}

extension Entry {
    /// Whether it tells of a flow of a choreography.
    fileprivate var isOfFlow: Bool { if case .choreography = place { true } else { false } }
}

extension Component {
    /// Whether it is a shard of a projection's query bus.
    func isShard(of projection: Int) -> Bool {
        if case .shard(UInt16(projection), _) = self { true } else { false }
    }
}

extension FaultPlan.Target {
    /// Whether it is a shard of a projection's query bus.
    func isShard(of projection: Int) -> Bool { if case .shard(projection, _) = self { true } else { false } }
}

extension What {
    /// Whether something changed its state, rather than handled a call.
    fileprivate var isTransition: Bool {
        switch self {
        case .opened, .halfOpened, .closed, .forced, .crashed, .restarted, .resized, .scaled, .flushed, .unhealthy,
            .healthy,
            .ejected, .readmitted, .panicked, .calmed, .leaked, .alerted, .limitChanged, .leads, .eventsLost, .diverged,
            .converged, .projectionStopped, .projectionStarted, .replays, .rebuilds, .switched:
            true
        case .arrived, .answered, .failed, .sent, .replied, .waits, .rejected, .timedOut, .backsOff, .gaveUp,
            .cameTooLate, .cancelled, .hedged, .fellBack, .dropped, .connected, .disconnected, .connectFailed, .evicted,
            .queued, .startedWork, .finishedWork, .failedWork, .turnedAway, .connectionLost, .sagaStarted, .stepStarted,
            .stepDone, .stepFailed, .stepBacksOff, .compensates, .undoStarted, .undoDone, .undoFailed, .overdue,
            .completed, .compensated, .compensationFailed, .faultInjected, .faultHit, .faultHealed, .booked,
            .settingChanged, .loadStopped, .outOfRoom, .appended, .conflicted, .concurrent, .overruled, .projected,
            .setAside, .leftOut, .projectedAgain, .notPublished, .readStale, .joinedLoad, .servedStale, .flushedWrites,
            .foundInCache, .missedCache, .commandSent, .decided, .queried, .passedStage, .awaitsKeys,
            .answeredByGateway, .responded, .keysFetched, .keysRotated, .writesLost, .warms, .sagaInterrupted,
            .sagaRecovered, .sagaStalled, .sagaPaused, .sagaResumed, .sagaKilled,
            .stepSkipped, .undoResolved, .lockAwaited, .sagaLocked, .ordered, .deployed, .operatorCalled,
            .eventPublished, .eventDelivered, .undelivered, .eventRepeated, .eventRefused, .reactionFailed,
            .flowOrphaned, .flowParked:
            false
        }
    }
}
