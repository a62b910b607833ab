import Screen
import Testing

@Suite struct GridTests {
    @Test("Writing outside the grid changes nothing, and reading there gives a blank")
    func outside() {
        var grid = Grid(width: 3, height: 2)
        for (x, y) in [(-1, 0), (3, 0), (0, -1), (0, 2), (.min, .max), (.max, .min)] {
            grid[x, y] = Cell("x")
            #expect(grid[x, y] == .blank)
        }
        #expect(grid == Grid(width: 3, height: 2))
    }

    @Test("A size that makes no sense is clamped", arguments: [(-1, -1), (0, 0), (0, 5), (Int.max, 0), (Int.min, 7)])
    func clampedSize(width: Int, height: Int) {
        let grid = Grid(width: width, height: height)
        #expect(grid.cells.count == grid.width * grid.height)
        #expect((0...Grid.longestSide).contains(grid.width) && (0...Grid.longestSide).contains(grid.height))
    }

    @Test("A wide scalar takes two cells and its text one")
    func wide() {
        var grid = Grid(width: 6, height: 1)
        #expect(grid.write("a世b", x: 0, y: 0) == 4)
        #expect(grid.text == "a世b")
        #expect(grid.cells.map(\.extent) == [.narrow, .wide, .continuation, .narrow, .narrow, .narrow])
    }

    @Test(
        "Overwriting one half of a wide scalar empties the other",
        arguments: [(1, "ax b"), (2, "a xb"), (0, "x世b"), (3, "a世x")])
    func halfOverwritten(x: Int, expected: String) {
        var grid = Grid(width: 4, height: 1)
        grid.write("a世b", x: 0, y: 0)
        grid[x, 0] = Cell("x")
        #expect(grid.text == expected)
        #expect(isWhole(grid))
    }

    @Test("A wide scalar over two others empties the halves that it leaves over")
    func wideOverWide() {
        var grid = Grid(width: 6, height: 1)
        grid.write("世界世", x: 0, y: 0)
        grid.write("国", x: 1, y: 0)
        #expect(grid.text == " 国 世")
        #expect(isWhole(grid))
    }

    @Test("A wide scalar does not fit into the last column")
    func wideAtTheEdge() {
        var grid = Grid(width: 3, height: 1)
        grid.write("ab世", x: 0, y: 0)
        #expect(grid.text == "ab")
        grid[2, 0] = Cell("世", Style(.red))
        #expect(grid[2, 0] == Cell(" ", Style(.red)))
    }

    @Test("Copying a grid cell by cell in any order keeps wide scalars whole")
    func continuationsCannotStandAlone() {
        var source = Grid(width: 4, height: 1)
        source.write("世界", x: 0, y: 0)
        var copy = Grid(width: 4, height: 1)
        for x in [3, 1, 0, 2] { copy[x, 0] = source[x, 0] }
        #expect(isWhole(copy))
    }

    @Test("Random writing never breaks a wide scalar apart")
    func randomWriting() {
        var state: UInt64 = 1
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let texts = ["a", "世", "ab世", "世界", "e\u{301}x", "🔒!", "\u{1B}[2J"]
        var grid = Grid(width: 9, height: 2)
        for step in 0..<5_000 {
            grid.write(texts[next(texts.count)], x: next(13) - 2, y: next(4) - 1)
            guard isWhole(grid) else {
                Issue.record("broken at step \(step): \(grid.text)")
                return
            }
        }
    }

    @Test(
        "Control characters, invisible ones and escape sequences never get into a cell",
        arguments: [
            ("a\u{1B}[31mb", "a?[31mb"), ("a\nb", "a b"), ("a\tb", "a b"), ("a\r\nb", "a  b"), ("a\u{7F}b", "a?b"),
            ("a\u{9B}31mb", "a?31mb"), ("a\u{0}b", "a?b"), ("a\u{202E}b", "ab"), ("a\u{200B}b", "ab"),
            ("e\u{301}", "e"), ("a\u{2028}b", "a b"), ("a\u{FFFFF}b", "a?b"), ("👨\u{200D}👩", "👨👩"),
        ])
    func harmless(text: String, expected: String) {
        var grid = Grid(width: 12, height: 1)
        grid.write(text, x: 0, y: 0)
        #expect(grid.text == expected)
    }

    @Test("Restyling changes looks and no text, and only inside the area")
    func restyling() {
        var grid = Grid(width: 4, height: 2)
        grid.write("abcd", x: 0, y: 0, style: Style(.red))
        grid.restyle(Rect(x: 2, y: -1, width: 9, height: 2)) { $0.attributes.insert(.reverse) }
        #expect(grid.text == "abcd\n")
        #expect(grid.styleMap == "aabb\n\na = red\nb = red reverse")
    }

    @Test("The style map letters styles in reading order")
    func styleMap() {
        var grid = Grid(width: 5, height: 2)
        grid.write("x", x: 1, y: 0, style: Style(.green, .bold))
        grid.write("yz", x: 0, y: 1, style: Style(on: .indexed(238)))
        grid.write("w", x: 2, y: 1, style: Style(.green, .bold))
        #expect(grid.styleMap == ".a\nbba\na = green bold\nb = default on color 238")
    }

    private func isWhole(_ grid: Grid) -> Bool {
        (0..<grid.height).allSatisfy { y in
            (0..<grid.width).allSatisfy { x in
                switch grid[x, y].extent {
                case .narrow: true
                case .wide: x + 1 < grid.width && grid[x + 1, y].extent == .continuation
                case .continuation: x > 0 && grid[x - 1, y].extent == .wide
                }
            }
        }
    }
}
