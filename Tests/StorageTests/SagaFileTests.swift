import EventSourcing
import Sagas
import Storage
import Testing
import Timeline

@Suite("Sagas in a file")
struct SagaFileTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    /// An order of two steps, each with an undo.
    private static func order() throws -> SagaDefinition {
        try SagaDefinition(
            name: "order", data: [SagaField("total", .cents)],
            steps: ["reserve", "charge"].map { name in
                var step = SagaDefinition.Step(name: name)
                step.undo = SagaDefinition.Undo("un\(name)")
                return step
            })
    }

    /// Tells a saga something, and stores what it decides.
    private static func tell(
        _ input: Saga.Input, _ recorded: SagaLog.Recorded, _ log: SagaLog, cause: UInt64,
        in store: inout SQLiteEventStore
    ) throws -> SagaLog.Appended {
        var random = RandomStream(seed: 1, name: "order", purpose: "jitter")
        var (saga, events) = (recorded.saga, [Saga.Event]())
        saga.handle(input, at: .zero, under: recorded.definition, using: &random, into: &events)
        return try log.append(events, to: recorded, causedBy: EventID(high: 1, low: cause), in: &store, at: .zero)
    }

    @Test(
        "a saga goes on in another process with what the one before had stored; who comes too late is told what stands")
    func reopened() throws {
        let log = try SagaLog([try Self.order()])
        let path = folder.file("sagas.db")
        var first = try SQLiteEventStore(path: path)
        let request = EventID(high: 1, low: 9)
        var recorded = try log.start(7, named: "order", data: SagaData([.cents(1_250)]), correlation: request)
        recorded = try Self.tell(.start, recorded, log, cause: 1, in: &first).recorded
        try first.close()

        var second = try SQLiteEventStore(path: path)
        let taken = try log.load(7, named: "order", from: &second)
        #expect(taken.version == recorded.version && taken.correlation == request)
        #expect(taken.saga.status(of: 0) == .calling && taken.saga.data == SagaData([.cents(1_250)]))
        let reply = Saga.Input.stepReplied(step: 0, attempt: 1, .success(nil))
        guard case .stored(let done) = try Self.tell(reply, taken, log, cause: 2, in: &second) else {
            Issue.record("it is not stored")
            return
        }
        #expect(done.saga.status(of: 1) == .calling)
        // Whoever still holds what the first process had read has been overtaken.
        guard case .outrun(let seen) = try Self.tell(.recovered, recorded, log, cause: 3, in: &second) else {
            Issue.record("two orchestrators carry out the same saga")
            return
        }
        #expect(seen.version == done.version && seen.saga.status(of: 1) == .calling)
        try second.close()
    }
}
