public import EventSourcing
public import Timeline

extension SequencedQueue {
    /// Which lease a worker speaks of.
    public struct Ticket: Hashable, Sendable {
        let lane: UInt32
        let turn: UInt32
    }

    /// What a worker has, and until when.
    public struct Lease: Hashable, Sendable {
        /// To be handed back with what became of it.
        public let ticket: Ticket
        /// What is to be done.
        public let id: EventID
        /// When it came into the queue.
        public let addedAt: Instant
        /// How often it has been handed out, this time included.
        public let deliveries: Int
        /// How many of the workers before vanished with it.
        public let vanished: Int
        /// When the lease is over.
        public let until: Instant
    }

    /// Adds something at the end of its sequence; false if the queue is full.
    public mutating func append(_ id: EventID, to sequence: String, at now: Instant) -> Bool {
        guard depth < settings.capacity else {
            totals.refused += 1
            return false
        }
        let lane = lane(of: sequence)
        let entry = newEntry(id, at: now)
        link(entry, behind: lanes[Int(lane)].tail, in: lane)
        if lanes[Int(lane)].count == 1 { makeReady(lane) }
        return true
    }

    /// Hands out the first of the lane whose turn it is; nil if there is nothing to do now.
    ///
    /// Work whose lease has lapsed is in line again; the next who gets it sees how many workers vanished with it.
    public mutating func take(at now: Instant) -> Lease? {
        wake(at: now)
        guard firstReady != Self.none else { return nil }
        let lane = firstReady
        unready(lane)
        let until = now + settings.visibility
        let head = Int(lanes[Int(lane)].head)
        entries[head].deliveries += 1
        lanes[Int(lane)].turn &+= 1
        lanes[Int(lane)].phase = .leased(until: until)
        setTimer(of: lane, at: until)
        leased += 1
        totals.taken += 1
        let ticket = Ticket(lane: lane, turn: lanes[Int(lane)].turn)
        return Lease(
            ticket: ticket, id: entries[head].id, addedAt: entries[head].addedAt,
            deliveries: entries[head].deliveries, vanished: entries[head].vanished, until: until)
    }

    /// Whether the lease of a ticket still stands.
    public func holds(_ ticket: Ticket, at now: Instant) -> Bool {
        guard lanes.indices.contains(Int(ticket.lane)), lanes[Int(ticket.lane)].turn == ticket.turn,
            case .leased(let until) = lanes[Int(ticket.lane)].phase
        else { return false }
        return now < until || until == .distantFuture
    }

    /// A word from a worker that needs longer: the lease begins anew. Returns its new end, nil if it was over.
    public mutating func extend(_ ticket: Ticket, at now: Instant) -> Instant? {
        guard claim(ticket, at: now) else { return nil }
        let until = now + settings.visibility
        lanes[Int(ticket.lane)].phase = .leased(until: until)
        setTimer(of: ticket.lane, at: until)
        return until
    }

    /// The work is done, or over for another reason: the next of its sequence can be taken. False if the lease was
    /// over.
    public mutating func finish(_ ticket: Ticket, at now: Instant) -> Bool {
        guard claim(ticket, at: now) else { return false }
        endLease(of: ticket.lane)
        totals.finished += 1
        _ = removeHead(of: ticket.lane)
        if lanes[Int(ticket.lane)].count > 0 { makeReady(ticket.lane) }
        return true
    }

    /// The work is to be handed out again at a moment; until then it holds back its own sequence only. False if the
    /// lease was over.
    public mutating func postpone(_ ticket: Ticket, until: Instant, at now: Instant) -> Bool {
        guard claim(ticket, at: now) else { return false }
        endLease(of: ticket.lane)
        totals.postponed += 1
        if until > now {
            lanes[Int(ticket.lane)].phase = .postponed(until: until)
            setTimer(of: ticket.lane, at: until)
        } else {
            makeReady(ticket.lane)
        }
        return true
    }

    /// Whether the lease stands; a word about one that does not is counted.
    private mutating func claim(_ ticket: Ticket, at now: Instant) -> Bool {
        if holds(ticket, at: now) { return true }
        totals.late += 1
        return false
    }

    private mutating func endLease(of lane: UInt32) {
        timers.remove(lane)
        lanes[Int(lane)].turn &+= 1
        lanes[Int(lane)].phase = .waiting
        leased -= 1
    }

    /// Puts in line what was postponed until now, and what was leased to workers that have vanished.
    private mutating func wake(at now: Instant) {
        while let first = timers.first, first.due <= now {
            if lanes[Int(first.lane)].isLeased {
                endLease(of: first.lane)
                entries[Int(lanes[Int(first.lane)].head)].vanished += 1
                totals.lapsed += 1
            }
            timers.remove(first.lane)
            makeReady(first.lane)
        }
    }

    /// What ends at the end of all time never does.
    private mutating func setTimer(of lane: UInt32, at due: Instant) {
        timers.remove(lane)
        if due != .distantFuture { timers.insert(lane, due: due) }
    }
}
