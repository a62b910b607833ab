import EventSourcing
import Timeline

extension ProjectionRun {
    /// A batch: the first events that were read, and up to where the checkpoint moves with them.
    struct Cut: Hashable, Sendable {
        var count: Int
        var to: Position
    }

    /// What there is to commit.
    mutating func nextCommit(at now: Instant) -> Prospect {
        switch committing.state {
        case .asked: return .unknown
        case .backingOff where isReplayToBeLeft:
            committing.settle()
            job = nil
        case .backingOff(let until) where until > now: return .later(until)
        case .backingOff: return job.map { .now(ask($0, at: now)) } ?? .unknown
        case .idle: break
        }
        let replay = ending.isRequested ? nil : quarantine.nextToReplay.map(Job.replay)
        if lastWasBatch, let replay { return begin(replay, at: now) }
        let prospect = nextBatch(at: now)
        if case .now = prospect { return prospect }
        return replay.map { begin($0, at: now) } ?? prospect
    }

    /// Whether a replay was being tried again when the run was asked to end.
    private var isReplayToBeLeft: Bool {
        if case .replay = job { ending.isRequested } else { false }
    }

    private mutating func nextBatch(at now: Instant) -> Prospect {
        switch front(at: now) {
        case .nothing:
            guard let since = passableSince else { return .unknown }
            guard isHurried || now >= since + settings.checkpointAfter else {
                return .later(since + settings.checkpointAfter)
            }
            return begin(.batch(Cut(count: 0, to: place)), at: now)
        case .backingOff(let until):
            return .later(until)
        case .blocked(let reason):
            finish(reason)
            return .now(.stopped(reason))
        case .events(let count, let isFull):
            let due = buffer[0].arrivedAt + settings.linger
            guard isFull || isHurried || now >= due else { return .later(due) }
            let to = count == buffer.count ? place : buffer[count - 1].position
            return begin(.batch(Cut(count: count, to: to)), at: now)
        }
    }

    /// Whether there is no sense in waiting for more events.
    private var isHurried: Bool { ending.isRequested || place == ending.goal }

    private mutating func begin(_ job: Job, at now: Instant) -> Prospect {
        self.job = job
        lastWasBatch = if case .batch = job { true } else { false }
        return .now(ask(job, at: now))
    }

    private mutating func ask(_ job: Job, at now: Instant) -> Step {
        let ticket = ticket()
        committing.ask(ticket, at: now)
        switch job {
        case .replay(let row):
            return .replay(
                Replay(
                    ticket: ticket, sequence: row.sequence.sequence, first: row.sequence.head, limit: row.limit,
                    treatment: row.skipping.map { .skip($0, attempts: 1) } ?? .apply, checkpoint: checkpoint,
                    replayedThrough: replayedThrough))
        case .batch(let cut):
            return .apply(batch(cut, ticket))
        }
    }

    private func batch(_ cut: Cut, _ ticket: Ticket) -> Batch {
        let entries = (0..<cut.count).map { index in
            Entry(
                position: buffer[index].position, sequence: buffer[index].sequence,
                treatment: treatment(of: buffer[index]))
        }
        return Batch(
            ticket: ticket, move: CheckpointMove(from: checkpoint, to: cut.to), entries: entries,
            attempt: committing.attempt, replayedThrough: replayedThrough)
    }
}
