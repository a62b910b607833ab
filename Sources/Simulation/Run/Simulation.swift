public import Timeline

/// A run: the world, what was written and measured of it, and the way back.
///
/// The world moves forward event by event; commands are carried out at their moments, before anything else of
/// the instant. The journal and the history look on and change nothing: the digest of a run is the same with
/// them or without. A copy is a fork: from then on each of the two has its own future.
public struct Simulation {
    /// How a run is looked at.
    public struct Options: Hashable, Sendable {
        /// How many journal entries are held; 0 for no journal.
        public var journalEntries = 1 << 16
        /// Bytes for keyframes; 0 for none but the beginning.
        public var keyframeBytes = 16 << 20
        /// A keyframe is kept at the first window that closes after so many events.
        public var keyframeEvents: UInt64 = 20_000
        /// Whether windows are measured.
        public var measures = true
        /// Whether what happens to components is kept until it is taken; see ``Simulation/takeTransitions()``.
        public var keepsTransitions = false
        /// Whether the latest lookups of each cache are kept.
        public var keepsLookups = true

        /// The options of an interactive run.
        public init() {}
    }

    /// Why a run stopped.
    public enum Stop: Hashable, Sendable {
        /// The instant was reached: everything due by it has happened.
        case instant
        /// So many events have been executed.
        case events
        /// Something watched has changed.
        case change
    }

    /// The system as it is now.
    public private(set) var world: World
    /// What was written.
    public private(set) var journal: Journal
    /// What was measured.
    public private(set) var history: History
    /// The latest lookups of each service's cache; none where it has no cache.
    public private(set) var lookups: [LookupLog]
    /// What has happened to components since it was last taken.
    private var transitions: [Entry] = []
    /// The commands, those to come too, in order of time.
    public private(set) var commands: [TimedAction] = []
    /// The system as it was described.
    public let plan: Plan
    /// How the run is looked at.
    public let options: Options
    var keyframes: Keyframes

    private static var batch: Int { 512 }
    /// After so many events a keyframe is kept even in the middle of a window.
    private static var keyframeOverdue: UInt64 { 200_000 }

    /// A run at its beginning.
    public init(plan: Plan, options: Options = Options()) {
        self.plan = plan
        self.options = options
        world = World(plan: plan)
        world.port.takesNotes = options.journalEntries > 0
        world.port.takesTransitions = options.keepsTransitions
        world.port.takesLookups = options.keepsLookups
        journal = Journal(capacity: options.journalEntries)
        lookups = plan.services.map { _ in LookupLog() }
        history = History(plan: plan)
        keyframes = Keyframes(start: world, budget: options.keyframeBytes)
    }

    /// Adds a command at its moment, behind those of the same moment. Its moment must be after ``World/now``.
    public mutating func schedule(_ command: TimedAction) {
        let place = commands.firstIndex { $0.time > command.time } ?? commands.count
        commands.insert(command, at: max(place, world.commandsDone))
    }

    /// Carries out an action now: one nanosecond after everything that has happened. Returns that moment.
    ///
    /// Commands still to come, left over from before time was turned back, are the caller's to drop.
    @discardableResult
    public mutating func perform(_ action: Action) -> Instant {
        run(until: world.now)
        let command = TimedAction(at: world.now + .nanoseconds(1), action)
        schedule(command)
        run(until: command.time, atMost: 0)
        return command.time
    }

    /// Drops the commands that are still to come after a moment; returns how many those were.
    @discardableResult
    public mutating func dropCommands(after time: Instant) -> Int {
        let kept = commands.prefix { $0.time <= time }.count
        let dropped = commands.count - max(kept, world.commandsDone)
        commands.removeLast(dropped)
        return dropped
    }

    /// Runs until everything due by an instant has happened, so many events have been executed, or a watched
    /// change has come about, whichever is first.
    @discardableResult
    public mutating func run(until limit: Instant, atMost count: Int = .max, watching watch: Watch = []) -> Stop {
        var left = count
        while true {
            if carryOutCommands(by: limit, watching: watch) { return .change }
            let segment = world.endOfSegment(before: commands, limit: limit)
            if left == 0 { return .events }
            let before = world.port.executed
            let changed = world.run(until: segment, atMost: min(left, Self.batch), watching: watch.union(.windows))
            left -= Int(world.port.executed - before)
            afterBatch()
            if changed, !world.port.touched.isDisjoint(with: watch) { return .change }
            guard !changed, left > 0, world.isQuiet(until: segment) else { continue }
            world.port.advance(to: segment)
            if segment == limit { return .instant }
        }
    }

    /// Carries out the commands that nothing stands before any more. True if one made a watched change.
    private mutating func carryOutCommands(by limit: Instant, watching watch: Watch) -> Bool {
        while world.carryOutNext(of: commands, by: limit) {
            takeNotes()
            if !world.port.touched.isDisjoint(with: watch) { return true }
        }
        return false
    }

    /// Takes what the batch has left: notes, a closed window, a keyframe.
    private mutating func afterBatch() {
        takeNotes()
        takeLookups()
        let sinceKeyframe = world.port.executed - keyframes.latest.executed
        var keyframeDue = sinceKeyframe >= Self.keyframeOverdue
        if world.port.touched.contains(.windows) {
            if options.measures { history.record(world) }
            world.meters.closeWindows()
            keyframeDue = keyframeDue || sinceKeyframe >= options.keyframeEvents
        }
        if keyframeDue, options.keyframeBytes > 0 { keyframes.keep(world) }
    }

    /// Takes what has happened to components since this was last asked, in order; nothing unless the options say so.
    ///
    /// Where time was turned back meanwhile, what has been taken before is not taken back.
    public mutating func takeTransitions() -> [Entry] {
        defer { transitions = [] }
        return transitions
    }

    private mutating func takeNotes() {
        guard !world.port.notes.isEmpty else { return }
        if options.journalEntries > 0 { journal.append(world.port.notes) }
        if options.keepsTransitions { transitions += world.port.notes.filter(\.what.isTransition) }
        world.port.notes.removeAll(keepingCapacity: true)
    }

    private mutating func takeLookups() {
        guard !world.port.lookups.isEmpty else { return }
        for lookup in world.port.lookups { lookups[Int(lookup.service)].append(lookup) }
        world.port.lookups.removeAll(keepingCapacity: true)
    }
}

extension Simulation {
    /// Turns time back, or on, to an instant: all that was due by it has happened, and nothing after it.
    ///
    /// Commands keep their moments, so the run from there is the same again, unless others are given.
    public mutating func seek(to instant: Instant) {
        if instant < world.now { restore { $0.time <= instant } }
        run(until: instant)
    }

    /// Turns time back so many events.
    public mutating func stepBack(_ events: UInt64 = 1) {
        let target = world.port.executed - min(events, world.port.executed)
        restore { $0.executed <= target }
        while world.port.executed < target {
            run(until: .distantFuture, atMost: Int(target - world.port.executed))
        }
    }

    private mutating func restore(_ condition: (Keyframes.Keyframe) -> Bool) {
        let keyframe = keyframes.latest(where: condition)
        world = keyframe.world
        keyframes.truncate(to: keyframe.executed, keyframe.time)
        journal.truncate(to: world.port.nextEntry)
        transitions.removeAll { $0.id >= world.port.nextEntry }
        history.truncate(to: world.now)
        for service in lookups.indices { lookups[service].truncate(to: world.lookups(ofCacheOf: service)) }
    }

    /// The entry with this number: from the journal, or if it is no longer held, by replay.
    public func entry(_ id: EntryID) -> Entry? {
        if let held = journal[id] { return held }
        guard options.journalEntries > 0, id.number > 0, id < world.port.nextEntry else { return nil }
        var past = keyframes.latest { $0.world.port.nextEntry <= id }.world
        while past.port.nextEntry <= id {
            past.port.notes.removeAll(keepingCapacity: true)
            past.port.lookups.removeAll(keepingCapacity: true)
            guard !past.carryOutNext(of: commands, by: .distantFuture) else { continue }
            guard !past.isQuiet(until: .distantFuture) else { return nil }
            let segment = past.endOfSegment(before: commands, limit: .distantFuture)
            _ = past.run(until: segment, atMost: Self.batch, watching: .windows)
            if past.port.touched.contains(.windows) { past.meters.closeWindows() }
        }
        return past.port.notes.first { $0.id == id }
    }

    /// The chain of causes of an entry, itself first, back to the arrival or the command that began it.
    public func chain(from id: EntryID) -> [Entry] {
        var chain: [Entry] = []
        var next = id
        while next != .none, let entry = entry(next) {
            chain.append(entry)
            next = entry.cause
        }
        return chain
    }
}
