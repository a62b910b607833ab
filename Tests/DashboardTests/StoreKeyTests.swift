import CQRS
import EventSourcing
import Scenarios
import Screen
import Simulation
import Testing
import Timeline

@testable import Dashboard

@Suite("Keys for event stores and projections")
struct StoreKeyTests {
    private func flight(_ text: String, for length: Duration) throws -> Flight {
        var flight = try Flight(width: 80, height: 24, of: text, for: length)
        flight.press("4")
        return flight
    }

    /// The last command that was given by keys.
    private func last(_ flight: Flight) -> String? {
        flight.session.log.entries.last { $0.isLive }.map { "\($0.command.command)" }
    }

    @Test("a rebuild says how far it is, and the old version serves meanwhile")
    func rebuild() throws {
        var flight = try flight(Chronicle.poison, for: .seconds(12))
        flight.press("{Tab}R")
        #expect(flight.screen.text.contains("Enter: yes, Esc: no"))
        flight.press("{Enter}")
        #expect(last(flight) == "rebuild order-summary")
        flight.fly(.seconds(1))
        Golden.check(flight.screen, "rebuild-80x24")
        #expect(flight.screen.text.contains("REBUILD "))
        flight.press("R")
        #expect(flight.screen.text.contains("order-summary is being rebuilt already"))
    }

    @Test("r asks how many dead letters it is about, Esc leaves it, Enter has them replayed")
    func replay() throws {
        var flight = try flight(Chronicle.poison, for: .seconds(12))
        flight.press("{Tab}")
        let before = flight.session.simulation.world.projection(0)
        flight.press("r")
        let letters = "\(before.setAside) dead letters of order-summary in \(before.streamsSetAside) streams"
        #expect(flight.screen.text.contains("replay \(letters)?"))
        flight.press("{Esc}")
        #expect(flight.session.log.entries.isEmpty)
        flight.press(":set order-summary.poison 0%{Enter}r{Enter}")
        #expect(last(flight) == "replay order-summary")
        flight.fly(.seconds(2))
        #expect(flight.session.simulation.world.projection(0).setAside == 0)
        flight.press("r")
        #expect(flight.dashboard.front == .panes)
        #expect(flight.screen.text.contains("order-summary has set nothing aside"))
    }

    @Test("u lets a projection go on that has stopped, and says so where none has")
    func resume() throws {
        var flight = try flight(Chronicle.poison, for: .seconds(12))
        flight.press("{Tab}{Down}:set strict.poison 0%{Enter}u")
        #expect(last(flight) == "resume strict")
        flight.fly(.seconds(3))
        #expect(flight.session.simulation.world.projection(1).lag < 200)
        flight.press("u")
        #expect(flight.screen.text.contains("strict has not stopped"))
        flight.press("{Shift-Tab}")
        flight.press("r")
        #expect(flight.screen.text.contains("select a projection first"))
    }

    @Test("the form begins with what shows something on a node, a projection or a store, and x and h work on all three")
    func faults() throws {
        var flight = try flight(Chronicle.dualWrite, for: .seconds(2))
        flight.press("x{Enter}")
        #expect(last(flight) == "inject latency on order-log add 200ms jitter 20% for 20s")
        flight.press("{Down}x{Enter}")
        #expect(last(flight) == "inject cut on order-log#1 for 20s")
        flight.press("x{Right}{Enter}")
        #expect(last(flight) == "inject pause on order-log#1 for 10s")
        flight.press("x{Right}{Right}{Enter}")
        #expect(last(flight) == "inject lose on order-log#1 with probability 30% for 20s")
        flight.press("{Tab}x{Enter}")
        #expect(last(flight) == "inject crash on published for 10s")
        #expect(flight.screen.text.contains("DOWN"))
        flight.press("h")
        #expect(last(flight) == "heal published")
        flight.press("{Tab}{Tab}h")
        // What is wrong with all nodes is wrong with this one too.
        #expect(last(flight) == "heal order-log")
        #expect(flight.session.simulation.world.faultLog.allSatisfy { !$0.isActive })
    }

    @Test("the filter of the log is not that of the events, and moving in the log holds it")
    func log() throws {
        var flight = try flight(Chronicle.poison, for: .seconds(4))
        flight.press("/event-7{Enter}")
        #expect(flight.dashboard.page == .events && flight.dashboard.focus == .log)
        #expect(flight.dashboard.eventFilter.isEmpty && flight.dashboard.logFilter == "event-7")
        let scene = flight.dashboard.scene(flight.session)
        let items = PaneContent.of(.log, scene, flight.dashboard.choices).table.items
        #expect(!items.isEmpty)
        flight.press("{Down}")
        let held = flight.dashboard.logHold
        #expect(held != nil)
        flight.fly(.seconds(1))
        #expect(flight.dashboard.logHold == held)
        #expect(flight.screen.text.contains("newer: f follows"))
        flight.press("f{Esc}")
        #expect(flight.dashboard.logHold == nil && flight.dashboard.logFilter.isEmpty)
        #expect(flight.dashboard.page == .events)
        flight.press("{Down},")
        #expect(flight.dashboard.logHold == nil)
    }
}
