internal import Timeline

/// Moments as columns of a chart, in which long stretches without anything to see are folded.
struct TimeAxis: Hashable, Sendable {
    /// A part of the time, with the same number of columns for each moment of it.
    struct Stretch: Hashable, Sendable {
        var span: Span
        /// Its first column.
        var first: Int
        var columns: Int
        /// Whether it is shorter on the screen than it would be, since nothing happens in it.
        var isFolded: Bool

        var range: Range<Int> { first..<(first + columns) }
    }

    /// From one moment to another.
    struct Span: Hashable, Sendable {
        var start: Instant
        var end: Instant

        var length: Duration { end - start }
    }

    let stretches: [Stretch]
    let columns: Int

    /// How many columns a folded stretch takes: enough to write its length there.
    static let foldColumns = 6
    /// The share of what is shown from which on an idle stretch is folded.
    private static let leastShare = 0.25

    /// Divides the columns of a chart.
    /// - Parameters:
    ///   - whole: what the chart is about.
    ///   - busy: when something happens.
    ///   - columns: how many there are.
    init(of whole: Span, busy: [Span], columns: Int) {
        self.columns = max(1, columns)
        let folds = Self.folds(Self.gaps(of: whole, busy), whole, atMost: self.columns / (Self.foldColumns * 3))
        var parts: [(span: Span, isFolded: Bool)] = []
        var next = whole.start
        for fold in folds {
            if fold.start > next { parts.append((Span(start: next, end: fold.start), false)) }
            parts.append((fold, true))
            next = fold.end
        }
        if next < whole.end || parts.isEmpty { parts.append((Span(start: next, end: whole.end), false)) }
        stretches = Self.placed(parts, columns: self.columns)
    }

    /// The column of a moment; outside of the chart, the nearest.
    func column(of moment: Instant) -> Int {
        guard let stretch = stretches.last(where: { $0.span.start <= moment }) ?? stretches.first else { return 0 }
        let length = max(.nanoseconds(1), stretch.span.length)
        let share = min(1, max(0, (moment - stretch.span.start) / length))
        return stretch.first + min(stretch.columns - 1, Int(share * Double(stretch.columns)))
    }

    /// When nothing happens, in order.
    private static func gaps(of whole: Span, _ busy: [Span]) -> [Span] {
        var gaps: [Span] = []
        var next = whole.start
        for span in busy.sorted(by: { $0.start < $1.start }) {
            if span.start > next { gaps.append(Span(start: next, end: min(span.start, whole.end))) }
            next = max(next, span.end)
        }
        if next < whole.end { gaps.append(Span(start: next, end: whole.end)) }
        return gaps
    }

    /// The gaps to fold, in order: the longest, as long as it takes a good part of what is left.
    private static func folds(_ gaps: [Span], _ whole: Span, atMost count: Int) -> [Span] {
        var folds: [Span] = []
        var rest = whole.length
        for gap in gaps.sorted(by: { $0.length > $1.length }).prefix(count) {
            guard rest > .zero, gap.length / rest > leastShare else { break }
            folds.append(gap)
            rest = rest - gap.length
        }
        return folds.sorted { $0.start < $1.start }
    }

    private static func placed(_ parts: [(span: Span, isFolded: Bool)], columns: Int) -> [Stretch] {
        let open = parts.filter { !$0.isFolded }
        let length = open.reduce(Duration.zero) { $0 + $1.span.length }
        // Each open part has a column at least.
        let free = max(0, columns - (parts.count - open.count) * foldColumns - open.count)
        var (stretches, first, past, given) = ([Stretch](), 0, Duration.zero, 0)
        for part in parts {
            var width = foldColumns
            if !part.isFolded {
                past = past + part.span.length
                let upTo = length > .zero ? Int((past / length * Double(free)).rounded()) : free
                width = 1 + upTo - given
                given = upTo
            }
            stretches.append(Stretch(span: part.span, first: first, columns: width, isFolded: part.isFolded))
            first += width
        }
        return stretches
    }
}
