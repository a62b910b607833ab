import Bulkheads
import Timeline

/// The chapter of the semaphores in front of calls.
struct SemaphoreHost: Sendable {
    private(set) var semaphores: [Semaphore] = []

    mutating func add(_ settings: Semaphore.Settings) -> UInt16 {
        semaphores.append(Semaphore(settings))
        return UInt16(semaphores.count - 1)
    }

    /// May this call pass?
    mutating func ask(_ index: Int, frame: UInt32, _ port: inout Port) -> Verdict {
        port.touched.insert(.queues)
        switch semaphores[index].acquire(UInt64(frame), at: port.now) {
        case .permitted:
            return .pass(token: 0)
        case .waiting(let place):
            let limit = semaphores[index].settings.maximumWait
            return .wait(token: place.ticket, atMost: limit == .maximum ? nil : limit)
        case .rejected:
            return .reject(.bulkheadFull, retryAfter: .zero)
        }
    }

    /// A call that passed has ended: its permit goes to the next one.
    mutating func tell(_ index: Int, forNobody: Bool = false, _ port: inout Port) {
        port.touched.insert(.queues)
        if let next = semaphores[index].release(forNobody: forNobody, at: port.now) {
            port.ready.append(UInt32(truncatingIfNeeded: next.caller))
        }
        expire(index, &port)
    }

    /// A call leaves the line.
    mutating func withdraw(_ index: Int, frame: UInt32, ticket: UInt32, _ port: inout Port) {
        port.touched.insert(.queues)
        _ = semaphores[index].withdraw(UInt64(frame), ticket: ticket)
    }

    /// Lets those go whose wait is over.
    mutating func expire(_ index: Int, _ port: inout Port) {
        while let waiter = semaphores[index].popExpired(at: port.now) {
            port.turnedAway.append((UInt32(truncatingIfNeeded: waiter.caller), .bulkheadFull))
        }
    }

    mutating func change(_ index: Int, to settings: Semaphore.Settings, _ port: inout Port) {
        guard settings != semaphores[index].settings else { return }
        for next in semaphores[index].resize(to: settings, at: port.now) {
            port.ready.append(UInt32(truncatingIfNeeded: next.caller))
        }
    }
}

extension SemaphoreHost {
    func mix(into digest: inout Digest) {
        for each in semaphores {
            digest.mix(UInt64(each.inUse), UInt64(each.waiting))
            digest.mix(UInt64(each.totals.asked), UInt64(each.totals.rejected))
        }
    }
}
