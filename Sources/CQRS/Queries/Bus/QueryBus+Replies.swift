import Resilience
public import Timeline

extension QueryBus {
    /// Tells what came of a step, and says what is next.
    /// - Returns: the next steps, in order. None if nothing follows yet, or if the ticket is late because somebody has
    ///   replied already.
    public mutating func resume(_ ticket: Ticket, with reply: Reply, at now: Instant) -> [Step] {
        switch task(of: ticket) {
        case nil: return late()
        case .validating(let waiting, let query, let type):
            close(ticket.slot)
            switch reply {
            case .pass, .result: return validated(waiting, query, type, at: now)
            case .reject(let reason): return [tell(.rejected(.invalid(reason)), [waiting], type, at: now)]
            case .fail(let kind, let detail):
                return [tell(.failed(.fault(kind, detail: detail)), [waiting], type, at: now)]
            }
        case .flight(let flight):
            return arrived(ticket, flight, reply, at: now)
        }
    }

    private mutating func arrived(_ ticket: Ticket, _ flight: Flight, _ reply: Reply, at now: Instant) -> [Step] {
        switch flight.status {
        case .local:
            return executed(ticket.slot, flight, reply, missing: [], at: now)
        case .calling(let call):
            shards.end(call, reply.failure, at: now)
            return executed(ticket.slot, flight, reply, missing: [], at: now)
        case .gathering(let gathering):
            return gather(ticket, flight, gathering, reply, at: now)
        case .merging(let missing):
            return executed(ticket.slot, flight, reply, missing: missing, at: now)
        case .draining(let gathering):
            return drained(ticket, flight, gathering, reply, at: now)
        }
    }

    private mutating func executed(
        _ slot: UInt32, _ flight: Flight, _ reply: Reply, missing: [String], at now: Instant
    ) -> [Step] {
        switch reply {
        case .result(let result): return succeed(slot, flight, result, missing: missing, at: now)
        case .reject(let reason): return fail(slot, flight, .rejected(.invalid(reason)), at: now)
        case .fail(let kind, let detail):
            return fail(slot, flight, .failed(.fault(kind, detail: detail)), at: now)
        case .pass:
            return fail(slot, flight, .failed(.fault(.server, detail: "it was executed without a result")), at: now)
        }
    }

    mutating func late() -> [Step] {
        lateReplies += 1
        return []
    }
}
