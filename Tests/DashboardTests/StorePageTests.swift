import CQRS
import EventSourcing
import Scenarios
import Screen
import Simulation
import Testing
import Timeline

@testable import Dashboard

@Suite("The screen of event stores and projections")
struct StorePageTests {
    private func flight(
        _ text: String, for length: Duration, _ width: Int = 120, _ height: Int = 40, depth: ColorDepth = .indexed256,
        glyphs: Glyphs = .unicode
    ) throws -> Flight {
        var flight = try Flight(width: width, height: height, depth: depth, glyphs: glyphs, of: text, for: length)
        flight.press("4")
        return flight
    }

    @Test("two leaders for the same partitions, and then what one of them had promised is lost")
    func splitBrain() throws {
        var flight = try flight(Chronicle.splitBrain, for: .seconds(16))
        flight.press("{Down}{Down}{Down}{Down}{Down}")
        flight.check("split-brain")
        for words in ["CUT OFF", "2 LEADERS", "apart"] { #expect(flight.screen.text.contains(words)) }
        flight.resize(120, 40)
        flight.press("{Enter}")
        Golden.check(flight.screen, "split-brain-node-120x40")
        flight.press("{Esc}{Up}{Enter}")
        Golden.check(flight.screen, "split-brain-store-120x40")
        flight.press("{Esc}")
        flight.fly(.seconds(14))
        flight.press("/lost{Enter}{Down}")
        flight.check("split-brain-healed")
        flight.press("{Enter}")
        Golden.check(flight.screen, "split-brain-event-200x60")
    }

    @Test("a store without a leader: what its nodes do not know of each other, and what they have found out")
    func available() throws {
        var flight = try flight(Chronicle.available, for: .seconds(9))
        for words in ["CUT OFF", "TAKES ALL", "IMPAIRED"] { #expect(flight.screen.text.contains(words)) }
        flight.press("{Enter}")
        Golden.check(flight.screen, "available-store-120x40")
        flight.press("{Esc}{Down}{Enter}")
        #expect(flight.screen.text.contains("whatever the other nodes did"))
        flight.press("{Esc}")
        flight.fly(.seconds(4))
        flight.check("available-healed")
    }

    @Test("one projection is down and lacks nothing, the other is live and lacks orders for ever")
    func dualWrite() throws {
        var flight = try flight(Chronicle.dualWrite, for: .milliseconds(44_500))
        flight.press("{Tab}{Down}")
        flight.check("dual-write")
        flight.resize(120, 40)
        flight.press("{Enter}")
        Golden.check(flight.screen, "dual-write-projection-120x40")
        flight.press("{Esc}1")
        Golden.check(flight.screen, "dual-write-overview-120x40")
    }

    @Test("dead letters, and a projection that has stopped")
    func poison() throws {
        var flight = try flight(Chronicle.poison, for: .seconds(12), 80, 24)
        flight.press("{Tab}")
        flight.check("poison")
        flight.resize(80, 24)
        flight.press("r")
        Golden.check(flight.screen, "poison-question-80x24")
        flight.press("{Esc}{Enter}")
        Golden.check(flight.screen, "poison-projection-80x24")
        flight.press("{PgDn}{PgDn}")
        Golden.check(flight.screen, "poison-letters-80x24")
    }

    @Test("every item has a detail and targets to break, and an event of the log has a why")
    func everyItem() throws {
        for text in [Chronicle.splitBrain, Chronicle.available, Chronicle.dualWrite, Chronicle.poison] {
            var flight = try flight(text, for: .seconds(12), 80, 24)
            flight.checkEveryItem { item, scene in
                if case .logged = item { #expect(item.entryToExplain(scene) != nil) }
            }
        }
    }

    @Test("without event stores there is no such screen, and the overview is what it was")
    func none() throws {
        var flight = try Flight(for: .seconds(1))
        let before = flight.screen.text.split(separator: "\n")[1]
        flight.press("4")
        #expect(flight.dashboard.page == .overview)
        #expect(flight.screen.text.contains("the scenario has no event store"))
        #expect(flight.screen.text.split(separator: "\n")[1] == before && !before.contains("4"))
    }

    @Test("without Unicode and without colours, at every size")
    func plain() throws {
        var flight = try flight(Chronicle.splitBrain, for: .seconds(16), depth: .mono, glyphs: .ascii)
        Golden.check(flight.screen, "split-brain-ascii-120x40")
        let keys = ["{Tab}", "G", "{Enter}", "{Esc}", "w", "{Esc}", "z", "{Tab}", "z", "x", "{Esc}", "{Down}"]
        flight.checkEverySize(pressing: keys, isPlain: true)
        flight.checkNoColors()
    }
}
