internal import Sagas
internal import Screen
internal import Simulation
internal import Timeline

extension SagaWords {
    /// What was booked for it, and what of that stands.
    func money(_ story: [Entry]) -> [Line] {
        var sums = [Int64](repeating: 0, count: world.accounts.count)
        var lines: [Line] = []
        for entry in story {
            guard entry.what == .booked, case .cents(let cents, let account) = entry.why else { continue }
            sums[Int(account)] &+= cents
            let when = "+\(Figures.length(entry.time - saga.startedAt))".indented(to: 7)
            let booked = "\(Figures.money(cents)) \(world.accounts[Int(account)])"
            lines.append(Line(.text("\(when)  ", .faint), .text(booked, .text)))
        }
        guard !lines.isEmpty else { return DetailText.section("money") + [Line("nothing was booked for it", .faint)] }
        let total = sums.indices.filter { sums[$0] != 0 }.map { "\(world.accounts[$0]) \(Figures.money(sums[$0]))" }
        return DetailText.section("money: \(total.joined(separator: ", "))") + lines
    }

    /// Its journal entries, newest first, each with the entry that caused it; a cause from outside in words.
    func entries(_ story: [Entry], _ scene: Scene) -> [Line] {
        guard !story.isEmpty else { return [] }
        let own = Set(story.map(\.id))
        return DetailText.section("events, newest first: number, and number of the cause")
            + story.reversed().flatMap { entry in
                let when = "+\(Figures.length(entry.time - saga.startedAt))".indented(to: 7)
                let cause = entry.cause == .none ? "" : "\(Character(glyphs.marks.leftArrow))\(entry.cause.number)"
                let number = "\(entry.id.number)\(cause)".padded(to: 15)
                let news = scene.news(of: entry)
                let line = Line(.text("\(when) \(number) ", .faint), .text(news, entry.what.role))
                guard entry.cause != .none, !own.contains(entry.cause), let outside = scene.journal[entry.cause] else {
                    return [line]
                }
                let because = scene.news(of: outside)
                return [line, Line("".padded(to: 24) + "because \(because)", .warning)]
            }
    }

    /// What it has decided: all that a crash of its orchestrator leaves, oldest first.
    var decided: [Line] {
        guard !saga.events.isEmpty else { return [] }
        return DetailText.section("its own events, as they are stored")
            + saga.events.enumerated().map { place, event in
                let when = "+\(Figures.length(event.time - saga.startedAt))".indented(to: 7)
                return Line(
                    .text("\(when) \("\(place + 1)".indented(to: 3))  ", .faint),
                    .text(event.what.words(plan.definition, at: event.time), .text))
            }
    }
}

extension Saga.Event.What {
    /// What was decided, in words.
    func words(_ definition: SagaDefinition, at time: Instant) -> String {
        func name(_ step: UInt8) -> String {
            definition.steps.indices.contains(Int(step)) ? definition.steps[Int(step)].name : "step \(step + 1)"
        }
        func undo(_ step: UInt8) -> String {
            guard definition.steps.indices.contains(Int(step)) else { return "undo \(step + 1)" }
            return definition.steps[Int(step)].undo?.shortName ?? name(step)
        }
        func again(_ next: Instant?) -> String {
            next.map { ", again in \(Figures.length($0 - time))" } ?? ", for good"
        }
        switch self {
        case .started: return "started"
        case .locked: return "has its lock"
        case .forked(let other): return "runs #\(other) again"
        case .stepAdopted(let step, _): return "\(name(step)) was done by the saga before"
        case .stepRequested(let step, let attempt): return "call \(name(step)), attempt \(attempt)"
        case .stepDone(let step, let attempt, let result):
            return "\(name(step)) done, attempt \(attempt)" + (result.map { ", result \($0)" } ?? "")
        case .stepFailed(let step, let attempt, let failure, let next):
            return "\(name(step)) failed, attempt \(attempt): \(failure.text)\(again(next))"
        case .stepStalled(let step): return "\(name(step)) waits for an operator"
        case .stepSkipped(let step, _): return "\(name(step)) skipped"
        case .turnedBack(let cause): return "turns back: \(cause.text)"
        case .undoRequested(let step, let attempt): return "call \(undo(step)), attempt \(attempt)"
        case .undoDone(let step, let attempt): return "\(name(step)) undone, attempt \(attempt)"
        case .undoFailed(let step, let attempt, let failure, let next, _):
            return "\(undo(step)) failed, attempt \(attempt): \(failure.text)\(again(next))"
        case .undoExhausted(let step, .goesOn): return "\(undo(step)) is given up"
        case .undoExhausted(let step, .waitsForOperator): return "\(undo(step)) waits for an operator"
        case .undoResolved(let step): return "\(name(step)) taken back by hand"
        case .compensationRetried: return "undos that were given up are tried again"
        case .timeLimitPassed: return "time limit passed while the pivot is called"
        case .overdue: return "overdue"
        case .compensationOverdue: return "the way back takes too long"
        case .paused(.ordered): return "paused"
        case .paused(.tooManyRecoveries): return "paused: picked up after too many crashes"
        case .resumed: return "resumed"
        case .recovered: return "read back after a crash"
        case .ordered(let kind): return "an operator ordered: \(kind)"
        case .completed: return "completed"
        case .compensated: return "compensated"
        case .compensationFailed: return "compensation failed"
        case .killed: return "killed"
        }
    }
}
