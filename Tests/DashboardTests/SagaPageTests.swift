import Sagas
import Scenarios
import Screen
import Simulation
import Testing
import Timeline

@testable import Dashboard

@Suite("The screen of sagas")
struct SagaPageTests {
    /// The sagas after payment has failed for a while, so that refunds are given up.
    static func broken(
        _ width: Int = 120, _ height: Int = 40, depth: ColorDepth = .indexed256, glyphs: Glyphs = .unicode
    ) throws -> Flight {
        var flight = try Flight(width: width, height: height, depth: depth, glyphs: glyphs, of: Sagas.text)
        flight.fly(.seconds(2))
        flight.press(":inject error on payment{Enter}6")
        flight.fly(.seconds(6))
        return flight
    }

    @Test("healthy, broken with operators wanted, the menu, the question, and all about one saga")
    func screens() throws {
        var healthy = try Flight(of: Sagas.text, for: .seconds(4))
        healthy.press("6")
        healthy.check("sagas-healthy")
        var flight = try Self.broken()
        flight.check("sagas-broken")
        for words in ["OPERATOR", "waits for an operator", "payment.refund", "x3", "not yet, pivot"] {
            #expect(flight.screen.text.contains(words), "\(words)")
        }
        flight.press("a")
        flight.check("sagas-menu")
        flight.press("{Enter}refund is back")
        flight.resize(80, 24)
        Golden.check(flight.screen, "sagas-question-80x24")
        flight.press("{Esc}{Enter}")
        Golden.check(flight.screen, "sagas-detail-80x24")
        flight.press("GG")
        #expect(flight.screen.text.contains("turns back"))
        flight.press("{Esc}A")
        Golden.check(flight.screen, "sagas-menu-for-all-80x24")
    }

    @Test("without Unicode and without colours")
    func plain() throws {
        var flight = try Self.broken(glyphs: .ascii)
        Golden.check(flight.screen, "sagas-ascii-120x40")
        flight.press("a")
        #expect(flight.screen.text.unicodeScalars.allSatisfy { $0.isASCII })
        let mono = try Self.broken(80, 24, depth: .mono)
        Golden.check(mono.screen.text + "\n\n" + mono.screen.styleMap, "sagas-mono-80x24")
    }

    @Test("where the plan has no saga the screen says so, and the list follows what the world has")
    func counts() throws {
        var none = try Flight(of: Depot.text, for: .seconds(1))
        none.press("6")
        #expect(none.dashboard.page == .overview && none.screen.text.contains("the scenario has no saga"))
        let flight = try Self.broken()
        let (world, list) = (flight.session.simulation.world, flight.dashboard.sagas)
        let tallies = world.sagaTallies[0]
        #expect(list.census.underWay == Int(tallies.running + tallies.compensating))
        #expect(list.census[.waitingForOperator] == world.runningSagas.count { $0.machine.waitsForOperator })
        #expect(list.census[.waitingForOperator] > 10)
        let ages = list.rows.filter { !$0.isOver }.map { world.now - $0.startedAt }.sorted()
        #expect(list.ages.oldest == ages.last && list.ages.median == ages[(ages.count + 1) / 2 - 1])
        #expect(flight.screen.text.contains("oldest 6.0s, no step for"))
        #expect(Set(list.rows.map(\.request)).count == list.rows.count)
    }

    /// What is done to the sagas, and what is said then about the one that is selected.
    private static let waits: [(keys: String, words: [String])] = [
        ("vv", ["the next attempt of payment.refund, after 2 attempts", "tries left: 1", "way back ends in"]),
        (":saga pause place-order running{Enter}vvvvvv", ["PAUSED", "an operator to resume it", "resume"]),
        (":inject crash on shop{Enter}VV", ["DOWN", "another orchestrator to take it over", "takeover"]),
        (":saga kill place-order compensating because \"test\"{Enter}/killed{Enter}", ["KILLED", "killed"]),
    ]

    @Test("what a saga waits for, since when and for how long still, or how it ended", arguments: waits.indices)
    func waiting(row: Int) throws {
        var flight = try Self.broken()
        flight.press(Self.waits[row].keys + " ")
        var text = flight.screen.text
        flight.press("{Enter}")
        text += flight.screen.text
        for words in Self.waits[row].words { #expect(text.contains(words), "\(words)") }
    }

    @Test("a saga that waits for its lock says behind whom, and the one that has it says who waits")
    func locks() throws {
        let text = Sagas.text.replacing("timeout: 30s", with: "isolation: lock key")
        var flight = try Flight(of: text, for: .seconds(2))
        flight.press(":inject latency on inventory add 2s{Enter}6")
        flight.fly(.seconds(1))
        flight.press("VVV")
        #expect(flight.dashboard.sagas.query.view == .these(.locking))
        let holder = try #require(flight.dashboard.followed?.view.lock?.holder)
        #expect(flight.screen.text.contains("its lock, which saga #\(holder) has"))
        Golden.check(flight.screen, "sagas-locks-120x40")
        flight.press("{Esc}/#\(holder){Enter}{Enter}")
        #expect(flight.screen.text.contains("holds key 0 for"))
    }

    @Test("each view shows what its filter means, and each order sorts by what it says")
    func viewsAndOrders() throws {
        let flight = try Self.broken()
        let (world, plan) = (flight.session.simulation.world, flight.session.simulation.plan)
        for filter in SagaFilter.allCases where filter != .all {
            let rows = SagaList(SagaQuery(view: .these(filter)), of: world, plan).rows
            let meant = world.sagas(meantBy: SagaOrder(.order(.kill), plan: 0, .all(filter)))
            // Nobody can kill what is over.
            #expect(Set(rows.lazy.filter { !$0.isOver }.map(\.request)) == Set(meant), "\(filter)")
            let typed = SagaList(SagaQuery(text: filter.rawValue), of: world, plan).rows
            #expect(Set(typed.lazy.filter { !$0.isOver }.map(\.request)) == Set(meant), "\(filter)")
        }
        for order in SagaQuery.Order.allCases {
            let rows = SagaList(SagaQuery(view: .these(.compensating), order: order), of: world, plan).rows
            let pairs = zip(rows, rows.dropFirst())
            #expect(rows.count > 10)
            switch order {
            case .age: #expect(pairs.allSatisfy { $0.startedAt <= $1.startedAt })
            case .progress: #expect(pairs.allSatisfy { $0.progressedAt <= $1.progressedAt })
            case .retries: #expect(pairs.allSatisfy { $0.retries >= $1.retries })
            case .step: #expect(pairs.allSatisfy { $0.step <= $1.step })
            case .urgency:
                #expect(
                    rows.drop { $0.standing == .waitingForOperator }.allSatisfy { $0.standing != .waitingForOperator })
            }
        }
    }

    @Test(
        "what the monitor has called an operator for is in the row, counted, a view of its own, and told with its limit"
    )
    func alarms() throws {
        let text = Sagas.text.replacing("timeout: 30s", with: "monitor: {stuck: 3s, compensating: 2s, old: 5s}")
        var flight = try Flight(of: text, for: .seconds(2))
        flight.press(":inject hang on payment{Enter}6")
        flight.fly(.seconds(6))
        let tally = flight.session.simulation.world.sagaTallies[0]
        #expect(tally.stuck > 5 && flight.screen.text.contains(" \(tally.stuck) STUCK"))
        flight.press("vvvvvvvv")
        let stuck = flight.dashboard.sagas.rows
        #expect(stuck.count == Int(tally.stuck) && stuck.allSatisfy { $0.alarms.contains(.stuck) })
        #expect(zip(stuck, stuck.dropFirst()).allSatisfy { $0.progressedAt <= $1.progressedAt })
        for words in ["STUCK", "stuck: ", ", limit 3.0s", "old: ", ", limit 5.0s"] {
            #expect(flight.screen.text.contains(words), "\(words)")
        }
    }

    @Test(
        "a filter finds what stands in a row",
        arguments: ["1", "#4", "operato", "UNDO", "charge", "refund", "place-order", "-operato", "operato 1", "zzz"])
    func filter(text: String) throws {
        let flight = try Self.broken()
        let (world, plan) = (flight.session.simulation.world, flight.session.simulation.plan)
        let all = SagaList(SagaQuery(), of: world, plan).rows
        let found = SagaList(SagaQuery(text: text), of: world, plan).rows.map(\.request)
        let definition = plan.sagas[0].definition
        let expected = all.filter { row in
            let step = definition.steps[Int(row.step)]
            var words = [
                definition.name, row.standing.badge(Glyphs.unicode.marks).word, row.standing.description, step.name,
            ]
            if row.hasTurnedBack { words.append(step.undo?.name ?? "") }
            return text.split(separator: " ").allSatisfy { term in
                if term.hasPrefix("#") { return "#\(row.request)" == term }
                if term.hasPrefix("-") {
                    return !words.contains { $0.lowercased().contains(term.dropFirst().lowercased()) }
                }
                return (words + ["\(row.request)"]).contains { $0.lowercased().contains(term.lowercased()) }
            }
        }
        #expect(Set(found) == Set(expected.map(\.request)))
    }
}
