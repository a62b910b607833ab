import CQRS
import EventSourcing
import Resilience
import Testing
import Timeline

/// Positions, moments and numbers from the ends of their ranges, in any order.
private struct Extremes {
    var random: RandomStream

    init(_ seed: UInt64) {
        random = RandomStream(seed: seed, name: "extremes", purpose: "test")
    }

    mutating func number() -> Int64 {
        let ends: [Int64] = [.min, .min + 1, -1, 0, 1, 2, 63, 64, 65, .max - 1, .max]
        return ends[Int(random.below(UInt64(ends.count)))]
    }

    mutating func position() -> Position { Position(number()) }
    mutating func instant() -> Instant { Instant(nanoseconds: number()) }
    mutating func count() -> Int { Int(number()) }
    mutating func key() -> SequenceKey { SequenceKey(random.below(3)) }

    mutating func outcome() -> CheckpointMove.Outcome {
        switch random.below(4) {
        case 0: .moved
        case 1: .wasThere
        case 2: .mismatch(stored: position())
        default: .ahead(stored: position())
        }
    }

    mutating func page(after: Position) -> MarkPage {
        var last = after
        var events: [EventMark] = []
        for _ in 0..<random.below(4) {
            last = random.chance(0.8) && last.number < .max ? Position(last.number + 1) : position()
            events.append(
                EventMark(
                    position: last, sequence: key(), recordedAt: instant(), isWanted: random.chance(0.8)))
        }
        let reached = random.chance(0.8) ? last : position()
        return MarkPage(after: after, events: events, reached: reached, isEnd: random.chance(0.5), head: position())
    }
}

@Suite("Projections: nothing that a caller can pass traps")
struct ExtremeValueTests {
    @Test("runs")
    func runs() throws {
        var applied = 0
        for seed in 0..<200 as Range<UInt64> {
            var values = Extremes(seed)
            var random = RandomStream.any
            var run = ProjectionRun(
                try .small(batch: 2, linger: 0, checkpointAfter: 0, readAhead: 2, eventAttempts: 1),
                replayedThrough: values.position(), generation: .max)
            run.start(at: values.instant())
            for _ in 0..<200 {
                let now = values.instant()
                switch values.random.below(12) {
                case 0: run.appended(upTo: values.position())
                case 1 where values.random.chance(0.1): run.stop(by: values.instant())
                case 2 where values.random.chance(0.2): run.stop(at: values.position())
                case 3 where values.random.chance(0.5): run.start(at: now)
                case 4: run.replay(values.key())
                case 5: run.reloadQuarantine()
                default: applied += Self.step(&run, &values, now, &random)
                }
                _ = (run.lag, run.settled, run.isBeyondLog, run.quarantined)
            }
        }
        #expect(applied > 1_000)
    }

    private static func step(
        _ run: inout ProjectionRun, _ values: inout Extremes, _ now: Instant, _ random: inout RandomStream
    ) -> Int {
        switch run.next(at: now) {
        case .load(let ticket):
            let aside = QuarantinedSequence(
                sequence: values.key(), head: values.position(), letters: values.count())
            let loaded = ProjectionRun.Loaded(
                checkpoint: values.random.chance(0.5) ? nil : values.position(), quarantined: [aside, aside])
            run.loaded(loaded, for: ticket, at: now)
        case .read(let after, _, let ticket):
            run.received(values.page(after: after), for: ticket, at: now, using: &random)
        case .apply(let batch):
            switch values.random.below(4) {
            case 0: run.failed(.timeout, retryAfter: .maximum, for: batch.ticket, at: now, using: &random)
            case 1:
                let position = batch.entries.first?.position ?? values.position()
                run.eventFailed(at: position, .undecodable, for: batch.ticket, at: now, using: &random)
            default: run.committed(values.outcome(), for: batch.ticket, at: now)
            }
            return 1
        case .replay(let replay):
            let outcomes: [ProjectionRun.ReplayOutcome] = [
                .applied(values.count(), next: values.random.chance(0.5) ? values.position() : nil),
                .failedAgain(.unknownType), .changed,
            ]
            run.replayed(outcomes[Int(values.random.below(3))], for: replay.ticket, at: now)
        case .wait, .stopped:
            break
        }
        return 0
    }

    @Test("marks, meters, checks, waiters, tokens and positions in flight")
    func others() throws {
        for seed in 0..<300 as Range<UInt64> {
            var values = Extremes(seed)
            var mark = HighWaterMark(try .init(patience: .zero, window: 64), from: values.position())
            var meter = try LagMeter()
            var check = try LagCheck(unmovedFor: .zero)
            var waiters = PositionWaiters(at: values.position(), limit: 4)
            var flight = PositionsInFlight(from: values.position(), limit: values.count())
            var serving = ServingVersion(1)
            var token = GapAwareToken(values.position())
            for step in 0..<50 as Range<UInt64> {
                let now = values.instant()
                mark.drew(upTo: values.position(), at: now)
                _ = mark.committed(values.position(), at: now)
                _ = mark.aborted(values.position(), at: now)
                mark.advance(at: now, oldestLive: values.position())
                #expect(mark.mark <= mark.drawn)
                _ = mark.nextSkip
                meter.note(
                    position: values.position(), head: values.position(), oldestUnprocessed: values.instant(), at: now)
                _ = meter.lag(at: values.instant()).timeToCatchUp
                _ = check.check(position: values.position(), head: values.position(), at: now)
                _ = waiters.wait(step, for: values.position(), until: values.instant(), at: now)
                _ = waiters.reached(values.position(), at: now)
                _ = waiters.popExpired(at: now)
                _ = flight.begin(values.position())
                _ = flight.finish(values.position())
                flight.pass(upTo: values.position())
                _ = serving.propose(values.count(), number: values.random.next())
                _ = serving.change(
                    from: 1, to: values.count(), number: serving.lastProposal, checkpoints: [values.position()])
                let move = CheckpointMove(from: values.position(), to: values.position())
                _ = serving.allows(move, replayedThrough: values.position(), by: values.count())
                token = token.advanced(to: values.position(), reach: Int(values.random.below(9))) ?? token
                _ = token.lowerBound(GapAwareToken(values.position())).covers(token)
                _ = token.upperBound(GapAwareToken(values.position())).truncated(before: values.position())
            }
        }
    }
}
