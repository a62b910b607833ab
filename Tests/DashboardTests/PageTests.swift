import Screen
import Testing
import Timeline

@testable import Dashboard

@Suite("The screens of breakers and bulkheads")
struct PageTests {
    /// The depot after payment and one replica of stock have slowed down and mail fails.
    private func broken(
        _ width: Int, _ height: Int, depth: ColorDepth = .indexed256, glyphs: Glyphs = .unicode
    ) throws -> Flight {
        var flight = try Flight(
            width: width, height: height, depth: depth, glyphs: glyphs, of: Depot.text, for: .seconds(6))
        let faults = [
            "latency on payment add 800ms", "latency on stock#2 add 300ms", "error on mail with probability 90%",
            "leak on payment -> db with probability 2%", "allocate on front add 2 MB",
        ]
        for fault in faults { flight.press(":inject \(fault){Enter}") }
        flight.fly(.milliseconds(6_500))
        return flight
    }

    @Test("both screens, healthy")
    func healthyScreens() throws {
        var flight = try Flight(of: Depot.text, for: .seconds(6))
        flight.press("2G{Up}")
        flight.check("breakers-healthy")
        flight.press("3")
        flight.check("bulkheads-healthy")
    }

    @Test("both screens, broken")
    func brokenScreens() throws {
        var flight = try broken(120, 40)
        flight.press("2G{Up}")
        flight.check("breakers-open")
        flight.press("3{Tab}{Down}")
        flight.check("bulkheads-broken")
    }

    @Test("one breaker of several, all of them together, and one that counts in a row")
    func otherBreakers() throws {
        var flight = try broken(120, 40)
        flight.press("2")
        Golden.check(flight.screen, "breakers-all-120x40")
        flight.press("{Down}{Down}")
        Golden.check(flight.screen, "breakers-time-120x40")
        flight.press("G")
        Golden.check(flight.screen, "breakers-row-120x40")
        flight.press("{Enter}")
        Golden.check(flight.screen, "breakers-detail-120x40")
    }

    @Test("replicas that are left out say so, and the open breaker of one of them is drawn like any other")
    func fleet() throws {
        var flight = try Flight(of: Fleet.text, for: .seconds(3))
        flight.press(":inject error on stock#2{Enter}:inject latency on stock#4 add 250ms{Enter}")
        flight.fly(.seconds(4))
        Golden.check(flight.screen, "fleet-overview-120x40")
        flight.press("2{Down}{Down}")
        flight.check("fleet-breaker")
        flight.press("3")
        flight.check("fleet-bulkheads")
        for word in ["EJECTED", "SICK"] { #expect(flight.screen.text.contains(word)) }
    }

    @Test("without Unicode and without colours")
    func plain() throws {
        var flight = try broken(120, 40, glyphs: .ascii)
        flight.press("2G{Up}")
        Golden.check(flight.screen, "breakers-ascii-120x40")
        #expect(flight.screen.text.unicodeScalars.allSatisfy { $0.isASCII })
        flight.press("3")
        #expect(flight.screen.text.unicodeScalars.allSatisfy { $0.isASCII })
        flight = try broken(80, 24, depth: .mono)
        flight.press("2G{Up}")
        Golden.check(flight.screen.text + "\n\n" + flight.screen.styleMap, "breakers-mono-80x24")
        flight.checkNoColors()
    }

    @Test("the overview with replicas and a breaker for each")
    func overview() throws {
        let flight = try broken(120, 40)
        Golden.check(flight.screen, "depot-120x40")
    }

    @Test("the number keys go to the screens, Esc and 1 back, and what is selected stays so")
    func keys() throws {
        var flight = try broken(120, 40)
        #expect(flight.dashboard.page == .overview)
        flight.press("2")
        #expect(flight.dashboard.page == .breakers && flight.dashboard.focus == .breakerList)
        flight.press("G")
        let last = flight.dashboard.selection(flight.dashboard.scene(flight.session))
        flight.press("1")
        #expect(flight.dashboard.page == .overview && flight.dashboard.focus == .breakers)
        #expect(flight.dashboard.selection(flight.dashboard.scene(flight.session)) == last)
        flight.press("3{Tab}")
        #expect(flight.dashboard.focus == .guards)
        flight.press("{Tab}{Enter}2")
        #expect(flight.dashboard.page == .breakers && flight.dashboard.front == .panes)
        flight.press("z{Esc}")
        #expect(flight.dashboard.page == .breakers)
        flight.press("{Esc}")
        #expect(flight.dashboard.page == .overview)
        flight.press("3/")
        #expect(flight.dashboard.page == .overview && flight.dashboard.focus == .events)
    }

    @Test("every item of every screen has a detail, targets to break and perhaps a why")
    func everyItem() throws {
        var flight = try broken(80, 24)
        for page in ["1", "2", "3"] {
            flight.press(page)
            flight.checkEveryItem { item, scene in _ = item.entryToExplain(scene) }
        }
    }

    @Test("both screens can be drawn at every size")
    func everySize() throws {
        var flight = try broken(80, 24)
        let keys = ["2", "G", "{Enter}", "{Esc}", "w", "{Esc}", "z", "3", "{Down}", "{Tab}", "G", "{Enter}", "1"]
        flight.checkEverySize(pressing: keys, isPlain: false)
    }
}
