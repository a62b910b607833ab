import Screen
import Testing

@Suite struct RectTests {
    @Test(
        "Fixed shares are served first, in order; weights divide the rest without a gap",
        arguments: [
            (10, [.fixed(3), .weight(1)], [3, 7]), (10, [.weight(1), .weight(1), .weight(1)], [3, 3, 4]),
            (10, [.weight(1), .fixed(4), .weight(2)], [2, 4, 4]), (5, [.fixed(3), .fixed(3), .weight(1)], [3, 2, 0]),
            (0, [.fixed(1), .weight(1)], [0, 0]), (4, [], []), (4, [.weight(0), .weight(1)], [0, 4]),
            (4, [.fixed(-5), .weight(-1)], [0, 0]), (7, [.weight(.max), .weight(.max)], [3, 4]),
            (7, [.fixed(.max), .fixed(1)], [7, 0]),
        ] as [(Int, [Rect.Share], [Int])])
    func splitting(total: Int, shares: [Rect.Share], expected: [Int]) {
        let columns = Rect(x: 5, y: 1, width: total, height: 2).columns(shares)
        #expect(columns.map(\.width) == expected)
        #expect(columns.allSatisfy { $0.y == 1 && $0.height == 2 })
        let rows = Rect(x: 5, y: 1, width: 2, height: total).rows(shares)
        #expect(rows.map(\.height) == expected)
        for (one, next) in zip(columns, columns.dropFirst()) { #expect(one.right == next.x) }
        for (one, next) in zip(rows, rows.dropFirst()) { #expect(one.bottom == next.y) }
        #expect(columns.first.map { $0.x == 5 } ?? true)
    }

    @Test("Taking strips off the four sides leaves the middle")
    func taking() {
        var rest = Rect(x: 0, y: 0, width: 10, height: 6)
        #expect(rest.takeTop(1) == Rect(x: 0, y: 0, width: 10, height: 1))
        #expect(rest.takeBottom(2) == Rect(x: 0, y: 4, width: 10, height: 2))
        #expect(rest.takeLeft(3) == Rect(x: 0, y: 1, width: 3, height: 3))
        #expect(rest.takeRight(4) == Rect(x: 6, y: 1, width: 4, height: 3))
        #expect(rest == Rect(x: 3, y: 1, width: 3, height: 3))
        #expect(rest.takeBottom(99).height == 3)
        #expect(rest.takeTop(1).isEmpty && rest.isEmpty)
    }

    @Test("Insetting by more than there is leaves an empty rectangle inside")
    func insetting() {
        let rect = Rect(x: 2, y: 3, width: 5, height: 4)
        #expect(rect.inset(by: 1) == Rect(x: 3, y: 4, width: 3, height: 2))
        #expect(rect.inset(horizontal: 2) == Rect(x: 4, y: 3, width: 1, height: 4))
        #expect(rect.inset(by: 3).isEmpty)
        #expect(rect.inset(by: .max).intersection(rect).isEmpty)
    }

    @Test("Intersection and single lines")
    func parts() {
        let rect = Rect(x: 0, y: 0, width: 4, height: 3)
        #expect(rect.intersection(Rect(x: 2, y: -1, width: 9, height: 2)) == Rect(x: 2, y: 0, width: 2, height: 1))
        #expect(rect.intersection(Rect(x: 9, y: 9, width: 1, height: 1)).isEmpty)
        #expect(rect.line(2) == Rect(x: 0, y: 2, width: 4, height: 1))
        #expect(rect.line(3).isEmpty && rect.line(-1).isEmpty)
    }

    @Test("No arithmetic on a rectangle overflows", arguments: [Int.min, -1, 0, Int.max])
    func extremes(number: Int) {
        let rect = Rect(x: number, y: number, width: number, height: number)
        #expect(rect.right >= rect.x && rect.bottom >= rect.y)
        #expect(rect.inset(by: 1).width <= rect.width)
        #expect(rect.line(number).height <= 1)
    }
}
