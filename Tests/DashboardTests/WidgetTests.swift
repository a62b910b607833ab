import Screen
import Testing
import Timeline

@testable import Dashboard

@Suite("Widgets")
struct WidgetTests {
    private func canvas(_ width: Int, _ height: Int) -> Canvas {
        Canvas(
            grid: Grid(width: width, height: height),
            look: Look(palette: Theme.plain.palette(for: .mono), glyphs: .unicode))
    }

    @Test(
        "figures are short",
        arguments: [
            (Figures.count(0), "0"), (Figures.count(12_431), "12,431"), (Figures.count(-1_000_000), "-1,000,000"),
            (Figures.short(999), "999"), (Figures.short(1_000), "1k"), (Figures.short(3_149), "3.1k"),
            (Figures.short(9_960), "10k"), (Figures.short(2_400_000), "2.4M"), (Figures.rate(0.04), "0.0"),
            (Figures.rate(59.6), "60"), (Figures.percent(0.001), "1%"), (Figures.percent(0.9999), "99%"),
            (Figures.percent(nil), "-"), (Figures.exactPercent(0.9995), "99.9%"), (Figures.exactPercent(1), "100%"),
            (Figures.count(1, "call"), "1 call"), (Figures.count(2_000, "call"), "2,000 calls"),
            (Figures.ratio(3, 16), "3/16"), (Figures.ratio(400, 400), "400/400"), (Figures.ratio(786, 1_000), "786/1k"),
            (Figures.ratio(6_669, 100_000), "6669/100k"), (Figures.ratio(12_345, 1_000_000), "12k/1M"),
            (Figures.length(.milliseconds(800)), "800ms"), (Figures.length(.microseconds(1_234)), "1.2ms"),
            (Figures.length(.milliseconds(999)), "999ms"), (Figures.length(.nanoseconds(999_900_000)), "1.0s"),
            (Figures.length(.seconds(14)), "14s"), (Figures.length(.seconds(185)), "3m05"),
            (Figures.length(.minutes(61)), "1h01"), (Figures.length(.zero), "0s"), (Figures.money(-12_345), "-123.45"),
            (Figures.money(123_456_789), "1,234,567.89"), (Figures.clock(.after(.seconds(83))), "01:23.000"),
            (Figures.clock(.after(.minutes(61))), "01:01:00.000"),
        ])
    func figures(text: String, expected: String) {
        #expect(text == expected)
    }

    @Test("columns of the highest rank go first, what is left over is shared by weight")
    func columns() {
        let table = Table(
            columns: [
                .init(heading: "A", width: 4, weight: 1), .init(heading: "B", width: 4, rank: 2),
                .init(heading: "C", width: 4, rank: 1, weight: 1, widest: 5),
            ], rows: [])
        #expect(table.widths(in: 14) == [4, 4, 4])
        #expect(table.widths(in: 13) == [7, 0, 5])
        #expect(table.widths(in: 20) == [9, 4, 5])
        #expect(table.widths(in: 8) == [8, 0, 0])
        #expect(table.widths(in: 2) == [4, 0, 0])
    }

    @Test("the selected row is in the middle, as far as the ends allow")
    func scrolling() {
        let rows = (0..<20).map { Table.Row(item: .service($0), cells: [Line("\($0)")]) }
        let table = Table(columns: [.init(heading: "", width: 2)], rows: rows)
        #expect(table.firstRow(selected: nil, height: 5) == 0)
        #expect(table.firstRow(selected: 1, height: 5) == 0)
        #expect(table.firstRow(selected: 10, height: 5) == 8)
        #expect(table.firstRow(selected: 19, height: 5) == 15)
        #expect(table.firstRow(selected: 3, height: 40) == 0)
    }

    @Test("a line is cut with an ellipsis, a bar takes what is left, a trail shows its newest")
    func lines() {
        var canvas = canvas(10, 3)
        canvas.draw(Line("much too long"), in: canvas.grid.bounds.line(0))
        canvas.draw(Line(.text("ab ", .text), .bar(1, columns: nil, .bar)), in: canvas.grid.bounds.line(1))
        let signs = (0..<12).map { Line.Sign(scalar: Unicode.Scalar(UInt8(97 + $0)), role: .text) }
        canvas.draw(Line(.trail(signs, columns: nil)), in: canvas.grid.bounds.line(2))
        #expect(canvas.grid.lines == ["much too …", "ab ███████", "cdefghijkl"])
    }

    @Test("a long text is broken between words")
    func wrapping() {
        #expect("one two three".wrapped(to: 8) == ["one two", "    three"])
        #expect("onlyoneword".wrapped(to: 4) == ["onlyoneword"])
    }
}
