extension Grid {
    /// Draws a level bar in the first line of an area.
    ///
    /// Only nothing looks empty and only everything looks full: a fraction between has at least the faintest sign and
    /// at most all but one.
    /// - Parameters:
    ///   - fraction: how much of the bar is filled, 0...1; beyond is clamped, and what is not a number counts as 0.
    ///   - area: where the bar goes, over its full width.
    ///   - glyphs: the signs to draw with.
    ///   - style: how the filled part looks.
    ///   - trackStyle: how the empty part looks.
    public mutating func bar(
        _ fraction: Double, in area: Rect, glyphs: Glyphs, style: Style = .plain, trackStyle: Style = .plain
    ) {
        let levels = glyphs.bar.count
        let filled = Self.steps(fraction, of: area.width * levels)
        for x in area.line(0).columnRange {
            let level = min(levels, filled - (x - area.x) * levels)
            self[x, area.y] =
                level > 0 ? Cell(glyphs.bar[level - 1], style) : Cell(glyphs.barTrack, trackStyle)
        }
    }

    /// Draws the newest values as columns of different heights, the newest at the right edge.
    ///
    /// A value of 0 is a low line and a missing one (not a number) a gap, so that nothing looks like no data.
    /// - Parameters:
    ///   - values: oldest first; those that find no column are left out.
    ///   - area: where the columns stand; over several rows they have more heights.
    ///   - top: the value of a full column; without it, the largest of the values shown.
    ///   - glyphs: the signs to draw with.
    ///   - style: how the columns look.
    public mutating func sparkline(
        _ values: [Double], in area: Rect, top: Double? = nil, glyphs: Glyphs, style: Style = .plain
    ) {
        let shown = values.suffix(area.width)
        let largest = shown.filter(\.isFinite).max() ?? 0
        let scale = top ?? largest
        let levels = glyphs.spark.count
        for (x, value) in zip(area.right - shown.count..<area.right, shown) where !value.isNaN {
            let height = max(1, scale > 0 ? Self.steps(value / scale, of: area.height * levels) : 0)
            for row in 0..<area.height {
                let level = min(levels, height - row * levels)
                if level > 0 { self[x, area.bottom - 1 - row] = Cell(glyphs.spark[level - 1], style) }
            }
        }
    }

    /// How many of `total` steps a fraction fills: none only for 0, all only for 1 and more.
    private static func steps(_ fraction: Double, of total: Int) -> Int {
        guard fraction > 0, total > 0 else { return 0 }
        guard fraction < 1 else { return total }
        return max(1, min(total - 1, Int((fraction * Double(total)).rounded())))
    }
}

extension Rect {
    fileprivate var columnRange: Range<Int> { x..<right }
}
