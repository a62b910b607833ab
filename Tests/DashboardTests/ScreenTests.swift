import Dashboard
import Screen
import Testing
import Timeline

@Suite("Screens")
struct ScreenTests {
    /// The shop after somebody has pressed x and Enter, which slows payment down.
    private func broken(
        _ width: Int, _ height: Int, depth: ColorDepth = .indexed256, glyphs: Glyphs = .unicode
    ) throws -> Flight {
        var flight = try Flight(width: width, height: height, depth: depth, glyphs: glyphs, for: .seconds(4))
        flight.press("x{Enter}")
        flight.fly(.milliseconds(2_500))
        return flight
    }

    @Test("a healthy shop", arguments: [(59, 15), (60, 16), (80, 24), (120, 40), (200, 60)])
    func healthyShop(width: Int, height: Int) throws {
        let flight = try Flight(width: width, height: height, for: .seconds(4))
        Golden.check(flight.screen, "healthy-\(width)x\(height)")
    }

    @Test("the payment breaker is open", arguments: [(80, 24), (120, 40), (200, 60)])
    func breakerOpen(width: Int, height: Int) throws {
        let flight = try broken(width, height)
        Golden.check(flight.screen, "open-\(width)x\(height)")
    }

    @Test("everything that can stand in front of the panes, and time turned back")
    func overlays() throws {
        var flight = try broken(120, 40)
        flight.press("?")
        Golden.check(flight.screen, "help-120x40")
        flight.press("{Esc}w")
        Golden.check(flight.screen, "why-120x40")
        flight.press("{Esc}x{Down}{Right}")
        Golden.check(flight.screen, "form-120x40")
        flight.press("{Esc}:heal pament{Enter}")
        Golden.check(flight.screen, "prompt-120x40")
        flight.press("{Esc}{Enter}")
        Golden.check(flight.screen, "detail-120x40")
        flight.press("{Esc}{Shift-Tab}{Enter}")
        Golden.check(flight.screen, "saga-120x40")
        flight.press("{Esc},")
        Golden.check(flight.screen, "rewound-120x40")
    }

    @Test("each pane by itself at 80x24")
    func panes() throws {
        var flight = try broken(80, 24)
        for name in ["services", "caches", "events", "requests", "faults", "sagas"] {
            flight.press("{Tab}z")
            Golden.check(flight.screen, "zoom-\(name)-80x24")
            flight.press("z")
        }
    }

    @Test("without Unicode nothing but ASCII is drawn")
    func ascii() throws {
        let flight = try broken(120, 40, glyphs: .ascii)
        Golden.check(flight.screen, "ascii-120x40")
        let text = flight.screen.text
        #expect(text.unicodeScalars.allSatisfy { $0.isASCII })
    }

    @Test("without colours attributes tell the selected line and the focus", arguments: [ColorDepth.mono, .ansi16])
    func styles(depth: ColorDepth) throws {
        let flight = try broken(80, 24, depth: depth)
        let screen = flight.screen
        Golden.check(screen.text + "\n\n" + screen.styleMap, "styles-\(depth)-80x24")
        if depth == .mono {
            #expect(screen.cells.allSatisfy { $0.style.foreground == .default && $0.style.background == .default })
        }
    }
}
