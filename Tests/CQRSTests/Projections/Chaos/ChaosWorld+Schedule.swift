import CQRS
import EventSourcing
import Timeline

extension ChaosWorld {
    /// Chaos for a while, then calm, until nothing is left to do.
    mutating func run(turns: Int) throws {
        for _ in 0..<turns where database.complaints.isEmpty { try disturb() }
        try settle()
        database.judgeEnd(of: segments)
    }

    /// One random thing happens.
    private mutating func disturb() throws {
        switch random.below(100) {
        case 0..<8: try append()
        case 8..<32: for index in workers.indices where random.chance(0.6) { _ = poll(index) }
        case 32..<58: for _ in 0..<4 { if let index = pick(requests.count) { execute(index) } }
        case 58..<84: for _ in 0..<4 { if let index = pick(replies.count) { deliver(index) } }
        case 84..<91: passTime()
        case 91..<94: disturbWorkers()
        case 94..<96: operate()
        case 96..<98: try disturbRebuild()
        default: reportProgress(); _ = pollRebuild()
        }
    }

    private mutating func pick(_ count: Int) -> Int? {
        count == 0 ? nil : Int(random.below(UInt64(count)))
    }

    private mutating func passTime() {
        now = now + .milliseconds(Int64(random.below(30)))
        giveUp()
    }

    private mutating func disturbWorkers() {
        guard let index = pick(workers.count) else { return }
        switch random.below(6) {
        case 0, 1:
            note("crashes")
            start(index)
        case 2:
            workers[index].run.stop(by: random.chance(0.5) ? now + .milliseconds(20) : nil)
        case 3 where workers.count < 12:
            note("rivals")
            spawn(workers[index].version, workers[index].segment)
        case 4 where workers.count(where: { $0.version == workers[index].version }) > segments.count:
            let worker = workers[index]
            if workers.contains(where: {
                $0.id != worker.id && $0.version == worker.version && $0.segment == worker.segment
            }) {
                workers.remove(at: index)
            }
        default:
            if workers[index].run.stopReason != nil { start(index) }
        }
    }

    /// An operator mends something, and has what was set aside dealt with again.
    private mutating func operate() {
        let mendable = database.handler.broken.filter { $0.value != .unknownType }.keys.sorted()
        if let index = pick(mendable.count) { database.handler.broken[mendable[index]] = nil }
        guard let index = pick(workers.count) else { return }
        if workers[index].run.replayAll() > 0 { note("replays") }
        if random.chance(0.2) { workers[index].run.reloadQuarantine() }
    }

    private mutating func disturbRebuild() throws {
        switch random.below(10) {
        case 0..<3: try beginRebuild()
        case 3..<5:
            if let cancelled = rebuild?.cancel() { note("cancel: \(cancelled)") }
        case 5:
            // Whoever drives it crashes.
            rebuild = nil
        default: break
        }
    }

    /// No more faults: everything that can be done is done.
    private mutating func settle() throws {
        isCalm = true
        for (position, failure) in database.handler.broken where failure != .unknownType {
            database.handler.broken[position] = nil
        }
        if rebuild == nil, database.serving.previous ?? database.serving.candidate != nil { try beginRebuild() }
        dropLeftovers()
        for round in 0..<5_000 {
            while !requests.isEmpty { execute(0) }
            while !replies.isEmpty { deliver(0) }
            for index in workers.indices where workers[index].run.stopReason != nil && !hasHandedOver(workers[index]) {
                start(index)
            }
            reportProgress()
            var wakes = workers.indices.compactMap { poll($0) }
            for index in workers.indices where round % 4 == 0 { workers[index].run.replayAll() }
            if let wake = pollRebuild() { wakes.append(wake) }
            if requests.isEmpty {
                if isQuiet { return }
                now = max(now + .milliseconds(1), wakes.min() ?? now)
                giveUp()
            }
        }
    }

    /// Drops versions whose rebuild was called off or overtaken by a later one when whoever drove it had crashed.
    private mutating func dropLeftovers() {
        for version in database.models.keys.sorted() where database.serving.replayedThrough(for: version) == nil {
            note("leftovers")
            workers.removeAll { $0.version == version }
            database.models[version] = nil
        }
    }

    private func hasHandedOver(_ worker: Worker) -> Bool {
        worker.version == database.serving.previous
            && database.checkpoint(worker.version, worker.segment) ?? .start >= database.serving.since
    }

    private var isQuiet: Bool {
        let (head, serving) = (Position(Int64(lastEvent)), database.serving.version)
        let isThere = workers.allSatisfy { $0.version != serving || $0.run.checkpoint == head }
        return rebuild == nil && isThere && database.models[serving]?.tables.letters.count == 0
    }
}
