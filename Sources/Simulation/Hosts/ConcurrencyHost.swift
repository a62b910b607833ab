import Resilience
import Timeline

/// The chapter of the limits on calls under way that find their own height.
struct ConcurrencyHost: Sendable {
    private struct Guard {
        var limit: ConcurrencyLimit
        var draws: RandomStream
        var place: Component

        mutating func end(_ call: Call, _ outcome: Outcome, at now: Instant) -> ConcurrencyLimit.Change? {
            limit.end(call.permit, outcome.load(after: now - call.since), at: now, using: &draws)
        }
    }

    private struct Call {
        var permit: ConcurrencyLimit.Permit
        var since: Instant
    }

    private var guards: [Guard] = []
    private var calls = Memories<Call>()

    mutating func add(_ settings: ConcurrencyLimit.Settings, at place: Component, seed: UInt64, name: String) -> UInt16
    {
        guards.append(
            Guard(
                limit: ConcurrencyLimit(settings),
                draws: RandomStream(seed: seed, name: name, purpose: "concurrency"), place: place))
        return UInt16(guards.count - 1)
    }

    func limit(_ index: Int) -> ConcurrencyLimit { guards[index].limit }

    /// May this call pass?
    mutating func ask(_ index: Int, _ port: inout Port) -> Verdict {
        port.touched.insert(.queues)
        switch guards[index].limit.acquire() {
        case .admitted(let permit): return .pass(token: calls.keep(Call(permit: permit, since: port.now)))
        case .rejected: return .reject(.limitReached, retryAfter: .zero)
        }
    }

    /// How a call that passed has ended.
    mutating func tell(
        _ index: Int, _ outcome: Outcome, token: UInt32, request: UInt64, cause: EntryID, _ port: inout Port
    ) {
        guard let call = calls.take(token) else { return }
        port.touched.insert(.queues)
        let change = guards[index].end(call, outcome, at: port.now)
        if let change { note(change, index, request, cause, &port) }
    }

    mutating func change(_ index: Int, to settings: ConcurrencyLimit.Settings, _ port: inout Port) {
        guard settings != guards[index].limit.settings else { return }
        if let change = guards[index].limit.changeSettings(settings, at: port.now) {
            note(change, index, 0, .none, &port)
        }
    }

    private mutating func note(
        _ change: ConcurrencyLimit.Change, _ index: Int, _ request: UInt64, _ cause: EntryID, _ port: inout Port
    ) {
        port.touched.insert(.queues)
        port.note(
            .limitChanged, guards[index].place,
            why: .changed(from: UInt32(clamping: change.from), to: UInt32(clamping: change.to)), request: request,
            cause: cause)
    }
}

extension Outcome {
    /// What it says about load: only an answer has a time that counts, and only a call that found no room, or no
    /// answer in time, is one that was dropped.
    fileprivate func load(after took: Duration) -> ConcurrencyLimit.Outcome {
        guard case .failed(let failure) = self else { return .success(took: took) }
        switch failure {
        case .timedOut, .queueFull, .refused, .dropped, .deadlineExceeded, .connectionLost, .overLimit:
            return .dropped(took: took)
        case .error, .voided, .dependency, .compensated, .leftUndone, .invalid, .conflict, .soldOut, .cancelled,
            .unauthorized, .notFound, .breakerOpen, .bulkheadFull, .outOfRoom, .rateLimited, .throttled, .limitReached,
            .noConnection, .outOfMemory, .noReplica:
            return .ignored
        }
    }
}

extension ConcurrencyHost {
    func mix(into digest: inout Digest) {
        for each in guards {
            digest.mix(UInt64(each.limit.limit), UInt64(each.limit.inFlight))
            digest.mix(UInt64(each.limit.totals.admitted), UInt64(each.limit.totals.rejected))
        }
    }
}
