import Sagas
import Testing
import Timeline

@Suite("Choreographies")
struct ChoreographyTests {
    typealias EventType = Choreography.EventType
    typealias Policy = Choreography.Policy
    typealias Timeout = Choreography.Timeout

    struct Case: Sendable, CustomTestStringConvertible {
        var events = [EventType("A", .start), EventType("B"), EventType("C", .endsWell)]
        var policies = [
            Policy(on: "A", "p", does: "x", success: ["B"]), Policy(on: "B", "q", does: "y", success: ["C"]),
        ]
        var timeouts: [Timeout] = []
        var hopLimit = 32
        var allowsCycles = false
        var messages: [String] = []
        /// Whether the same mistake breaks other rules as well, which are not told here.
        var isPartial = false
        var testDescription: String { messages.joined(separator: "; ") }

        func with(_ events: [EventType] = [], _ policies: [Policy] = [], _ timeouts: [Timeout] = []) -> Case {
            var copy = self
            copy.events += events
            copy.policies += policies
            copy.timeouts += timeouts
            return copy
        }

        func says(_ messages: String...) -> Case {
            var copy = self
            copy.messages = messages
            return copy
        }

        func andMore() -> Case {
            var copy = self
            copy.isPartial = true
            return copy
        }

        var problems: [ChoreographyError] {
            Choreography.problems(
                name: "c", events: events, policies: policies, timeouts: timeouts, hopLimit: hopLimit,
                allowsCycles: allowsCycles)
        }

        func make() throws(ChoreographyError) -> Choreography {
            try Choreography(
                name: "c", events: events, policies: policies, timeouts: timeouts, hopLimit: hopLimit,
                allowsCycles: allowsCycles)
        }
    }

    private static let plain = Case()
    private static let silent = "give each an event of its own, so that it tells whose answer it is"
    private static let bound = "break the cycle, or allow cycles and leave it to the hop limit"
    private static let late = Timeout(after: "B", within: .seconds(1), noneOf: ["C"], then: "D")

    private static let refused = [
        Case(events: []).says("choreography c: 0 types of events are out of range; allowed: 1 to 32").andMore(),
        Case(policies: []).says("choreography c: 0 policies are out of range; allowed: 1 to 32"),
        plain.with((0..<30).map { EventType("n\($0)", .outside) }).says(
            "choreography c: 33 types of events are out of range; allowed: 1 to 32"),
        plain.with([], (0..<31).map { Policy(on: $0 < 16 ? "A" : "B", "r\($0)", does: "z") }).says(
            "choreography c: 33 policies are out of range; allowed: 1 to 32",
            "choreography c, event A: 17 policies on it are out of range; allowed: 0 to 16"),
        plain.with([], [], (0..<17).map { _ in late }).says(
            "choreography c: 17 timeouts are out of range; allowed: 0 to 16"
        ).andMore(),
        Case(hopLimit: 0).says("choreography c: hopLimit: 0 is out of range; allowed: 1 to 39"),
        Case(hopLimit: 40).says("choreography c: hopLimit: 40 is out of range; allowed: 1 to 39"),
        plain.with([EventType("", .outside)], [Policy(on: "", "", does: "z")]).says(
            "choreography c, event : it has an empty name", "choreography c, policy  z on : it has an empty name"),
        plain.with([EventType("B")]).says("choreography c, event B: there is another one of this name"),
        plain.with([], [Policy(on: "A", "p", does: "x")]).says(
            "choreography c, policy p x on A: there is another one of this name"),
        plain.with([], [Policy(on: "Z", "r", does: "z", success: ["Y"])]).says(
            "choreography c, policy r z on Z: there is no event Z; add it to the events, or correct the name",
            "choreography c, policy r z on Z: there is no event Y; add it to the events, or correct the name"),
        plain.with([], [Policy(on: "B", "r", does: "z", success: ["B"], failure: ["B"])]).says(
            "choreography c, policy r z on B: B is named twice among its answers"),
        plain.with([], [Policy(on: "B", "r", does: "z", failure: ["C"])]).says(
            "choreography c, policy r z on B: C is also an answer of q y on B; \(silent)"),
        plain.with([], [Policy(on: "B", "r", does: "z", failure: ["A"])]).says(
            "choreography c, policy r z on B: A begins a flow and cannot follow from something"),
        plain.with([], [], [Timeout(after: "Z", within: .zero, noneOf: ["Y"], then: "A")]).says(
            "choreography c, timeout A after Z: there is no event Z; add it to the events, or correct the name",
            "choreography c, timeout A after Z: there is no event Y; add it to the events, or correct the name",
            "choreography c, timeout A after Z: within: 0s is out of range; allowed: more than 0s",
            "choreography c, timeout A after Z: A begins a flow and cannot follow from something"),
        Case(events: [EventType("A", .outside), EventType("B"), EventType("C", .note)]).says(
            "choreography c: no event begins a flow; say which one comes from outside and does",
            "choreography c: no event ends a flow; say which ones end it well and which badly"),
        plain.with([EventType("D", .note)]).says(
            "choreography c, event D: nobody emits it; name it as an answer or a consequence, or say that it comes from "
                + "outside"),
        plain.with([EventType("D")], [Policy(on: "A", "r", does: "z", success: ["D"])]).says(
            "choreography c, event D: nobody reacts to it, so a flow could stop there for ever; add a policy, or say that "
                + "it ends the flow or is a note"),
        plain.with([], [Policy(on: "C", "r", does: "z")]).says(
            "choreography c, policy r z on C: it never runs, since its event ends the flow"),
        plain.with([EventType("D", .endsBadly)], [], [Timeout(after: "C", within: .seconds(1), noneOf: [], then: "D")])
            .says("choreography c, timeout D after C: it never runs, since its event ends the flow"),
        plain.with([EventType("D")], [Policy(on: "D", "r", does: "z", success: ["D"])]).says(
            "choreography c, policy r z on D: it never runs, since nothing that begins a flow leads to its event",
            "choreography c: events lead back to themselves: D > D; \(bound)"),
        plain.with(
            [EventType("D")], [Policy(on: "B", "r", does: "z", success: ["D"])],
            [
                Timeout(after: "D", within: .seconds(1), noneOf: [], then: "B")
            ]
        ).says("choreography c: events lead back to themselves: B > D > B; \(bound)"),
    ]

    @Test("what makes no choreography is refused, with the place and the rule", arguments: refused)
    func refusals(_ given: Case) {
        let problems = given.problems
        #expect(Array(problems.map(\.description).prefix(given.messages.count)) == given.messages)
        #expect(given.isPartial || problems.count == given.messages.count)
        let error = #expect(throws: ChoreographyError.self) { try given.make() }
        #expect(error == problems.first)
    }

    @Test(
        "what is unusual and sound is accepted: a cycle that is allowed, an outside event, a timeout after itself",
        arguments: [
            plain,
            Case(allowsCycles: true).with(
                [EventType("D")],
                [
                    Policy(on: "B", "r", does: "z", success: ["D"]), Policy(on: "D", "r", does: "z", success: ["B"]),
                ]),
            plain.with([EventType("D", .outside)], [Policy(on: "D", "r", does: "z", success: ["C"])]),
            plain.with(
                [EventType("D", .endsBadly)], [], [Timeout(after: "B", within: .seconds(1), noneOf: ["B"], then: "D")]),
            plain.with([], (0..<15).map { Policy(on: "A", "r\($0)", does: "z") }),
        ])
    func accepted(_ given: Case) throws {
        let choreography = try given.make()
        #expect(choreography.event(named: "B") == 1)
        #expect(choreography.event(named: "nothing") == nil)
    }
}
