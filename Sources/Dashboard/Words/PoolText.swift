internal import Resilience
internal import Screen
internal import Timeline

// How pools are put into signs and words, in lists and in detail.

extension PoolFigures {
    /// How busy it is, in a word.
    func badge(_ marks: Glyphs.Marks) -> Badge {
        switch breaker {
        case .open, .forcedOpen: return Badge(sign: marks.cross, word: "OPEN", role: .bad)
        case .halfOpen: return Badge(sign: marks.waiting, word: "PROBE", role: .warning)
        case .closed, .disabled, .metricsOnly, nil: break
        }
        if isQueueFull { return Badge(sign: marks.warning, word: "FULL", role: .bad) }
        if queued > 0 { return Badge(sign: marks.waiting, word: "QUEUE", role: .warning) }
        if isFull { return Badge(sign: marks.bullet, word: "BUSY", role: .warning) }
        return active > 0
            ? Badge(sign: marks.play, word: "WORK", role: .good) : Badge(sign: marks.dot, word: "IDLE", role: .idle)
    }

    /// How much of it is in use, as a bar.
    var bar: Line { Line(.bar(Double(active) / Double(max(1, maximum)), columns: nil, isFull ? .warning : .bar)) }

    /// How much of it is in use, in numbers: `3/16`.
    var occupancy: Line { Line(Figures.ratio(active, maximum), isFull ? .warning : .text) }

    /// How many wait of how many may.
    var line: Line {
        let text = queue.map { Figures.ratio(queued, $0) } ?? "\(queued)"
        return Line(text, isQueueFull ? .bad : queued > 0 ? .warning : .idle)
    }

    /// How long the first in line has waited.
    func oldest(at now: Instant) -> Line {
        oldestWaiterSince.map { Line(Figures.length(now - $0), .warning) } ?? Line("-", .idle)
    }

    /// How many waited, over time: full height is a full queue, or the longest of the time where a full one is so long
    /// that all that matters would look like none.
    func queueGraph(_ history: [Double]) -> Line {
        let top = queue.flatMap { $0 > 0 && $0 <= maximum * Self.longQueue ? Double($0) : nil }
        return Line(.graph(history, columns: nil, top: top))
    }

    /// A queue for more calls than so many times those that can run is a long one.
    private static let longQueue = 10

    /// How many calls ran whose caller had already gone.
    var wasted: Line { forNobody.map { PaneContent.count($0, .warning) } ?? Line("-", .idle) }

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

extension ListedPool {
    /// What it is called, further in where it is a part of something.
    var nameLine: Line { isPart ? Line("  \(name)", .faint) : Line(name) }

    /// How busy it is, in a word, or why nothing comes to it.
    func badge(_ marks: Glyphs.Marks) -> Badge {
        guard isRunning else {
            let isDone = figures.active == 0 && figures.queued == 0
            return Badge(sign: marks.waiting, word: isDone ? "OFF" : "DRAIN", role: isDone ? .idle : .warning)
        }
        if isDown { return Badge(sign: marks.cross, word: "DOWN", role: .bad) }
        return standing.worst == .eligible ? figures.badge(marks) : standing.badge(marks)
    }
}

extension ReplicaStanding {
    /// The worst that balancers make of a replica, in a word; the sign is another where they do not agree.
    func badge(_ marks: Glyphs.Marks) -> Badge {
        var badge = worst.badge(marks)
        if !isUnanimous { (badge.sign, badge.role) = (marks.warning, .warning) }
        return badge
    }
}

extension ReplicaStanding.Verdict {
    /// What a balancer makes of a replica, in a word.
    func badge(_ marks: Glyphs.Marks) -> Badge {
        switch self {
        case .eligible: Badge(sign: marks.check, word: "OK", role: .good)
        case .away: Badge(sign: marks.waiting, word: "OFF", role: .idle)
        case .unknown: Badge(sign: marks.waiting, word: "UNKNOWN", role: .warning)
        case .unhealthy: Badge(sign: marks.cross, word: "SICK", role: .bad)
        case .ejected: Badge(sign: marks.cross, word: "EJECTED", role: .bad)
        }
    }
}
