import CQRS
import EventSourcing
import Resilience
import Timeline

/// Runs of a projection, and now and then a rebuild of it, in a world where messages are lost, repeated and reordered, and
/// processes crash between any two steps.
struct ChaosWorld {
    /// A process that drives a run.
    struct Worker {
        let id: Int
        let version: Int
        let segment: Segment
        var run: ProjectionRun
        /// What it waits for, and since when.
        var asked: [(ticket: Ticket, at: Instant)] = []
    }

    enum Errand {
        case load
        case read(after: Position, limit: Int)
        case apply(ProjectionRun.Batch)
        case replay(ProjectionRun.Replay)
        case rebuild(Rebuild.Step, number: UInt64)
    }

    enum Answer {
        case loaded(ProjectionRun.Loaded)
        case page(MarkPage)
        case moved(CheckpointMove.Outcome)
        case eventFailed(Position, EventFailure)
        case replayed(ProjectionRun.ReplayOutcome)
        case failed(FailureKind)
        case prepared(Bool)
        case served(ServingVersion.Switch)
        case handedOver
        case dropped(ServingVersion.Withdrawal)
    }

    /// To or from a worker; from or to the rebuild for number 0.
    struct Message<Content> {
        let worker: Int
        let ticket: Ticket
        let content: Content
    }

    var random: RandomStream
    var now = Instant.zero
    var database = ChaosDatabase()
    var workers: [Worker] = []
    var rebuild: Rebuild?
    var rebuildAsked: (ticket: Ticket, at: Instant)?
    var requests: [Message<Errand>] = []
    var replies: [Message<Answer>] = []
    let segments: [Segment]
    let settings: [ProjectionRun.Settings]
    var lastWorker = 0
    var lastEvent: UInt64 = 0
    /// Whether messages are lost, and processes crash.
    var isCalm = false
    /// What came up, so that a test in which something never does is known as such.
    var happened: [String: Int] = [:]

    init(seed: UInt64) throws {
        var random = RandomStream(seed: seed, name: "projections", purpose: "chaos")
        let segments = Segment.balanced(Int(random.below(4)) + 1)
        self.segments = segments
        let batch = [1, 2, 5, 20][Int(random.below(4))]
        let readAhead = [0, 0, 3, 10][Int(random.below(4))]
        let linger = Int64(random.below(20))
        let eventAttempts = Int(random.below(3)) + 1
        settings = try segments.map { segment in
            try .small(
                batch: batch, linger: linger, checkpointAfter: 30, readAhead: readAhead, eventAttempts: eventAttempts,
                segment: segment)
        }
        self.random = random
        database.models[1] = MemoryReadModel(ChaosTables())
        for segment in segments { spawn(1, segment) }
    }

    mutating func note(_ what: String) { happened[what, default: 0] += 1 }

    /// Starts another process for a segment of a version; if there is one already they are rivals.
    mutating func spawn(_ version: Int, _ segment: Segment) {
        guard let index = segments.firstIndex(of: segment) else { return }
        lastWorker += 1
        workers.append(
            Worker(id: lastWorker, version: version, segment: segment, run: ProjectionRun(settings[index])))
        start(workers.count - 1)
    }

    /// A process begins anew: it knows what is stored, and nothing else.
    mutating func start(_ index: Int) {
        let version = workers[index].version
        workers[index].run.replayedThrough = database.serving.replayedThrough(for: version) ?? Position(.max)
        workers[index].run.start(at: now)
        if version == database.serving.previous { workers[index].run.stop(at: database.serving.since) }
        workers[index].asked = []
    }

    mutating func append() throws {
        let count = Int(random.below(4)) + 1
        let events = (0..<count).map { _ in
            lastEvent += 1
            let isUnwanted = random.chance(0.3)
            return EventData(
                id: EventID(high: 0, low: lastEvent), type: isUnwanted ? ChaosDatabase.unwanted : "Happened")
        }
        let stream = try StreamName(category: "order", id: random.below(6))
        try database.append(events, to: stream, at: now)
        for event in events where event.type != ChaosDatabase.unwanted {
            let position = Position(Int64(event.id.low))
            if random.chance(0.05) {
                database.handler.broken[position] = EventFailure.allCases[Int(random.below(3))]
            } else if random.chance(0.05) {
                database.handler.flaky[position] = Int(random.below(4)) + 1
            }
        }
        let head = Position(Int64(lastEvent))
        for index in workers.indices where random.chance(0.5) { workers[index].run.appended(upTo: head) }
    }
}
