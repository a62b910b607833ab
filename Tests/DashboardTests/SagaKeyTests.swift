import Sagas
import Scenarios
import Screen
import Simulation
import Testing
import Timeline

@testable import Dashboard

@Suite("Keys for sagas")
struct SagaKeyTests {
    /// The last command that was given by keys.
    private func last(_ flight: Flight) -> String? {
        flight.session.log.entries.last { $0.isLive }.map { "\($0.command.command)" }
    }

    private func selected(_ flight: Flight) -> UInt64 {
        guard case .saga(let request)? = flight.dashboard.selection(flight.dashboard.scene(flight.session)) else {
            return 0
        }
        return request
    }

    @Test("v, V and o go round, a filter counts as it is typed, and S keeps all three under a name")
    func lists() throws {
        var flight = try SagaPageTests.broken()
        flight.press("v")
        #expect(flight.dashboard.sagas.query.view == .these(.running))
        flight.press("VV")
        #expect(flight.dashboard.sagas.query.view == .ended)
        flight.press("{Esc}vvvvvvvvo")
        #expect(flight.dashboard.sagas.query.view == .these(.stuck))
        #expect(flight.screen.text.contains("stuck (not progressing), longest without a step"))
        flight.press("{Esc}vvv/oper")
        let typing = flight.dashboard.sagas
        #expect(typing.query.text == "oper" && typing.query.view == .these(.compensating) && !typing.rows.isEmpty)
        #expect(typing.rows.allSatisfy { $0.standing == .waitingForOperator })
        flight.press("{Enter}oS")
        flight.press("night shift{Enter}")
        #expect(flight.screen.text.contains("night shift: compensating, oldest first, only: oper"))
        flight.press("v")
        #expect(flight.dashboard.sagas.query == SagaQuery())
        flight.press("V")
        #expect(flight.dashboard.sagas.query.text == "oper" && flight.dashboard.sagas.query.order == .age)
        flight.press("S{Ctrl-U}{Enter}vV")
        #expect(flight.dashboard.keptQueries.isEmpty && flight.dashboard.sagas.query.view == .these(.compensating))
        flight.press("{Esc}{Esc}{Esc}")
        #expect(flight.dashboard.page == .overview)
        flight.press("v")
        #expect(flight.screen.text.contains("6 shows the sagas"))
    }

    @Test("the arrows go through all of the list, and a saga that is chosen stays until another view is wanted")
    func selection() throws {
        var flight = try SagaPageTests.broken(80, 24)
        let rows = flight.dashboard.sagas.rows
        flight.press("{Down}{Down}")
        #expect(selected(flight) == rows[2].request)
        flight.press("G")
        let end = selected(flight)
        #expect(end == rows.last?.request)
        #expect(flight.screen.text.contains("of \(rows.count) "))
        flight.fly(.seconds(6))
        #expect(selected(flight) == end && flight.screen.text.contains("#\(end)"))
        flight.press("v")
        #expect(selected(flight) != end)
    }

    @Test(
        "a says what each act would do or why not; the command waits for its reason, which stands in the journal then")
    func menu() throws {
        var flight = try SagaPageTests.broken()
        let request = selected(flight)
        flight.press("a")
        for words in ["retry now", "calls refund (attempt 4) at once", "not now: the saga is compensating already"] {
            #expect(flight.screen.text.contains(words), "\(words)")
        }
        flight.press("{Down}{Enter}")
        #expect(flight.screen.text.contains("skip charge: the saga is compensating already"))
        flight.press("{Up}{Enter}")
        #expect(flight.screen.text.contains("retry now #\(request)? It calls refund (attempt 4) at once"))
        flight.press("the bank is back")
        #expect(flight.screen.text.contains("retry now #\(request)?"))
        flight.press("{Esc}")
        #expect(last(flight) == "inject error on payment" && flight.dashboard.front == .panes)
        flight.press("aj{Up}{Enter}the bank is back{Enter}")
        let command = "saga retry place-order#\(request) because \"the bank is back\""
        #expect(last(flight) == command)
        #expect(flight.dashboard.feed.lines.last { $0.what == .ordered }?.text == "an operator: \(command)")
        flight.press("/#\(request){Enter}w")
        #expect(flight.screen.text.contains("an operator: \(command)"))
    }

    @Test(
        "A asks how many of how many it is about: with one command where the view says it all, else with one for each")
    func many() throws {
        var flight = try SagaPageTests.broken()
        flight.press("vvvvA")
        let count = flight.dashboard.sagas.rows.count
        #expect(flight.dashboard.sagas.query.view == .these(.attention) && count > 10)
        flight.press("{Enter}")
        #expect(flight.screen.text.contains("\(count) of \(count) sagas in need of an operator?"))
        flight.press("{Enter}")
        #expect(last(flight) == "saga retry place-order attention")
        flight.fly(.seconds(3))
        flight.press("/1{Enter}")
        let meant = flight.dashboard.sagas.rows.map(\.request)
        #expect(meant.count > 1)
        flight.press("AGk{Enter}")
        #expect(
            flight.screen.text.contains(
                "\(meant.count) of \(meant.count) sagas in need of an operator, with \"1\""))
        let before = flight.session.log.entries.count
        flight.press("refunded by hand{Enter}")
        #expect(flight.session.log.entries.count == before + meant.count)
        #expect(flight.screen.text.contains("done with \(meant.count) sagas"))
        #expect(last(flight)?.hasPrefix("saga retry-undo place-order#") == true)
    }

    @Test("from the detail, a leads back there; on the overview it acts on the saga that is selected")
    func elsewhere() throws {
        var flight = try SagaPageTests.broken()
        flight.press("{Enter}a{Esc}")
        #expect(flight.dashboard.front == .detail(scroll: 0))
        flight.press("{Esc}1")
        flight.dashboard.focus = .sagas
        flight.press("a")
        #expect(flight.screen.text.contains("Act on saga #"))
        flight.press("{Esc}")
        flight.dashboard.focus = .breakers
        flight.press("a")
        #expect(flight.screen.text.contains("select a saga first"))
    }

    @Test("time turned back forgets what had not begun, and goes on with what had")
    func rewind() throws {
        var flight = try SagaPageTests.broken()
        flight.press("G,")
        let now = flight.session.now
        #expect(flight.dashboard.sagas.time == now)
        #expect(flight.dashboard.sagas.rows.allSatisfy { $0.startedAt <= now })
        #expect(flight.dashboard.followed.map { $0.view.startedAt <= now } ?? true)
        #expect(flight.dashboard.followed.map { $0.story.allSatisfy { $0.time <= now } } ?? true)
    }
}
