import CQRS
import Scenarios
import Screen
import Simulation
import Testing
import Timeline

@testable import Dashboard

@Suite("Keys for command buses and query buses")
struct CommandKeyTests {
    private func flight(for length: Duration, _ text: String = Counter.text) throws -> Flight {
        var flight = try Flight(width: 80, height: 24, of: text, for: length)
        flight.press("5")
        return flight
    }

    /// The last command that was given by keys.
    private func last(_ flight: Flight) -> String? {
        flight.session.log.entries.last { $0.isLive }.map { "\($0.command.command)" }
    }

    @Test("r asks how many dead letters it is about, Esc leaves it, Enter has them replayed")
    func replay() throws {
        var flight = try flight(for: .seconds(30))
        let before = flight.session.simulation.world.commandBus(0)
        #expect(before.deadLetters > before.sequencesParked && before.sequencesParked > 1)
        flight.press("r")
        let letters = "\(before.deadLetters) dead letters of orders-bus in \(before.sequencesParked) sequences"
        #expect(flight.screen.text.contains("replay \(letters)?"))
        flight.press("{Esc}")
        #expect(last(flight) == nil)
        flight.press(":set buses.orders-bus.poison 0%{Enter}r{Enter}")
        #expect(last(flight) == "replay orders-bus")
        #expect(flight.screen.text.contains("REPLAYS"))
        flight.press("r")
        #expect(flight.screen.text.contains("orders-bus replays dead letters already"))
        flight.fly(.seconds(8))
        #expect(flight.session.simulation.world.deadLetters(ofBus: 0) == 0)
        flight.press("r")
        #expect(flight.dashboard.front == .panes)
        #expect(flight.screen.text.contains("orders-bus has no dead letters"))
    }

    @Test("the footer offers r on a bus, and not on a shard")
    func footer() throws {
        var flight = try flight(for: .seconds(2))
        let footer = { (flight: Flight) in flight.screen.text.split(separator: "\n").last ?? "" }
        #expect(footer(flight).contains("r replay") && !footer(flight).contains("R rebuild"))
        flight.press("{Tab}{Down}")
        #expect(!footer(flight).contains("r replay"))
    }

    @Test("the form begins with a crash on a bus and on a shard, and x and h work on both")
    func faults() throws {
        var flight = try flight(for: .seconds(2))
        flight.press("x{Enter}")
        #expect(last(flight) == "inject crash on orders-bus for 10s")
        #expect(flight.screen.text.contains("DOWN"))
        flight.press("h")
        #expect(last(flight) == "heal orders-bus")
        flight.press("x{Right}{Enter}")
        #expect(last(flight) == "inject latency on orders-bus add 200ms jitter 20% for 20s")
        flight.press("x{Left}{Enter}")
        #expect(last(flight) == "inject error on orders-bus with probability 30% for 20s")
        flight.press("{Tab}{Down}{Down}{Down}x{Enter}")
        #expect(last(flight) == "inject crash on visits#3 for 10s")
        flight.press("g")
        flight.press("h")
        #expect(last(flight) == "heal visits#3")
        #expect(flight.session.simulation.world.faultLog.count { $0.isActive } == 2)
    }

    @Test("why of a shard is the fault on it, and of a bus the fault that took its workers")
    func why() throws {
        var flight = try flight(for: .seconds(36))
        flight.press("{Tab}{Down}{Down}w")
        #expect(flight.screen.text.contains("errors on visits#2"))
        flight.press("{Esc}{Tab},,,,w")
        #expect(flight.session.now == .after(.seconds(16)))
        #expect(flight.screen.text.contains("workers crashed") && flight.screen.text.contains("crash of orders-bus"))
    }

    @Test("R on a query bus is about the projection behind it")
    func rebuild() throws {
        var flight = try flight(for: .seconds(2))
        flight.press("{Tab}R")
        #expect(flight.screen.text.contains("rebuild visits from"))
    }

    @Test("r means the only bus of a scenario without projections, whatever is selected")
    func onlyBus() throws {
        var flight = try flight(for: .seconds(2), Counter.local)
        flight.press("1r")
        #expect(flight.screen.text.contains("direct has no dead letters"))
    }
}
