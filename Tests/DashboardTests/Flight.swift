import Scenarios
import Screen
import Testing
import Timeline

@testable import Dashboard

/// A session of the shop, or of another scenario, with a dashboard in front of it.
struct Flight {
    var session: Session
    var dashboard: Dashboard

    /// A session that so much virtual time has passed in.
    init(
        width: Int = 120, height: Int = 40, depth: ColorDepth = .indexed256, glyphs: Glyphs = .unicode,
        themes: [Theme] = [], of text: String = Shop.text, for length: Duration = .zero
    ) throws {
        session = Session(scenario: try Scenario(parsing: text, file: "shop.yaml"))
        dashboard = Dashboard(width: width, height: height, themes: themes, depth: depth, glyphs: glyphs)
        dashboard.observe(&session)
        fly(length)
    }

    /// Lets so much virtual time pass, at eight frames a second as the program does.
    mutating func fly(_ length: Duration) {
        let end = session.now + length
        while session.now < end {
            let before = session.now
            session.advance(by: min(.milliseconds(125), end - session.now))
            dashboard.observe(&session)
            if session.now == before { return }
        }
    }

    /// Every key that means something.
    private static let keys = Binding.table.flatMap(\.keys)

    /// Presses keys: characters as they are, others by their name in braces. Returns what the last one asked for.
    @discardableResult
    mutating func press(_ keys: String) -> Effect? {
        var effect: Effect?
        var rest = keys.unicodeScalars[...]
        while let first = rest.first {
            var key = Key.character(first)
            if first == "{", let end = rest.firstIndex(of: "}") {
                let name = String(rest[..<end].dropFirst())
                guard let named = Self.keys.first(where: { $0.description == name }) else {
                    Issue.record("no key is called \(name)")
                    return effect
                }
                key = named
                rest = rest[end...]
            }
            effect = dashboard.update(.key(key), &session)
            rest = rest.dropFirst()
        }
        return effect
    }

    /// What is on the screen.
    var screen: Grid { dashboard.view(session) }
}
