internal import EventSourcing
internal import Screen
internal import Simulation

// How event stores, their nodes and their events are put into signs and words.

extension StoreFigures {
    /// How it stands, in a word or two.
    func badge(_ marks: Glyphs.Marks) -> Badge {
        if nodes.allSatisfy({ $0.condition == .down }) { return Badge(sign: marks.cross, word: "DOWN", role: .bad) }
        if leaderless > 0 { return Badge(sign: marks.cross, word: "NO LEADER", role: .bad) }
        if mostLeaders > 1 { return Badge(sign: marks.warning, word: "\(mostLeaders) LEADERS", role: .bad) }
        if nodes.contains(where: { $0.condition != .well }) {
            return Badge(sign: marks.warning, word: "IMPAIRED", role: .warning)
        }
        return Badge(sign: marks.check, word: "WELL", role: .good)
    }

    /// How many partitions have a leader, of how many.
    var led: String { available == nil ? "\(partitions.count - leaderless)/\(partitions.count)" : "none" }
}

extension NodeFigures {
    /// What it does, or what is wrong with it.
    func badge(_ marks: Glyphs.Marks) -> Badge {
        switch condition {
        case .down: Badge(sign: marks.cross, word: "DOWN", role: .bad)
        case .cutOff: Badge(sign: marks.cross, word: "CUT OFF", role: .bad)
        case .paused: Badge(sign: marks.pause, word: "PAUSED", role: .bad)
        case .losing: Badge(sign: marks.warning, word: "LOSES", role: .warning)
        case .slow: Badge(sign: marks.warning, word: "SLOW", role: .warning)
        case .well where holds == 0: Badge(sign: marks.check, word: "TAKES ALL", role: .good)
        case .well where isApart: Badge(sign: marks.warning, word: "LEADS TOO", role: .bad)
        case .well:
            leads > 0
                ? Badge(sign: marks.play, word: "LEADS", role: .good)
                : Badge(sign: marks.check, word: "FOLLOWS", role: .good)
        }
    }

    /// How far its copies are behind, in events; `apart` where it lacks nothing but has a history of its own.
    var lag: Line {
        guard behind > 0 else { return isApart ? Line("apart", .bad) : Line("0", .idle) }
        return Line(Figures.short(Double(behind)), isApart ? .bad : isWellBehind ? .warning : .text)
    }

    /// What is on its way to a disk is nothing to worry about.
    private var isWellBehind: Bool { behind > Self.onTheWay * max(1, holds) }

    private static let onTheWay = 10
}

extension CopyFigures {
    /// What the copy is among the others of its partition.
    func badge(_ marks: Glyphs.Marks) -> Badge {
        if !view.isUp { return Badge(sign: marks.cross, word: "down", role: .bad) }
        if isApart { return Badge(sign: marks.warning, word: "leads too", role: .bad) }
        return view.isLeader
            ? Badge(sign: marks.play, word: "leads", role: .good)
            : Badge(sign: marks.check, word: "follows", role: .text)
    }
}

extension LoggedEvent {
    /// What its stream is called: by its category and its number.
    var streamName: String { "\(kind.category.name)-\(stream + 1)" }

    /// What has become of it.
    func badge(_ marks: Glyphs.Marks) -> Badge {
        switch fate {
        case .committed: Badge(sign: marks.check, word: "counts", role: .good)
        case .undecided: Badge(sign: marks.waiting, word: "undecided", role: .warning)
        case .dead: Badge(sign: marks.circle, word: "never did", role: .idle)
        case .lost: Badge(sign: marks.cross, word: "LOST", role: .bad)
        }
    }

    /// Whether a filter lets it pass: by its stream, by what happened, by its request or by what became of it.
    func matches(_ filter: String, _ marks: Glyphs.Marks) -> Bool {
        filter.isEmpty
            || "\(streamName) \(kind.past) #\(request) \(badge(marks).word)".lowercased().contains(filter)
    }
}
