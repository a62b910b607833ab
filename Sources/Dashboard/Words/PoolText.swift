internal import Screen
internal import Timeline

// How pools are put into signs and words, in lists and in detail.

extension PoolFigures {
    /// How busy it is, in a word.
    func badge(_ marks: Glyphs.Marks) -> Badge {
        if isQueueFull { return Badge(sign: marks.warning, word: "FULL", role: .bad) }
        if queued > 0 { return Badge(sign: marks.waiting, word: "QUEUE", role: .warning) }
        if isFull { return Badge(sign: marks.bullet, word: "BUSY", role: .warning) }
        return active > 0
            ? Badge(sign: marks.play, word: "WORK", role: .good) : Badge(sign: marks.dot, word: "IDLE", role: .idle)
    }

    /// The same of a service or a replica, which may be down.
    func badge(isDown: Bool, _ marks: Glyphs.Marks) -> Badge {
        isDown ? Badge(sign: marks.cross, word: "DOWN", role: .bad) : badge(marks)
    }

    /// How much of it is in use, as a bar.
    var bar: Line { Line(.bar(Double(active) / Double(max(1, maximum)), columns: nil, isFull ? .warning : .bar)) }

    /// How much of it is in use, in numbers: `3/16`.
    var occupancy: Line { Line("\(active)/\(maximum)", isFull ? .warning : .text) }

    /// How many wait of how many may.
    var line: Line {
        let limit = queue.map { "/\($0)" } ?? ""
        return Line("\(queued)\(limit)", isQueueFull ? .bad : queued > 0 ? .warning : .idle)
    }

    /// How long the first in line has waited.
    func oldest(at now: Instant) -> Line {
        oldestWaiterSince.map { Line(Figures.length(now - $0), .warning) } ?? Line("-", .idle)
    }

    /// Who waits with which priority: `critical 0  high 2  normal 14 (1.2s)`.
    func lanes(at now: Instant) -> Line? {
        guard !lanes.isEmpty else { return nil }
        return lanes.reduce(Line("  waiting:", .faint)) { line, lane in
            let age = lane.oldestSince.map { " (\(Figures.length(now - $0)))" } ?? ""
            return line
                + Line(
                    .text("  \(lane.priority) ", .faint),
                    .text("\(lane.queued)\(age)", lane.queued > 0 ? .warning : .idle))
        }
    }
}

extension PoolRefusals {
    /// Those that there were, in words: `12 full, 3 expired`; empty if there were none.
    var text: String {
        byReason.filter { $0.count > 0 }.map { "\(Figures.count($0.count)) \($0.reason)" }.joined(separator: ", ")
    }
}
