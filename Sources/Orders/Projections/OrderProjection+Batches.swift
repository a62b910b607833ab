public import CQRS
public import EventSourcing
public import Timeline

extension OrderProjection {
    /// Deals with a batch's events, in a transaction of the caller's, which also moves the checkpoint.
    /// - Parameters:
    ///   - batch: what a run asks for.
    ///   - events: the events of its entries.
    ///   - rows: the rows.
    ///   - now: the time.
    /// - Returns: the tags of what changed.
    /// - Throws: a ``ReadModelError`` that names the event which cannot be taken in, or what the rows throw.
    public func take(
        _ batch: ProjectionRun.Batch, _ events: [RecordedEvent], into rows: inout some OrderRows, at now: Instant
    ) throws -> [String] {
        guard events.map(\.position) == batch.entries.map(\.position) else { throw ReadModelError.otherEvents }
        var tags: Set<String> = []
        for (entry, event) in zip(batch.entries, events) {
            switch entry.treatment {
            case .apply: tags.formUnion(try applyOrName(event, to: &rows))
            case .skip(let failure, let attempts):
                try setAside(event, failure, attempts, waits: false, in: &rows, at: now)
                tags.formUnion(try pass(event, in: &rows))
            case .quarantine(let failure, let attempts):
                try setAside(event, failure, attempts, waits: true, in: &rows, at: now)
            case .setAside:
                try rows.put(SetAsideEvent(event, failure: nil, detail: "", attempts: 0, at: now, waits: true))
            }
        }
        return tags.sorted()
    }

    /// Takes an event in; an error names it.
    private func applyOrName(_ event: RecordedEvent, to rows: inout some OrderRows) throws -> [String] {
        do {
            return try apply(event, to: &rows)
        } catch let problem as EventProblem {
            throw ReadModelError.event(event.position, problem)
        }
    }

    /// Puts an event on record as one that cannot be taken in, with why.
    private func setAside(
        _ event: RecordedEvent, _ failure: EventFailure, _ attempts: Int, waits: Bool, in rows: inout some OrderRows,
        at now: Instant
    ) throws {
        let detail = try problem(with: event, in: &rows)
        try rows.put(
            SetAsideEvent(event, failure: failure, detail: detail, attempts: attempts, at: now, waits: waits))
    }

    /// Deals again with events that were set aside, in a transaction of the caller's, which has made sure of the
    /// checkpoint.
    /// - Returns: how many were dealt with, the first that is left, and the tags of what changed; nil if what is set aside
    ///   is not as it should be, and nothing has changed.
    /// - Throws: a ``ReadModelError`` that names the event which cannot be taken in, or what the rows throw.
    public func take(
        _ replay: ProjectionRun.Replay, in rows: inout some OrderRows, at now: Instant
    ) throws -> (count: Int, next: Position?, tags: [String])? {
        var first = try rows.firstWaiting(of: replay.sequence)
        guard first?.event.position == replay.first else { return nil }
        var (count, tags) = (0, Set<String>())
        while let waiting = first, count < replay.limit {
            if case .skip(let failure, let attempts) = replay.treatment {
                try setAside(waiting.event, failure, attempts, waits: false, in: &rows, at: now)
                tags.formUnion(try pass(waiting.event, in: &rows))
            } else {
                tags.formUnion(try applyOrName(waiting.event, to: &rows))
                try rows.removeSetAside(at: waiting.event.position)
            }
            count += 1
            first = try rows.firstWaiting(of: replay.sequence)
        }
        return (count, first?.event.position, tags.sorted())
    }
}
