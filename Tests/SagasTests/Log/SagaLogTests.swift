import EventSourcing
import Resilience
import Sagas
import Testing
import Timeline

@Suite("Sagas in an event store")
struct SagaLogTests {
    private static func cause(_ number: UInt64) -> EventID { EventID(high: 1, low: number) }

    /// Tells a saga something and appends what it decides.
    private static func tell(
        _ input: Saga.Input, _ recorded: SagaLog.Recorded, _ log: SagaLog, _ cause: UInt64, at now: Instant = .zero,
        seed: UInt64 = 1, in store: inout MemoryEventStore
    ) throws -> SagaLog.Appended {
        var random = RandomStream(seed: seed, name: "saga", purpose: "jitter")
        var (saga, events) = (recorded.saga, [Saga.Event]())
        saga.handle(input, at: now, under: recorded.definition, using: &random, into: &events)
        return try log.append(events, to: recorded, causedBy: Self.cause(cause), in: &store, at: now)
    }

    private static let reply = Saga.Input.stepReplied(step: 0, attempt: 1, .success(nil))

    @Test("a saga is read back as it was stored: with its data, its definition and what it belongs to")
    func roundTrip() throws {
        let fields = [SagaField("total", .cents), SagaField("is gift", .flag)]
        let log = try SagaLog([try .sketch("a b", data: fields)])
        var store = MemoryEventStore()
        let data = SagaData([.cents(-5), .flag(true)])
        let request = Self.cause(99)
        var recorded = try log.start(7, named: "s", data: data, correlation: request)
        recorded = try Self.tell(.start, recorded, log, 1, in: &store).recorded
        recorded = try Self.tell(Self.reply, recorded, log, 2, at: .ms(3), in: &store).recorded
        let again = try log.load(7, named: "s", from: &store)
        #expect(Portrait(again.saga, again.definition) == Portrait(recorded.saga, recorded.definition))
        #expect(again.saga.data == data && again.version == recorded.version && again.correlation == request)
        let page = try store.read(again.stream, from: nil, .forward, limit: 10)
        #expect(again.stream.text == "saga-s-7" && page.events.allSatisfy { $0.event.correlation == request })
        let types = ["SagaOpened", "SagaStarted", "SagaStepRequested", "SagaStepDone", "SagaStepRequested"]
        #expect(page.events.map(\.event.type) == types && page.events.last?.event.causation == Self.cause(2))
        let opening = String(decoding: page.events[0].event.data, as: UTF8.self)
        #expect(opening == "saga=s version=1 id=7 data=total:cents:-5 data=is%20gift:flag:yes")
    }

    @Test("a saga of thousands of events is read page by page")
    func pages() throws {
        let log = try SagaLog([try .sketch("a b", recoveries: 9_999)])
        var store = MemoryEventStore()
        var recorded = try Self.tell(.start, log.start(7, named: "s"), log, 0, in: &store).recorded
        for crash in 1...1_500 as ClosedRange<UInt64> {
            recorded = try Self.tell(.recovered, recorded, log, crash, in: &store).recorded
        }
        let again = try log.load(7, named: "s", from: &store)
        #expect(again.version == StreamVersion(4_502) && again.saga.recoveredTimes == 1_500)
    }

    @Test("DBOS test_workflow_management: of two that resume one saga the second reports what is recorded (S15)")
    func twoOrchestrators() throws {
        let log = try SagaLog([try .sketch("a b")])
        var store = MemoryEventStore()
        _ = try Self.tell(.start, log.start(7, named: "s"), log, 1, in: &store)
        let first = try log.load(7, named: "s", from: &store)
        let second = first
        var recorded = try Self.tell(.recovered, first, log, 2, in: &store).recorded
        guard case .outrun(let found) = try Self.tell(.recovered, second, log, 3, in: &store) else {
            Issue.record("the second recovery was stored")
            return
        }
        #expect(Portrait(found.saga, found.definition) == Portrait(recorded.saga, recorded.definition))
        for (cause, step) in [(4, 0), (5, 1)] as [(UInt64, Int)] {
            let reply = Saga.Reply.success(nil)
            let input = Saga.Input.stepReplied(step: step, attempt: recorded.saga.attempts(of: step), reply)
            recorded = try Self.tell(input, recorded, log, cause, in: &store).recorded
        }
        // The second one would have turned back.
        let failure = Saga.Failure(.unspecified, .notExecuted, isRetryable: false)
        let late = Saga.Input.stepReplied(step: 0, attempt: 2, .failure(failure))
        let outcome = try Self.tell(late, found, log, 6, in: &store)
        #expect(outcome.recorded.saga.phase == .ended(.completed(without: Saga.StepSet())))
        // So does one that starts it once more.
        let restarted = try Self.tell(.start, log.start(7, named: "s"), log, 7, in: &store)
        #expect(restarted.recorded.saga.phase == .ended(.completed(without: Saga.StepSet())))
    }

    @Test("an append that is repeated is stored once; if it was another one, the recorded one counts")
    func repeated() throws {
        let log = try SagaLog([
            try SagaDefinition(
                name: "s", steps: [SagaDefinition.Step(name: "a", retry: .untilDone(.constant(.seconds(9)), .full))])
        ])
        var store = MemoryEventStore()
        let started = try Self.tell(.start, log.start(7, named: "s"), log, 1, in: &store).recorded
        let failure = Saga.Input.stepReplied(step: 0, attempt: 1, .failure(.init(.unspecified, .unknown)))
        let once = try Self.tell(failure, started, log, 2, in: &store)
        guard case .stored(let twice) = try Self.tell(failure, started, log, 2, in: &store),
            case .outrun(let other) = try Self.tell(failure, started, log, 2, seed: 2, in: &store)
        else {
            Issue.record("not told apart")
            return
        }
        let due = once.recorded.saga.nextAttempt(of: 0)
        #expect(due != nil && twice.saga.nextAttempt(of: 0) == due && other.saga.nextAttempt(of: 0) == due)
        #expect(store.state(of: started.stream).lastVersion == StreamVersion(3))
    }

    @Test("a saga runs to its end under the version that it was started with; a missing one is named (S17)")
    func pinned() throws {
        let old = try SagaDefinition(name: "s", steps: [SagaDefinition.Step(name: "a", undo: "x")])
        let new = try SagaDefinition(name: "s", version: 2, steps: [SagaDefinition.Step(name: "b")])
        let log = try SagaLog([old])
        var store = MemoryEventStore()
        _ = try Self.tell(.start, log.start(7, named: "s"), log, 1, in: &store)
        let both = try SagaLog([new, old])
        #expect(try both.load(7, named: "s", from: &store).definition == old)
        #expect(try both.start(8, named: "s").definition == new)
        let error = #expect(throws: SagaLog.Failure.unknownDefinition("s", version: 1, known: [2])) {
            try SagaLog([new]).load(7, named: "s", from: &store)
        }
        let message =
            "there is no definition of s, version 1; there is version 2; keep each for as long as a saga runs under it"
        #expect(error?.description == message)
        #expect(throws: SettingError.self) { try SagaLog([old, old]) }
    }

    @Test("DBOS test_failures: what the definition, or a saga, cannot have made of it is refused, with its place (41)")
    func refused() throws {
        let log = try SagaLog([try .sketch("a b")])
        var store = MemoryEventStore()
        let stream = try StreamName("saga-s-7")
        #expect(throws: SagaLog.Failure.unknownSaga(stream)) { try log.load(7, named: "s", from: &store) }
        let started = try Self.tell(.start, log.start(7, named: "s"), log, 1, in: &store).recorded
        let renamed = #expect(throws: SagaLog.Failure.self) {
            try SagaLog([try .sketch("c b")]).load(7, named: "s", from: &store)
        }
        #expect(renamed?.description.hasPrefix("stream saga-s-7, version 2: step 1 is c, but a was stored") == true)
        #expect(throws: SagaLog.Failure.unexpectedData(stream)) {
            try SagaLog([try .sketch("a b", data: [SagaField("x", .flag)])]).load(7, named: "s", from: &store)
        }
        let event = Saga.Event(time: .zero, what: .stepDone(step: 1, attempt: 1, nil))
        let own = #expect(throws: SagaLog.Failure.self) {
            try log.append([event], to: started, causedBy: Self.cause(2), in: &store, at: .zero)
        }
        #expect(own?.description.contains("nothing was stored: event 2, SagaStepDone") == true)
        let stored = StoredSagaEvent(event, under: started.definition)
        let foreign = EventData(id: Self.cause(9), type: stored.type, data: stored.data)
        try store.append([foreign], to: stream, expecting: .any, at: .zero)
        let impossible = #expect(throws: SagaLog.Failure.self) { try log.load(7, named: "s", from: &store) }
        #expect(impossible?.description.hasPrefix("stream saga-s-7, version 3: event 2, SagaStepDone") == true)
        try store.truncate(stream, before: StreamVersion(1))
        #expect(throws: SagaLog.Failure.truncated(stream, from: StreamVersion(1))) {
            try log.load(7, named: "s", from: &store)
        }
        let first = try store.read(stream, from: nil, .forward, limit: 1).events
        try store.append(first.map(\.event), to: StreamName("saga-s-8"), expecting: .noStream, at: .zero)
        #expect(throws: SagaLog.Failure.self) { try log.load(8, named: "s", from: &store) }
    }
}
