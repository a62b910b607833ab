import Bulkheads
import Timeline

// What calls and faults reserve, and what that brings about.

extension MemoryHost {
    /// May this call pass? The token stands for what it has reserved.
    mutating func ask(_ index: Int, request: UInt64, cause: EntryID, _ port: inout Port) -> Verdict {
        port.touched.insert(.queues)
        let (pool, child) = (guards[index].pool, guards[index].child)
        let answer = pools[pool].memory.reserve(
            guards[index].plan.size, from: .child(child), owner: request, at: port.now)
        switch answer {
        case .reserved(let reservation, let change):
            follow(change, in: pool, request: request, cause: cause, &port)
            return .pass(token: reservation.number)
        case .refused(let refusal):
            guards[index].lastRefusal = Why(refusal)
            return .reject(.outOfMemory, retryAfter: .zero)
        }
    }

    /// A call that passed has ended: what it reserved is free.
    mutating func tell(_ index: Int, token: UInt32, request: UInt64, cause: EntryID, _ port: inout Port) {
        port.touched.insert(.queues)
        let pool = guards[index].pool
        let reservation = MemoryPool.Reservation(number: token)
        guard let release = pools[pool].memory.release(reservation, at: port.now) else { return }
        note(release.alerts, in: pool, request: request, cause: cause, &port)
    }

    /// The fault that takes more and more of a guard's memory, if one does.
    func growthCause(_ index: Int) -> EntryID? { growthCause(in: guards[index].pool) }

    private func growthCause(in pool: Int) -> EntryID? { growths.last { $0.pool == pool }?.cause }

    /// Takes the samples that trends are judged by.
    mutating func sample(_ port: inout Port) {
        for index in pools.indices {
            let alerts = pools[index].memory.advance(to: port.now)
            note(alerts, in: index, request: 0, cause: growthCause(in: index) ?? .none, &port)
        }
    }

    /// A fault takes so much more of a service's memory, or what is left; false if nothing is.
    mutating func grow(_ service: Int, by bytes: Int, fault: Int, cause: EntryID, _ port: inout Port) -> Bool {
        guard let pool = pool(ofService: service), let usage = pools[pool].memory.usage(of: .pool) else { return false }
        let more = min(bytes, usage.limit - (usage.used - usage.evictable))
        guard more > 0 else { return false }
        let place = growths.firstIndex { $0.fault == fault }
        let answer =
            if let place {
                pools[pool].memory.resize(growths[place].reservation, to: growths[place].bytes + more, at: port.now)
            } else {
                Optional(pools[pool].memory.reserve(more, from: .pool, owner: 0, at: port.now))
            }
        guard case .reserved(let reservation, let change)? = answer else { return false }
        if let place {
            growths[place].bytes += more
        } else {
            growths.append(Growth(fault: fault, pool: pool, reservation: reservation, bytes: more, cause: cause))
        }
        port.touched.insert(.queues)
        follow(change, in: pool, cause: cause, &port)
        return true
    }

    /// What a fault has taken is free again.
    mutating func free(fault: Int, cause: EntryID, _ port: inout Port) {
        guard let place = growths.firstIndex(where: { $0.fault == fault }) else { return }
        let growth = growths.remove(at: place)
        port.touched.insert(.queues)
        guard let release = pools[growth.pool].memory.release(growth.reservation, at: port.now) else { return }
        note(release.alerts, in: growth.pool, request: 0, cause: cause, &port)
    }

    /// A service has gone down: what faults have taken of its memory is free.
    mutating func serviceWentDown(_ service: Int, cause: EntryID, _ port: inout Port) {
        guard let pool = pool(ofService: service) else { return }
        for growth in growths where growth.pool == pool { free(fault: growth.fault, cause: cause, &port) }
    }

    /// Writes what a change has brought about.
    mutating func follow(
        _ change: MemoryPool.Change, in pool: Int, request: UInt64 = 0, cause: EntryID, _ port: inout Port
    ) {
        for eviction in change.evicted {
            port.note(
                .evicted, place(of: eviction.level, in: pool), why: .bytes(Float(eviction.bytes)), request: request,
                cause: cause)
        }
        note(change.alerts, in: pool, request: request, cause: cause, &port)
    }

    private func note(
        _ alerts: [MemoryPool.Alert], in pool: Int, request: UInt64, cause: EntryID, _ port: inout Port
    ) {
        for alert in alerts {
            port.note(
                .alerted, place(of: alert.level, in: pool), why: Why(alert.alert), request: request, cause: cause)
        }
    }

    /// Where the journal says that something happened to a level.
    private func place(of level: MemoryPool.Level, in pool: Int) -> Component {
        if case .child(let child) = level, let owner = guards.first(where: { $0.pool == pool && $0.child == child }) {
            return owner.place
        }
        return pools[pool].service >= 0 ? .service(UInt16(pools[pool].service)) : .system
    }
}

extension Why {
    init(_ refusal: MemoryPool.Refusal) {
        let isOwn = if case .limit(.child) = refusal.by { true } else { false }
        self = .noMemory(wanted: Float(refusal.wanted), of: Float(refusal.limit), isOwnLimit: isOwn)
    }

    init(_ alert: MemoryMonitor.Alert) {
        self =
            switch alert {
            case .pressure(_, let pressure, let used, let limit):
                .memory(used: Float(used), of: Float(limit), pressure)
            case .filling(let length, let growth, _, _): .filling(in: length, growth: Float(growth))
            }
    }
}
