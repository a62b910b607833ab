import Simulation
import Timeline

/// Watches a run for what is expected of it.
///
/// All that it remembers are first times: when something first held, was first violated, first had a sample, and
/// when its interval was over. So to go back is to forget what is later; the replay finds it again.
///
/// - States, queues and the ledger are judged after every event that touched them, and at both ends of the
///   interval, when everything due by then has happened.
/// - A predicate with a windowed metric is judged whenever a window of one second closes within the interval.
///   It covers the last ten windows, without those that began before the interval; `at T` covers the last ten
///   that have closed, `at end` the whole run. `always` judges it while the load lasts.
struct Judge: Sendable {
    /// Something seen for the first time.
    fileprivate struct Fact: Sendable {
        var time: Instant
        var observed: String
    }

    /// What was seen of one expectation.
    fileprivate struct Case: Sendable {
        let expectation: Expectation
        let interval: ClosedInterval
        let watch: Watch
        var sampled: Instant?
        var held: Fact?
        var violated: Fact?
        /// The interval is over.
        var over: Fact?
        /// Whether it held when the interval was over.
        var heldAtEnd: Bool?
    }

    fileprivate struct ClosedInterval: Sendable {
        var start: Instant
        var end: Instant
    }

    /// How the run ended.
    struct Ending: Sendable {
        var time: Instant
        /// Whether everything came to rest.
        var isDrained: Bool
        /// Whether it was ended before its load was over.
        var isCutShort: Bool
    }

    private var cases: [Case]
    /// The changes to stop for, up to the next ``boundary(after:)``.
    private(set) var watch: Watch = []
    /// How the run ended, if it has.
    private(set) var ending: Ending?
    /// When the load stops.
    var loadEnd: Instant

    init(_ expectations: [Expectation], loadEnd: Instant) {
        self.loadEnd = loadEnd
        cases = expectations.map {
            let interval = ClosedInterval(start: $0.span.start, end: $0.span.end)
            return Case(expectation: $0, interval: interval, watch: $0.predicate.watch)
        }
    }

    /// The next moment after this at which an interval begins or ends.
    func boundary(after now: Instant) -> Instant {
        cases.reduce(.distantFuture) { next, each in
            guard each.over == nil else { return next }
            return [each.interval.start, each.interval.end].filter { $0 > now }.reduce(next) { min($0, $1) }
        }
    }

    /// Looks at the run after an event that made these changes, or wherever it stopped.
    mutating func look(at simulation: Simulation, changes: Watch) {
        let now = simulation.world.now
        for index in cases.indices where cases[index].over == nil {
            let interval = cases[index].interval
            guard now >= interval.start else { continue }
            if !cases[index].isDecided, !cases[index].watch.isDisjoint(with: changes) {
                judge(index, simulation, at: now)
            }
        }
    }

    /// Looks at the run when everything due by now has happened.
    mutating func lookAtRest(at simulation: Simulation) {
        defer { refreshWatch(at: simulation.world.now) }
        let now = simulation.world.now
        look(at: simulation, changes: Watch(rawValue: .max).subtracting(.windows))
        for index in cases.indices where cases[index].over == nil && cases[index].interval.end <= now {
            conclude(index, simulation, Coverage(before: now, notBefore: start(of: index)))
        }
    }

    /// The run is over.
    mutating func end(_ ending: Ending, at simulation: Simulation) {
        lookAtRest(at: simulation)
        self.ending = ending
        let second = World.window.nanoseconds
        let loaded = Int(min(loadEnd, ending.time).nanoseconds / second)
        for index in cases.indices where cases[index].over == nil {
            switch cases[index].expectation.span {
            case .atEnd: conclude(index, simulation, .wholeRun(loaded: loaded))
            case .always: conclude(index, simulation, Coverage(before: min(loadEnd, ending.time)))
            case .by, .from, .during, .at: break
            }
        }
    }

    /// Forgets what was seen after a moment, to which the run goes back.
    mutating func forget(after moment: Instant) {
        ending = nil
        for index in cases.indices {
            if let time = cases[index].sampled, time > moment { cases[index].sampled = nil }
            if let fact = cases[index].held, fact.time > moment { cases[index].held = nil }
            if let fact = cases[index].violated, fact.time > moment { cases[index].violated = nil }
            let isAtEnd = cases[index].interval.end == .distantFuture
            if let fact = cases[index].over, fact.time > moment || isAtEnd {
                cases[index].over = nil
                cases[index].heldAtEnd = nil
            }
        }
        refreshWatch(at: moment)
    }

    private func start(of index: Int) -> Instant {
        if case .at = cases[index].expectation.span { return .zero }
        return cases[index].interval.start
    }

    private mutating func judge(_ index: Int, _ simulation: Simulation, at now: Instant) {
        let each = cases[index]
        guard each.expectation.span.isContinuous, now <= each.interval.end else { return }
        let isWindowed = each.watch.contains(.windows)
        if isWindowed, case .always = each.expectation.span, now > loadEnd { return }
        let coverage = Coverage(before: now, notBefore: each.interval.start)
        guard let holds = each.expectation.predicate.holds(in: simulation, over: coverage) else { return }
        if each.sampled == nil { cases[index].sampled = now }
        guard holds ? each.held == nil : each.violated == nil else { return }
        let observed = each.expectation.predicate.observation(in: simulation, over: coverage)
        let fact = Fact(time: now, observed: observed)
        if holds { cases[index].held = fact } else { cases[index].violated = fact }
        refreshWatch(at: now)
    }

    private mutating func refreshWatch(at now: Instant) {
        watch = cases.reduce([]) { watch, each in
            let isOpen = !each.isDecided && each.over == nil && each.interval.start <= now
            return isOpen && each.expectation.span.isContinuous ? watch.union(each.watch) : watch
        }
    }

    private mutating func conclude(_ index: Int, _ simulation: Simulation, _ coverage: Coverage) {
        let predicate = cases[index].expectation.predicate
        let observed = predicate.observation(in: simulation, over: coverage)
        cases[index].over = Fact(time: simulation.world.now, observed: observed)
        guard !cases[index].expectation.span.isContinuous else { return }
        cases[index].heldAtEnd = predicate.holds(in: simulation, over: coverage)
        if cases[index].heldAtEnd != nil { cases[index].sampled = simulation.world.now }
    }
}

extension Judge.Case {
    /// Whether nothing more that is seen can matter.
    fileprivate var isDecided: Bool {
        switch expectation.span {
        case .by, .from: held != nil
        case .during, .always: violated != nil
        case .at, .atEnd: over != nil
        }
    }
}

extension Expectation.Span {
    /// When its interval begins.
    fileprivate var start: Instant {
        switch self {
        case .by, .always: .zero
        case .from(let start, _), .during(let start, _): start
        case .at(let time): time
        case .atEnd: .distantFuture
        }
    }

    /// When its interval ends; in the distant future for the end of the run.
    fileprivate var end: Instant {
        switch self {
        case .by(let end), .from(_, let end), .during(_, let end): end
        case .at(let time): time
        case .always, .atEnd: .distantFuture
        }
    }

    /// Whether it is judged throughout its interval, rather than once.
    fileprivate var isContinuous: Bool {
        switch self {
        case .by, .from, .during, .always: true
        case .at, .atEnd: false
        }
    }
}

extension Judge {
    /// How every expectation stands.
    ///
    /// - Parameter errors: what went wrong in the run, and when.
    func judgements(of simulation: Simulation, errors: [RunError]) -> [Judgement] {
        cases.map { each in
            var judgement = first(each)
            let end = min(each.interval.end, ending?.time ?? .distantFuture)
            let decided = judgement.firstViolated ?? judgement.firstHeld ?? end
            if let error = errors.first(where: { $0.time <= min(decided, simulation.world.now) }) {
                judgement.verdict = .error
                judgement.reason = error.message
                return judgement
            }
            guard judgement.verdict != nil, judgement.verdict != .inconclusive else { return judgement }
            // A violation from before a fault was injected cannot be for want of its hits.
            let last = judgement.verdict == .fail ? min(end, decided) : end
            let idle = simulation.world.faultLog.firstIndex { $0.since < last && $0.hits == 0 }
            if let idle {
                judgement.verdict = .inconclusive
                judgement.reason = "fault F\(idle + 1) has hit nothing"
            }
            return judgement
        }
    }

    /// How an expectation stands by what was seen of it alone.
    private func first(_ each: Case) -> Judgement {
        var judgement = Judgement(each.expectation)
        switch each.expectation.span {
        case .by, .from:
            judgement.firstHeld = each.held?.time
            if let held = each.held { judgement.decide(.pass, held.observed) } else { judgement.missed(each) }
        case .during, .always:
            if let violated = each.violated {
                judgement.firstViolated = violated.time
                judgement.decide(.fail, violated.observed)
            } else if let over = each.over {
                judgement.decide(each.sampled == nil ? .inconclusive : .pass, over.observed)
            }
        case .at, .atEnd:
            judgement.once(each)
        }
        if judgement.verdict == .inconclusive { judgement.reason = "no sample in the interval" }
        if each.expectation.span == .atEnd, let ending, !ending.isDrained {
            judgement.verdict = .inconclusive
            judgement.reason =
                ending.isCutShort
                ? "the run was cut short" : "still busy after draining for \(Session.longestDrain.exactText)"
        }
        if judgement.verdict == nil, let ending {
            judgement.verdict = .inconclusive
            judgement.reason = "the run ended at \(ending.time.exactText)"
        }
        return judgement
    }
}

extension Judgement {
    fileprivate mutating func decide(_ verdict: Verdict, _ observed: String) {
        self.verdict = verdict
        self.observed = observed
    }

    /// What should have come about did not, so far.
    fileprivate mutating func missed(_ each: Judge.Case) {
        guard let over = each.over else { return }
        decide(each.sampled == nil ? .inconclusive : .fail, over.observed)
        if verdict == .fail { firstViolated = over.time }
    }

    /// What is judged once has been, or not yet.
    fileprivate mutating func once(_ each: Judge.Case) {
        guard let over = each.over else { return }
        let verdicts: [Bool?: Verdict] = [true: .pass, false: .fail, nil: .inconclusive]
        decide(verdicts[each.heldAtEnd] ?? .inconclusive, over.observed)
        if each.heldAtEnd == true { firstHeld = over.time }
        if each.heldAtEnd == false { firstViolated = over.time }
    }
}
