public import Resilience
public import Timeline

/// A bus that takes commands from the operations that send them to the aggregates that they are for.
public struct BusPlan: Sendable {
    /// Its name.
    public var name: String
    /// Whether commands wait in a queue for workers of the bus, and their senders are told that they will be carried out;
    /// else they are carried out while their senders wait.
    public var isQueued: Bool
    /// How many commands of the queue are carried out at once.
    public var workers: Int
    /// How many commands the queue holds.
    public var capacity: Int
    /// How long a worker may go unheard before its command is given to another.
    public var visibility: Duration
    /// Whether and when a command that has failed is tried again; nil for not at all.
    public var retry: RetryPolicy?
    /// How often a command is decided anew at once when somebody else has appended meanwhile.
    public var conflictRetries: Int
    /// In how many sequences, and of each how many commands, can become dead letters.
    public var deadLetters: Int
    /// How long the handler works before it asks the store.
    public var work: Distribution
    /// The share of commands that the handler cannot carry out, 0 to 1; always the same ones.
    public var poison: Double

    /// A bus without a queue, that tries each command once.
    public init(name: String) {
        self.name = name
        isQueued = false
        workers = 4
        capacity = 10_000
        visibility = .seconds(30)
        retry = nil
        conflictRetries = 3
        deadLetters = 1_024
        work = .constant(.zero)
        poison = 0
    }
}

/// The bus before a projection's table: what answers queries of it.
public struct QueryBusPlan: Sendable {
    /// How many answers are kept; 0 for none.
    public var cache: Int
    /// How long an answer may be used again.
    public var timeToLive: Duration
    /// Whether an answer is dropped when an event changes the row that it shows.
    public var invalidates: Bool
    /// Over how many shards the rows are spread.
    public var shards: Int
    /// How many replicas each shard has.
    public var replicas: Int
    /// How long a shard takes to answer.
    public var latency: Distribution
    /// The breaker before each shard.
    public var breaker: CircuitBreaker.Settings
    /// Which failures speak against a shard.
    public var detector: FailureDetector

    /// One shard that answers in 1 ms, without a cache.
    public init() {
        cache = 0
        timeToLive = .seconds(30)
        invalidates = true
        shards = 1
        replicas = 1
        latency = .constant(.milliseconds(1))
        breaker = .standard
        detector = .usual
    }
}

extension ProjectionPlan {
    /// The name of one of its shards, from 0: `order-summary#1` is the first.
    public func name(ofShard shard: Int) -> String { "\(name)#\(shard + 1)" }
}
