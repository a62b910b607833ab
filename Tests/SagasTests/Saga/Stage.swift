import Sagas
import Testing
import Timeline

/// A saga, played line by line: `1000 fails charge unknown > charge at 2000`.
///
/// A line is a time in milliseconds, an input, and after `>` what must follow. Inputs: `start`, `ok STEP`, `fails STEP`,
/// `undone STEP`, `undo fails STEP`, each with perhaps `#2` (the attempt; else the present one), `=5` (the result),
/// `unknown` (the outcome), `final` (not retryable), `after 5000` (retry after); `time`, `recovered`, `locked`,
/// `refused`; and the orders `retry`, `skip STEP`, `pause`, `resume`, `cancel`, `kill`, `retry compensation`, `resolve`.
///
/// What follows is, for each event that matters to the outside: `charge` (called), `charge#2`, `undo charge`, `charge at
/// 2000` (the next attempt), `back`, `stalled charge`, `given up charge`, `overdue`, `paused`, `completed`, ... and nothing.
/// A refused order is `refused: ` and the message.
struct Stage {
    var saga: Saga
    let definition: SagaDefinition
    var random = RandomStream(seed: 1, name: "saga", purpose: "jitter")
    var events: [Saga.Event] = []

    init(_ definition: SagaDefinition, data: SagaData = SagaData()) {
        saga = Saga(id: 7, data: data)
        self.definition = definition
    }

    /// Plays the lines, compares what follows each, and each time whether the events alone make the same saga.
    mutating func play(_ script: String, sourceLocation: SourceLocation = #_sourceLocation) {
        for line in script.split(separator: "\n") {
            let halves = line.split(separator: ">", maxSplits: 1).map { $0.split(separator: " ").map(String.init) }
            guard let time = Int64(halves[0][0]) else {
                Issue.record("no time in \(line)", sourceLocation: sourceLocation)
                return
            }
            let found = feed(Array(halves[0].dropFirst()), at: .ms(time))
            let expected = halves.count > 1 ? halves[1].joined(separator: " ") : ""
            #expect(found == expected, "\(line)", sourceLocation: sourceLocation)
            #expect(Portrait(saga, definition) == replayed, "\(line)", sourceLocation: sourceLocation)
        }
    }

    /// What the events alone make.
    private var replayed: Portrait {
        var other = Saga(id: saga.id, data: saga.data)
        for event in events { other.evolve(event, under: definition) }
        return Portrait(other, definition)
    }

    private mutating func feed(_ words: [String], at now: Instant) -> String {
        let before = events.count
        if let order = order(words) {
            do {
                try saga.obey(order, at: now, under: definition, into: &events)
            } catch {
                #expect(events.count == before)
                return "refused: \(error)"
            }
        } else {
            saga.handle(input(words), at: now, under: definition, using: &random, into: &events)
        }
        return events[before...].compactMap { word(for: $0.what) }.joined(separator: ", ")
    }

    private func order(_ words: [String]) -> Saga.Order? {
        switch words[0] {
        case "retry": words.count > 1 ? .retryCompensation : .retryNow
        case "skip": .skip(step: position(words[1]), result(words))
        case "pause": .pause
        case "resume": .resume
        case "cancel": .cancel
        case "kill": .kill
        case "resolve": .markResolved
        default: nil
        }
    }

    private func input(_ words: [String]) -> Saga.Input {
        let isUndo = words[0] == "undo" || words[0] == "undone"
        let name = words[0] == "undo" ? words[2] : words.count > 1 ? words[1] : ""
        let step = position(name.split(separator: "#").first.map(String.init) ?? "")
        let attempt = name.split(separator: "#").dropFirst().first.flatMap { Int($0) }
        let now = attempt ?? (definition.steps.indices.contains(step) ? saga.attempts(of: step) : 1)
        switch words[0] {
        case "start": return .start
        case "time": return .timePassed
        case "recovered": return .recovered
        case "locked": return .lockGranted
        case "refused": return .lockRefused
        case "ok": return .stepReplied(step: step, attempt: now, .success(result(words)))
        case "undone": return .undoReplied(step: step, attempt: now, .success(nil))
        default:
            let failure = Saga.Failure(
                .unspecified, words.contains("unknown") ? .unknown : words.contains("never") ? .never : .notExecuted,
                isRetryable: !words.contains("final")
            )
            let after = words.firstIndex(of: "after").flatMap { Int64(words[$0 + 1]) }.map { Duration.milliseconds($0) }
            let reply = Saga.Reply.failure(failure, retryAfter: after)
            return isUndo
                ? .undoReplied(step: step, attempt: now, reply) : .stepReplied(step: step, attempt: now, reply)
        }
    }

    private func result(_ words: [String]) -> SagaValue? {
        words.first { $0.hasPrefix("=") }.map { word in
            word.hasSuffix("c")
                ? .cents(Int64(word.dropFirst().dropLast()) ?? 0) : .number(Int64(word.dropFirst()) ?? 0)
        }
    }

    private func position(_ name: String) -> Int { definition.steps.firstIndex { $0.name == name } ?? 99 }

    private func name(_ step: UInt8) -> String { definition.steps[Int(step)].name }

    /// The word for an event that matters to the outside; nil for the others.
    private func word(for what: Saga.Event.What) -> String? {
        switch what {
        case .stepRequested(let step, let attempt): name(step) + (attempt > 1 ? "#\(attempt)" : "")
        case .undoRequested(let step, let attempt): "undo " + name(step) + (attempt > 1 ? "#\(attempt)" : "")
        case .stepFailed(let step, _, _, let next?): "\(name(step)) at \(next.nanoseconds / 1_000_000)"
        case .undoFailed(let step, _, _, let next?, _): "undo \(name(step)) at \(next.nanoseconds / 1_000_000)"
        case .turnedBack: "back"
        case .stepStalled(let step): "stalled \(name(step))"
        case .stepSkipped(let step, _): "skipped \(name(step))"
        case .undoExhausted(let step, .goesOn): "given up \(name(step))"
        case .undoExhausted(let step, .waitsForOperator): "stalled undo \(name(step))"
        case .undoResolved(let step): "resolved \(name(step))"
        case .stepAdopted(let step, _): "adopted \(name(step))"
        case .paused(.ordered): "paused"
        case .paused(.tooManyRecoveries): "paused after too many recoveries"
        case .overdue: "overdue"
        case .completed: "completed"
        case .compensated: "compensated"
        case .compensationFailed: "compensation failed"
        case .killed: "killed"
        case .started, .locked, .forked, .stepDone, .stepFailed, .undoDone, .undoFailed, .compensationRetried,
            .timeLimitPassed, .compensationOverdue, .resumed, .recovered, .ordered:
            nil
        }
    }

    /// What has become of each step.
    var statuses: [Saga.StepStatus] { definition.steps.indices.map(saga.status(of:)) }
}

/// All that can be seen of a saga.
struct Portrait: Equatable {
    let phase: Saga.Phase
    let steps: [String]
    let times: [Instant?]
    let isPaused: Bool
    let isOverdue: Bool
    let counts: [Int]
    let lastError: Saga.StepError?

    init(_ saga: Saga, _ definition: SagaDefinition) {
        phase = saga.phase
        steps = definition.steps.indices.map { step in
            let result = saga.result(of: step, under: definition).map { "\($0)" } ?? "-"
            return "\(saga.status(of: step)) \(saga.attempts(of: step)) \(saga.since(step)) \(result)"
                + " \(saga.idempotencyKey(of: step)) \(String(describing: saga.nextAttempt(of: step)))"
        }
        times = [saga.startedAt, saga.turnedBack?.at, saga.pausedAt, saga.progressedAt, saga.due(under: definition)]
        (isPaused, isOverdue) = (saga.isStopped, saga.isOverdue)
        counts = [saga.retries, saga.recoveredTimes, saga.undoStackDepth]
        lastError = saga.lastError
    }
}
