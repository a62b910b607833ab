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
    private static let sizes = [(60, 16), (80, 24), (120, 40), (200, 60)]

    private func flight(
        _ text: String, for length: Duration, _ width: Int = 120, _ height: Int = 40, depth: ColorDepth = .indexed256,
        glyphs: Glyphs = .unicode
    ) throws -> Flight {
        var flight = try Flight(width: width, height: height, depth: depth, glyphs: glyphs, of: text, for: length)
        flight.press("4")
        return flight
    }

    /// Draws the screen at every size.
    private func check(_ flight: inout Flight, _ name: String) {
        for (width, height) in Self.sizes {
            _ = flight.dashboard.update(.resize(width: width, height: height), &flight.session)
            Golden.check(flight.screen, "\(name)-\(width)x\(height)")
        }
    }

    @Test("two leaders for the same partitions, and then what one of them had promised is lost")
    func splitBrain() throws {
        var flight = try flight(Chronicle.splitBrain, for: .seconds(16))
        flight.press("{Down}{Down}{Down}{Down}{Down}")
        check(&flight, "split-brain")
        for words in ["CUT OFF", "2 LEADERS", "apart"] { #expect(flight.screen.text.contains(words)) }
        _ = flight.dashboard.update(.resize(width: 120, height: 40), &flight.session)
        flight.press("{Enter}")
        Golden.check(flight.screen, "split-brain-node-120x40")
        flight.press("{Esc}{Up}{Enter}")
        Golden.check(flight.screen, "split-brain-store-120x40")
        flight.press("{Esc}")
        flight.fly(.seconds(14))
        flight.press("/lost{Enter}{Down}")
        check(&flight, "split-brain-healed")
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
        check(&flight, "available-healed")
    }

    @Test("one projection is down and lacks nothing, the other is live and lacks orders for ever")
    func dualWrite() throws {
        var flight = try flight(Chronicle.dualWrite, for: .milliseconds(44_500))
        flight.press("{Tab}{Down}")
        check(&flight, "dual-write")
        _ = flight.dashboard.update(.resize(width: 120, height: 40), &flight.session)
        flight.press("{Enter}")
        Golden.check(flight.screen, "dual-write-projection-120x40")
        flight.press("{Esc}1")
        Golden.check(flight.screen, "dual-write-overview-120x40")
    }

    @Test("dead letters, and a projection that has stopped")
    func poison() throws {
        var flight = try flight(Chronicle.poison, for: .seconds(12), 80, 24)
        flight.press("{Tab}")
        check(&flight, "poison")
        _ = flight.dashboard.update(.resize(width: 80, height: 24), &flight.session)
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
            for _ in flight.dashboard.page.panes {
                flight.press("{Tab}")
                let scene = flight.dashboard.scene(flight.session)
                for item in PaneContent.of(flight.dashboard.focus, scene, flight.dashboard.choices).table.items {
                    #expect(!DetailText.of(item, scene, .unicode).lines.isEmpty, "\(item)")
                    #expect(!item.faultTargets(scene).isEmpty)
                    if case .logged = item { #expect(item.entryToExplain(scene) != nil) }
                }
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
        for (width, height) in [(60, 16), (61, 37), (79, 23), (110, 36), (179, 41), (180, 17), (300, 100)] {
            _ = flight.dashboard.update(.resize(width: width, height: height), &flight.session)
            for keys in ["{Tab}", "G", "{Enter}", "{Esc}", "w", "{Esc}", "z", "{Tab}", "z", "x", "{Esc}", "{Down}"] {
                flight.press(keys)
                #expect(flight.screen.width == width)
                #expect(flight.screen.text.unicodeScalars.allSatisfy { $0.isASCII })
            }
        }
        #expect(flight.screen.cells.allSatisfy { $0.style.foreground == .default && $0.style.background == .default })
    }
}
