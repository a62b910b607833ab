internal import CQRS
internal import EventSourcing
internal import Screen
internal import Simulation
internal import Timeline

// How projections are put into signs and words, in the list and in detail.

extension ProjectionFigures {
    /// What it is at.
    func badge(_ marks: Glyphs.Marks) -> Badge {
        switch view.state {
        case .down: Badge(sign: marks.cross, word: "DOWN", role: .bad)
        case .stopped(.goal): Badge(sign: marks.play, word: "HANDS OVER", role: .active)
        case .stopped: Badge(sign: marks.cross, word: "STOPPED", role: .bad)
        case .rebuilds:
            Badge(sign: marks.play, word: "REBUILD \(Figures.percent(rebuild?.share))", role: .active)
        case .live, .catchesUp:
            isLive
                ? Badge(sign: marks.check, word: "LIVE", role: .good)
                : isFarBehind
                    ? Badge(sign: marks.warning, word: "FAR BEHIND", role: .bad)
                    : Badge(sign: marks.waiting, word: "CATCHES UP", role: .warning)
        }
    }

    /// What has to be said besides the numbers: why it has stopped, how a rebuild goes, what is set aside.
    func remarks(isPublished: Bool) -> [Line] {
        var lines: [Line] = []
        if case .stopped(let reason) = view.state, hasStopped {
            lines.append(Line(.text("  \(reason.text)", .bad), .text(", u: go on", .faint)))
        }
        if let rebuild {
            lines.append(Line("  \(rebuild.text(head: view.head))", .faint))
        }
        if view.setAside > 0 {
            lines.append(Line(.text("  \(deadLetters) set aside", .warning), .text(", r: try again", .faint)))
        }
        if isPublished, missing > 0 {
            let verb = missing == 1 ? "was" : "were"
            lines.append(Line("  \(Figures.count(missing, "event")) \(verb) never published to it", .warning))
        }
        return lines
    }

    /// How many events are set aside, in how many streams: `12 events of 3 streams`.
    var deadLetters: String {
        "\(Figures.count(view.setAside, "event")) of \(Figures.count(view.streamsSetAside, "stream"))"
    }

    /// How far it is behind in time, as good as nothing where it is live.
    var lagLine: Line {
        Line(Figures.length(lagTime), isFarBehind ? .bad : isLive ? .idle : .warning)
    }
}

extension RebuildFigures {
    /// How it goes: `version 2 is at 1,203 of 3,201, there in 3.2s`.
    func text(head: Position) -> String {
        let rest =
            switch phase {
            case .preparing, .replaying: timeToCatchUp.map { ", there in \(Figures.length($0))" } ?? ""
            case .switching: ", about to take over"
            case .handingOver(let position): ", takes over behind \(Figures.count(position.number))"
            case .dropping(let version, _): ", version \(version) is dropped"
            case .ended: ""
            }
        return "version \(version) is at \(Figures.count(position.number)) of \(Figures.count(head.number))\(rest)"
    }
}

extension ProjectionRun.StopReason {
    /// Why it has stopped, in words.
    var text: String {
        switch self {
        case .requested: "it was told to stop"
        case .goal(let position): "it has come to \(Figures.count(position.number)), where it was to stop"
        case .poison(let position, let failure, let attempts):
            "event \(Figures.count(position.number)): \(failure), tried \(Figures.times(attempts))"
        case .quarantineFull(let position, _): "no room to set event \(Figures.count(position.number)) aside"
        case .rival(let stored): "somebody else has moved its checkpoint to \(Figures.count(stored.number))"
        case .gaveUp(let request, _): "it gave up after \(request.text) had failed too often"
        }
    }
}

extension ProjectionRun.Request {
    fileprivate var text: String {
        switch self {
        case .load: "loading its checkpoint"
        case .read: "reading the log"
        case .commit: "writing its table"
        }
    }
}

extension DeadLetterView {
    /// Why it is set aside.
    var reason: String {
        let why = failure?.description ?? "could be dealt with now"
        return waiting > 0 ? "\(why), \(Figures.count(waiting)) wait behind" : why
    }
}
