public import EventSourcing
internal import Resilience
public import Timeline

extension ProjectionRun {
    /// A page to read, if there is room for it and a reason.
    mutating func nextRead(at now: Instant) -> Prospect {
        if case .asked = reading.state { return .unknown }
        let limit = min(room, settings.batchSize)
        guard !ending.isRequested, place < ending.goal ?? Position(.max), limit > 0 else { return .unknown }
        let notBefore = [reading.wake, nextPoll, pacer.notBefore].compactMap { $0 }.max() ?? now
        if notBefore > now { return .later(notBefore) }
        let ticket = ticket()
        reading.ask(ticket, at: now)
        asked = Asked(limit: limit, head: head)
        pacer.began(at: now)
        return .now(.read(after: place, limit: limit, ticket))
    }

    /// How many events more may be taken in: while a batch is not settled, only what may be read ahead.
    private var room: Int {
        let isUnsettled = job != nil || (trouble != nil && !buffer.isEmpty)
        let pending = job.map { job in if case .batch(let cut) = job { cut.count } else { 0 } } ?? 0
        return (isUnsettled ? pending : settings.batchSize) + settings.readAhead - buffer.count
    }

    /// Takes in a page. False, and nothing else, if it was not asked for, or does not go on where the run is.
    ///
    /// Of a page with more events than there is room for, or that goes beyond the goal, what comes first is taken. One
    /// that is out of order, or leads nowhere although it says that there is more, counts as a failed read.
    @discardableResult
    public mutating func received(
        _ page: MarkPage, for ticket: Ticket, at now: Instant, using random: inout RandomStream
    ) -> Bool {
        guard reading.awaits(ticket), page.after == place else { return countLate() }
        guard page.isSound else {
            return failed(.server, for: ticket, at: now, using: &random)
        }
        reading.settle()
        let hasNews = head > asked.head
        head = max(head, page.head)
        totals.pages += 1
        take(page, at: now)
        // One that goes nowhere is an end, even if there should be more: it must not be asked for in a hot loop. Only
        // what the run has been told of since it asked is a reason to ask again.
        let goesNowhere = place == page.after && !hasNews
        let isEnd = page.isEnd && place >= page.reached && (place >= head || goesNowhere)
        nextPoll = isEnd ? now + settings.poll : nil
        if buffer.isEmpty { pacer.ended(at: now) }
        notePassable(at: now)
        return true
    }

    private mutating func take(_ page: MarkPage, at now: Instant) {
        let goal = ending.goal ?? Position(.max)
        var free = asked.limit
        for mark in page.events {
            guard mark.position <= goal else { break }
            if mark.isWanted && settings.segment.contains(mark.sequence) {
                guard free > 0 else { return }
                buffer.append(mark, at: now)
                free -= 1
            }
            place = mark.position
        }
        place = min(page.reached, goal)
    }

    /// Starts the clock for a checkpoint that could move without any event.
    mutating func notePassable(at now: Instant) {
        guard buffer.isEmpty, place > checkpoint else {
            passableSince = nil
            return
        }
        passableSince = passableSince ?? now
    }

    /// Says that the log goes on to this position: the run need not wait any longer at what was the end.
    public mutating func appended(upTo head: Position) {
        guard head > self.head else { return }
        self.head = head
        if head > place { nextPoll = nil }
    }
}

extension ProjectionRun {
    /// Up to here the read model shows what the log says, except for what is set aside: all up to here that the
    /// projection wants is committed. It is never before the ``checkpoint``, and beyond it where nothing was wanted.
    public var settled: Position { buffer.first?.position.moved(by: -1) ?? place }

    /// How far the run is behind the log.
    public var lag: Int64 { head.distance(from: settled) }

    /// Whether the log ended before the checkpoint when its end was read last: it was restored from a backup, or it is
    /// that of a replica which is behind. What is appended up to the checkpoint is passed by.
    public var isBeyondLog: Bool { nextPoll != nil && checkpoint > head }

    /// When the first event that was read and is not committed was appended; nil if there is none.
    public var oldestUnprocessed: Instant? { buffer.first?.recordedAt }
}
