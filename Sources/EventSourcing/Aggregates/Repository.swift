public import Timeline

/// Brings aggregates back from their streams, and lets them decide.
///
/// It holds no state: the store is handed to each method.
public struct Repository<Root: Aggregate>: Sendable {
    /// The category of the streams.
    public let category: String
    /// When snapshots are taken.
    public let snapshots: SnapshotPolicy
    /// How events in old forms are read; the steps of snapshots go by the category's name.
    public let upcasting: Upcasting
    /// How often a command is decided anew when somebody else has appended meanwhile.
    public let conflictRetries: Int

    /// A repository.
    /// - Parameters:
    ///   - category: the category of the streams, without a dash.
    ///   - snapshots: when snapshots are taken.
    ///   - upcasting: how old forms are read.
    ///   - conflictRetries: 0 or more; 3, which are 4 tries, as in Emmett.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(
        category: String, snapshots: SnapshotPolicy = .never, upcasting: Upcasting = Upcasting(),
        conflictRetries: Int = 3
    ) throws(SettingError) {
        _ = try StreamName(category: category, id: "1")
        guard conflictRetries >= 0 else {
            throw SettingError("conflictRetries", given: conflictRetries, allowed: "0 or more")
        }
        self.category = category
        self.snapshots = snapshots
        self.upcasting = upcasting
        self.conflictRetries = conflictRetries
    }

    /// An aggregate as its stream has it.
    public struct Loaded: Equatable, Sendable {
        /// The aggregate.
        public var root: Root
        /// Its last event; nil if it has none.
        public var version: StreamVersion?
        /// How many events were read for it.
        public var eventsRead: Int
        /// The snapshot that it began with, by its version; nil if it was read from the first event on.
        public var snapshot: StreamVersion?
    }

    /// What came of a command.
    public struct Decided: Equatable, Sendable {
        /// The events that were appended, or that had been when the command came the first time.
        public let events: [Root.Event]
        /// The aggregate after them.
        public let root: Root
        /// Its last event; nil if it has none.
        public let version: StreamVersion?
        /// Where the last of the events stands in the log; nil if nothing was appended now.
        public let position: Position?
        /// Whether the command had been carried out before.
        public let wasDone: Bool
        /// How often somebody else was faster.
        public let conflicts: Int
        /// Snapshots that were due and could not be kept. The command is carried out all the same.
        public let snapshotsFailed: Int
    }

    /// Why an aggregate could not be brought back, or a command not be carried out.
    public enum Failure: Error, Equatable, Sendable {
        /// The aggregate refuses.
        case refused(Root.Refusal)
        /// The store does.
        case store(EventStoreError)
        /// An event cannot be read; without it the state would be wrong.
        case unreadable(StreamName, StreamVersion, UnreadableEvent)
        /// An event is missing: this is the version that was expected next, and the one that came.
        case gap(StreamName, expected: StreamVersion, found: StreamVersion)
        /// The stream's first events are hidden, and there is no snapshot that stands for them.
        case truncated(StreamName, from: StreamVersion)
        /// The aggregate's id makes no stream's name.
        case badName(SettingError)
    }

    /// The stream of an aggregate.
    public func stream(of id: some CustomStringConvertible) throws(Failure) -> StreamName {
        do throws(SettingError) {
            return try StreamName(category: category, id: id)
        } catch {
            throw .badName(error)
        }
    }
}
