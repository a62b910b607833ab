import Caching
import Timeline

// What caches load before they are asked for it.

extension World {
    /// Warms the caches whose plan says so at the beginning.
    mutating func startWarming(of plan: Plan) {
        for service in plan.services.indices where caches.exists(service) {
            for node in 0..<services.running(of: service) { warmRestarted(node, of: service, cause: .none) }
            scheduleWarming(of: service)
        }
    }

    /// A replica has come up: its levels are warmed, if its plan says so.
    mutating func warmRestarted(_ node: Int, of service: Int, cause: EntryID) {
        guard caches.exists(service) else { return }
        switch caches[service].plan.warming?.choice {
        case .popular(_, .restart), .first(_, .restart): warm(node, of: service, why: nil, cause: cause)
        case .popular, .first, .next, .comingHour, nil: break
        }
    }

    /// All replicas of a service that run and are up are warmed.
    mutating func warm(service: Int, command: Why?) {
        for node in 0..<services.running(of: service) where faults.crash(of: service, replica: node) == nil {
            warm(node, of: service, why: command, cause: .none)
        }
    }

    private mutating func warm(_ node: Int, of service: Int, why: Why?, cause: EntryID) {
        let count = caches[service].beginWarming(node: node, at: port.now)
        guard count > 0 else { return }
        port.note(.warms, .cache(service: UInt16(service)), why: why ?? .count(UInt32(clamping: count)), cause: cause)
        goOnWarming(node, of: service)
    }

    /// What usually follows a key is loaded while the key itself is answered.
    mutating func foresee(from key: UInt64, _ node: Int, of service: Int) {
        if caches[service].foresee(from: key, node: node, at: port.now) { goOnWarming(node, of: service) }
    }

    /// Begins the loads that are due at a replica, and looks again when the next one is.
    private mutating func goOnWarming(_ node: Int, of service: Int) {
        port.cancel(&caches[service].warmerTimers[node])
        while true {
            switch caches[service].nextWarming(node: node, at: port.now) {
            case .load(let load): begin(load, node, of: service)
            case .wait(let until):
                let event = Event.warmerGoesOn(UInt32(service) << 8 | UInt32(node))
                caches[service].warmerTimers[node] = port.schedule(after: until - port.now, event)
                return
            case .done: return
            }
        }
    }

    private mutating func begin(_ load: CacheWarmer<UInt64>.Load, _ node: Int, of service: Int) {
        // Somebody else who loads it does it for the warmer too.
        guard let flight = caches[service][pathOf: node].prefetch(load.key, at: port.now) else {
            _ = caches[service].warmers[node].settle(load, .loaded, at: port.now)
            return
        }
        var frame = Frame()
        frame.operation = UInt16(CacheView.parts(of: load.key).operation)
        frame.replica = UInt8(node)
        frame.request = nextRequest()
        frame.key = CacheView.parts(of: load.key).number
        loadInBackground(load.key, frame, flight, for: load)
    }

    /// A load for a warmer has come to its end.
    mutating func warmed(_ load: CacheWarmer<UInt64>.Load, isOK: Bool, _ node: Int, of service: Int) {
        guard caches[service].warmers.indices.contains(node) else { return }
        let counts = caches[service].warmers[node].settle(load, isOK ? .loaded : .failed, at: port.now)
        if counts { goOnWarming(node, of: service) }
    }

    /// A load of a replica's warmer may begin, or its time is over.
    mutating func warmerGoesOn(_ place: UInt32) {
        let (service, node) = (Int(place >> 8), Int(place & 255))
        caches[service].warmerTimers[node] = .none
        goOnWarming(node, of: service)
    }

    /// It is time to warm all replicas of a service.
    mutating func warmingDue(_ service: Int) {
        caches[service].warmingTimer = .none
        warm(service: service, command: nil)
        scheduleWarming(of: service)
    }

    /// Sets the time at which all replicas of a service are warmed next, by the plan in force.
    mutating func scheduleWarming(of service: Int) {
        port.cancel(&caches[service].warmingTimer)
        guard let due = caches[service].plan.warming?.nextDue(after: port.now) else { return }
        caches[service].warmingTimer = port.schedule(after: due - port.now, .warmingDue(UInt32(service)))
    }

    /// A replica goes down, and what it loads ahead with it.
    mutating func stopWarming(_ node: Int, of service: Int) {
        guard caches[service].warmers.indices.contains(node) else { return }
        caches[service].warmers[node].stop(at: port.now)
        port.cancel(&caches[service].warmerTimers[node])
    }
}
