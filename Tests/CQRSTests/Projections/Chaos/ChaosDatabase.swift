import CQRS
import EventSourcing
import Timeline

/// Where the events, the versions of the read model and what serves are stored. Each method is one transaction.
struct ChaosDatabase {
    var store = MemoryEventStore()
    var models: [Int: MemoryReadModel<ChaosTables>] = [:]
    var serving = ServingVersion(1)
    var handler = ChaosHandler()
    /// How often what an event does outside was done.
    var effects: [Position: Int] = [:]
    /// Events that were set aside by some version at some time.
    var everAside: Set<Position> = []
    /// Promises that were broken.
    var complaints: [String] = []
    var commits = 0
    /// All events, the one at position 1 first: the store's log, once read.
    var log: [RecordedEvent] = []

    static let name = "chaos"
    /// Events of this type are not handled.
    static let unwanted = "Unwanted"

    mutating func append(_ events: [EventData], to stream: StreamName, at now: Instant) throws {
        try store.append(events, to: stream, expecting: .any, at: now)
        log += store.readLog(.all, from: Position(Int64(log.count)), .forward, limit: PageSize.limit).events
    }

    func events(after position: Position, through last: Position) -> ArraySlice<RecordedEvent> {
        log.prefix(Int(last.number)).dropFirst(Int(position.number))
    }

    /// A page of the log.
    mutating func page(after position: Position, limit: Int) -> MarkPage {
        MarkPage(store.readLog(.all, from: position, .forward, limit: limit)) { $0.event.type != Self.unwanted }
    }

    func checkpoint(_ version: Int, _ segment: Segment) -> Position? {
        models[version]?.checkpoints.checkpoint(of: id(version, segment))?.position
    }

    func id(_ version: Int, _ segment: Segment) -> ProjectionID {
        ProjectionID(Self.name, version: version, segment: segment)
    }

    func load(_ version: Int, _ segment: Segment) -> ProjectionRun.Loaded {
        let letters = models[version]?.tables.letters.quarantined(in: segment) { Position(Int64($0.id.low)) }
        return ProjectionRun.Loaded(checkpoint: checkpoint(version, segment), quarantined: letters ?? [])
    }

    /// Commits a batch, or says why not.
    mutating func commit(
        _ batch: ProjectionRun.Batch, _ version: Int, _ segment: Segment, at now: Instant
    ) throws(Undone) -> CheckpointMove.Outcome {
        guard var model = models[version] else { throw .refused }
        let stored = checkpoint(version, segment) ?? .start
        guard serving.allows(batch.move, replayedThrough: batch.replayedThrough, by: version) else {
            return .mismatch(stored: stored)
        }
        let events = events(after: batch.move.from, through: batch.move.to)
        var handler = handler
        defer { self.handler = handler }
        let outcome = try model.commit(batch.move, of: id(version, segment), at: now) { tables throws(Undone) in
            for entry in batch.entries {
                let index = Int(entry.position.number) - 1
                guard events.indices.contains(index) else { throw .refused }
                let event = events[index]
                try Self.deal(with: event, entry.treatment, &tables, &handler, at: now)
            }
        }
        guard outcome == .moved else { return outcome }
        models[version] = model
        for entry in batch.entries {
            switch entry.treatment {
            case .apply: act(entry.position, batch.replayedThrough)
            case .quarantine, .setAside: everAside.insert(entry.position)
            case .skip: break
            }
        }
        judgeSometimes(version, segment, upTo: batch.move.to)
        return outcome
    }

    private static func deal(
        with event: RecordedEvent, _ treatment: ProjectionRun.Treatment, _ tables: inout ChaosTables,
        _ handler: inout ChaosHandler, at now: Instant
    ) throws(Undone) {
        switch treatment {
        case .apply:
            try handler.handle(event.position)
            tables.rows[event.stream.text, default: []].append(event.position)
        case .skip:
            tables.skipped.insert(event.position)
        case .quarantine, .setAside:
            guard case .parked = tables.letters.setAside(event, as: treatment, at: now) else { throw .refused }
        }
    }

    /// Deals again with what was set aside, or says why not.
    mutating func replay(
        _ replay: ProjectionRun.Replay, _ version: Int, _ segment: Segment, at now: Instant
    ) throws(Undone) -> ProjectionRun.ReplayOutcome {
        guard var model = models[version] else { throw .refused }
        var handler = handler
        defer { self.handler = handler }
        var done: [Position] = []
        let isDone = try model.change(ifAt: replay.checkpoint, id(version, segment)) { tables throws(Undone) in
            guard let name = tables.letters.name(of: replay.sequence) else { throw .changed }
            while done.count < replay.limit, let claim = tables.letters.claim(name, at: now) {
                let position = Position(Int64(claim.letter.id.low))
                guard !done.isEmpty || position == replay.first else { throw .changed }
                if case .skip = replay.treatment {
                    tables.skipped.insert(position)
                } else {
                    do throws(Undone) { try handler.handle(position) } catch { throw error.ofLetter }
                    tables.rows[name, default: []].append(position)
                }
                _ = tables.letters.finish(claim, .handled, at: now)
                done.append(position)
            }
        }
        guard isDone else { return .changed }
        models[version] = model
        if replay.treatment == .apply { for position in done { act(position, replay.replayedThrough) } }
        judgeSometimes(version, segment, upTo: replay.checkpoint)
        let left = model.tables.letters.quarantined { Position(Int64($0.id.low)) }
        return .applied(done.count, next: left.first { $0.sequence == replay.sequence }?.head)
    }

    /// What an event does outside goes into an outbox, in the same transaction.
    private mutating func act(_ position: Position, _ replayedThrough: Position) {
        guard position > replayedThrough else { return }
        effects[position, default: 0] += 1
        if effects[position] != 1 { complaints.append("event \(position) was done outside twice") }
    }
}

extension Undone {
    /// The same of an event that was set aside.
    fileprivate var ofLetter: Undone {
        if case .event(_, let failure) = self { .letter(failure) } else { self }
    }
}
