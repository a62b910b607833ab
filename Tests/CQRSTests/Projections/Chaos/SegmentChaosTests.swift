import CQRS
import EventSourcing
import Resilience
import Testing
import Timeline

/// Workers that claim segments, lose them, split them and merge them while events come.
private struct SegmentWorld {
    struct Job {
        let worker: UInt64
        let segment: Segment
        var run: ProjectionRun
        /// A batch that is on its way, and may arrive when nobody waits for it any more.
        var onItsWay: [ProjectionRun.Batch] = []
    }

    static let id = ProjectionID("segments")

    var random: RandomStream
    var now = Instant.zero
    var claims: SegmentClaims
    var model = MemoryReadModel<[SequenceKey: [Position]]>([:])
    var log: [EventMark] = []
    var jobs: [Job] = []
    var complaints: [String] = []
    var happened: [String: Int] = [:]

    init(seed: UInt64) throws {
        random = RandomStream(seed: seed, name: "segments", purpose: "chaos")
        claims = try SegmentClaims(timeout: .milliseconds(100))
        try claims.initialize(1)
    }

    mutating func turn() throws {
        now = now + .milliseconds(Int64(random.below(10)))
        switch random.below(20) {
        case 0..<3: append()
        case 3..<5: try claim(random.below(4))
        case 5 where !jobs.isEmpty: lose(Int(random.below(UInt64(jobs.count))))
        case 6 where !jobs.isEmpty: try reshape(Int(random.below(UInt64(jobs.count))))
        default: for index in jobs.indices where random.chance(0.7) { try work(index) }
        }
    }

    private mutating func append() {
        let position = Position(Int64(log.count) + 1)
        log.append(EventMark(position: position, sequence: SequenceKey(random.below(12)), recordedAt: now))
        for index in jobs.indices { jobs[index].run.appended(upTo: position) }
    }

    private mutating func claim(_ worker: UInt64) throws {
        guard let segment = claims.claimNext(by: worker, at: now) else { return }
        begin(segment, worker)
    }

    private mutating func begin(_ segment: Segment, _ worker: UInt64) {
        guard let settings = try? ProjectionRun.Settings.small(linger: 5, segment: segment) else { return }
        var run = ProjectionRun(settings)
        run.start(at: now)
        jobs.append(Job(worker: worker, segment: segment, run: run))
    }

    /// A worker hangs: it renews no claim, but what it has sent still arrives, and it goes on later as if nothing was.
    private mutating func lose(_ index: Int) {
        happened["lost", default: 0] += 1
        if random.chance(0.5) { jobs.remove(at: index) } else { now = now + .milliseconds(60) }
    }

    private mutating func work(_ index: Int) throws {
        let (worker, segment) = (jobs[index].worker, jobs[index].segment)
        // One that finds its claim gone stops only now and then: the checkpoint is what keeps it from doing harm.
        if (try? claims.renew(segment, by: worker, at: now)) == nil, random.chance(0.3) { return }
        switch jobs[index].run.next(at: now) {
        case .load(let ticket):
            guard let position = position(segment) else { return }
            jobs[index].run.loaded(.init(checkpoint: position), for: ticket, at: now)
        case .read(let after, let limit, let ticket):
            let events = Array(log.dropFirst(Int(after.number)).prefix(limit))
            let (last, head) = (events.last?.position ?? after, Position(Int64(log.count)))
            let page = MarkPage(after: after, events: events, reached: last, isEnd: last == head, head: head)
            jobs[index].run.received(page, for: ticket, at: now, using: &random)
        case .apply(let batch):
            jobs[index].onItsWay.append(batch)
            if random.chance(0.8) { arrive(index) }
            if random.chance(0.2) { jobs[index].run.failed(.timeout, for: batch.ticket, at: now, using: &random) }
        case .wait where !jobs[index].onItsWay.isEmpty:
            arrive(index)
        case .replay, .wait, .stopped:
            break
        }
    }

    /// Nil for a segment that was split or merged meanwhile: whoever works on it must stop.
    private func position(_ segment: Segment) -> Position? {
        claims.segments.contains(segment)
            ? model.checkpoints.checkpoint(of: Self.id.part(segment))?.position ?? .start : nil
    }

    private mutating func arrive(_ index: Int) {
        let batch = jobs[index].onItsWay.removeFirst()
        let part = Self.id.part(jobs[index].segment)
        let outcome = model.commit(batch.move, of: part, at: now) { tables in
            for entry in batch.entries { tables[entry.sequence, default: []].append(entry.position) }
        }
        if outcome != .moved { happened["refused", default: 0] += 1 }
        jobs[index].run.committed(outcome, for: batch.ticket, at: now)
    }

    /// Splits a segment, or merges it with its sibling once both are at the same place.
    private mutating func reshape(_ index: Int) throws {
        let (worker, segment) = (jobs[index].worker, jobs[index].segment)
        guard claims.isHeld(segment, by: worker) else { return }
        if random.chance(0.5), segment.mask < 7 {
            let halves = try claims.split(segment, by: worker)
            if !model.split(Self.id.part(segment), at: now) { complaints.append("\(segment) not split") }
            happened["split", default: 0] += 1
            begin(halves.low, worker)
            begin(halves.high, worker)
        } else if claims.isHeld(segment.sibling, by: worker), segment != segment.sibling {
            try merge(segment, worker)
        }
    }

    private mutating func merge(_ segment: Segment, _ worker: UInt64) throws {
        let places = [segment, segment.sibling].compactMap(position)
        guard let goal = places.max() else { return }
        for index in jobs.indices where [segment, segment.sibling].contains(jobs[index].segment) {
            jobs[index].run.stop(at: goal)
        }
        guard places.min() == goal else { return }
        if !model.merge(Self.id.part(segment), with: segment.sibling, at: now) {
            complaints.append("\(segment) not merged")
        }
        happened["merged", default: 0] += 1
        begin(try claims.merge(segment, by: worker), worker)
    }

    /// Everybody is well again; each segment has one worker, until all is done.
    mutating func settle() throws {
        jobs = []
        now = now + .seconds(1)
        for segment in claims.segments {
            try claims.claim(segment, by: 9, at: now)
            begin(segment, 9)
        }
        let head = Position(Int64(log.count))
        for _ in 0..<2_000 where jobs.contains(where: { $0.run.checkpoint < head }) {
            now = now + .milliseconds(20)
            for index in jobs.indices { try work(index) }
        }
    }

    mutating func judge() {
        for key in Set(log.map(\.sequence)).sorted() {
            let expected = log.filter { $0.sequence == key }.map(\.position)
            let applied = model.tables[key] ?? []
            if applied != expected { complaints.append("\(key.number): \(applied) instead of \(expected)") }
        }
    }
}

@Suite("Segments under random trouble")
struct SegmentChaosTests {
    @Test("segments that are claimed, stolen, split and merged: each event is applied once, each stream in order")
    func promises() throws {
        var happened: [String: Int] = [:]
        for seed in 0..<200 as Range<UInt64> {
            var world = try SegmentWorld(seed: seed)
            for _ in 0..<300 { try world.turn() }
            try world.settle()
            world.judge()
            if let complaint = world.complaints.first {
                Issue.record("seed \(seed): \(complaint) (SegmentChaosTests, SegmentWorld(seed: \(seed)))")
                return
            }
            happened.merge(world.happened) { $0 + $1 }
        }
        for what in ["lost", "refused", "split", "merged"] {
            #expect(happened[what, default: 0] > 100, "\(what): \(happened)")
        }
    }
}
