public import Timeline

/// The commands of a run, those to come too, in order of time.
///
/// What moves the clock or leaves the session is not in it: the log is what a saved session replays.
public struct CommandLog: Sendable {
    /// A command of the run.
    public struct Entry: Hashable, Sendable {
        /// When, and what.
        public let command: TimedCommand
        /// Whether the operator gave it, rather than the scenario.
        public let isLive: Bool

        /// When.
        public var time: Instant { command.time }
    }

    /// The commands, in order of time; those of one moment in the order in which they were given.
    public private(set) var entries: [Entry]

    init(_ timeline: [TimedCommand]) {
        entries = []
        for command in timeline { add(command, isLive: false) }
    }

    /// Adds a command behind those of its moment.
    mutating func add(_ command: TimedCommand, isLive: Bool) {
        let place = entries.firstIndex { $0.time > command.time } ?? entries.count
        entries.insert(Entry(command: command, isLive: isLive), at: place)
    }

    /// Drops the commands after one moment and up to another; returns them.
    mutating func drop(after start: Instant, by end: Instant) -> [Entry] {
        let dropped = entries.filter { start < $0.time && $0.time <= end }
        entries.removeAll { start < $0.time && $0.time <= end }
        return dropped
    }

    /// The commands of this stretch, its start not included.
    func entries(after start: Instant, by end: Instant) -> [Entry] {
        entries.filter { start < $0.time && $0.time <= end }
    }

    /// The latest caption by a moment; nil if there is none, or an empty one.
    public func caption(at moment: Instant) -> String? {
        let captions = entries.prefix { $0.time <= moment }.compactMap { entry -> String? in
            guard case .caption(let text) = entry.command.command else { return nil }
            return text
        }
        return captions.last.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The marks, in order of time.
    public var marks: [Landmark] {
        entries.compactMap { entry in
            guard case .mark(let name) = entry.command.command else { return nil }
            return Landmark(name: name, time: entry.time)
        }
    }
}

/// A moment with a name.
public struct Landmark: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// The moment.
    public let time: Instant

    /// A moment with its name.
    public init(name: String, time: Instant) {
        self.name = name
        self.time = time
    }
}
