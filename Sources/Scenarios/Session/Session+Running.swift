public import Timeline
import Simulation

extension Session {
    /// Lets so much virtual time pass, if it is not paused. It stops earlier at a pause of the scenario, at what it
    /// runs to, and at the end.
    public mutating func advance(by length: Duration) {
        guard pause == nil else { return }
        run(to: now + length)
    }

    /// Lets the run go on to its end, pauses or not: the load stops at the scenario's duration, the system drains
    /// for at most 2 virtual minutes.
    ///
    /// - Parameter goesOn: is asked after every virtual second, and ends the run by saying no.
    public mutating func runToEnd(while goesOn: (inout Session) -> Bool = { _ in true }) {
        if judge.loadEnd == .distantFuture { stopLoadSoon() }
        goal = nil
        while judge.ending == nil {
            pause = nil
            let second = World.window.nanoseconds
            run(to: Instant(nanoseconds: (now.nanoseconds / second + 1) * second))
            if judge.ending == nil, !goesOn(&self) { end(isDrained: false, isCutShort: true) }
        }
    }

    /// Lets the run go on to a moment, pauses or not, and stand still there.
    public mutating func run(upTo moment: Instant) {
        goal = nil
        while judge.ending == nil, restedAt < moment {
            pause = nil
            run(to: moment)
        }
        pause = .arrived
    }

    /// Runs to a moment, or so many events, whichever is first, and no further than a pause, the goal or the end.
    mutating func run(to target: Instant, atMost count: Int = .max) {
        let start = simulation.world.eventsExecuted
        defer { furthest = max(furthest, now) }
        if reachesGoal { return arrive() }
        while judge.ending == nil, pause == nil, restedAt < target {
            let limit = min(target, nextStop)
            while restedAt < limit {
                let left = count - Int(clamping: simulation.world.eventsExecuted - start)
                guard left > 0 else { return }
                let stop = simulation.run(until: limit, atMost: left, watching: watch)
                switch stop {
                case .instant: rest()
                case .events, .change: judge.look(at: simulation, changes: simulation.world.changes)
                }
                if reachesGoal { return arrive() }
            }
        }
    }

    /// Does what is to be done where everything due has happened.
    private mutating func rest() {
        judge.lookAtRest(at: simulation)
        passClockCommands(after: restedAt)
        restedAt = now
        endIfOver()
    }

    /// The changes to stop for.
    private var watch: Watch {
        guard case .predicate(let predicate) = goal else { return judge.watch }
        return judge.watch.union(predicate.watch)
    }

    /// The next moment at which something outside the world is to be done; perhaps later in this very instant.
    private var nextStop: Instant {
        var stops = [judge.boundary(after: restedAt), nextDrainCheck]
        if case .instant(let instant) = goal { stops.append(instant) }
        if let end = options.end { stops.append(end) }
        if let clock = log.entries.first(where: { $0.time > restedAt && $0.command.command.isOfClock }) {
            stops.append(clock.time)
        }
        return stops.filter { $0 > restedAt }.reduce(.distantFuture) { min($0, $1) }
    }

    /// When to see whether the run is over: when the load stops, and at every second from then on.
    private var nextDrainCheck: Instant {
        guard restedAt >= judge.loadEnd else { return judge.loadEnd }
        let second = World.window.nanoseconds
        let next = Instant(nanoseconds: (restedAt.nanoseconds / second + 1) * second)
        let last = judge.loadEnd + Self.longestDrain
        return last > restedAt ? min(next, last) : next
    }

    /// Ends the run if its load has stopped and everything has come to rest, or if it took too long.
    ///
    /// It ends at a whole second, so that every window is complete.
    private mutating func endIfOver() {
        if let end = options.end, now >= end, end < judge.loadEnd {
            return self.end(isDrained: false, isCutShort: true)
        }
        guard now >= judge.loadEnd else { return }
        let isWhole = now.nanoseconds % World.window.nanoseconds == 0
        if isWhole, simulation.world.isIdle {
            end(isDrained: true, isCutShort: false)
        } else if now >= judge.loadEnd + Self.longestDrain {
            end(isDrained: false, isCutShort: false)
        }
    }

    mutating func end(isDrained: Bool, isCutShort: Bool) {
        goal = nil
        judge.end(Judge.Ending(time: now, isDrained: isDrained, isCutShort: isCutShort), at: simulation)
    }

    private var reachesGoal: Bool {
        switch goal {
        case nil: false
        case .instant(let instant): restedAt >= instant
        case .predicate(let predicate):
            predicate.holds(in: simulation, over: Coverage(before: now)) == true
        }
    }

    private mutating func arrive() {
        goal = nil
        pause = .arrived
    }

    /// Does what the log says about the clock, after one moment and up to the present.
    private mutating func passClockCommands(after moment: Instant) {
        guard options.isInteractive else { return }
        for entry in log.entries(after: moment, by: now) {
            switch entry.command.command {
            case .pause: pause = .timeline
            case .play: pause = nil
            case .speed(let factor): speed = factor
            case .inject, .heal, .set, .force, .warm, .maintain, .replay, .order, .orderFlows, .deploy, .caption, .mark,
                .step,
                .run,
                .rewind, .save,
                .quit:
                break
            }
        }
    }

    /// An endless run gets an end: its duration, or now if that has passed.
    private mutating func stopLoadSoon() {
        judge.loadEnd = max(Instant.after(original.plan.duration), now + .nanoseconds(1))
        scheduleCommands(after: now)
    }
}

extension Command {
    /// Whether it moves the clock rather than the world, and can be scripted.
    var isOfClock: Bool {
        switch self {
        case .pause, .play, .speed: true
        case .inject, .heal, .set, .force, .warm, .maintain, .replay, .order, .orderFlows, .deploy, .caption, .mark,
            .step,
            .run, .rewind,
            .save,
            .quit:
            false
        }
    }
}
