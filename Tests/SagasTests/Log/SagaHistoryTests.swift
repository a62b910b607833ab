import Sagas
import Testing
import Timeline

@Suite("A saga's history")
struct SagaHistoryTests {
    /// A saga's history, and an event that cannot be next.
    struct Refused: Sendable, CustomTestStringConvertible {
        let sketch: String
        let script: String
        let what: Saga.Event.What
        let message: String
        var time: Int64 = 9_000
        var whenExhausted = SagaDefinition.Exhaustion.goesOn

        init(
            _ sketch: String, _ script: String, _ what: Saga.Event.What, at time: Int64 = 9_000,
            whenExhausted: SagaDefinition.Exhaustion = .goesOn, _ message: String
        ) {
            (self.sketch, self.script, self.what, self.message, self.time) = (sketch, script, what, message, time)
            self.whenExhausted = whenExhausted
        }

        var testDescription: String { "\(sketch), \(script), \(what)" }
    }

    private static let begun = "0 start > a\n1 ok a > b\n"
    private static let back = begun + "2 fails b > back, undo a\n"
    private static let failure = Saga.Failure(.unspecified, .notExecuted)
    private static let final = Saga.Failure(.unspecified, .notExecuted, isRetryable: false)

    static let refused = [
        Refused("a", "0 start > a", .stepDone(step: 0, attempt: 1, nil), at: -1, "time does not go back"),
        Refused("a", "0 start > a", .stepDone(step: 1, attempt: 1, nil), "the definition has no step 2"),
        Refused("a", "0 start > a", .started, "to a saga that goes forward"),
        Refused("a", "0 start > a", .locked, "to a saga that goes forward"),
        Refused("a", "0 start > a", .forked(of: 3), "to a saga that goes forward"),
        Refused("a", "", .stepRequested(step: 0, attempt: 1), "to a saga that has not been started"),
        Refused("a", "", .recovered, "to a saga that has not been started"),
        Refused("a", "", .stepAdopted(step: 0, nil), "it runs no other saga again"),
        Refused("a b", "0 start > a", .stepDone(step: 1, attempt: 1, nil), "to a step that is not called yet"),
        Refused("a b c", begun, .stepRequested(step: 2, attempt: 1), "other steps come first"),
        Refused("a b c", begun, .stepRequested(step: 1, attempt: 1), "to a step that is being called"),
        Refused("a b c", begun, .stepRequested(step: 1, attempt: 2), "to a step that is being called"),
        Refused("a b c", begun, .stepDone(step: 1, attempt: 2, nil), "attempt 1 is expected, not 2"),
        Refused("a b c", begun, .stepDone(step: 1, attempt: 0, nil), "attempt 1 is expected, not 0"),
        Refused("a b c", begun, .stepFailed(step: 1, attempt: 2, failure, retryAt: nil), "attempt 1 is expected"),
        Refused("a b c", begun, .stepFailed(step: 1, attempt: 1, final, retryAt: .ms(9_999)), "gets none"),
        Refused("a b c", begun, .stepFailed(step: 1, attempt: 1, failure, retryAt: .ms(8_999)), "not due before"),
        Refused("a b c", begun, .undoRequested(step: 0, attempt: 1), "to a saga that goes forward"),
        Refused("a b c", begun, .completed, "makes another end, or none yet"),
        Refused("a b c", begun, .turnedBack(.stepFailed), "no step has failed"),
        Refused("a b c", begun, .turnedBack(.lockRefused), "to a saga that goes forward"),
        Refused("a b c", begun, .turnedBack(.cancelled), "no order to cancel stands before it"),
        Refused("a b c", begun, .paused(.ordered), "no order to pause stands before it"),
        Refused("a b c", begun, .paused(.tooManyRecoveries), "has not been picked up after a crash"),
        Refused("a b c", begun, .resumed, "no order to resume stands before it"),
        Refused("a b c", begun, .killed, "no order to kill stands before it"),
        Refused("a b c", begun, .stepSkipped(step: 1, nil), "no order to skip a step stands before it"),
        Refused("a b c", begun, .ordered(.resume), "the order would have been refused: the saga is not paused"),
        Refused("a b! c*", begun, .ordered(.cancel), "the pivot b is being called; try again once it has replied"),
        Refused("a b c", begun, .overdue, "the time limit cannot pass now"),
        Refused("a b c", begun, .timeLimitPassed, "the time limit cannot pass now"),
        Refused("a b! c*", begun + "2 ok b > c", .turnedBack(.timeLimitPassed), "the saga can only go forward"),
        Refused("a$", "0 start > a", .stepDone(step: 0, attempt: 1, nil), "returns a number, not nothing"),
        Refused(
            "a$", "0 start > a", .stepDone(step: 0, attempt: 1, .cents(1)), "returns a number, not an amount in cents"),
        Refused("a", "0 start > a", .stepDone(step: 0, attempt: 1, .number(1)), "returns nothing, not a number"),
        Refused(
            "a:2", "0 start > a\n1 fails a > a at 1001", .stepRequested(step: 0, attempt: 3), "attempt 2 is expected"),
        Refused("a:2", "0 start > a\n1 fails a > a at 1001", .stepRequested(step: 0, attempt: 2), at: 1_000, "not due"),
        Refused(
            "a*", "0 start > a\n1 fails a final > stalled a", .stepRequested(step: 0, attempt: 2), "no order to retry"),
        Refused("a b", "0 start > a\n0 pause > paused\n1 ok a", .stepRequested(step: 1, attempt: 1), "that is paused"),
        Refused("a b", begun + "2 ok b > completed", .recovered, "to a saga that has ended"),
        Refused("a b", begun + "2 ok b > completed", .stepRequested(step: 0, attempt: 1), "that has ended"),
        Refused("a/x b c", back, .stepDone(step: 1, attempt: 1, nil), "to a saga that is compensating"),
        Refused("a/x b c", back, .undoDone(step: 1, attempt: 1), "to a step that is failed"),
        Refused("a/x b c", back, .undoFailed(step: 0, attempt: 2, failure, retryAt: nil, counts: true), "attempt 1 is"),
        Refused("a/x b c", back, .undoExhausted(step: 0, .goesOn), "its last attempt has not failed"),
        Refused("a/x b c", back, .undoResolved(step: 0), "no order to mark what is resolved"),
        Refused("a/x b c", back, .compensated, "makes another end, or none yet"),
        Refused("a/x b c", back, .compensationFailed, "makes another end, or none yet"),
        Refused("a/x b c", back, .compensationRetried, "no order to retry the compensation"),
        Refused("a/x b c", back + "3 undone a > compensated", .undoDone(step: 0, attempt: 1), "that has ended"),
        Refused(
            "a/x b/y c", "0 start > a\n1 ok a > b\n2 ok b > c\n3 fails c > back, undo b",
            .undoRequested(step: 0, attempt: 1), "other steps come first"),
    ]

    @Test(
        "an event that cannot be next is refused, with its place and what was expected; nothing changes",
        arguments: refused)
    func refusals(_ row: Refused) throws {
        var stage = Stage(try .sketch(row.sketch, whenExhausted: row.whenExhausted))
        stage.play(row.script)
        var history = SagaHistory(of: 7, under: stage.definition)
        for event in stage.events { try history.take(event) }
        let event = Saga.Event(time: .ms(row.time), what: row.what)
        let error = #expect(throws: SagaHistoryError.self) { try history.take(event) }
        #expect(error?.position == stage.events.count && error?.event == event)
        #expect(error?.description.contains(row.message) == true, "\(error?.description ?? "")")
        #expect(Portrait(history.saga, stage.definition) == Portrait(stage.saga, stage.definition))
    }

    @Test(
        "what is decided together is missed: an order without effect, a failure without what becomes of the step",
        arguments: [
            (
                "a", "0 start > a\n0 pause > paused",
                "after the last event, 2: an order to pause is followed by what comes of it"
            ),
            ("a*", "0 start > a\n0 fails a final > stalled a", "that it waits for an operator must follow"),
            (
                "a/x:1 b",
                "0 start > a\n0 ok a > b\n0 fails b > back, undo a\n"
                    + "0 undo fails a final > given up a, compensation failed",
                "what becomes of it must follow"
            ),
        ])
    func halves(_ sketch: String, _ script: String, _ message: String) throws {
        var stage = Stage(try .sketch(sketch))
        stage.play(script)
        let isEnd = stage.events.last?.what == .compensationFailed
        let events = stage.events.dropLast(isEnd ? 2 : 1)
        let error = #expect(throws: SagaHistoryError.self) {
            try SagaHistory.saga(of: 7, from: events, under: stage.definition)
        }
        #expect(error?.event == nil && error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    static let allPlays =
        SagaForwardTests.plays + SagaCompensationTests.plays + SagaLimitTests.plays + SagaOrderTests.plays
        + PublishedVectorTests.plays

    @Test("what a saga has decided is accepted, and makes the same saga", arguments: allPlays)
    func plays(_ play: Play) throws {
        var stage = Stage(try play.definition(), data: play.data)
        stage.play(play.script)
        let saga = try SagaHistory.saga(of: 7, data: play.data, from: stage.events, under: stage.definition)
        #expect(Portrait(saga, stage.definition) == Portrait(stage.saga, stage.definition))
    }

    @Test("a saga that runs another one again has a history of its own, whatever of it was left out or skipped")
    func reruns() throws {
        var stage = Stage(try .sketch("a$ b? c d"))
        stage.play("0 start > a\n1 ok a =5 > b\n2 fails b > c\n2 skip c > skipped c, d\n3 kill > killed")
        var events: [Saga.Event] = []
        let again = try stage.saga.rerun(from: 3, as: 9, at: .ms(4), under: stage.definition, into: &events)
        let saga = try SagaHistory.saga(of: 9, from: events, under: stage.definition)
        #expect(Portrait(saga, stage.definition) == Portrait(again, stage.definition))
        for missing in 0..<3 {
            var fewer = events
            fewer.remove(at: missing)
            #expect(throws: SagaHistoryError.self) { try SagaHistory.saga(of: 9, from: fewer, under: stage.definition) }
        }
    }

    @Test(
        """
        whatever the chaos, the history is accepted; with events lost, repeated or swapped it is refused, or that of \
        a saga that goes on to its end, keeps all these rules, and undoes nothing beyond the point of no return
        """)
    func chaos() throws {
        var (refused, accepted) = (0, 0)
        for seed in 0..<400 as Range<UInt64> {
            var driver = try ChaosDriver(seed: seed)
            driver.run()
            let saga = try SagaHistory.saga(of: seed, from: driver.events, under: driver.definition)
            #expect(Portrait(saga, driver.definition) == Portrait(driver.saga, driver.definition))
            var random = RandomStream(seed: seed, name: "history", purpose: "damage")
            for _ in 0..<8 {
                let events = Self.damaged(driver.events, &random)
                guard let history = Self.history(of: events, driver) else {
                    refused += 1
                    continue
                }
                accepted += 1
                if let complaint = GoingOn(history, at: events.last?.time ?? .zero).complaint {
                    Issue.record("seed \(seed): \(complaint), from \(events.map(\.what))")
                    return
                }
            }
        }
        #expect(refused > 1_500 && accepted > 100, "\(refused) refused, \(accepted) accepted")
    }

    private static func history(of events: [Saga.Event], _ driver: ChaosDriver) -> SagaHistory? {
        var history = SagaHistory(of: driver.saga.id, under: driver.definition)
        do {
            for event in events { try history.take(event) }
            try history.end()
        } catch {
            return nil
        }
        return history
    }

    private static func damaged(_ events: [Saga.Event], _ random: inout RandomStream) -> [Saga.Event] {
        var events = events
        let place = Int(random.below(UInt64(events.count)))
        switch random.below(4) {
        case 0: events.remove(at: place)
        case 1: events.removeLast(events.count - place)
        case 2: events.insert(events[place], at: place + Int(random.below(UInt64(events.count - place))))
        default:
            guard place + 1 < events.count else { break }
            let (first, second) = (events[place], events[place + 1])
            events[place] = Saga.Event(time: first.time, what: second.what)
            events[place + 1] = Saga.Event(time: second.time, what: first.what)
        }
        return events
    }
}
