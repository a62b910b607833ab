import Resilience
import Sagas
import Testing
import Timeline

/// Cases from the tests and the documentation of existing orchestrators.
@Suite("Published saga cases")
struct PublishedVectorTests {
    typealias Line = Stage.Line
    typealias Step = SagaDefinition.Step

    @Test("Temporal's TripBookingWorkflowTest: the flight fails, and all three are cancelled, the flight's too")
    func tripBooking() throws {
        var stage = Stage(
            try SagaDefinition(
                name: "trip",
                steps: ["car", "hotel", "flight"].map { Step(name: $0, undo: "cancel \($0)") }))
        stage.play([
            Line(0, .start, .call(step: 0, attempt: 1)),
            Line(0, .ok(0), .call(step: 1, attempt: 1)),
            Line(0, .ok(1), .call(step: 2, attempt: 1)),
            Line(0, .fails(2), .undo(step: 2, attempt: 1)),
            Line(0, .undone(2), .undo(step: 1, attempt: 1)),
            Line(0, .undone(1), .undo(step: 0, attempt: 1)),
            Line(0, .undone(0), .ended(.compensated(.stepFailed))),
        ])
    }

    @Test("Conductor's cookbook and TestDeciderService: reserve, charge, ship four times, refund, release")
    func conductorCookbook() throws {
        var stage = Stage(
            try SagaDefinition(
                name: "order",
                steps: [
                    Step(name: "reserve", undo: "release"), Step(name: "charge", undo: "refund"),
                    Step(name: "ship", retry: .attempts(.everySecond(attempts: 4))),
                ]))
        stage.play([
            Line(0, .start, .call(step: 0, attempt: 1)),
            Line(0, .ok(0), .call(step: 1, attempt: 1)),
            Line(0, .ok(1), .call(step: 2, attempt: 1)),
            Line(0, .fails(2), .wait(until: .ms(1_000))),
            Line(1_000, .resume, .call(step: 2, attempt: 2)),
            Line(1_000, .fails(2, attempt: 2), .wait(until: .ms(2_000))),
            Line(2_000, .resume, .call(step: 2, attempt: 3)),
            Line(2_000, .fails(2, attempt: 3), .wait(until: .ms(3_000))),
            Line(3_000, .resume, .call(step: 2, attempt: 4)),
            Line(3_000, .fails(2, attempt: 4), .undo(step: 1, attempt: 1)),
            Line(3_000, .undone(1), .undo(step: 0, attempt: 1)),
            Line(3_000, .undone(0), .ended(.compensated(.stepFailed))),
        ])
    }

    @Test("MassTransit's Courier Fault_Specs: the undo of B fails when C does; here A is undone all the same")
    func courierFault() throws {
        let steps = ["a", "b"].map { Step(name: $0, undo: "undo \($0)") } + [Step(name: "c")]
        var stage = Stage(
            try SagaDefinition(name: "slip", steps: steps, compensation: .init(retry: .everySecond(attempts: 1))))
        stage.play([
            Line(0, .start, .call(step: 0, attempt: 1)),
            Line(0, .ok(0), .call(step: 1, attempt: 1)),
            Line(0, .ok(1), .call(step: 2, attempt: 1)),
            Line(0, .fails(2), .undo(step: 1, attempt: 1)),
            Line(0, .undoFails(1), .undo(step: 0, attempt: 1)),
            Line(0, .undone(0), .ended(.compensationFailed(.stepFailed, notUndone: Saga.StepSet([1])))),
        ])
    }

    @Test("Eventuate's LocalSagaTest: the last step, which has no undo, fails; step 2 is undone, then the end")
    func localSaga() throws {
        var stage = Stage(
            try SagaDefinition(
                name: "local", steps: [Step(name: "1"), Step(name: "2", undo: "undo 2"), Step(name: "3")]))
        stage.play([
            Line(0, .start, .call(step: 0, attempt: 1)),
            Line(0, .ok(0), .call(step: 1, attempt: 1)),
            Line(0, .ok(1), .call(step: 2, attempt: 1)),
            Line(0, .fails(2), .undo(step: 1, attempt: 1)),
            Line(0, .undone(1), .ended(.compensated(.stepFailed))),
        ])
    }

    @Test("DBOS's test_workflow_management: after a cancellation behind step 1, step 2 never runs")
    func cancelAfterFirstStep() throws {
        var stage = Stage(try SagaDefinition(name: "w", steps: [Step(name: "1"), Step(name: "2")]))
        stage.play([
            Line(0, .start, .call(step: 0, attempt: 1)),
            Line(0, .cancel, .ended(.compensated(.cancelled))),
            Line(0, .ok(0), .none),
        ])
        #expect(stage.statuses == [.unknown, .pending])
    }
}
