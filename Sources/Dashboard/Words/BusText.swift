internal import CQRS
internal import Screen
internal import Simulation
internal import Timeline

// How command buses and their commands are put into signs and words.

extension BusFigures {
    /// How its commands are delivered, or what keeps them from it.
    func badge(_ marks: Glyphs.Marks) -> Badge {
        if view.isDown { return Badge(sign: marks.cross, word: "DOWN", role: .bad) }
        if isFull { return Badge(sign: marks.cross, word: "FULL", role: .bad) }
        if view.replay != nil { return Badge(sign: marks.play, word: "REPLAYS", role: .active) }
        if isBehind { return Badge(sign: marks.waiting, word: "BEHIND", role: .warning) }
        return Badge(sign: marks.check, word: plan.isQueued ? "QUEUED" : "LOCAL", role: .good)
    }

    /// What has to be said besides the numbers: that nobody is taken in, what is dead, how a replay goes.
    var remarks: [Line] {
        var lines: [Line] = []
        if isFull {
            let taken = view.depth - view.waiting
            let others = taken > 0 ? " with \(Figures.count(taken)) that workers have" : ""
            lines.append(Line("  its queue is full\(others): commands are refused", .bad))
        }
        if let replay = view.replay {
            lines.append(Line("  replays: \(replay.text)", .faint))
        } else if view.deadLetters > 0 {
            lines.append(Line(.text("  \(deadLetters)", .warning), .text(", r: try again", .faint)))
        }
        return lines
    }

    /// How many commands are dead letters, of how many sequences: `12 dead letters of 3 sequences`.
    var deadLetters: String {
        let letters = Figures.count(view.deadLetters, "dead letter")
        return "\(letters) of \(Figures.count(view.sequencesParked, "sequence"))"
    }

    /// Workers that are busy, of how many; a bus without a queue has none.
    var busyLine: Line {
        guard plan.isQueued else { return Line("-", .idle) }
        let role: Role = view.isDown ? .bad : view.busy >= plan.workers ? .warning : view.busy > 0 ? .text : .idle
        return Line(Figures.ratio(view.busy, plan.workers), role)
    }

    /// Commands that wait, of how many the queue holds.
    var queueLine: Line {
        guard plan.isQueued else { return Line("-", .idle) }
        return Line(
            Figures.ratio(view.waiting, plan.capacity), isFull ? .bad : view.waiting > 0 ? .warning : .idle)
    }

    /// How wide ``queueLine`` can become.
    var widestQueue: Int { plan.isQueued ? Figures.ratio(min(plan.capacity, 9_999), plan.capacity).columns : 1 }

    /// How many waited, over time: the longest queue of that time has full height, for a full one may be far off.
    func queueGraph(_ history: [Double]) -> Line {
        Line(.graph(history, columns: nil, top: isFull ? Double(plan.capacity) : nil))
    }

    /// How long the oldest command has waited.
    var oldestLine: Line {
        guard let oldest else { return Line("-", .idle) }
        return Line(Figures.length(oldest), isBehind ? .warning : .text)
    }
}

extension ReplayPlan {
    /// How far it is: `tried 12 of 52 dead letters`.
    var text: String { "tried \(Figures.count(tried)) of \(Figures.count(letters, "dead letter"))" }
}

extension ParkedSequenceView {
    /// Why its first command is a dead letter, how often it was tried, and whether it would fail again.
    var reason: String {
        guard let cause = letter.cause else { return "not tried yet" }
        let tries = letter.attempts == 1 ? "1 try" : "\(Figures.count(letter.attempts)) tries"
        return "\(cause.words), \(tries)\(isStillPoison ? "" : ", could be done now")"
    }
}

extension DeadLetter.Cause {
    /// What went wrong, in words.
    fileprivate var words: String {
        switch kind {
        case _ where kind == "server" && !detail.isEmpty: detail
        case "versionConflict": "version conflict"
        case "timeout": "timed out"
        default: description
        }
    }
}

extension CommandRejection.Reason {
    /// Why a command was refused, in words.
    var text: String {
        switch self {
        case .noHandler: "without a handler"
        case .invalid: "invalid"
        case .refused: "by middleware"
        case .business: "by the aggregate"
        case .idTaken: "another has its id"
        case .expired: "too late"
        case .busy: "too many at once"
        case .queueFull: "the queue was full"
        case .deadLettersFull: "no room for dead letters"
        }
    }
}
