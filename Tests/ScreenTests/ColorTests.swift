import Screen
import Testing

@Suite struct ColorTests {
    @Test(
        "A colour becomes the nearest entry of the 256-colour palette",
        arguments: [
            ("#000000", 16), ("#ffffff", 231), ("#ff0000", 196), ("#00ff00", 46), ("#0000ff", 21), ("#ff5555", 203),
            ("#080808", 232), ("#808080", 244), ("#eeeeee", 255), ("#5f87af", 67), ("#ffb86c", 215), ("#121314", 233),
        ] as [(String, UInt8)])
    func nearestOf256(hex: String, index: UInt8) throws {
        #expect(try #require(Color(hex: hex)).quantized(to: .indexed256) == .indexed(index))
    }

    @Test("No palette entry is nearer than the one chosen among the cube and the greys")
    func nearestOf256IsNearest() {
        let steps = (0...8).map { UInt8($0 * 31) }
        for red in steps {
            for green in steps {
                for blue in steps {
                    let color = Color.rgb(red: red, green: green, blue: blue)
                    guard case .indexed(let chosen) = color.quantized(to: .indexed256) else {
                        Issue.record("\(color) did not become a palette entry")
                        continue
                    }
                    let best = (16...255).map { distance(from: (red, green, blue), toEntry: $0) }.min() ?? 0
                    let got = distance(from: (red, green, blue), toEntry: Int(chosen))
                    #expect(got == best, "\(color) became \(chosen)")
                }
            }
        }
    }

    @Test(
        "Among eight and sixteen colours the nearest is taken",
        arguments: [
            ("#ff5555", 1, 9), ("#00c800", 2, 2), ("#f1fa8c", 7, 7), ("#101010", 0, 0), ("#fafafa", 7, 15),
            ("#0000ff", 4, 4), ("#808080", 7, 8), ("#606060", 0, 8),
        ] as [(String, UInt8, UInt8)])
    func nearestOfFew(hex: String, of8: UInt8, of16: UInt8) throws {
        let color = try #require(Color(hex: hex))
        #expect(color.quantized(to: .ansi16) == .indexed(of16))
        #expect(color.quantized(to: .ansi8) == .indexed(of8))
    }

    @Test("A palette entry that the terminal has is left alone, at every depth")
    func shownEntriesStay() {
        for index in UInt8.min...UInt8.max {
            let color = Color.indexed(index)
            #expect(color.quantized(to: .indexed256) == color)
            #expect((color.quantized(to: .ansi16) == color) == (index < 16))
            #expect((color.quantized(to: .ansi8) == color) == (index < 8))
            #expect(color.quantized(to: .mono) == .default)
        }
    }

    @Test("The default colour is the default at every depth", arguments: ColorDepth.allCases)
    func defaultStays(depth: ColorDepth) {
        #expect(Color.default.quantized(to: depth) == .default)
    }

    @Test(
        "Only # and six digits are a colour",
        arguments: ["", "#fff", "ff5555", "#ff555", "#gg0000", "#+10000", "#é000"])
    func badHex(text: String) {
        #expect(Color(hex: text) == nil)
    }

    @Test("A colour is described by the text that it came from")
    func description() {
        #expect(Color(hex: "#0aF00f")?.description == "#0af00f")
        #expect(Color.magenta.description == "magenta")
        #expect(Color.indexed(203).description == "color 203")
    }

    /// The xterm palette computed afresh, as an oracle.
    private func distance(from sought: (UInt8, UInt8, UInt8), toEntry index: Int) -> Int {
        let levels = [0, 95, 135, 175, 215, 255]
        let entry: [Int]
        if index >= 232 {
            entry = Array(repeating: 8 + (index - 232) * 10, count: 3)
        } else {
            entry = [levels[(index - 16) / 36], levels[(index - 16) / 6 % 6], levels[(index - 16) % 6]]
        }
        return zip([sought.0, sought.1, sought.2], entry).reduce(0) { sum, pair in
            sum + (Int(pair.0) - pair.1) * (Int(pair.0) - pair.1)
        }
    }
}

@Suite struct StyleTests {
    @Test("Dark grey does not vanish among eight colours: it becomes dim default text")
    func darkGreyStaysReadable() {
        let grey = Style(.rgb(red: 60, green: 60, blue: 60), .underline)
        #expect(grey.quantized(to: .ansi8) == Style(.default, [.dim, .underline]))
        #expect(Style(.black, on: .white).quantized(to: .ansi8) == Style(.black, on: .white))
        #expect(Style(.black).quantized(to: .ansi8) == Style(.black))
    }

    @Test("Without colours the attributes remain")
    func monoKeepsAttributes() {
        #expect(Style(.red, on: .blue, [.bold, .reverse]).quantized(to: .mono) == Style(.default, [.bold, .reverse]))
    }

    @Test("A style is described in words")
    func description() {
        #expect(Style.plain.description == "plain")
        #expect(Style(.red, .bold).description == "red bold")
        #expect(Style(on: .blue).description == "default on blue")
        #expect(Style(.default, [.dim, .underline]).description == "dim underline")
    }
}
