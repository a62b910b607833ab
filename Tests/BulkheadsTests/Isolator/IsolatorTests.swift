import Bulkheads
import Resilience
import Testing
import Timeline

@Suite("Isolator")
struct IsolatorTests {
    private static func compartments(_ count: Int) throws -> [Compartment.Settings] {
        try (0..<count).map { _ in try .init(isolation: .threads(.init(core: 1, queue: 1))) }
    }

    @Test("the first rule that matches names the compartment; without one it is the default")
    func routing() throws {
        let isolator = Isolator(
            try .init(
                compartments: Self.compartments(4),
                rules: [
                    .init(types: 1...3, priority: .critical, to: 1), .init(tenants: 7...7, to: 2),
                    .init(types: 2...9, to: 3),
                ]))
        #expect(isolator.route(.init(type: 2, tenant: 7, priority: .critical)) == 1)
        #expect(isolator.route(.init(type: 2, tenant: 7)) == 2)
        #expect(isolator.route(.init(type: 2)) == 3)
        #expect(isolator.route(.init(type: 1)) == 0)
        #expect(isolator.route(.init(type: .max, tenant: .min, priority: .low)) == 0)
    }

    @Test("one compartment's flood leaves the other's callers alone")
    func flood() throws {
        var isolator = Isolator(try .init(compartments: Self.compartments(2), rules: [.init(types: 1...1, to: 1)]))
        for task in UInt64(0)..<50 { _ = isolator.ask(.init(type: 0), task: task, at: .zero) }
        #expect(isolator.compartments[0].totals.full == 48)
        let answer = isolator.ask(.init(type: 1), task: 99, at: .zero)
        #expect(answer.compartment == 1)
        guard case .run(let permit) = answer.answer.verdict else {
            Issue.record("not run")
            return
        }
        let elsewhere = isolator.ended(permit, in: 7, at: .zero)
        #expect(elsewhere == nil)
        let ending = isolator.ended(permit, in: 1, at: .zero)
        #expect(ending?.task == 99)
        #expect(isolator.compartments[0].running == 1)
    }

    @Test("rules and compartments change at work; calls stay where they are")
    func change() throws {
        var isolator = Isolator(try .init(compartments: Self.compartments(1), rules: []))
        _ = isolator.ask(.init(type: 1), task: 1, at: .zero)
        _ = isolator.ask(.init(type: 1), task: 2, at: .zero)
        let more = try Isolator.Settings(
            compartments: Self.compartments(2), rules: [.init(types: 1...1, to: 1)], defaultCompartment: 0)
        let changes = isolator.changeSettings(more, at: .zero)
        #expect(changes?.count == 2)
        #expect(isolator.ask(.init(type: 1), task: 3, at: .zero).compartment == 1)
        #expect(isolator.compartments[0].running == 1)
        #expect(isolator.compartments[0].queued == 1)
        let before = isolator
        let fewer = try Isolator.Settings(compartments: Self.compartments(1), rules: [])
        let semaphores = try Isolator.Settings(
            compartments: Self.compartments(1) + [.init(isolation: .semaphore(.init()))], rules: [])
        let refused = [isolator.changeSettings(fewer, at: .zero), isolator.changeSettings(semaphores, at: .zero)]
        #expect(refused == [nil, nil])
        #expect(isolator == before)
    }

    @Test("a rule to nowhere is refused by name")
    func settings() throws {
        let two = try Self.compartments(2)
        let nowhere = "is out of range; allowed: the position of a compartment, 0 to 1"
        let refused: [(String, () throws -> Isolator.Settings)] = [
            ("compartments: 0 is out of range; allowed: at least one", { try .init(compartments: [], rules: []) }),
            (
                "rules[1].compartment: 2 \(nowhere)",
                { try .init(compartments: two, rules: [.init(to: 1), .init(to: 2)]) }
            ),
            ("rules[0].compartment: -1 \(nowhere)", { try .init(compartments: two, rules: [.init(to: -1)]) }),
            (
                "defaultCompartment: 2 \(nowhere)",
                { try .init(compartments: two, rules: [], defaultCompartment: 2) }
            ),
        ]
        for (message, make) in refused {
            let error = #expect(throws: SettingError.self) { try make() }
            #expect(error?.description == message)
        }
    }
}
