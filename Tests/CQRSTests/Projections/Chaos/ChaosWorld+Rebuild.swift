import CQRS
import EventSourcing
import Resilience
import Timeline

extension ChaosWorld {
    /// Begins to make the next version, or one that was begun before, or goes on with a hand-over after a crash.
    mutating func beginRebuild() throws {
        guard rebuild == nil else { return }
        let serving = database.serving
        let last = database.models.keys.max() ?? 1
        let isOld = random.chance(0.3) && last != serving.version
        let next = serving.previous == nil ? (isOld ? last : last + 1) : serving.version
        let settings = try Rebuild.Settings(switchLag: Int64(random.below(10)), retry: .fixed())
        rebuild = try Rebuild(settings, from: serving, to: next)
        rebuildAsked = nil
        note("rebuilds begun")
    }

    /// Tells the rebuild how far its version is.
    mutating func reportProgress() {
        guard let new = rebuild?.new else { return }
        let positions = segments.compactMap { segment in
            workers.first { $0.version == new && $0.segment == segment }?.run.settled
        }
        guard positions.count == segments.count, let position = positions.min() else { return }
        rebuild?.progressed(to: position, head: Position(Int64(lastEvent)), at: now)
    }

    mutating func carryOut(_ step: Rebuild.Step, _ number: UInt64) -> Answer {
        switch step {
        case .prepare(let version, _):
            guard database.serving.propose(version, number: number) else { return .prepared(false) }
            if database.models[version] == nil { database.models[version] = MemoryReadModel(ChaosTables()) }
            for segment in segments where !workers.contains(where: { $0.version == version && $0.segment == segment }) {
                spawn(version, segment)
            }
            return .prepared(true)
        case .serve(let old, let new, _):
            let checkpoints = segments.flatMap { segment in
                [old, new].map { database.checkpoint($0, segment) ?? .start }
            }
            return .served(database.serving.change(from: old, to: new, number: number, checkpoints: checkpoints))
        case .handOver(let old, let position, _):
            return handOver(old, at: position)
        case .drop(let version, _):
            let outcome = database.serving.withdraw(version, number: number)
            if outcome == .withdrawn {
                workers.removeAll { $0.version == version }
                database.models[version] = nil
            }
            return .dropped(outcome)
        case .wait, .ended:
            return .failed(.server)
        }
    }

    /// The new version takes over behind the position, and the old one goes on to it.
    private mutating func handOver(_ old: Int, at position: Position) -> Answer {
        for index in workers.indices {
            let version = workers[index].version
            guard let replayed = database.serving.replayedThrough(for: version) else { continue }
            workers[index].run.replayedThrough = replayed
            if version == database.serving.previous { workers[index].run.stop(at: database.serving.since) }
        }
        guard database.models[old] != nil else { return .handedOver }
        let isThere = segments.allSatisfy { (database.checkpoint(old, $0) ?? .start) >= position }
        return isThere ? .handedOver : .failed(.server)
    }

    mutating func deliverToRebuild(_ reply: Message<Answer>) {
        if rebuildAsked?.ticket == reply.ticket { rebuildAsked = nil }
        switch reply.content {
        case .prepared(let isProposed): rebuild?.prepared(isProposed, for: reply.ticket)
        case .served(let outcome): rebuild?.served(outcome, for: reply.ticket)
        case .handedOver: rebuild?.handedOver(reply.ticket)
        case .dropped(let outcome): rebuild?.dropped(outcome, for: reply.ticket)
        case .failed(let failure): rebuild?.failed(failure, for: reply.ticket, at: now, using: &random)
        case .loaded, .page, .moved, .eventFailed, .replayed: break
        }
    }
}
