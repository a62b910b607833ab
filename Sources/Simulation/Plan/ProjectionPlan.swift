public import CQRS
public import Timeline

/// A table that is made of an event store's events, and that queries read.
public struct ProjectionPlan: Sendable {
    /// Its name.
    public var name: String
    /// The store whose events it takes in.
    public var store: Int
    /// Events of which aggregates it takes in; nil for all.
    public var category: CommandPlan.Category?
    /// How it hears of events.
    public var feed: Feed
    /// Whether the store sends only what it wants; else it reads everything and passes the rest by itself.
    public var filtersAtStore: Bool
    /// How many workers it has, each with streams, a run and a checkpoint of its own.
    public var lanes: Int
    /// How each of its runs is set; the segments are those of the lanes.
    public var run: ProjectionRun.Settings
    /// How fast a rebuild reads.
    public var rebuildPace: Pace
    /// When the checkpoint moves.
    public var checkpoint: Checkpointing
    /// How long a message takes one way, between it, its table and the store.
    public var network: Distribution
    /// How long it takes to deal with one event.
    public var work: Duration
    /// How long the table takes for one transaction.
    public var commit: Distribution
    /// How long it waits for the table to answer.
    public var answerTime: Duration
    /// The share of events that it cannot deal with, 0 to 1; always the same ones.
    public var poison: Double
    /// The latest schema of events that it understands.
    public var schema: Int
    /// The bus that answers queries of it; nil if calls read its table themselves.
    public var queries: QueryBusPlan?

    /// How a projection hears of events.
    public enum Feed: Hashable, Sendable {
        /// It reads the store's log, which has every event that counts: what an outbox's relay does.
        case log
        /// A service sends each event after the append has been answered: a dual write.
        case published
    }

    /// When a checkpoint moves.
    public enum Checkpointing: Hashable, Sendable {
        /// In the transaction that changes the table.
        case withChanges
        /// In a transaction of its own behind it: what a crash comes between is done again.
        case afterChanges
        /// In a transaction of its own before it: what a crash comes between is never done.
        case beforeChanges
    }

    /// A projection of all events of a store, read from its log by one worker: 50 us an event, 2 ms a transaction, 0.5 ms a
    /// message; it waits 1 s for its table.
    public init(name: String, store: Int, run: ProjectionRun.Settings) {
        self.name = name
        self.store = store
        category = nil
        feed = .log
        filtersAtStore = true
        lanes = 1
        self.run = run
        rebuildPace = .unlimited
        checkpoint = .withChanges
        network = .constant(.microseconds(500))
        work = .microseconds(50)
        commit = .constant(.milliseconds(2))
        answerTime = .seconds(1)
        poison = 0
        schema = 1
        queries = nil
    }
}

/// What an operation reads of a projection: the row of the aggregate that the call is about.
public struct QueryPlan: Hashable, Sendable {
    /// The projection.
    public var projection: Int
    /// How long it waits for the projection to have what the caller has written itself; nil for not at all.
    public var ownWrites: Duration?

    /// A query of a projection that does not wait.
    public init(projection: Int, ownWrites: Duration? = nil) {
        self.projection = projection
        self.ownWrites = ownWrites
    }
}
