import Scenarios
import Screen
import Simulation
import Testing
import Timeline

@testable import Dashboard

@Suite("The screen of caches")
struct CachePageTests {
    private static let sizes = [(60, 16), (80, 24), (120, 40), (200, 60)]

    private func flight(
        _ text: String = Larder.text, for length: Duration = .seconds(16), depth: ColorDepth = .indexed256,
        glyphs: Glyphs = .unicode
    ) throws -> Flight {
        var flight = try Flight(depth: depth, glyphs: glyphs, of: text, for: length)
        flight.press("7")
        return flight
    }

    private func resize(_ flight: inout Flight, _ width: Int, _ height: Int) {
        _ = flight.dashboard.update(.resize(width: width, height: height), &flight.session)
    }

    /// Draws the screen at every size.
    private func check(_ flight: inout Flight, _ name: String) {
        for (width, height) in Self.sizes {
            resize(&flight, width, height)
            Golden.check(flight.screen, "\(name)-\(width)x\(height)")
        }
    }

    @Test("two caches, one with all that helps while loads fail")
    func larder() throws {
        var flight = try flight()
        check(&flight, "caches-levels")
        for words in ["exclusive", "s3fifo", "↓", "served stale", "WRONG", "points better"] {
            #expect(flight.screen.text.contains(words), "\(words)")
        }
        flight.press("{Tab}{Down}")
        check(&flight, "caches-origin")
        resize(&flight, 80, 24)
        flight.press("G")
        Golden.check(flight.screen, "caches-origin-last-80x24")
        checkEveryItem(&flight)
    }

    @Test("one cache: levels without room are left out, and what it does not do is said")
    func alone() throws {
        var flight = try flight(Larder.alone, for: .seconds(20))
        check(&flight, "caches-alone")
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
        resize(&flight, 80, 24)
        Golden.check(flight.screen, "caches-level-fails-80x24")
        #expect(flight.screen.text.contains("OPEN for") && flight.screen.text.contains("lookups did without it"))
    }

    /// Every item has a detail and targets to break.
    private func checkEveryItem(_ flight: inout Flight) {
        for _ in flight.dashboard.page.panes {
            let scene = flight.dashboard.scene(flight.session)
            let items = PaneContent.of(flight.dashboard.focus, scene, flight.dashboard.choices).table.items
            #expect(Set(items).count == items.count && items.count > 4)
            for item in items {
                #expect(DetailText.of(item, scene, .unicode).lines.count > 10, "\(item)")
                #expect(item.faultTargets(scene).first == item.cacheTarget, "\(item)")
            }
            flight.press("{Tab}")
        }
    }

    @Test("K shows what each level has of a key as it is typed, Enter keeps it, an empty line goes back to the hottest")
    func inspector() throws {
        var flight = try flight(Larder.alone, for: .seconds(20))
        resize(&flight, 80, 24)
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
        resize(&flight, 80, 24)
        Golden.check(flight.screen, "caches-ascii-80x24")
        for (width, height) in [(60, 16), (61, 37), (79, 23), (110, 36), (179, 41), (180, 17), (300, 100)] {
            resize(&flight, width, height)
            for keys in ["{Tab}", "G", "{Enter}", "{Esc}", "K9{Enter}", "{Esc}", "z", "{Tab}", "z", "x", "{Esc}"] {
                flight.press(keys)
                #expect(flight.screen.width == width)
                #expect(flight.screen.text.unicodeScalars.allSatisfy { $0.isASCII })
            }
        }
        #expect(flight.screen.cells.allSatisfy { $0.style.foreground == .default && $0.style.background == .default })
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
