import Bulkheads
import Timeline

// What calls do with the connections of a guard.

extension ConnectionHost {
    /// A call that asks for a connection.
    struct Asking {
        var frame: UInt32
        var request: UInt64
        var cause: EntryID
        /// From then on nobody waits for its answer.
        var deadline: Instant
    }

    /// May this call pass? The token stands for it until it has ended, and while it waits.
    mutating func ask(_ index: Int, _ call: Asking, _ port: inout Port) -> Verdict {
        port.touched.insert(.queues)
        let place = choosePool(index)
        let token = holders.keep(
            Holder(frame: call.frame, pool: UInt32(place), request: call.request, cause: call.cause))
        let until = min(call.deadline, port.now + guards[index].plan.settings.connectionTimeout)
        let admission = pools[place].pool.lease(Self.number(token, call.frame), deadline: until, at: port.now)
        let verdict: Verdict
        switch admission {
        case .granted(let lease):
            grant(lease, to: token)
            verdict = .pass(token: token)
        case .waiting:
            verdict = .wait(token: token, atMost: nil)
        case .rejected:
            forget(token)
            verdict = .reject(.noConnection, retryAfter: .zero)
        }
        follow(place, request: call.request, cause: call.cause, &port)
        return verdict
    }

    private mutating func choosePool(_ index: Int) -> Int {
        guard var router = guards[index].router else { return guards[index].first }
        // Moved out and back, so that it can be asked about the pools.
        guards[index].router = nil
        let choice = router.choose(key: 0, access: .write) { pools[$0].pool.occupancy }
        guards[index].router = router
        return if case .pool(let pool) = choice { pool } else { guards[index].first }
    }

    /// Whether a call that passed has its connection still.
    func isHeld(_ token: UInt32) -> Bool {
        let holder = holders[token]
        return holder.lease.map { pools[Int(holder.pool)].pool.state(of: $0.connection) == .inUse } ?? false
    }

    /// A call that passed has ended: its connection goes to the next one. False if it had been taken from the call.
    mutating func giveBack(
        token: UInt32, broken: Bool, forNobody: Bool, request: UInt64, cause: EntryID, _ port: inout Port
    ) -> Bool {
        port.touched.insert(.queues)
        let holder = holders[token]
        forget(token)
        guard let lease = holder.lease else { return false }
        let wasHeld = pools[Int(holder.pool)].pool.release(
            lease, broken: broken, forNobody: forNobody, at: port.now)
        follow(Int(holder.pool), request: request, cause: cause, &port)
        return wasHeld
    }

    /// A call that passed has ended, and keeps its connection.
    mutating func leak(_ index: Int, token: UInt32, cause: EntryID) {
        holders[token].isLeaked = true
        holders[token].cause = cause
        guards[index].leaksInUse += 1
        guards[index].lastLeak = cause
    }

    /// Does what is due by now in the pool that a call waits at, which may be the end of its wait.
    mutating func catchUp(frame: UInt32, token: UInt32, _ port: inout Port) {
        guard isWaiting(frame, token) else { return }
        let pool = Int(holders[token].pool)
        pools[pool].pool.advance(to: port.now)
        follow(pool, request: 0, cause: .none, &port)
    }

    /// A call leaves the line, if it is still there.
    mutating func withdraw(frame: UInt32, token: UInt32, _ port: inout Port) {
        guard isWaiting(frame, token) else { return }
        port.touched.insert(.queues)
        let holder = holders[token]
        forget(token)
        pools[Int(holder.pool)].pool.withdraw(Self.number(token, frame), at: port.now)
        follow(Int(holder.pool), request: holder.request, cause: holder.cause, &port)
    }

    private func isWaiting(_ frame: UInt32, _ token: UInt32) -> Bool {
        holders[token].isWaiting && holders[token].frame == frame
    }

    /// What keeps a guard's connections in use although nobody has them; nil if nothing does.
    func lastLeak(_ index: Int) -> EntryID? {
        guards[index].leaksInUse > 0 ? guards[index].lastLeak : nil
    }

    /// Why a call got none.
    func occupancy(_ index: Int) -> Why {
        let used = pools[range(index)].reduce(0) { $0 + $1.pool.active }
        let all = pools[range(index)].reduce(0) { $0 + $1.pool.settings.maximum }
        return .occupancy(used: UInt32(clamping: used), of: UInt32(clamping: all))
    }

    /// A pool's number for a call: its token, and its frame.
    private static func number(_ token: UInt32, _ frame: UInt32) -> UInt64 { UInt64(token) << 32 | UInt64(frame) }

    mutating func grant(_ lease: ConnectionPool.Lease, to token: UInt32) {
        holders[token].lease = lease
        holders[token].isWaiting = false
    }

    mutating func forget(_ token: UInt32) {
        holders[token].isWaiting = false
        holders[token].lease = nil
        holders[token].isLeaked = false
        _ = holders.take(token)
    }
}
