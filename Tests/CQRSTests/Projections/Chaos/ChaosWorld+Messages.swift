import CQRS
import EventSourcing
import Resilience
import Timeline

extension ChaosWorld {
    /// Asks a worker's run for steps, and sends them off. Returns when it wants to be asked again.
    mutating func poll(_ index: Int) -> Instant? {
        while true {
            switch workers[index].run.next(at: now) {
            case .load(let ticket): send(index, ticket, .load)
            case .read(let after, let limit, let ticket): send(index, ticket, .read(after: after, limit: limit))
            case .apply(let batch): send(index, batch.ticket, .apply(batch))
            case .replay(let replay): send(index, replay.ticket, .replay(replay))
            case .wait(let until):
                if let until, until <= now { database.complaints.append("a wait until now or before: a hot loop") }
                return until
            case .stopped(let reason):
                note("stopped: \(Self.kind(reason))")
                return nil
            }
        }
    }

    private static func kind(_ reason: ProjectionRun.StopReason) -> String {
        String("\(reason)".prefix { $0 != "(" })
    }

    private mutating func send(_ index: Int, _ ticket: Ticket, _ errand: Errand) {
        workers[index].asked.append((ticket, now))
        requests.append(Message(worker: workers[index].id, ticket: ticket, content: errand))
    }

    /// Asks the rebuild for a step, and sends it off.
    mutating func pollRebuild() -> Instant? {
        guard let number = rebuild?.number, let step = rebuild?.next(at: now) else { return nil }
        switch step {
        case .prepare(_, let ticket), .serve(_, _, let ticket), .handOver(_, _, let ticket), .drop(_, let ticket):
            rebuildAsked = (ticket, now)
            requests.append(Message(worker: 0, ticket: ticket, content: .rebuild(step, number: number)))
            return nil
        case .wait(let until):
            return until
        case .ended(let ending):
            note("rebuild: \("\(ending)".prefix { $0 != "(" })")
            rebuild = nil
            return nil
        }
    }

    /// Carries out a request. Its answer may be lost, or come twice; and the request may come again later.
    mutating func execute(_ index: Int) {
        let request = requests[index]
        if isCalm || !random.chance(0.05) { requests.remove(at: index) }
        let answer = carryOut(request)
        if !isCalm && random.chance(0.15) {
            note("answers lost")
            return
        }
        let reply = Message(worker: request.worker, ticket: request.ticket, content: answer)
        replies.append(reply)
        if !isCalm && random.chance(0.1) { replies.append(reply) }
    }

    private mutating func carryOut(_ request: Message<Errand>) -> Answer {
        if !isCalm && random.chance(0.05) { return .failed(.server) }
        if case .rebuild(let step, let number) = request.content { return carryOut(step, number) }
        guard let worker = workers.first(where: { $0.id == request.worker }) else { return .failed(.network) }
        let (version, segment) = (worker.version, worker.segment)
        do throws(Undone) {
            switch request.content {
            case .load: return .loaded(database.load(version, segment))
            case .read(let after, let limit): return .page(page(after: after, limit: limit))
            case .apply(let batch):
                return .moved(try database.commit(batch, version, segment, at: now))
            case .replay(let replay):
                return .replayed(try database.replay(replay, version, segment, at: now))
            case .rebuild: return .failed(.server)
            }
        } catch {
            switch error {
            case .event(let position, let failure): return .eventFailed(position, failure)
            case .letter(let failure): return .replayed(.failedAgain(failure))
            case .changed: return .replayed(.changed)
            case .refused: return .failed(.server)
            }
        }
    }

    /// Sometimes a page that is shorter than it could be, or that ends in the middle of nowhere.
    private mutating func page(after: Position, limit: Int) -> MarkPage {
        database.page(after: after, limit: random.chance(0.3) ? Int(random.below(UInt64(limit))) + 1 : limit)
    }

    /// Delivers an answer.
    mutating func deliver(_ index: Int) {
        let reply = replies.remove(at: index)
        if reply.worker == 0 { return deliverToRebuild(reply) }
        guard let place = workers.firstIndex(where: { $0.id == reply.worker }) else { return }
        workers[place].asked.removeAll { $0.ticket == reply.ticket }
        switch reply.content {
        case .loaded(let loaded):
            workers[place].run.loaded(loaded, for: reply.ticket, at: now)
        case .page(let page):
            workers[place].run.received(page, for: reply.ticket, at: now, using: &random)
        case .moved(let outcome):
            workers[place].run.committed(outcome, for: reply.ticket, at: now)
        case .eventFailed(let position, let failure):
            workers[place].run.eventFailed(at: position, failure, for: reply.ticket, at: now, using: &random)
        case .replayed(let outcome):
            workers[place].run.replayed(outcome, for: reply.ticket, at: now)
        case .failed(let failure):
            workers[place].run.failed(failure, for: reply.ticket, at: now, using: &random)
        case .prepared, .served, .handedOver, .dropped:
            break
        }
        let worker = workers[place]
        database.judge(settled: worker.run.settled, worker.version, worker.segment)
    }

    /// Whoever has waited too long for an answer gives it up; what it asked for may still take place.
    mutating func giveUp() {
        let limit = Duration.milliseconds(50)
        for index in workers.indices {
            let late = workers[index].asked.filter { now - $0.at >= limit }
            workers[index].asked.removeAll { now - $0.at >= limit }
            for question in late {
                workers[index].run.failed(.timeout, for: question.ticket, at: now, using: &random)
            }
        }
        if let asked = rebuildAsked, now - asked.at >= limit {
            rebuildAsked = nil
            rebuild?.failed(.timeout, for: asked.ticket, at: now, using: &random)
        }
    }
}
