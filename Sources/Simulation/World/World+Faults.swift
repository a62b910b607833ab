import Bulkheads
import Caching
import Timeline

// What a fault does when it begins and when it ends.

extension World {
    /// Injects a fault.
    mutating func inject(_ plan: FaultPlan, command: Why) {
        let index = faults.inject(plan, cause: command, &port)
        switch (plan.kind, plan.target) {
        case (.crash, .service(let service)):
            crash(service, by: index)
        case (.capacity, .service(let service)):
            faults.hit(index)
            adjustCapacity(of: service, cause: faults.faults[index].entry)
        case (.flush, .cache(let service, let level)):
            flush(service, level: level, by: index)
        case (.latency, _), (.error, _), (.hang, _), (.crash, _), (.capacity, _), (.flush, _):
            break
        }
        // What happens once is over at once.
        if case .flush = plan.kind { faults.heal(index, &port) }
    }

    /// Heals a fault, whether its time has come or somebody says so.
    mutating func heal(_ index: Int) {
        guard faults.faults[index].isActive else { return }
        let fault = faults.faults[index]
        faults.heal(index, &port)
        switch (fault.plan.kind, fault.plan.target) {
        case (.crash, .service(let service)):
            guard faults.crash(of: service) == nil else { return }
            services.setDown(service, false)
            port.note(.restarted, .service(UInt16(service)), cause: fault.entry)
        case (.capacity, .service(let service)):
            adjustCapacity(of: service, cause: fault.entry)
        case (.hang, _):
            wakeHung(cause: fault.entry)
        case (.latency, _), (.error, _), (.crash, _), (.capacity, _), (.flush, _):
            break
        }
    }

    /// A service goes down: what it was doing and what waited for it is lost, and its memory with it.
    private mutating func crash(_ service: Int, by fault: Int) {
        let entry = port.note(.crashed, .service(UInt16(service)), cause: faults.faults[fault].entry)
        services.setDown(service, true)
        _ = services.drain(service)
        _ = caches.flush(service, level: .l1)
        let lost = frames.indices { frame in
            switch frame.phase {
            case .queued, .working, .hung, .calling: services.service(of: frame.operation) == service
            case .guarding, .waiting, .backingOff, .watched, .crossing, .held, .returning: false
            }
        }
        faults.hit(fault, times: UInt64(lost.count))
        for index in lost where frames[index].flags.contains(.holdsWorker) {
            frames[index].flags.remove(.holdsWorker)
            _ = services.release(service, at: port.now)
        }
        // All before any: a call between two of them must not come back to one that is lost itself.
        for index in lost { frames.disown(index) }
        for index in lost {
            port.cancel(&frames[index].timer)
            frames[index].cause = entry
            note(index, .connectionLost, .failure(.connectionLost), at: .service(UInt16(service)))
            reply(index, Settlement(.failed(.connectionLost)))
        }
        port.touched.insert(.queues)
    }

    /// Gives a service the workers that faults have left it.
    mutating func adjustCapacity(of service: Int, cause: EntryID) {
        let starts = services.setCapacity(of: service, share: faults.capacityLeft(of: service), at: port.now)
        let workers = services.pool(service).settings.maximum
        port.note(.resized, .service(UInt16(service)), why: .count(UInt32(clamping: workers)), cause: cause)
        port.touched.insert(.queues)
        for index in starts { startWork(index) }
    }

    private mutating func flush(_ service: Int, level: Int, by fault: Int) {
        let emptied: CacheLevel? = level == 1 ? .l1 : level == 2 ? .l2 : nil
        let count = caches.flush(service, level: emptied)
        faults.hit(fault)
        port.note(
            .flushed, .cache(service: UInt16(service)), why: .count(UInt32(clamping: count)),
            cause: faults.faults[fault].entry)
    }

    /// What hung and has no fault any more that makes it hang goes on from there.
    private mutating func wakeHung(cause: EntryID) {
        let hung = frames.indices { $0.phase == .hung || $0.phase == .held }
        for index in hung {
            let frame = frames[index]
            if frame.phase == .held {
                guard !faults.hangs(edge: Int(frame.edge)) else { continue }
                frames[index].phase = .crossing
                port.schedule(after: edges.crossing(of: frame.edge), .call(.delivered(index)))
            } else {
                let service = services.service(of: frame.operation)
                guard !faults.hangs(service: service, operation: Int(frame.operation)) else { continue }
                frames[index].phase = .working
                let latency = services.sampleLatency(of: frame.operation)
                frames[index].timer = port.schedule(after: latency, .service(.worked(index)))
            }
        }
    }
}
