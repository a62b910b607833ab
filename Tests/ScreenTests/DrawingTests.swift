import Screen
import Testing

@Suite struct TextTests {
    @Test(
        "A text stands left, in the middle or right in its line, and is cut where the line ends",
        arguments: [
            (Alignment.left, "ab", "[ab    ]"), (.center, "ab", "[  ab  ]"), (.right, "ab", "[    ab]"),
            (.center, "abc", "[ abc  ]"), (.left, "abcdefgh", "[abcde…]"), (.right, "abcdefgh", "[abcde…]"),
            (.right, "世", "[    世]"), (.left, "世界世界", "[世界… ]"), (.left, "", "[      ]"),
        ])
    func aligned(alignment: Alignment, text: String, expected: String) {
        var grid = Grid(width: 8, height: 1)
        grid.write("[      ]", x: 0, y: 0)
        grid.write(text, in: Rect(x: 1, y: 0, width: 6, height: 1), aligned: alignment, glyphs: .unicode)
        #expect(grid.text == expected)
    }

    @Test("A text that begins left of the grid shows its end, and one that passes its right edge its beginning")
    func clipped() {
        var grid = Grid(width: 4, height: 1)
        grid.write("abcdef", x: -3, y: 0)
        #expect(grid.text == "def")
        #expect(grid.write("xyz", x: 2, y: 0) == 4)
        #expect(grid.text == "dexy")
    }

    @Test("An extreme position draws nothing", arguments: [Int.min, -1_000, 1_000, Int.max])
    func extreme(position: Int) {
        var grid = Grid(width: 4, height: 1)
        grid.write("a", x: position, y: 0)
        grid.write("a", x: 0, y: position)
        grid.write("a", in: Rect(x: position, y: position, width: position, height: position), glyphs: .ascii)
        #expect(grid == Grid(width: 4, height: 1))
    }
}

@Suite struct ShapeTests {
    @Test("A box with title, note and footer, in Unicode and in ASCII")
    func boxes() {
        var grid = Grid(width: 30, height: 7)
        let labels = BoxLabels(title: "Sagas", note: "run 14", footer: "sort AGE")
        let inside = grid.box(Rect(x: 0, y: 0, width: 30, height: 3), labels, glyphs: .unicode)
        grid.write("inside", in: inside, glyphs: .unicode)
        grid.box(Rect(x: 0, y: 3, width: 30, height: 2), labels, glyphs: .ascii)
        grid.box(Rect(x: 0, y: 5, width: 30, height: 2), glyphs: .unicode, isHeavy: true)
        #expect(
            grid.text == """
                ┌─ Sagas ─────────── run 14 ─┐
                │inside                      │
                └─ sort AGE ─────────────────┘
                +- Sagas ----------- run 14 -+
                +- sort AGE -----------------+
                ╔════════════════════════════╗
                ╚════════════════════════════╝
                """)
        #expect(inside == Rect(x: 1, y: 1, width: 28, height: 1))
    }

    @Test(
        "In a narrow box the note goes first, then the end of the title",
        arguments: [
            (22, "┌─ Sagas ─── run 14 ─┐"), (20, "┌─ Sagas ─ run 14 ─┐"), (19, "┌─ Sagas ─────────┐"),
            (11, "┌─ Sagas ─┐"), (10, "┌─ Sag… ─┐"), (7, "┌─ … ─┐"), (6, "┌────┐"), (2, "┌┐"), (1, ""), (0, ""),
        ])
    func narrow(width: Int, expected: String) {
        var grid = Grid(width: 24, height: 2)
        grid.box(
            Rect(x: 0, y: 0, width: width, height: 2), BoxLabels(title: "Sagas", note: "run 14"), glyphs: .unicode)
        #expect(grid.lines[0] == expected)
    }

    @Test("A box that hangs over the edge is clipped")
    func clippedBox() {
        var grid = Grid(width: 3, height: 2)
        grid.box(Rect(x: -1, y: -1, width: 3, height: 3), glyphs: .ascii)
        #expect(grid.text == " |\n-+")
    }

    @Test("Fills stay inside the grid")
    func fills() {
        var grid = Grid(width: 4, height: 3)
        grid.fill(grid.bounds, with: ".", style: Style(.red))
        grid.fill(Rect(x: 1, y: 1, width: 99, height: 1), with: "─")
        grid.fill(Rect(x: 0, y: 1, width: 1, height: .max), with: "│")
        #expect(grid.text == "....\n│───\n│...")
        #expect(grid.styleMap == "aaaa\n\n.aaa\na = red")
    }
}

@Suite struct GraphTests {
    @Test(
        "A bar shows its fraction in eighths; only nothing is empty and only everything is full",
        arguments: [
            (0, "", "...."), (0.001, "▏", "#..."), (0.25, "█", "#..."), (0.5, "██", "##.."), (0.6, "██▍", "##.."),
            (0.999, "███▉", "###."), (1, "████", "####"), (7, "████", "####"), (-1, "", "...."), (.nan, "", "...."),
            (.infinity, "████", "####"), (-.infinity, "", "...."),
        ] as [(Double, String, String)])
    func bars(fraction: Double, unicode: String, ascii: String) {
        var grid = Grid(width: 4, height: 2)
        grid.bar(fraction, in: grid.bounds, glyphs: .unicode)
        #expect(grid.lines == [unicode, ""])
        grid.bar(fraction, in: grid.bounds, glyphs: .ascii)
        #expect(grid.lines == [ascii, ""])
    }

    @Test(
        "A sparkline shows the newest values at the right; zero is a low line, no number a gap",
        arguments: [
            ([0, 1, 2, 3, 4, 5, 6, 7, 8], nil, " ▁▁▂▃▄▅▆▇█", " __.:-=+*#"), ([1, 1], 2, "        ▄▄", "        --"),
            ([0, 0], nil, "        ▁▁", "        __"), ([4, .nan, 4], nil, "       █ █", "       # #"),
            ([.infinity, -1], 1, "        █▁", "        #_"), ([], nil, "", ""),
            ([1], .nan, "         ▁", "         _"),
            (Array(stride(from: 0, to: 20, by: 1)), 19, "▄▅▅▅▆▆▇▇▇█", "-===++***#"),
        ] as [([Double], Double?, String, String)])
    func sparklines(values: [Double], top: Double?, unicode: String, ascii: String) {
        for (glyphs, expected) in [(Glyphs.unicode, unicode), (.ascii, ascii)] {
            var grid = Grid(width: 10, height: 1)
            grid.sparkline(values, in: grid.bounds, top: top, glyphs: glyphs)
            #expect(grid.text == expected)
        }
    }

    @Test("Over two rows a sparkline has twice the heights")
    func tallSparkline() {
        var grid = Grid(width: 5, height: 2)
        grid.sparkline([1, 4, 8, 12, 16], in: grid.bounds, glyphs: .unicode)
        #expect(grid.text == "   ▄█\n▁▄███")
    }

    @Test("Graphs in an area without cells draw nothing")
    func emptyAreas() {
        var grid = Grid(width: 3, height: 1)
        for area in [Rect(x: 0, y: 0, width: 0, height: 1), Rect(x: 0, y: 0, width: 3, height: 0)] {
            grid.bar(1, in: area, glyphs: .unicode)
            grid.sparkline([1, 2], in: area, glyphs: .unicode)
        }
        #expect(grid == Grid(width: 3, height: 1))
    }
}

@Suite struct GlyphsTests {
    @Test("ASCII signs are ASCII, and every sign takes one column")
    func signs() {
        for (glyphs, isASCII) in [(Glyphs.ascii, true), (Glyphs.unicode, false)] {
            for sign in allScalars(of: glyphs) {
                #expect(sign.columns == 1, "\(sign)")
                if isASCII { #expect(sign.isASCII, "\(sign)") }
            }
        }
    }

    private func allScalars(of value: Any) -> [Unicode.Scalar] {
        if let scalar = value as? Unicode.Scalar { return [scalar] }
        return Mirror(reflecting: value).children.flatMap { allScalars(of: $0.value) }
    }
}
