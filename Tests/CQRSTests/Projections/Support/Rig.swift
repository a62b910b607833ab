import CQRS
import EventSourcing
import Resilience
import Timeline

/// A run with somebody who writes down what it asks for, and answers by hand.
///
/// Events are written as position and sequence, `3b`; one that nobody wants is `3-`.
struct Rig {
    var run: ProjectionRun
    var random = RandomStream.any
    var now = Instant.zero
    /// What was asked last of each kind.
    var load: Ticket?
    var read: (ticket: Ticket, after: Position)?
    var batch: ProjectionRun.Batch?
    var replay: ProjectionRun.Replay?

    init(_ settings: ProjectionRun.Settings, replayedThrough: Position = .start) {
        run = ProjectionRun(settings, replayedThrough: replayedThrough)
    }

    /// A run that has been started and has loaded its checkpoint.
    static func running(
        _ settings: ProjectionRun.Settings, from checkpoint: Position? = nil,
        quarantined: [QuarantinedSequence] = [], replayedThrough: Position = .start
    ) -> Rig {
        var rig = Rig(settings, replayedThrough: replayedThrough)
        rig.run.start(at: rig.now)
        _ = rig.ask()
        _ = rig.loaded(checkpoint, quarantined)
        return rig
    }

    /// Asks for steps until there is none, and writes them down: `read 0 500`, `apply 0>3 1a 2b`, `wait 100`.
    mutating func ask() -> String {
        var lines: [String] = []
        while true {
            switch run.next(at: now) {
            case .load(let ticket):
                load = ticket
                lines.append("load")
            case .read(let after, let limit, let ticket):
                read = (ticket, after)
                lines.append("read \(after) \(limit)")
            case .apply(let batch):
                self.batch = batch
                let entries = batch.entries.map { entry in
                    " \(entry.position)\(Self.letter(entry.sequence))\(Self.mark(entry.treatment))"
                }
                lines.append("apply \(batch.move.from)>\(batch.move.to)\(entries.joined())")
            case .replay(let replay):
                self.replay = replay
                lines.append("replay \(replay.first)\(Self.letter(replay.sequence)) \(replay.limit)")
            case .wait(let until):
                lines.append(until.map { "wait \($0.sinceZero.milliseconds.formatted)" } ?? "wait")
                return lines.joined(separator: "; ")
            case .stopped(let reason):
                lines.append("stopped \(reason)")
                return lines.joined(separator: "; ")
            }
        }
    }

    /// Lets time pass, and asks.
    mutating func ask(at milliseconds: Int64) -> String {
        now = .ms(milliseconds)
        return ask()
    }

    mutating func loaded(_ checkpoint: Position?, _ quarantined: [QuarantinedSequence] = []) -> Bool {
        guard let load else { return false }
        return run.loaded(.init(checkpoint: checkpoint, quarantined: quarantined), for: load, at: now)
    }

    /// Answers the last read.
    mutating func page(
        _ text: String, reached: Position? = nil, isEnd: Bool = true, head: Position? = nil, after: Position? = nil
    ) -> Bool {
        guard let read else { return false }
        let events = text.split(separator: " ").map { Self.mark($0) }
        let last = reached ?? events.last?.position ?? read.after
        let page = MarkPage(
            after: after ?? read.after, events: events, reached: last, isEnd: isEnd, head: head ?? last)
        return run.received(page, for: read.ticket, at: now, using: &random)
    }

    /// Answers the last batch.
    mutating func committed(_ outcome: CheckpointMove.Outcome = .moved) -> Bool {
        guard let batch else { return false }
        return run.committed(outcome, for: batch.ticket, at: now)
    }

    mutating func failed(at position: Position, _ failure: EventFailure = .apply) -> Bool {
        guard let batch else { return false }
        return run.eventFailed(at: position, failure, for: batch.ticket, at: now, using: &random)
    }

    mutating func failed(_ ticket: Ticket?, _ failure: FailureKind = .server, retryAfter: Duration? = nil) -> Bool {
        guard let ticket else { return false }
        return run.failed(failure, retryAfter: retryAfter, for: ticket, at: now, using: &random)
    }

    mutating func replayed(_ outcome: ProjectionRun.ReplayOutcome) -> Bool {
        guard let replay else { return false }
        return run.replayed(outcome, for: replay.ticket, at: now)
    }

    static func key(_ letter: Character) -> SequenceKey { SequenceKey(UInt64(letter.asciiValue ?? 0)) }

    private static func letter(_ key: SequenceKey) -> Character { Character(UnicodeScalar(UInt8(key.number))) }

    private static func mark(_ text: Substring) -> EventMark {
        let letter = text.last ?? "?"
        let position = Position(Int64(text.dropLast()) ?? -1)
        return EventMark(
            position: position, sequence: key(letter), recordedAt: .ms(position.number), isWanted: letter != "-")
    }

    /// Nothing for what is applied, `!` for the first that is set aside, `~` for one behind it, `x` for one left out.
    private static func mark(_ treatment: ProjectionRun.Treatment) -> String {
        switch treatment {
        case .apply: ""
        case .quarantine: "!"
        case .setAside: "~"
        case .skip: "x"
        }
    }
}

extension Double {
    /// Without a fraction where there is none.
    fileprivate var formatted: String { self == rounded() ? String(Int64(self)) : String(self) }
}

extension RetryPolicy {
    /// So many attempts, so many milliseconds apart, without chance.
    static func fixed(_ attempts: Int = RetryPolicy.unlimited, every milliseconds: Int64 = 10) throws -> RetryPolicy {
        try RetryPolicy(attempts: attempts, backoff: .constant(.milliseconds(milliseconds)), jitter: .none)
    }
}

extension ProjectionRun.Settings {
    /// Small, and without chance.
    static func small(
        batch: Int = 3, linger: Int64 = 100, checkpointAfter: Int64 = 1_000, readAhead: Int = 0,
        retries: Int = RetryPolicy.unlimited, eventAttempts: Int = 2, errors: ErrorPolicy = .continuous,
        rival: Rival = .goOn, quarantine: QuarantineLimits = .standard, segment: Segment = .root,
        pace: Pace = .unlimited
    ) throws -> Self {
        try .init(
            batchSize: batch, linger: .milliseconds(linger), checkpointAfter: .milliseconds(checkpointAfter),
            readAhead: readAhead, poll: .milliseconds(500), retry: .fixed(retries),
            eventRetry: .fixed(eventAttempts, every: 20), errors: errors, rival: rival, quarantine: quarantine,
            segment: segment, pace: pace)
    }
}
