import Scenarios
import Screen
import Simulation
import Testing
import Timeline

@testable import Dashboard

@Suite("The screen of caches")
struct CachePageTests {
    private func flight(
        _ text: String = Larder.text, for length: Duration = .seconds(16), depth: ColorDepth = .indexed256,
        glyphs: Glyphs = .unicode
    ) throws -> Flight {
        var flight = try Flight(depth: depth, glyphs: glyphs, of: text, for: length)
        flight.press("7")
        return flight
    }

    @Test("two caches, one with all that helps while loads fail")
    func larder() throws {
        var flight = try flight()
        flight.check("caches-levels")
        for words in ["exclusive", "s3fifo", "↓", "served stale", "WRONG", "points better"] {
            #expect(flight.screen.text.contains(words), "\(words)")
        }
        flight.press("{Tab}{Down}")
        flight.check("caches-origin")
        flight.resize(80, 24)
        flight.press("G")
        Golden.check(flight.screen, "caches-origin-last-80x24")
        let panes = flight.checkEveryItem(detail: 11) { item, scene in
            #expect(item.faultTargets(scene).first == item.cacheTarget, "\(item)")
        }
        #expect(panes.allSatisfy { $0.count > 4 })
    }

    @Test("one cache: levels without room are left out, and what it does not do is said")
    func alone() throws {
        var flight = try flight(Larder.alone, for: .seconds(20))
        flight.check("caches-alone")
        #expect(!flight.screen.text.contains("L2"))
        for words in [
            "off: each loads", "off: no fail-safe", "all fit in 450", "off: nobody is told", "off: written at once",
            "behind",
        ] {
            #expect(flight.screen.text.contains(words), "\(words)")
        }
        flight.press("{Tab}{Down}{Down}{Down}{Down}w")
        #expect(flight.screen.text.contains("read without the own write"))
    }

    @Test("a level that is not asked since it fails says so")
    func failedLevel() throws {
        var flight = try flight(Larder.alone, for: .seconds(5))
        flight.press(":inject error on catalog.l3{Enter}")
        flight.fly(.seconds(3))
        flight.resize(80, 24)
        Golden.check(flight.screen, "caches-level-fails-80x24")
        #expect(flight.screen.text.contains("OPEN for") && flight.screen.text.contains("lookups did without it"))
    }

    @Test("K shows what each level has of a key as it is typed, Enter keeps it, an empty line goes back to the hottest")
    func inspector() throws {
        var flight = try flight(Larder.alone, for: .seconds(20))
        flight.resize(80, 24)
        flight.press("{Enter}")
        Golden.check(flight.screen, "caches-detail-80x24")
        #expect(flight.screen.text.contains("hottest keys of"))
        flight.press("K")
        flight.press("4")
        Golden.check(flight.screen, "caches-typing-80x24")
        flight.press("{Enter}")
        #expect(flight.dashboard.askedKey == "4" && flight.screen.text.contains("what you asked for"))
        flight.press("K{Ctrl-U}egg{Enter}")
        #expect(flight.screen.text.contains("a key is a number from 1: \"egg\" is none"))
        flight.press("{Esc}")
        #expect(flight.dashboard.front == .panes)
        flight.press("{Esc}")
        #expect(flight.dashboard.askedKey.isEmpty && flight.dashboard.page == .caches)
        flight.press("/7{Enter}K{Ctrl-U}{Enter}")
        #expect(flight.screen.text.contains("hottest keys of"))
        flight.press("K{Esc}")
        #expect(flight.dashboard.front == .detail(scroll: 0))
        flight.press("{Esc}{Esc}{Tab}K")
        #expect(flight.dashboard.page == .overview && flight.screen.text.contains("select a cache first"))
    }

    @Test("on the overview a cache's detail can be asked for a key too")
    func overview() throws {
        var flight = try Flight(of: Larder.alone, for: .seconds(8))
        flight.press("{Tab}{Tab}{Enter}")
        #expect(flight.dashboard.focus == .caches && flight.screen.text.contains("K looks a key up"))
        flight.press("K1{Enter}")
        #expect(flight.screen.text.contains("key 1: "))
    }

    @Test("without a cache there is no such screen")
    func none() throws {
        let flight = try flight(Counter.text, for: .seconds(1))
        #expect(flight.dashboard.page == .overview && !flight.screen.text.contains("7 Caches"))
        #expect(flight.screen.text.contains("the scenario has no service with a cache"))
    }

    @Test("without Unicode and without colours, at every size")
    func plain() throws {
        var flight = try flight(depth: .mono, glyphs: .ascii)
        Golden.check(flight.screen, "caches-ascii-120x40")
        flight.resize(80, 24)
        Golden.check(flight.screen, "caches-ascii-80x24")
        let keys = ["{Tab}", "G", "{Enter}", "{Esc}", "K9{Enter}", "{Esc}", "z", "{Tab}", "z", "x", "{Esc}"]
        flight.checkEverySize(pressing: keys, isPlain: true)
        flight.checkNoColors()
    }
}

extension Item {
    /// What of a cache it is about.
    fileprivate var cacheTarget: FaultPlan.Target? {
        switch self {
        case .cache(let service, let level): .cache(service: service, level: level)
        case .origin(let service, _): .cache(service: service, level: 0)
        default: nil
        }
    }
}
