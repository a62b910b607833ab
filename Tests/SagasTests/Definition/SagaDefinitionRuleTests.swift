import Resilience
import Sagas
import Testing
import Timeline

@Suite("The rules of saga definitions")
struct SagaDefinitionRuleTests {
    typealias Step = SagaDefinition.Step
    typealias Undo = SagaDefinition.Undo

    private static let untilDone = SagaDefinition.Retry.untilDone(.constant(.seconds(1)), .none)
    private static let fields = [SagaField("order", .identifier), SagaField("total", .cents)]

    /// What is given to a definition named `s`, and the messages that it gets.
    struct Given: Sendable, CustomTestStringConvertible {
        var version = 1
        var data: [SagaField] = []
        var steps: [Step] = [Step(name: "a")]
        var timeLimit: Duration?
        var compensation = SagaDefinition.Compensation()
        var isolation = SagaDefinition.Isolation.none
        var recoveries = 100
        var messages: [String] = []
        var testDescription: String { messages.joined(separator: "; ") }
    }

    private static func check(_ given: Given) {
        let problems = SagaDefinition.problems(
            name: "s", version: given.version, data: given.data, steps: given.steps, timeLimit: given.timeLimit,
            compensation: given.compensation, isolation: given.isolation, maximumRecoveries: given.recoveries)
        #expect(problems.map(\.description) == given.messages)
        let error = #expect(throws: SagaDefinitionError.self) {
            try SagaDefinition(
                name: "s", version: given.version, data: given.data, steps: given.steps, timeLimit: given.timeLimit,
                compensation: given.compensation, isolation: given.isolation, maximumRecoveries: given.recoveries)
        }
        #expect(error == problems.first)
    }

    private static func undone(after names: String...) -> Undo { Undo("x", after: names) }

    static let whole: [Given] = [
        Given(version: 0, messages: ["saga s: version: 0 is out of range; allowed: 1 or more"]),
        Given(
            data: (1...7).map { SagaField("\($0)", .number) },
            messages: ["saga s: 7 fields of data are out of range; allowed: 0 to 6"]),
        Given(data: fields + fields.prefix(1), messages: ["saga s: the data have two fields named order"]),
        Given(
            timeLimit: .milliseconds(-5),
            messages: ["saga s: timeLimit: -5ms is out of range; allowed: more than 0s"]),
        Given(
            compensation: .init(timeLimit: .zero),
            messages: ["saga s: compensation.timeLimit: 0s is out of range; allowed: more than 0s"]),
        Given(recoveries: 0, messages: ["saga s: recoveries: 0 is out of range; allowed: 1 or more"]),
        Given(
            isolation: .semanticLock(.init(on: "item")),
            messages: ["saga s: isolation: the saga's data have no field named item"]),
        Given(
            data: fields,
            isolation: .semanticLock(.init(on: "order", threshold: .init(field: "worth", least: .cents(5)))),
            messages: ["saga s: isolation: the saga's data have no field named worth"]),
        Given(
            data: fields,
            isolation: .semanticLock(.init(on: "order", threshold: .init(field: "total", least: .number(5)))),
            messages: ["saga s: isolation: it is a number, where an amount in cents is expected"]),
    ]

    /// All that is wrong is reported at once, the saga's own first, then step by step.
    static let several = Given(
        version: -1, steps: [Step(name: "b", attemptLimit: .zero), Step(name: "b", timeLimit: .zero)],
        timeLimit: .zero, recoveries: -1,
        messages: [
            "saga s: version: -1 is out of range; allowed: 1 or more",
            "saga s: timeLimit: 0s is out of range; allowed: more than 0s",
            "saga s: recoveries: -1 is out of range; allowed: 1 or more",
            "saga s, step b: attemptLimit: 0s is out of range; allowed: more than 0s",
            "saga s, step b: another step has the same name",
            "saga s, step b: timeLimit: 0s is out of range; allowed: more than 0s",
        ])

    static let single: [Given] = [
        Given(
            steps: [Step(name: "a", attemptLimit: .zero)],
            messages: ["saga s, step a: attemptLimit: 0s is out of range; allowed: more than 0s"]),
        Given(
            steps: [Step(name: "a", timeLimit: .seconds(-1))],
            messages: ["saga s, step a: timeLimit: -1s is out of range; allowed: more than 0s"]),
        Given(
            steps: [Step(name: "a", retry: untilDone, timeLimit: .seconds(9))],
            messages: [
                "saga s, step a: it is tried until it succeeds, so all its attempts cannot be limited to 9s; "
                    + "limit one attempt"
            ]),
        Given(
            steps: [Step(name: "a", isPivot: true, isCritical: false)],
            messages: [
                "saga s, step a: the saga cannot do without its pivot; make the step critical, or no pivot"
            ]),
        Given(
            steps: [
                Step(name: "a"), Step(name: "b", undo: "x", isPivot: true),
                Step(name: "c", undo: "y", retry: untilDone),
            ],
            messages: [
                "saga s, step b: it has an undo that would never run: the saga cannot go back from this step",
                "saga s, step c: it has an undo that would never run: after b the saga cannot go back",
            ]),
        Given(
            steps: [Step(name: "a", isPivot: true), Step(name: "b", undo: "x", isCritical: false)],
            messages: ["saga s, step b: it has an undo that would never run: after a the saga cannot go back"]),
    ]

    static let groups: [Given] = [
        Given(
            steps: [Step(name: "a", group: "g"), Step(name: "b"), Step(name: "c", group: "g")],
            messages: ["saga s, step c: group g is split by b; its members stand next to each other"]),
        Given(
            steps: [Step(name: "a", group: "g"), Step(name: "b", group: "h"), Step(name: "c", group: "g")],
            messages: ["saga s, step c: group g is split by b; its members stand next to each other"]),
        Given(
            steps: [Step(name: "a", isPivot: true, group: "g"), Step(name: "b", group: "h", retry: untilDone)],
            messages: ["saga s, step a: it is the pivot and in group g; a pivot is called alone"]),
        Given(
            steps: [Step(name: "a", group: "g"), Step(name: "b", group: "g", retry: untilDone)],
            messages: [
                "saga s, step a: it is in group g with b; the members of a group may all fail, or none of them"
            ]),
    ]

    static let undoOrders: [Given] = [
        Given(
            steps: [Step(name: "a", undo: undone(after: "b")), Step(name: "b", undo: "y")],
            messages: [
                "saga s, step a: undo after: undos are called in another order; set compensation.order to declared"
            ]),
        Given(
            steps: [Step(name: "a", undo: undone(after: "z"))], compensation: .init(order: .declared),
            messages: ["saga s, step a: undo after: there is no step named z"]),
        Given(
            steps: [Step(name: "a", undo: undone(after: "b")), Step(name: "b")], compensation: .init(order: .declared),
            messages: ["saga s, step a: undo after: step b has no undo to wait for"]),
        Given(
            steps: [Step(name: "a", undo: undone(after: "a"))], compensation: .init(order: .declared),
            messages: ["saga s, step a: undo after: the undos wait for each other: a > a"]),
        Given(
            steps: [
                Step(name: "a", undo: undone(after: "b")), Step(name: "b", undo: undone(after: "c")),
                Step(name: "c", undo: undone(after: "a", "d")), Step(name: "d", undo: "y"),
            ], compensation: .init(order: .declared),
            messages: ["saga s, step a: undo after: the undos wait for each other: a > b > c > a"]),
    ]

    private static func calls(_ parameters: SagaParameter...) -> [Step] {
        [
            Step(name: "a", result: .identifier), Step(name: "b"), Step(name: "c", isCritical: false, result: .number),
            Step(name: "d", group: "g", result: .number), Step(name: "e", group: "g", parameters: parameters),
        ]
    }

    private static func undoCalls(_ parameter: SagaParameter) -> [Step] {
        [Step(name: "a", undo: Undo("x", parameters: [parameter]), result: .number), Step(name: "b", result: .number)]
    }

    static let parameters: [Given] = [
        Given(
            steps: calls(
                .init("p", .number, from: .constant(.number(1))), .init("p", .flag, from: .constant(.flag(true)))),
            messages: ["saga s, step e: parameter p: another parameter has the same name"]),
        Given(
            steps: calls(.init("p", .number, from: .constant(.cents(1)))),
            messages: ["saga s, step e: parameter p: it is an amount in cents, where a number is expected"]),
        Given(
            steps: calls(.init("p", .number, from: .data("order"))),
            messages: ["saga s, step e: parameter p: the saga's data have no field named order"]),
        Given(
            data: fields, steps: calls(.init("p", .number, from: .data("order"))),
            messages: ["saga s, step e: parameter p: it is an identifier, where a number is expected"]),
        Given(
            steps: calls(.init("p", .number, from: .result(of: "z"))),
            messages: ["saga s, step e: parameter p: there is no step named z"]),
        Given(
            steps: calls(.init("p", .number, from: .result(of: "a"))),
            messages: ["saga s, step e: parameter p: it is an identifier, where a number is expected"]),
        Given(
            steps: calls(.init("p", .number, from: .result(of: "b"))),
            messages: ["saga s, step e: parameter p: step b returns nothing"]),
        Given(
            steps: calls(.init("p", .number, from: .result(of: "c"))),
            messages: ["saga s, step e: parameter p: step c is not critical, and may have been left out"]),
        Given(
            steps: calls(.init("p", .number, from: .result(of: "d"))),
            messages: ["saga s, step e: parameter p: step d is not done by then"]),
        Given(
            steps: calls(.init("p", .number, from: .result(of: "e"))),
            messages: ["saga s, step e: parameter p: step e is not done by then"]),
        Given(
            steps: undoCalls(.init("p", .number, from: .result(of: "b"))),
            messages: ["saga s, step a: parameter p: step b is not done by then"]),
        Given(
            steps: undoCalls(.init("p", .flag, from: .result(of: "a"))),
            messages: ["saga s, step a: parameter p: it is a number, where a flag is expected"]),
    ]

    @Test(
        "what breaks a rule is refused, with the place and what to do",
        arguments: whole + [several] + single + groups + undoOrders + parameters)
    func refused(_ given: Given) { Self.check(given) }

    @Test("an undo is tried 255 times at most, or until it is done")
    func undoAttempts() throws {
        var given = Given(messages: [
            "saga s: compensation.retry: 256 attempts are out of range; allowed: 1 to 255, or until done"
        ])
        given.compensation.retry = try .everySecond(attempts: 256)
        Self.check(given)
        for attempts in [1, 255, RetryPolicy.unlimited] {
            _ = try SagaDefinition.sketch("a/x", undo: attempts)
        }
    }

    @Test("what keeps the rules is accepted")
    func accepted() throws {
        let own = SagaParameter("what", .number, from: .result(of: "a"))
        let sum = SagaParameter("sum", .cents, from: .data("total"))
        let lock = SagaDefinition.SemanticLock(on: "order", threshold: .init(field: "total", least: .cents(1)))
        let definition = try SagaDefinition(
            name: "s", version: 2, data: Self.fields,
            steps: [
                Step(
                    name: "a", undo: Undo("x", parameters: [own, sum], after: ["b"]), parameters: [sum], result: .number
                ),
                Step(name: "b", undo: "y", group: "g", parameters: [own]),
                Step(name: "c", isCritical: false, group: "g"),
                Step(name: "d", isPivot: true), Step(name: "e", group: "h", retry: Self.untilDone),
                Step(name: "f", isCritical: false, group: "h"),
            ], compensation: .init(order: .declared), isolation: .semanticLock(lock))
        #expect(definition.stages == [0..<1, 1..<3, 3..<4, 4..<6] && definition.pointOfNoReturn == .pivot(step: 3))
    }
}
