import Resilience
import Sagas
import Screen
import Simulation
import Testing
import Timeline

@testable import Dashboard

@Suite("The timeline of a saga")
struct SagaTimelineTests {
    private static func moment(_ milliseconds: Int64) -> Instant { .after(.milliseconds(milliseconds)) }

    private static func spans(_ pairs: [(Int64, Int64)]) -> [TimeAxis.Span] {
        pairs.map { TimeAxis.Span(start: moment($0.0), end: moment($0.1)) }
    }

    /// When something happens, and where what is folded begins.
    private struct Busy: Sendable {
        let spans: [(Int64, Int64)]
        let folds: [Int64]
    }

    private static let busy: [Busy] = [
        Busy(spans: [(0, 100), (100, 200)], folds: []),
        Busy(spans: [(0, 100), (5_000, 5_100)], folds: [100]),
        Busy(spans: [(0, 100), (130, 200)], folds: []),
        Busy(spans: [(0, 100), (9_000, 9_100), (60_000, 60_200)], folds: [100, 9_100]),
        Busy(spans: [(0, 0)], folds: []),
    ]

    @Test("long idle stretches are folded, short ones are not, and all columns are used", arguments: busy.indices)
    func folding(row: Int) {
        let busy = Self.busy[row].spans
        let whole = TimeAxis.Span(start: Self.moment(0), end: Self.moment(busy.map(\.1).max() ?? 0))
        let axis = TimeAxis(of: whole, busy: Self.spans(busy), columns: 60)
        #expect(axis.stretches.filter(\.isFolded).map(\.span.start) == Self.busy[row].folds.map(Self.moment))
        #expect(axis.stretches.filter(\.isFolded).allSatisfy { $0.columns == TimeAxis.foldColumns })
        var next = 0
        for stretch in axis.stretches {
            #expect(stretch.first == next && stretch.columns > 0)
            next += stretch.columns
        }
        #expect(next == 60)
        #expect(axis.column(of: whole.start) == 0 && axis.column(of: whole.end) == 59 || whole.length == .zero)
    }

    @Test("columns grow with time, whatever is folded, and stay on the chart")
    func columns() {
        let busy = Self.spans([(0, 40), (3_000, 3_050), (3_060, 3_500), (90_000, 90_001)])
        let axis = TimeAxis(of: TimeAxis.Span(start: Self.moment(0), end: Self.moment(90_001)), busy: busy, columns: 47)
        let columns = stride(from: Int64(-50), through: 90_100, by: 7).map { axis.column(of: Self.moment($0)) }
        #expect(zip(columns, columns.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(columns.allSatisfy { (0..<47).contains($0) } && columns.last == 46)
    }

    /// Two steps with undos, a pivot, and one that is tried until it is done.
    private static func definition() throws -> SagaDefinition {
        try SagaDefinition(
            name: "order",
            steps: [
                .init(name: "reserve", undo: "stock.release"),
                .init(name: "charge", undo: "bank.refund"),
                .init(name: "confirm", isPivot: true),
            ])
    }

    /// What becomes of a saga whose second step fails in some way.
    private static func events(_ failure: Saga.Failure) -> [Saga.Event] {
        let whats: [(Int64, Saga.Event.What)] = [
            (0, .started), (0, .stepRequested(step: 0, attempt: 1)), (10, .stepDone(step: 0, attempt: 1, nil)),
            (10, .stepRequested(step: 1, attempt: 1)),
            (40, .stepFailed(step: 1, attempt: 1, failure, retryAt: moment(500))),
            (500, .stepRequested(step: 1, attempt: 2)),
            (540, .stepFailed(step: 1, attempt: 2, failure, retryAt: nil)), (540, .turnedBack(.stepFailed)),
            (540, .undoRequested(step: 1, attempt: 1)), (560, .undoDone(step: 1, attempt: 1)),
            (560, .undoRequested(step: 0, attempt: 1)),
        ]
        return whats.map { Saga.Event(time: moment($0.0), what: $0.1) }
    }

    private static func timeline(_ failure: Saga.Failure) throws -> (SagaTimeline, SagaDefinition) {
        let definition = try definition()
        var machine = Saga(id: 7)
        for event in events(failure) { machine.evolve(event, under: definition) }
        let timeline = SagaTimeline(
            machine, events(failure), [], definition, start: .zero, endedAt: nil, now: moment(600))
        return (timeline, definition)
    }

    private static let failures: [(failure: Saga.Failure, end: SagaTimeline.End)] = [
        (Saga.Failure(.unspecified, .notExecuted), .failed), (Saga.Failure(.unspecified, .unknown), .unknown),
        (Saga.Failure(.timedOut, .unknown), .timedOut), (Saga.Failure(.interrupted, .unknown), .interrupted),
    ]

    @Test(
        "each attempt ends as it failed, its wait goes on to the next, and undos stand below their steps",
        arguments: failures.indices)
    func attempts(row: Int) throws {
        let end = Self.failures[row].end
        let (timeline, _) = try Self.timeline(Self.failures[row].failure)
        #expect(timeline.lanes.map(\.step) == [0, 0, 1, 1, 2])
        #expect(timeline.lanes.map(\.isUndo) == [false, true, false, true, false])
        let charge = timeline.lanes[2].attempts
        #expect(charge.map(\.number) == [1, 2] && charge.map(\.end) == [end, end])
        #expect(charge.map(\.retryAt) == [Self.moment(500), nil])
        #expect(timeline.lanes[3].attempts.map(\.end) == [.ok] && timeline.lanes[1].attempts.map(\.end) == [.open])
        #expect(timeline.lanes[4].attempts.isEmpty && timeline.turnedBackAt == Self.moment(540))
    }

    @Test("what is drawn has a bar for each attempt, the fold with its length, the pivot, and what is still to come")
    func drawing() throws {
        let (timeline, definition) = try Self.timeline(Saga.Failure(.timedOut, .unknown))
        let drawn = SagaTimelineText(timeline, definition, .ascii, columns: 90)
        let text = drawn.lines().map(\.text).joined(separator: "\n")
        Golden.check(text, "saga-timeline-ascii")
        for words in ["460ms", "T x2", "confirm *", "not yet, pivot", " < refund"] {
            #expect(text.contains(words), "\(words)")
        }
        #expect(drawn.lines(atMost: 3).count == 6, "what was called is never left out")
    }

    @Test("an operator's pause, a skipped step and one done by hand are told apart")
    func orders() throws {
        let definition = try Self.definition()
        let whats: [(Int64, Saga.Event.What)] = [
            (0, .started), (0, .stepRequested(step: 0, attempt: 1)), (5, .paused(.ordered)), (50, .resumed),
            (50, .stepSkipped(step: 0, nil)), (50, .stepRequested(step: 1, attempt: 1)), (60, .turnedBack(.cancelled)),
            (60, .undoRequested(step: 1, attempt: 1)), (70, .undoResolved(step: 1)), (80, .killed),
        ]
        let events = whats.map { Saga.Event(time: Self.moment($0.0), what: $0.1) }
        var machine = Saga(id: 1)
        for event in events { machine.evolve(event, under: definition) }
        let timeline = SagaTimeline(
            machine, events, [], definition, start: .zero, endedAt: Self.moment(80), now: Self.moment(99))
        #expect(timeline.pauses == Self.spans([(5, 50)]) && timeline.end == Self.moment(80))
        #expect(timeline.lanes.first?.attempts.map(\.end) == [.skipped])
        let charge = try #require(timeline.lanes.first { $0.step == 1 && !$0.isUndo })
        #expect(charge.attempts.map(\.end) == [.abandoned] && charge.attempts.first?.endedAt == Self.moment(60))
        #expect(timeline.lanes.contains { $0.step == 1 && $0.isUndo && $0.isByHand })
    }
}
