import EventSourcing
import Sagas
import Testing
import Timeline

@Suite("A saga's events as they are stored")
struct StoredSagaEventTests {
    private static let failure = Saga.Failure(.timedOut, .unknown)
    private static let final = Saga.Failure(.init(rawValue: 65_535), .notExecuted, isRetryable: false)

    /// Each kind of event, and how it is written behind its time; the definition's steps are `a` and `b c`.
    static let forms: [(what: Saga.Event.What, type: String, line: String)] = [
        (.started, "SagaStarted", ""),
        (.locked, "SagaLocked", ""),
        (.forked(of: .max), "SagaForked", " of=18446744073709551615"),
        (.stepAdopted(step: 0, .flag(true)), "SagaStepAdopted", " position=0 step=a result=flag:yes"),
        (.stepAdopted(step: 0, nil), "SagaStepAdopted", " position=0 step=a"),
        (.stepRequested(step: 1, attempt: 2), "SagaStepRequested", " position=1 step=b%20c attempt=2"),
        (.stepDone(step: 0, attempt: 65_535, nil), "SagaStepDone", " position=0 step=a attempt=65535"),
        (
            .stepDone(step: 0, attempt: 1, .cents(.min)), "SagaStepDone",
            " position=0 step=a attempt=1 result=cents:-9223372036854775808"
        ),
        (
            .stepFailed(step: 0, attempt: 1, failure, retryAt: .ms(-1)), "SagaStepFailed",
            " position=0 step=a attempt=1 code=1 outcome=unknown retryable=yes retryAt=-1000000"
        ),
        (
            .stepFailed(step: 0, attempt: 1, final, retryAt: nil), "SagaStepFailed",
            " position=0 step=a attempt=1 code=65535 outcome=notExecuted retryable=no"
        ),
        (.stepStalled(step: 0), "SagaStepStalled", " position=0 step=a"),
        (.stepSkipped(step: 0, .number(-3)), "SagaStepSkipped", " position=0 step=a result=number:-3"),
        (.turnedBack(.stepFailed), "SagaTurnedBack", " because=stepFailed"),
        (.turnedBack(.timeLimitPassed), "SagaTurnedBack", " because=timeLimitPassed"),
        (.turnedBack(.cancelled), "SagaTurnedBack", " because=cancelled"),
        (.turnedBack(.lockRefused), "SagaTurnedBack", " because=lockRefused"),
        (.undoRequested(step: 0, attempt: 1), "SagaUndoRequested", " position=0 step=a attempt=1"),
        (.undoDone(step: 0, attempt: 1), "SagaUndoDone", " position=0 step=a attempt=1"),
        (
            .undoFailed(step: 0, attempt: 1, failure, retryAt: nil, counts: false), "SagaUndoFailed",
            " position=0 step=a attempt=1 code=1 outcome=unknown retryable=yes counts=no"
        ),
        (.undoExhausted(step: 0, .goesOn), "SagaUndoExhausted", " position=0 step=a then=goesOn"),
        (.undoExhausted(step: 0, .waitsForOperator), "SagaUndoExhausted", " position=0 step=a then=waitsForOperator"),
        (.undoResolved(step: 0), "SagaUndoResolved", " position=0 step=a"),
        (.compensationRetried, "SagaCompensationRetried", ""),
        (.timeLimitPassed, "SagaTimeLimitPassed", ""),
        (.overdue, "SagaOverdue", ""),
        (.compensationOverdue, "SagaCompensationOverdue", ""),
        (.paused(.ordered), "SagaPaused", " because=ordered"),
        (.paused(.tooManyRecoveries), "SagaPaused", " because=tooManyRecoveries"),
        (.resumed, "SagaResumed", ""),
        (.recovered, "SagaRecovered", ""),
        (.ordered(.skip), "SagaOrdered", " order=skip"),
        (.completed, "SagaCompleted", ""),
        (.compensated, "SagaCompensated", ""),
        (.compensationFailed, "SagaCompensationFailed", ""),
        (.killed, "SagaKilled", ""),
    ]

    private static func definition(_ names: String...) throws -> SagaDefinition {
        try SagaDefinition(name: "s", steps: names.map { SagaDefinition.Step(name: $0) })
    }

    private static func data(_ stored: StoredSagaEvent) -> EventData {
        EventData(id: EventID(high: 0, low: 0), type: stored.type, schema: stored.schema, data: stored.data)
    }

    @Test("every kind of event is written in a line of text, and read again from it")
    func lines() throws {
        let definition = try Self.definition("a", "b c")
        let orders = Saga.Order.Kind.allCases.map { Saga.Event.What.ordered($0) }
        for (what, type, line) in Self.forms {
            let event = Saga.Event(time: .ms(5), what: what)
            let stored = StoredSagaEvent(event, under: definition)
            #expect(stored.type == type && String(decoding: stored.data, as: UTF8.self) == "at=5000000" + line)
            #expect(try StoredSagaEvent(Self.data(stored)).event(under: definition) == event)
        }
        for what in orders {
            let stored = StoredSagaEvent(Saga.Event(time: .distantFuture, what: what), under: definition)
            #expect(try StoredSagaEvent(Self.data(stored)) == stored)
        }
    }

    @Test("whatever happens to a saga is read back as it was, whatever its steps are called")
    func roundTrips() throws {
        var random = RandomStream(seed: 1, name: "saga", purpose: "names")
        let pieces = ["a", " ", "=", "%", ":", "\n", "\0", "é", "😀", "\"", "step", "\u{7f}"]
        for seed in 0..<60 as Range<UInt64> {
            var driver = try ChaosDriver(seed: seed)
            driver.run()
            let names = driver.definition.steps.indices.map { index in
                "\(index)" + (0..<random.below(6)).map { _ in pieces[Int(random.below(UInt64(pieces.count)))] }.joined()
            }
            let steps = zip(names, driver.definition.steps).map { name, step in
                var step = step
                step.name = name
                return step
            }
            let definition = try SagaDefinition(name: "named", steps: steps)
            for event in driver.events {
                let stored = StoredSagaEvent(event, under: definition)
                let isPrintable = stored.data.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
                #expect(try isPrintable && StoredSagaEvent(Self.data(stored)).event(under: definition) == event)
            }
        }
    }

    @Test(
        "what is no event is refused, and says where",
        arguments: [
            ("SagaStarted", "", "at is missing"), ("SagaStarted", "at=", "at is not what it should be"),
            ("SagaStarted", "at=+5", "at is not"), ("SagaStarted", "at=05", "at is not"),
            ("SagaStarted", "at=9223372036854775808", "at is not"), ("SagaStarted", "at=5 ", "at is missing"),
            ("SagaStarted", " at=5", "at is missing"), ("SagaStarted", "at=5  of=3", " of=3 is too much"),
            ("SagaStarted", "at=5 at=5", "at=5 is too much"), ("SagaForked", "at=5 of=-1", "of is not"),
            ("SagaStarted", "at=5 position=1 step=a", "position is too much"),
            ("SagaStepRequested", "at=5", "position is missing"),
            ("SagaStepRequested", "at=5 position=256 step=a attempt=1", "position is not"),
            ("SagaStepRequested", "at=5 position=1 attempt=1", "step is missing"),
            ("SagaStepRequested", "at=5 position=1 step=a attempt=65536", "attempt is not"),
            ("SagaStepRequested", "at=5 position=1 step=%zz attempt=1", "step is not"),
            ("SagaStepRequested", "at=5 position=1 step=%2 attempt=1", "step is not"),
            ("SagaStepRequested", "at=5 position=1 step=%61 attempt=1", "step is not"),
            ("SagaStepRequested", "at=5 position=1 step=%ff attempt=1", "step is not"),
            ("SagaStepDone", "at=5 position=1 step=a attempt=1 result=5", "result is not"),
            ("SagaStepDone", "at=5 position=1 step=a attempt=1 result=euros:5", "result is not"),
            ("SagaStepDone", "at=5 position=1 step=a attempt=1 result=flag:1", "result is not"),
            ("SagaTurnedBack", "at=5 because=boredom", "because is not"),
            ("SagaUndoFailed", "at=5 position=1 step=a attempt=1 code=1 outcome=unknown retryable=yes", "counts is"),
        ])
    func malformed(_ type: String, _ line: String, _ why: String) {
        let event = EventData(id: EventID(high: 0, low: 0), type: type, data: Array(line.utf8))
        let error = #expect(throws: UnreadableEvent.self) { try StoredSagaEvent(event) }
        guard case .undecodable(let message) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(message.hasPrefix("\(type): \(why)"), "\(message)")
    }

    @Test("bytes that were damaged are refused, or read as what they now say; nothing traps")
    func damage() throws {
        let definition = try Self.definition("a", "b c")
        var random = RandomStream(seed: 2, name: "saga", purpose: "damage")
        var read = 0
        for round in 0..<6_000 {
            let (what, type, _) = Self.forms[round % Self.forms.count]
            var data = StoredSagaEvent(Saga.Event(time: .ms(5), what: what), under: definition).data
            let place = Int(random.below(UInt64(data.count)))
            if random.chance(0.5) {
                data[place] = UInt8(truncatingIfNeeded: random.next())
            } else {
                data.remove(at: place)
            }
            let event = EventData(id: EventID(high: 0, low: 0), type: type, data: data)
            guard let stored = try? StoredSagaEvent(event) else { continue }
            read += 1
            #expect(stored.data == data)
        }
        #expect(read > 100 && read < 3_000, "\(read)")
    }

    @Test("types and forms from elsewhere are told apart")
    func foreign() {
        let id = EventID(high: 0, low: 0)
        #expect(throws: UnreadableEvent.unknownType("OrderPlaced")) {
            try StoredSagaEvent(EventData(id: id, type: "OrderPlaced"))
        }
        #expect(throws: UnreadableEvent.newerForm("SagaStarted", schema: 2)) {
            try StoredSagaEvent(EventData(id: id, type: "SagaStarted", schema: 2))
        }
    }

    @Test("DBOS test_failures: a definition whose steps were renamed, moved or removed since is noticed (S17)")
    func unexpectedStep() throws {
        let event = Saga.Event(time: .ms(5), what: .stepRequested(step: 1, attempt: 1))
        let stored = StoredSagaEvent(event, under: try Self.definition("reserve", "charge"))
        let changed: [(SagaDefinition, String?)] = [
            (try Self.definition("reserve", "pay"), "pay"), (try Self.definition("charge", "reserve"), "reserve"),
            (try Self.definition("charge"), nil),
        ]
        for (definition, expected) in changed {
            let error = #expect(throws: StoredSagaEvent.UnexpectedStep.self) { try stored.event(under: definition) }
            #expect(error?.expected == expected && error?.found == "charge" && error?.position == 1)
            let message = "step 2 is \(expected ?? "missing"), but charge was stored: "
            #expect(error?.description.hasPrefix(message) == true)
        }
    }
}
