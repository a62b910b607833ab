import CQRS
import Resilience
import Timeline

// Queries through a bus, which may have the answer already, and else asks a shard.
extension World {
    /// A question on its way: of which projection, about which stream, and what led to it.
    private struct Question {
        let projection: Int
        let stream: UInt32
        var cause: EntryID
    }

    /// A call asks for the row of a stream.
    mutating func ask(_ index: UInt32, _ projection: Int, about stream: UInt32) {
        frames[index].phase = .awaiting
        let caller = Self.number(of: frames.id(of: index))
        let question = Question(projection: projection, stream: stream, cause: frames[index].cause)
        let step = queries[projection].machine.ask(QueryHost.query(stream), from: caller, at: port.now)
        follow([step], question)
    }

    private mutating func follow(_ steps: [QueryBus<UInt32>.Step], _ question: Question) {
        for step in steps {
            switch step {
            case .validate(let ticket):
                follow(queries[question.projection].machine.resume(ticket, with: .pass, at: port.now), question)
            case .execute(let target, let ticket): execute(target, ticket, question)
            case .answer(let answer, let callers):
                for caller in callers { tell(caller, answer, question) }
            case .merge, .joined: break
            }
        }
        port.touched.insert(.buses)
    }

    /// A replica of a shard works on a query, as well as faults let it.
    private mutating func execute(
        _ target: QueryBus<UInt32>.Target, _ ticket: QueryBus<UInt32>.Ticket, _ question: Question
    ) {
        guard case .replica(_, let name) = target else { preconditionFailure("rows are asked of shards") }
        let projection = question.projection
        let shard = queries[projection].shard(named: name)
        noteBreaker(ofShard: shard, of: projection, cause: queries[projection].breakers[shard].entry)
        var length = queries[projection].sampleLatency()
        var (failure, cause) = (FailureKind?.none, question.cause)
        if faults.areActive {
            if let crash = faults.crash(on: .shard(projection: projection, shard)) {
                faults.hit(crash)
                (failure, length, cause) = (.network, .zero, faults.faults[crash].entry)
            } else if let impact = faults.strike(shard: shard, ofProjection: projection) {
                length = length + impact.extra
                failure = impact.fails ? .server : nil
                cause = impact.cause ?? cause
            }
        }
        let execution = QueryHost.Execution(
            projection: UInt16(projection), shard: UInt16(shard), ticket: ticket, stream: question.stream,
            failure: failure, cause: cause)
        port.schedule(after: length, .queryExecuted(queries.executions.put(execution)))
    }

    /// A shard has answered.
    mutating func queryExecuted(_ slot: UInt32) {
        let execution = queries.executions.take(slot)
        let projection = Int(execution.projection)
        let reply: QueryBus<UInt32>.Reply =
            if let failure = execution.failure {
                .fail(failure)
            } else {
                .result(
                    QueryResult(
                        row(of: execution.stream, in: projection), tags: ["\(execution.stream)"],
                        position: projections.settled(projection)))
            }
        let steps = queries[projection].machine.resume(execution.ticket, with: reply, at: port.now)
        noteBreaker(ofShard: Int(execution.shard), of: projection, cause: execution.cause)
        follow(steps, Question(projection: projection, stream: execution.stream, cause: execution.cause))
    }

    /// Writes down what the breaker of a shard has become, if it has become anything.
    private mutating func noteBreaker(ofShard shard: Int, of projection: Int, cause: EntryID) {
        guard let transition = queries[projection].newTransition(ofShard: shard) else { return }
        queries[projection].breakers[shard].entry = port.note(
            What(transition), .shard(projection: UInt16(projection), UInt16(shard)), why: Why(transition.reason),
            cause: cause)
        port.touched.insert(.breakers)
    }

    private mutating func tell(_ caller: UInt64, _ answer: QueryBus<UInt32>.Answer, _ question: Question) {
        guard let index = frame(ofNumber: caller), frames[index].phase == .awaiting else { return }
        switch answer {
        case .response(let response):
            note(
                index, .queried, .answer(isStored: response.age > .zero), at: .projection(UInt16(question.projection)))
            seen(response.value, index, question.projection, question.stream)
        case .rejected: fail(index, .invalid)
        case .failed(.circuitOpen(let name, let retryAfter)):
            let shard = queries[question.projection].shard(named: name)
            frames[index].cause = queries[question.projection].breakers[shard].entry
            note(
                index, .rejected, retryAfter.map { .retryAfter($0) } ?? .itself,
                at: .shard(projection: UInt16(question.projection), UInt16(shard)))
            fail(index, .breakerOpen)
        case .failed(.noShard), .failed(.incomplete): fail(index, .refused)
        case .failed(.fault(let kind, _)):
            frames[index].cause = question.cause
            fail(index, kind == .network ? .refused : .error)
        }
    }
}
