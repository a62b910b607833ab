import Resilience
import Sagas
import Testing
import Timeline

@Suite("Saga definitions")
struct SagaDefinitionTests {
    typealias Step = SagaDefinition.Step

    private static let untilDone = SagaDefinition.Retry.untilDone(.constant(.seconds(1)), .none)

    struct Refusal: Sendable, CustomTestStringConvertible {
        let steps: [Step]
        let messages: [String]
        var testDescription: String { messages.joined(separator: "; ") }
    }

    @Test(
        "steps that make no saga are refused, with the step and the rule",
        arguments: [
            Refusal(steps: [], messages: ["saga s: 0 steps are out of range; allowed: 1 to 16"]),
            Refusal(
                steps: (1...17).map { Step(name: "\($0)") },
                messages: ["saga s: 17 steps are out of range; allowed: 1 to 16"]),
            Refusal(
                steps: [Step(name: "a"), Step(name: "a")], messages: ["saga s, step a: another step has the same name"]),
            Refusal(
                steps: [Step(name: "a", isPivot: true), Step(name: "b", isPivot: true)],
                messages: ["saga s, step b: there is a pivot already: a"]),
            Refusal(
                steps: [Step(name: "a", isPivot: true), Step(name: "b")],
                messages: [
                    "saga s, step b: it may fail after a, from where the saga cannot go back; "
                        + "retry it until done or move it before"
                ]),
            Refusal(
                steps: [Step(name: "a", retry: untilDone), Step(name: "b", isPivot: true)],
                messages: [
                    "saga s, step b: it may fail after a, from where the saga cannot go back; "
                        + "retry it until done or move it before"
                ]),
            Refusal(
                steps: [Step(name: "a", isPivot: true), Step(name: "b", undo: "x", retry: untilDone)],
                messages: ["saga s, step b: it has an undo that would never run: after a the saga cannot go back"]),
            Refusal(
                steps: [Step(name: "a", retry: untilDone), Step(name: "b", undo: "x", retry: untilDone)],
                messages: ["saga s, step b: it has an undo that would never run: after a the saga cannot go back"]),
            Refusal(
                steps: [Step(name: "a", undo: "x", isPivot: true)],
                messages: [
                    "saga s, step a: it has an undo that would never run: the saga cannot go back from this step"
                ]),
            Refusal(
                steps: [Step(name: "a", isPivot: true, retry: untilDone)],
                messages: [
                    "saga s, step a: a pivot may fail, but a step that is retried until done may not; "
                        + "choose one of the two"
                ]),
            Refusal(
                steps: [Step(name: "a", retry: .untilDone(.constant(.seconds(-1)), .none))],
                messages: ["saga s, step a: retry: backoff.initial: -1s is out of range; allowed: 0s or more"]),
            Refusal(
                steps: [Step(name: "a"), Step(name: "b", isPivot: true), Step(name: "a"), Step(name: "c", undo: "x")],
                messages: [
                    "saga s, step a: another step has the same name",
                    "saga s, step a: it may fail after b, from where the saga cannot go back; "
                        + "retry it until done or move it before",
                    "saga s, step c: it may fail after b, from where the saga cannot go back; "
                        + "retry it until done or move it before",
                    "saga s, step c: it has an undo that would never run: after b the saga cannot go back",
                ]),
        ])
    func refusals(_ refusal: Refusal) {
        let problems = SagaDefinition.problems(
            name: "s", steps: refusal.steps, timeLimit: nil, compensation: .init())
        #expect(problems.map(\.description) == refusal.messages)
        let error = #expect(throws: SagaDefinitionError.self) { try SagaDefinition(name: "s", steps: refusal.steps) }
        #expect(error == problems.first)
    }

    @Test("limits of zero or less are refused")
    func limits() {
        let problems = SagaDefinition.problems(
            name: "s", steps: [Step(name: "a")], timeLimit: .zero, compensation: .init(timeLimit: .seconds(-1)))
        #expect(
            problems.map(\.description) == [
                "saga s: timeLimit: 0s is out of range; allowed: more than 0s",
                "saga s: compensation.timeLimit: -1s is out of range; allowed: more than 0s",
            ])
    }

    @Test("the point of no return is the pivot, or else the entry to the first retriable step, or else nowhere")
    func pointOfNoReturn() throws {
        let pivot = try SagaDefinition(
            name: "s",
            steps: [Step(name: "a", undo: "x"), Step(name: "b", isPivot: true), Step(name: "c", retry: Self.untilDone)])
        let retriable = try SagaDefinition(
            name: "s", steps: [Step(name: "a", undo: "x"), Step(name: "b", retry: Self.untilDone)])
        let none = try SagaDefinition(name: "s", steps: [Step(name: "a", undo: "x")])
        #expect(pivot.pointOfNoReturn == .pivot(step: 1))
        #expect(retriable.pointOfNoReturn == .entry(step: 1))
        #expect(none.pointOfNoReturn == nil)
    }

    @Test("sixteen steps are allowed, a step is called once by default, and compensation has five minutes")
    func defaults() throws {
        let definition = try SagaDefinition(name: "s", steps: (1...16).map { Step(name: "\($0)") })
        #expect(definition.steps.allSatisfy { $0.retry == .attempts(.once) } && RetryPolicy.once.attempts == 1)
        #expect(definition.compensation.timeLimit == .minutes(5) && definition.timeLimit == nil)
    }
}
