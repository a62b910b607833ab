import Bulkheads
import EventSourcing
import Timeline

// What a fault does when it begins and when it ends.

extension World {
    /// Injects a fault.
    mutating func inject(_ plan: FaultPlan, command: Why) {
        let index = faults.inject(plan, cause: command, &port)
        switch plan.kind {
        case .crash:
            for replica in replicas(meantBy: plan.target) { crash(replica, by: index) }
            for (store, node) in nodes(meantBy: plan.target) { crash(node: node, of: store, by: index) }
            if case .projection(let projection) = plan.target { crash(projection: projection, by: index) }
            if case .bus(let bus) = plan.target { crash(bus: bus, by: index) }
            if case .shard = plan.target { faults.hit(index) }
        case .cut, .pause:
            faults.hit(index)
        case .capacity:
            faults.hit(index)
            for replica in replicas(meantBy: plan.target) { adjustCapacity(of: replica, cause: cause(index)) }
        case .flush:
            if case .cache(let service, let level) = plan.target { flush(service, level: level, by: index) }
        case .allocate:
            port.schedule(after: Self.growthStep, .faultGrows(UInt32(index)))
        case .expiredKey:
            if case .service(let service) = plan.target { expireKey(ofService: service) }
            faults.hit(index)
        case .latency, .error, .hang, .badDeploy, .halfOpen, .wrongStatus, .leak, .stuck, .hungProbe, .falseAlarm,
            .lose, .interrupt, .spoofedHeader:
            break
        }
        // What happens once is over at once.
        if case .flush = plan.kind { faults.heal(index, &port) }
    }

    /// The end of a fault has come that was set when it was injected.
    mutating func faultEnds(_ index: Int) {
        faults.timerFired(index)
        heal(index)
    }

    /// Heals a fault, whether its time has come or somebody says so.
    mutating func heal(_ index: Int) {
        guard faults.faults[index].isActive else { return }
        let plan = faults.faults[index].plan
        faults.heal(index, &port)
        switch plan.kind {
        case .crash:
            for replica in replicas(meantBy: plan.target) { restart(replica, cause: cause(index)) }
            for (store, node) in nodes(meantBy: plan.target) { restart(node: node, of: store, cause: cause(index)) }
            if case .projection(let projection) = plan.target { restart(projection: projection, cause: cause(index)) }
            if case .bus(let bus) = plan.target { restart(bus: bus, cause: cause(index)) }
        case .pause:
            for (store, node) in nodes(meantBy: plan.target) { resume(node: node, of: store) }
        case .capacity:
            for replica in replicas(meantBy: plan.target) { adjustCapacity(of: replica, cause: cause(index)) }
        case .hang, .hungProbe:
            wakeHung()
        case .halfOpen:
            loseUnanswered(cause: cause(index))
        case .stuck:
            for replica in replicas(meantBy: plan.target) { wakeStuck(replica) }
        case .allocate:
            memories.free(fault: index, cause: cause(index), &port)
        case .expiredKey:
            if case .service(let service) = plan.target { replaceKey(ofService: service) }
        case .latency, .error, .badDeploy, .wrongStatus, .flush, .leak, .falseAlarm, .cut, .lose, .interrupt,
            .spoofedHeader:
            break
        }
    }

    /// One replica of a service.
    struct Replica {
        var service: Int
        var index: Int
    }

    /// The replicas that a target means: all of a service, or one.
    private func replicas(meantBy target: FaultPlan.Target) -> [Replica] {
        switch target {
        case .service(let service): replicas(of: service)
        case .replica(let service, let replica): [Replica(service: service, index: replica)]
        case .operation, .edge, .cache, .connections, .memory, .store, .node, .projection, .bus, .shard, .saga,
            .sagaStep, .choreography, .policy, .load:
            []
        }
    }

    /// The nodes of event stores that a target means.
    private func nodes(meantBy target: FaultPlan.Target) -> [(store: Int, node: Int)] {
        switch target {
        case .store(let store): (0..<stores[store].plan.cluster.nodes).map { (store, $0) }
        case .node(let store, let node): [(store, node)]
        case .service, .replica, .operation, .edge, .cache, .connections, .memory, .projection, .bus, .shard, .saga,
            .sagaStep, .choreography, .policy, .load:
            []
        }
    }

    func replicas(of service: Int) -> [Replica] {
        (0..<services.replicas(of: service)).map { Replica(service: service, index: $0) }
    }

    private func station(_ replica: Replica) -> Int {
        services.stations(of: replica.service).lowerBound + replica.index
    }

    /// A replica as a place of the journal: the service itself if it is the only one.
    private func place(_ replica: Replica) -> Component {
        services.replicas(of: replica.service) == 1
            ? .service(UInt16(replica.service)) : .replica(service: UInt16(replica.service), UInt8(replica.index))
    }

    private func cause(_ fault: Int) -> EntryID { faults.faults[fault].entry }

    private mutating func restart(_ replica: Replica, cause: EntryID) {
        guard faults.crash(of: replica.service, replica: replica.index) == nil else { return }
        services.setDown(station(replica), false)
        let entry = port.note(.restarted, place(replica), cause: cause)
        if replica.index == 0 { takeOverSagas(home: replica.service) }
        warmRestarted(replica.index, of: replica.service, cause: entry)
    }

    /// A replica goes down: what it was doing and what waited for it is lost, and its memory with it.
    private mutating func crash(_ replica: Replica, by fault: Int) {
        let station = station(replica)
        let entry = port.note(.crashed, place(replica), cause: cause(fault))
        services.setDown(station, true)
        _ = services.drain(station)
        loseCache(ofNode: replica.index, of: replica.service, cause: entry)
        losePools(of: replica.service, cause: entry)
        gateways.restart(replica.index, of: replica.service, at: port.now)
        let lost = frames.indices { frame in
            switch frame.phase {
            case .unanswered, .queued, .working, .hung, .stuck, .calling, .joining, .appending, .awaiting:
                services.station(of: frame) == station
            case .guarding, .waiting, .delayed, .backingOff, .watched, .fallingBack, .crossing, .held, .returning:
                false
            }
        }
        faults.hit(fault, times: UInt64(lost.count))
        for index in lost where frames[index].phase == .stuck { services.comesUnstuck(station) }
        for index in lost where frames[index].flags.contains(.holdsWorker) {
            frames[index].flags.remove(.holdsWorker)
            _ = services.release(station, .failure, startedAt: frames[index].workAt, at: port.now)
        }
        // All before any: a call between two of them must not come back to one that is lost itself.
        for index in lost { frames.disown(index) }
        // What comes back may withdraw others of them.
        for id in lost.map({ frames.id(of: $0) }) where frames.isAlive(id) {
            let index = id.index
            port.cancel(&frames[index].timer)
            leaveSeat(index)
            frames[index].cause = entry
            note(index, .connectionLost, .failure(.connectionLost), at: place(replica))
            reply(index, Settlement(.failed(.connectionLost)))
        }
        // What drives sagas runs on the first replica.
        if replica.index == 0 { interruptSagas(home: replica.service, cause: entry) }
        port.touched.insert(.queues)
    }

    /// Gives a replica the workers that faults have left it.
    private mutating func adjustCapacity(of replica: Replica, cause: EntryID) {
        applyCapacity(of: replica)
        let workers = services.pool(station(replica)).settings.maximum
        port.note(.resized, place(replica), why: .count(UInt32(clamping: workers)), cause: cause)
        port.touched.insert(.queues)
    }

    /// Makes a replica as large as its service's settings and the faults say.
    mutating func applyCapacity(of replica: Replica) {
        let share = faults.capacityLeft(of: replica.service, replica: replica.index)
        let next = services.setCapacity(of: station(replica), service: replica.service, share: share, at: port.now)
        for each in next { follow(each, at: station(replica)) }
    }

    private mutating func flush(_ service: Int, level: Int, by fault: Int) {
        let count = caches.exists(service) ? caches[service].flush(level == 0 ? nil : level - 1) : 0
        faults.hit(fault)
        port.note(
            .flushed, .cache(service: UInt16(service)), why: .count(UInt32(clamping: count)),
            cause: faults.faults[fault].entry)
    }

    /// What hung and has no fault any more that makes it hang goes on from there.
    private mutating func wakeHung() {
        let hung = frames.indices { $0.phase == .hung || $0.phase == .held }
        for index in hung {
            let frame = frames[index]
            if frame.phase == .held {
                guard !faults.hangs(edge: Int(frame.edge), isProbe: frame.isProbe) else { continue }
                frames[index].phase = .crossing
                let crossing = frame.isProbe ? probeCrossing(index) : edges.crossing(of: frame.edge)
                frames[index].timer = port.schedule(after: crossing, .delivered(index))
            } else {
                let service = services.service(of: frame.operation)
                guard !faults.hangs(service: service, replica: Int(frame.replica), operation: Int(frame.operation))
                else { continue }
                goOnWorking(index)
            }
        }
    }

    /// The calls that a service has accepted, and that no fault leaves unanswered any more, lose their connection.
    private mutating func loseUnanswered(cause: EntryID) {
        let unanswered = frames.indices { $0.phase == .unanswered }
        // What comes back may withdraw others of them.
        for id in unanswered.map({ frames.id(of: $0) }) where frames.isAlive(id) {
            let frame = frames[id.index]
            let service = services.service(of: frame.operation)
            guard !faults.isHalfOpen(service: service, replica: Int(frame.replica), edge: Int(frame.edge)) else {
                continue
            }
            frames[id.index].cause = cause
            note(id.index, .connectionLost, .failure(.connectionLost), at: .service(UInt16(service)))
            reply(id.index, Settlement(.failed(.connectionLost)))
        }
    }

    /// The workers of a replica that no fault makes stick any more go on with the calls that they have, oldest first.
    private mutating func wakeStuck(_ replica: Replica) {
        let station = station(replica)
        let surplus =
            services.stuck(station) - faults.stuckWorkers(service: replica.service, replica: replica.index)
        guard surplus > 0 else { return }
        let stuck = frames.indices { $0.phase == .stuck && services.station(of: $0) == station }
            .sorted { (frames[$0].workAt, frames[$0].request) < (frames[$1].workAt, frames[$1].request) }
        for index in stuck.prefix(surplus) {
            services.comesUnstuck(station)
            goOnWorking(index)
        }
    }

    /// The work of a call begins anew.
    private mutating func goOnWorking(_ index: UInt32) {
        frames[index].phase = .working
        frames[index].timer = port.schedule(after: workTime(of: index), .worked(index))
    }
}
