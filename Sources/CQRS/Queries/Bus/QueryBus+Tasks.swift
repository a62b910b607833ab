import Resilience
import Timeline

// The queries that are being validated or executed, each in a slot; a slot's turn tells its steps apart.

extension QueryBus {
    enum Task: Sendable {
        case validating(Waiting, Query, type: Int)
        case flight(Flight)
    }

    /// Somebody who waits for an answer.
    struct Waiting: Sendable {
        let caller: UInt64
        let since: Instant
        /// How much had changed when they came.
        let fill: QueryCache<Value>.Fill
    }

    /// One execution of a query, and all who wait for it.
    struct Flight: Sendable {
        let query: Query
        let type: Int
        let page: PageStart?
        /// How much had changed when it began.
        let fill: QueryCache<Value>.Fill
        let startedAt: Instant
        var callers: [Waiting]
        var status: Status
    }

    enum Status: Sendable {
        case local
        case calling(QueryShards.Call)
        case gathering(Gathering)
        case merging(missing: [String])
        /// Its callers have been told; the calls that are still out are waited for, for their shards' sake.
        case draining(Gathering)
    }

    /// The calls to all shards, and what has come of them.
    struct Gathering: Sendable {
        /// The calls that are out, by their part; nil for one that has ended.
        var calls: [QueryShards.Call?] = []
        var parts: [Part] = []
        var missing: [String] = []

        var isComplete: Bool { calls.allSatisfy { $0 == nil } }
    }

    mutating func open(_ task: Task) -> UInt32 {
        if let slot = freeSlots.popLast() {
            tasks[Int(slot)] = task
            return slot
        }
        tasks.append(task)
        turns.append(0)
        return UInt32(tasks.count - 1)
    }

    mutating func close(_ slot: UInt32) {
        tasks[Int(slot)] = nil
        turns[Int(slot)] &+= 1
        freeSlots.append(slot)
    }

    /// How many queries are being validated or executed.
    var running: Int { tasks.count - freeSlots.count }

    /// The ticket of a slot's next step; those of all steps before are late from now on.
    mutating func ticket(of slot: UInt32) -> Ticket {
        turns[Int(slot)] &+= 1
        return Ticket(slot: slot, turn: turns[Int(slot)], part: 0)
    }

    func task(of ticket: Ticket) -> Task? {
        guard tasks.indices.contains(Int(ticket.slot)), turns[Int(ticket.slot)] == ticket.turn else { return nil }
        return tasks[Int(ticket.slot)]
    }

    /// The query that a step is about; nil if its ticket is late.
    public func query(of ticket: Ticket) -> Query? {
        switch task(of: ticket) {
        case .validating(_, let query, _): query
        case .flight(let flight): flight.query
        case nil: nil
        }
    }

    /// Where the page begins that a step is to execute; nil if the query has no pages, or the ticket is late.
    public func page(of ticket: Ticket) -> PageStart? {
        if case .flight(let flight) = task(of: ticket) { flight.page } else { nil }
    }
}
