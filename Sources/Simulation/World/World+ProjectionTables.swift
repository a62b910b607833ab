import CQRS
import EventSourcing
import Timeline

// What happens at the far end of what a projection asks for: in its table, and in the log that it reads.

extension World {
    /// The end of what a projection reads.
    func end(ofFeedOf projection: Int) -> Position {
        switch projections[projection].plan.feed {
        case .log: stores[projections[projection].plan.store].cluster.log.mark
        case .published: Position(Int64(projections[projection].published.count))
        }
    }

    /// The number in the store of the event at a place of what a projection reads.
    func entry(at position: Position, ofFeedOf projection: Int) -> UInt32 {
        switch projections[projection].plan.feed {
        case .log: stores[projections[projection].plan.store].cluster.log.entry(at: position)
        case .published: projections[projection].published[Int(position.number) - 1]
        }
    }

    /// What the event there says.
    func fact(at position: Position, ofFeedOf projection: Int) -> Fact {
        let store = projections[projection].plan.store
        return stores[store].facts[stores[store].cluster.tree[entry(at: position, ofFeedOf: projection)].payload]
    }

    /// Reads a page of what a projection reads: that takes the store its time for each event.
    mutating func read(_ slot: UInt32, after: Position, limit: Int) {
        let projection = Int(projections.lanes[Int(projections.errands[slot].lane)].projection)
        let plan = projections[projection].plan
        guard plan.feed == .published || isReadable(plan.store) else { return answer(slot, .failed) }
        let end = end(ofFeedOf: projection)
        var page = MarkPage(after: after, events: [], reached: after, isEnd: true, head: end)
        while page.reached < end, page.events.count < limit {
            page.reached = page.reached + 1
            guard let mark = mark(at: page.reached, of: plan, projection) else { continue }
            if mark.isWanted || !plan.filtersAtStore { page.events.append(mark) }
        }
        page.isEnd = page.reached == end
        answer(slot, .page(page), after: stores[plan.store].plan.reading * Int64(page.events.count))
    }

    /// What a run has to know of the event at a place; nil if there is none that counts.
    func mark(at position: Position, of plan: ProjectionPlan, _ projection: Int) -> EventMark? {
        let cluster = stores[plan.store].cluster
        if plan.feed == .log, cluster.log.fate(of: position) != .committed { return nil }
        let event = cluster.tree[entry(at: position, ofFeedOf: projection)]
        let category = stores[plan.store].facts[event.payload].kind.category
        return EventMark(
            position: position, sequence: SequenceKey(UInt64(event.stream)), recordedAt: event.writtenAt,
            isWanted: plan.category == nil || plan.category == category)
    }

    /// Whether any node of a store answers.
    private func isReadable(_ store: Int) -> Bool {
        !faults.areActive || (0..<stores[store].plan.cluster.nodes).contains { reaches(UInt8($0), of: store) }
    }

    /// What a lane finds in its table when it begins.
    func stored(of lane: Int) -> ProjectionRun.Loaded {
        guard let (projection, version) = place(of: lane) else { return ProjectionRun.Loaded(checkpoint: nil) }
        let table = projections[projection].versions[version].table
        let run = projections.lanes[lane].run
        return ProjectionRun.Loaded(
            checkpoint: table.checkpoints[projections.lanes[lane].number],
            quarantined: table.quarantined(in: run.settings.segment))
    }

    private func place(of lane: Int) -> (projection: Int, version: Int)? {
        projections.version(ofLane: lane).map { (Int(projections.lanes[lane].projection), $0) }
    }

    /// The first event of a batch that cannot be dealt with, and why.
    func firstFailure(of batch: ProjectionRun.Batch, _ lane: Int) -> (Position, EventFailure)? {
        for entry in batch.entries where entry.treatment == .apply {
            if let failure = failure(at: entry.position, lane) { return (entry.position, failure) }
        }
        return nil
    }

    /// Why the first events of a sequence that were set aside cannot be dealt with.
    func firstFailure(of replay: ProjectionRun.Replay, _ lane: Int) -> EventFailure? {
        letters(of: replay, lane).lazy.compactMap { failure(at: $0.position, lane) }.first
    }

    private func failure(at position: Position, _ lane: Int) -> EventFailure? {
        let projection = Int(projections.lanes[lane].projection)
        let store = stores[projections[projection].plan.store]
        let event = store.cluster.tree[entry(at: position, ofFeedOf: projection)]
        return projections[projection].failure(of: event.id, schema: store.facts[event.payload].schema)
    }

    /// What a replay is about.
    func letters(of replay: ProjectionRun.Replay, _ lane: Int) -> [ProjectionTable.Letter] {
        guard let (projection, version) = place(of: lane) else { return [] }
        return projections[projection].versions[version].table.first(replay.limit, of: replay.sequence)
    }

    /// A batch's transaction: the table changes and the checkpoint moves, or with two transactions the first of them.
    mutating func commit(_ slot: UInt32, _ batch: ProjectionRun.Batch) {
        let lane = Int(projections.errands[slot].lane)
        guard let (projection, version) = place(of: lane) else { return projections.errands.free(slot) }
        let outcome = outcome(of: batch, lane, projection, version)
        switch projections[projection].plan.checkpoint {
        case .withChanges:
            if outcome == .moved {
                apply(batch, lane, projection, version)
                move(to: batch.move.to, lane, projection, version)
            }
            answer(slot, .moved(outcome))
        case .afterChanges:
            apply(batch, lane, projection, version)
            sendSecond(slot, projection)
        case .beforeChanges:
            guard outcome == .moved else { return answer(slot, .moved(outcome)) }
            move(to: batch.move.to, lane, projection, version)
            sendSecond(slot, projection)
        }
    }

    /// The second of two transactions sets out once the first has been answered.
    private mutating func sendSecond(_ slot: UInt32, _ projection: Int) {
        projections.errands[slot].phase = .completing
        let there = projections[projection].crossing() + projections[projection].committing()
        port.schedule(after: projections[projection].crossing() + there, .projectionGoesOn(slot))
    }

    /// The second of two transactions takes place.
    mutating func complete(_ slot: UInt32) {
        let lane = Int(projections.errands[slot].lane)
        guard case .batch(let batch) = projections.errands[slot].work, let (projection, version) = place(of: lane)
        else {
            return projections.errands.free(slot)
        }
        if projections[projection].plan.checkpoint == .beforeChanges {
            apply(batch, lane, projection, version)
            return answer(slot, .moved(.moved))
        }
        let outcome = outcome(of: batch, lane, projection, version)
        if outcome == .moved { move(to: batch.move.to, lane, projection, version) }
        answer(slot, .moved(outcome))
    }

    private func outcome(
        of batch: ProjectionRun.Batch, _ lane: Int, _ projection: Int, _ version: Int
    ) -> CheckpointMove.Outcome {
        let state = projections[projection]
        let stored = state.versions[version].table.checkpoints[projections.lanes[lane].number] ?? .start
        let number = state.versions[version].number
        guard state.serving.allows(batch.move, replayedThrough: batch.replayedThrough, by: number) else {
            return .mismatch(stored: stored)
        }
        return batch.move.outcome(at: stored)
    }

    private mutating func move(to position: Position, _ lane: Int, _ projection: Int, _ version: Int) {
        projections[projection].versions[version].table.move(lane: projections.lanes[lane].number, to: position)
    }

    /// Makes a batch's changes.
    private mutating func apply(_ batch: ProjectionRun.Batch, _ lane: Int, _ projection: Int, _ version: Int) {
        for event in batch.entries {
            let place = Component.projection(UInt16(projection))
            let fact = fact(at: event.position, ofFeedOf: projection)
            let number = UInt32(clamping: event.position.number)
            let entry = entry(at: event.position, ofFeedOf: projection)
            switch event.treatment {
            case .apply:
                take(entry, at: event.position, isReplay: event.position <= batch.replayedThrough, projection, version)
            case .skip(let failure, _):
                projections[projection].versions[version].table.leaveOut()
                port.note(
                    .leftOut, place, why: .event(position: number, failure), request: fact.request, cause: fact.cause)
            case .quarantine(let failure, _):
                setAside(entry, event, projection, version)
                port.note(
                    .setAside, place, why: .event(position: number, failure), request: fact.request, cause: fact.cause)
            case .setAside:
                setAside(entry, event, projection, version)
                port.note(.setAside, place, why: .itself, request: fact.request, cause: fact.cause)
            }
        }
        guard let last = batch.entries.last else { return }
        port.note(
            .projected, .projection(UInt16(projection)), why: .count(UInt32(clamping: batch.entries.count)),
            cause: fact(at: last.position, ofFeedOf: projection).cause)
    }

    private mutating func setAside(_ entry: UInt32, _ event: ProjectionRun.Entry, _ projection: Int, _ version: Int) {
        projections[projection].versions[version].table.setAside(entry, event.sequence, at: event.position)
    }

    /// Takes one event in.
    private mutating func take(
        _ entry: UInt32, at position: Position, isReplay: Bool, _ projection: Int, _ version: Int
    ) {
        let stream = stores[projections[projection].plan.store].cluster.tree[entry].stream
        if !isReplay { projections[projection].totals.effects += 1 }
        let isServing = version == projections[projection].servingIndex
        if isServing, queries.exists(projection), queries[projection].plan.invalidates {
            queries[projection].machine.invalidate(["\(stream)"], at: position)
        }
        guard !projections[projection].versions[version].table.take(entry, of: stream) else { return }
        let fact = fact(at: position, ofFeedOf: projection)
        port.note(
            .projectedAgain, .projection(UInt16(projection)), why: .count(UInt32(clamping: position.number)),
            request: fact.request, cause: fact.cause)
    }

    /// Deals again with events that were set aside.
    mutating func take(_ replay: ProjectionRun.Replay, _ lane: Int) -> ProjectionRun.ReplayOutcome {
        guard let (projection, version) = place(of: lane) else { return .changed }
        let letters = letters(of: replay, lane)
        let table = projections[projection].versions[version].table
        guard table.checkpoints[projections.lanes[lane].number] ?? .start == replay.checkpoint,
            letters.first?.position == replay.first
        else { return .changed }
        for letter in letters {
            if replay.treatment == .apply {
                let isReplay = letter.position <= replay.replayedThrough
                take(letter.entry, at: letter.position, isReplay: isReplay, projection, version)
            } else {
                projections[projection].versions[version].table.leaveOut()
            }
        }
        let next = projections[projection].versions[version].table.removeFirst(letters.count, of: replay.sequence)
        return .applied(letters.count, next: next)
    }
}
