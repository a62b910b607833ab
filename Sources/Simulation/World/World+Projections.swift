import CQRS
import EventSourcing
import Resilience
import Timeline

// Projections at work: what their lanes ask for is carried out, and what came of it is told.

extension World {
    /// Lets all lanes begin.
    mutating func startProjections() {
        for lane in projections.lanes.indices { start(lane: lane) }
    }

    /// Begins a new life of a lane.
    mutating func start(lane: Int) {
        projections[lane: lane].run.start(at: port.now)
        projections[lane: lane].isStopNoted = false
        let end = end(ofFeedOf: Int(projections.lanes[lane].projection))
        projections[lane: lane].run.appended(upTo: end)
        drive(lane)
    }

    /// Carries out what a lane wants now, until it waits.
    mutating func drive(_ lane: Int) {
        let projection = Int(projections.lanes[lane].projection)
        guard !projections[projection].isDown, projections.version(ofLane: lane) != nil else { return }
        port.cancel(&projections[lane: lane].wake)
        while true {
            switch projections[lane: lane].run.next(at: port.now) {
            case .load(let ticket): send(.load(ticket), from: lane)
            case .read(let after, let limit, let ticket):
                send(.read(after: after, limit: limit, ticket), from: lane)
            case .apply(let batch): work(on: .batch(batch), events: batch.entries.count, lane)
            case .replay(let replay): work(on: .replay(replay), events: replay.limit, lane)
            case .wait(let until):
                guard let until else { return }
                let event = Event.projectionWakes(UInt32(lane))
                projections[lane: lane].wake = port.schedule(after: until - port.now, event)
                return
            case .stopped(let reason): return stopped(lane, reason)
            }
        }
    }

    mutating func projectionWakes(_ lane: UInt32) {
        projections[lane: Int(lane)].wake = .none
        drive(Int(lane))
    }

    /// The worker deals with events, unless a fault is in its way, before it asks for the transaction.
    private mutating func work(on work: LaneErrand.Work, events: Int, _ lane: Int) {
        let projection = Int(projections.lanes[lane].projection)
        let count =
            if case .replay(let replay) = work { letters(of: replay, lane).count } else { events }
        var length = projections[projection].plan.work * Int64(count)
        var errand = LaneErrand(lane: UInt32(lane), work: work, phase: .working)
        if let impact = faults.strike(projection: projection) {
            length = length + impact.extra
            errand.isDoomed = impact.fails
        }
        let slot = projections.errands.put(errand)
        port.schedule(after: length, .projectionGoesOn(slot))
    }

    /// Sends something to the table or to the store.
    private mutating func send(_ work: LaneErrand.Work, from lane: Int) {
        let slot = projections.errands.put(LaneErrand(lane: UInt32(lane), work: work, phase: .sent))
        cross(slot)
    }

    private mutating func cross(_ slot: UInt32) {
        let errand = projections.errands[slot]
        let projection = Int(projections.lanes[Int(errand.lane)].projection)
        var length = projections[projection].crossing()
        switch errand.work {
        case .batch, .replay: length = length + projections[projection].committing()
        case .load, .read: break
        }
        port.schedule(after: length, .projectionGoesOn(slot))
    }

    /// Whether the life of the lane that has asked for something goes on.
    private func isAwaited(_ errand: LaneErrand) -> Bool {
        let lane = projections.lanes[Int(errand.lane)]
        return !projections[Int(lane.projection)].isDown && lane.run.generation == errand.work.ticket.generation
            && projections.version(ofLane: Int(errand.lane)) != nil
    }

    /// Something that a lane has asked for is a step further.
    mutating func projectionGoesOn(_ slot: UInt32) {
        let errand = projections.errands[slot]
        switch errand.phase {
        case .working:
            guard isAwaited(errand) else { return projections.errands.free(slot) }
            sendOn(slot)
        case .sent:
            // What is on its way takes place, whatever has become of the lane.
            guard projections.version(ofLane: Int(errand.lane)) != nil else { return projections.errands.free(slot) }
            carryOut(slot)
        case .completing:
            guard isAwaited(errand) else { return projections.errands.free(slot) }
            complete(slot)
        case .returning:
            projections.errands.free(slot)
            guard isAwaited(errand) else { return }
            hear(errand)
        }
    }

    /// The worker has dealt with the events: what it cannot deal with it says at once, the rest goes to the table.
    private mutating func sendOn(_ slot: UInt32) {
        let errand = projections.errands[slot]
        guard !errand.isDoomed else { return answer(slot, .failed) }
        switch errand.work {
        case .batch(let batch):
            if let (position, failure) = firstFailure(of: batch, Int(errand.lane)) {
                return answer(slot, .eventFailed(position, failure))
            }
        case .replay(let replay):
            if replay.treatment == .apply, let failure = firstFailure(of: replay, Int(errand.lane)) {
                let projection = Int(projections.lanes[Int(errand.lane)].projection)
                projections[projection].totals.replayFailures += 1
                return answer(slot, .replayed(.failedAgain(failure)))
            }
        case .load, .read: break
        }
        projections.errands[slot].phase = .sent
        cross(slot)
    }

    /// Something has got to where it takes place.
    private mutating func carryOut(_ slot: UInt32) {
        let errand = projections.errands[slot]
        let lane = Int(errand.lane)
        switch errand.work {
        case .load: answer(slot, .loaded(stored(of: lane)))
        case .read(let after, let limit, _): read(slot, after: after, limit: limit)
        case .batch(let batch): commit(slot, batch)
        case .replay(let replay): answer(slot, .replayed(take(replay, lane)))
        }
    }

    /// The answer sets out, unless a fault loses it: then the lane waits until it gives up waiting.
    mutating func answer(_ slot: UInt32, _ outcome: LaneErrand.Outcome, after length: Duration = .zero) {
        let projection = Int(projections.lanes[Int(projections.errands[slot].lane)].projection)
        let wasWorking = projections.errands[slot].phase == .working
        projections.errands[slot].phase = .returning
        projections.errands[slot].outcome = outcome
        var length = length
        if faults.areActive, !wasWorking, faults.loses(messageOfProjection: projection) {
            projections.errands[slot].outcome = .failed
            length = length + projections[projection].plan.answerTime
        } else if !wasWorking {
            length = length + projections[projection].crossing()
        }
        port.schedule(after: length, .projectionGoesOn(slot))
    }

    /// A lane hears what came of what it asked for, and goes on.
    private mutating func hear(_ errand: LaneErrand) {
        let (lane, ticket, now) = (Int(errand.lane), errand.work.ticket, port.now)
        let projection = Int(projections.lanes[lane].projection)
        var chance = projections[projection].chance
        let letters = projections.lanes[lane].run.letters
        switch errand.outcome {
        case .none: break
        case .loaded(let loaded): projections[lane: lane].run.loaded(loaded, for: ticket, at: now)
        case .page(let page): projections[lane: lane].run.received(page, for: ticket, at: now, using: &chance)
        case .moved(let outcome): projections[lane: lane].run.committed(outcome, for: ticket, at: now)
        case .eventFailed(let position, let failure):
            projections[lane: lane].run.eventFailed(at: position, failure, for: ticket, at: now, using: &chance)
        case .replayed(let outcome): projections[lane: lane].run.replayed(outcome, for: ticket, at: now)
        case .failed: projections[lane: lane].run.failed(.timeout, for: ticket, at: now, using: &chance)
        }
        projections[projection].chance = chance
        if projections.lanes[lane].run.letters != letters { port.touched.insert(.projections) }
        drive(lane)
        gotOn(projection)
    }

    /// A projection may have got on: who waits for that is told.
    mutating func gotOn(_ projection: Int) {
        port.touched.insert(.projections)
        wakeReaders(of: projection)
        driveRebuild(of: projection)
    }

    /// A lane's run has stopped.
    private mutating func stopped(_ lane: Int, _ reason: ProjectionRun.StopReason) {
        guard !projections.lanes[lane].isStopNoted else { return }
        projections[lane: lane].isStopNoted = true
        let projection = Int(projections.lanes[lane].projection)
        switch reason {
        case .goal: break
        case .poison(let position, let failure, _):
            noteStop(of: projection, position, .event(position: UInt32(clamping: position.number), failure))
        case .quarantineFull(let position, _):
            noteStop(of: projection, position, .count(UInt32(clamping: projections.lanes[lane].run.letters)))
        case .requested, .rival, .gaveUp: noteStop(of: projection, .start, .itself)
        }
        port.touched.insert(.projections)
        if projections.lanes[lane].version == projections[projection].serving.version, reason.isFault {
            tell(projections[projection].readers.stopped(reason, at: port.now), of: projection)
        }
        driveRebuild(of: projection)
    }

    private mutating func noteStop(of projection: Int, _ position: Position, _ why: Why) {
        let cause = position == .start ? EntryID.none : fact(at: position, ofFeedOf: projection).cause
        port.note(.projectionStopped, .projection(UInt16(projection)), why: why, cause: cause)
    }

    /// A projection's process dies: what it had in memory is gone, what it has asked of its table takes place.
    mutating func crash(projection: Int, by fault: Int) {
        faults.hit(fault)
        projections[projection].isDown = true
        for lane in projections.lanes.indices where Int(projections.lanes[lane].projection) == projection {
            port.cancel(&projections[lane: lane].wake)
        }
        port.note(.crashed, .projection(UInt16(projection)), cause: faults.faults[fault].entry)
        port.touched.insert(.projections)
    }

    /// A projection's process comes back, unless another fault holds it down.
    mutating func restart(projection: Int, cause: EntryID) {
        guard faults.crash(on: .projection(projection)) == nil else { return }
        projections[projection].isDown = false
        port.note(.restarted, .projection(UInt16(projection)), cause: cause)
        for lane in lanes(of: projection) { start(lane: lane) }
    }

    /// The lanes of all versions of a projection that there are.
    func lanes(of projection: Int) -> [Int] {
        projections[projection].versions.flatMap { Array($0.lanes) }
    }
}

extension ProjectionRun.StopReason {
    /// Whether it has not come to where it was to stop.
    fileprivate var isFault: Bool { if case .goal = self { false } else { true } }
}
