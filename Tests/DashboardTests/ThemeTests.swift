import Foundation
import Screen
import Testing

@testable import Dashboard

@Suite("Themes")
struct ThemeTests {
    @Test("a line gives a role its colours, their stand-ins and its attributes")
    func line() {
        let (theme, problems) = Theme.read(
            "name = sea\nstate.bad = #ff0000/196/bright-red on default bold, mono: reverse underline", file: "x.theme")
        #expect(problems.isEmpty)
        #expect(theme.name == "sea")
        #expect(theme[.bad].style(at: .indexed256) == Style(.indexed(196), [.bold]))
        #expect(theme[.bad].style(at: .ansi16) == Style(.indexed(9), [.bold]))
        #expect(theme[.bad].style(at: .mono) == Style(.default, [.reverse, .underline]))
    }

    @Test("what a theme does not say looks as in the plain one, and its name is that of the file")
    func missing() {
        let (theme, problems) = Theme.read("# nothing\n\n", file: "/a/b/quiet.theme")
        #expect(problems.isEmpty)
        #expect(theme.name == "quiet")
        for role in Role.allCases { #expect(theme[role] == Theme.plain[role]) }
    }

    @Test(
        "what is wrong is said with its line and column, and the rest still counts",
        arguments: [
            ("state.bda = red", #"t.theme:2:1: unknown role "state.bda"; did you mean "state.bad"?"#),
            ("title = gren", #"t.theme:2:9: unknown color "gren"; did you mean "green"?"#),
            ("title = #12345", ##"t.theme:2:9: unknown color "#12345"; a color is"##),
            ("title = red on", #"t.theme:2:15: expected a color after "on""#),
            ("title = red blod", #"t.theme:2:13: unknown attribute "blod"; did you mean "bold"?"#),
            ("title = red, bold", #"t.theme:2:14: expected "mono:" after the comma"#),
            ("title", #"t.theme:2:1: expected "role = look""#), ("title =", "t.theme:2:8: expected a color"),
            ("title = red/1/2/3", "t.theme:2:9: expected at most"), ("name =", "t.theme:2:7: a theme needs a name"),
        ])
    func problems(line: String, message: String) {
        let (theme, problems) = Theme.read("key = cyan\n\(line)\nnotice = magenta", file: "t.theme")
        #expect(problems.count == 1)
        #expect(problems.first.map { "\($0)".hasPrefix(message) } == true, "\(problems)")
        #expect(theme[.notice].foreground == Shade(.magenta))
    }

    @Test("the themes that ship have no problem and leave nothing out", arguments: ["dark", "light"])
    func shipped(name: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("themes/\(name).theme")
        let (theme, problems) = Theme.read(try String(contentsOf: file, encoding: .utf8), file: name)
        #expect(problems.isEmpty, "\(problems)")
        #expect(theme.name == name)
        for role in Role.allCases { #expect(theme.looks[role] != nil, "\(role.name)") }
    }

    @Test("T takes the next theme")
    func change() throws {
        var loud = Theme(name: "loud")
        loud[.header] = RoleLook(Shade(.red))
        var flight = try Flight(themes: [.plain, loud])
        let before = flight.screen
        flight.press("T")
        #expect(flight.screen.text == before.text)
        #expect(flight.screen[1, 0].style.foreground == .red)
        flight.press("T")
        #expect(flight.screen == before)
    }
}
