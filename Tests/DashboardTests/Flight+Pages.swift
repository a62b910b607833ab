import Screen
import Testing

@testable import Dashboard

// What every screen has to bear.
extension Flight {
    /// The sizes at which screens are kept: the smallest, the usual one, a large and a very large one.
    static let sizes = [(60, 16), (80, 24), (120, 40), (200, 60)]

    mutating func resize(_ width: Int, _ height: Int) {
        _ = dashboard.update(.resize(width: width, height: height), &session)
    }

    /// Compares the screen, at each of these sizes, with the one kept under a name.
    mutating func check(
        _ name: String, sizes: [(Int, Int)] = Self.sizes, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (width, height) in sizes {
            resize(width, height)
            Golden.check(screen, "\(name)-\(width)x\(height)", sourceLocation: sourceLocation)
        }
    }

    /// Every item of the panes of this screen is there once, has a detail of so many lines at least and something to
    /// break; and of each more can be true. Returns them, pane by pane.
    @discardableResult
    mutating func checkEveryItem(detail lines: Int = 1, _ more: (Item, Scene) -> Void = { _, _ in }) -> [[Item]] {
        dashboard.page.panes.map { _ in
            let scene = dashboard.scene(session)
            let items = PaneContent.of(dashboard.focus, scene, dashboard.choices).table.items
            #expect(Set(items).count == items.count)
            for item in items {
                let detail = DetailText.of(item, scene, .unicode)
                #expect(detail.lines.count >= lines, "\(item)")
                #expect(!item.faultTargets(scene).isEmpty, "\(item)")
                more(item, scene)
            }
            press("{Tab}")
            return items
        }
    }

    /// Presses keys one after the other at sizes of all kinds: the screen is of that size, and of ASCII if it is to be.
    mutating func checkEverySize(pressing keys: [String], isPlain: Bool) {
        for (width, height) in [(60, 16), (61, 37), (79, 23), (110, 36), (179, 41), (180, 17), (300, 100)] {
            resize(width, height)
            for key in keys {
                press(key)
                let drawn = screen
                #expect(drawn.width == width && drawn.height == height)
                if isPlain { #expect(drawn.text.unicodeScalars.allSatisfy { $0.isASCII }) }
            }
        }
    }

    /// Nothing on the screen has a colour.
    func checkNoColors() {
        #expect(screen.cells.allSatisfy { $0.style.foreground == .default && $0.style.background == .default })
    }
}
