public import Simulation
public import Timeline

/// A run of a scenario, as the dashboard and the command line drive it: the simulation, the log of commands, and
/// the judge of what is expected.
///
/// Everything that an operator does is a ``Command``. Those that change the world are stamped one nanosecond
/// after the present and kept in the ``log``; after a rewind they happen again, until a new one is given. Captions
/// and marks are kept in the log too, but touch nothing in the world; clock and speed are the session's own.
public struct Session {
    /// How a session is driven.
    public struct Options: Hashable, Sendable {
        /// How the run is looked at.
        public var simulation = Simulation.Options()
        /// Whether somebody is there: pauses are kept, and an endless scenario goes on after its duration.
        public var isInteractive = true
        /// Whether it begins paused.
        public var startsPaused = false
        /// Virtual seconds in a second.
        public var speed = 1.0
        /// Where to end before the scenario does.
        public var end: Instant?

        /// An interactive session.
        public init() {}

        /// A session that nobody watches.
        public static var headless: Options {
            var options = Options()
            options.isInteractive = false
            options.simulation.journalEntries = 0
            options.simulation.keyframeBytes = 0
            options.simulation.keepsLookups = false
            return options
        }
    }

    /// What a session does.
    public enum State: Hashable, Sendable {
        /// Time passes.
        case running
        /// The load has stopped; time passes until everything has come to rest.
        case draining
        /// Time stands still.
        case paused(Pause)
        /// The run is over. It can be rewound.
        case ended
    }

    /// Why time stands still.
    public enum Pause: Hashable, Sendable {
        /// The session has just begun.
        case beginning
        /// The operator said so.
        case command
        /// The scenario said so.
        case timeline
        /// A step has been taken.
        case stepped
        /// What was run to has come.
        case arrived
        /// Time was turned back.
        case rewound
    }

    /// What the caller has to do for a command, since a session touches neither disk nor terminal.
    public enum Errand: Hashable, Sendable {
        /// Write this text to this file.
        case write(text: String, file: String)
        /// End the program.
        case quit
    }

    /// The run.
    public internal(set) var simulation: Simulation
    /// The scenario as it was read.
    public let original: Scenario
    /// The commands, those to come too.
    public internal(set) var log: CommandLog
    /// How it is driven.
    public let options: Options
    /// Virtual seconds in a second; the caller paces by it.
    public internal(set) var speed: Double
    /// What it runs to, as fast as it can; nil while it runs at its speed.
    public internal(set) var goal: Command.Goal?

    var judge: Judge
    var pause: Pause?
    /// The scenario as each `set` of the log leaves it, in order of time.
    var revisions: [Revision] = []
    /// The latest moment at which everything due had happened.
    var restedAt = Instant.zero - .nanoseconds(1)
    /// The latest moment that was reached since something new was done.
    var furthest = Instant.zero
    var errors: [RunError] = []
    var pendingNotices: [String] = []

    /// A scenario with other settings, from a moment on.
    struct Revision {
        var time: Instant
        var scenario: Scenario
    }

    /// How long the system may take to come to rest.
    public static let longestDrain = Duration.minutes(2)

    /// A session at its beginning.
    public init(scenario: Scenario, options: Options = Options()) {
        self.init(scenario: scenario, options: options, log: CommandLog(scenario.timeline))
    }

    /// A session at its beginning, with the commands of an earlier session of the same scenario still to come.
    init(scenario: Scenario, options: Options, log: CommandLog) {
        self.options = options
        original = scenario
        self.log = log
        speed = options.speed
        simulation = Simulation(plan: scenario.plan, options: options.simulation)
        let goesOn = options.isInteractive && scenario.isEndless
        judge = Judge(
            scenario.expectations, loadEnd: goesOn ? .distantFuture : .after(scenario.plan.duration))
        pause = options.startsPaused ? .beginning : nil
        scheduleCommands(after: restedAt)
    }
}

extension Session {
    /// The virtual time.
    public var now: Instant { simulation.world.now }

    /// Whether everything that is due by now has happened.
    public var isAtRest: Bool { restedAt == now }

    /// Takes what has happened to components since this was last asked; see ``Simulation/takeTransitions()``.
    public mutating func takeTransitions() -> [Entry] { simulation.takeTransitions() }

    /// The scenario as it is in force now, with the settings that were changed.
    public var scenario: Scenario { revisions.last { $0.time <= now }?.scenario ?? original }

    /// What it does.
    public var state: State {
        if judge.ending != nil { return .ended }
        if let pause { return .paused(pause) }
        return now >= judge.loadEnd ? .draining : .running
    }

    /// Whether time passes.
    public var isGoing: Bool {
        switch state {
        case .running, .draining: true
        case .paused, .ended: false
        }
    }

    /// When the load stops; nil if it goes on until somebody quits.
    public var loadEnd: Instant? { judge.loadEnd == .distantFuture ? nil : judge.loadEnd }

    /// Whether the run is over and everything had come to rest by then.
    public var isDrained: Bool { judge.ending?.isDrained == true }

    /// The line to show to whoever watches.
    public var caption: String? { log.caption(at: now) }

    /// The marks that can be rewound to.
    public var marks: [Landmark] { log.marks.filter { $0.time <= now } }

    /// How every expectation stands, in the order of the file.
    public var judgements: [Judgement] { judge.judgements(of: simulation, errors: errors) }

    /// The verdict on the run so far.
    public var verdict: Verdict { .overall(of: judgements.map { $0.verdict ?? .inconclusive }) }

    /// Takes the messages for the operator that have come up since the last time, one line each.
    public mutating func takeNotices() -> [String] {
        defer { pendingNotices = [] }
        return pendingNotices
    }

    mutating func notice(_ text: String) {
        pendingNotices.append(text)
    }
}
