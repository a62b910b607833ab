public import EventSourcing
public import Orders
public import Timeline

/// An event store with nodes of its own, to which operations of services append.
public struct StorePlan: Sendable {
    /// Its name.
    public var name: String
    /// Its nodes, partitions and copies, and what an append takes to count.
    public var cluster: ClusterSettings
    /// What makes it prefer availability to consistency; nil if it does not. Of the ``cluster``, only the number of
    /// nodes is then of use.
    public var availability: AvailabilityPlan?
    /// How long a message takes, one way: between nodes, and between a service and a node.
    public var network: Distribution
    /// How long a node's disk takes to write what is due.
    public var disk: Distribution
    /// How long a node takes to read one event.
    public var reading: Duration
    /// After so many events of a stream its state is kept, so that no earlier ones are read; nil for never.
    public var snapshots: Int?
    /// How long a service waits for the store to answer, all of its own tries together.
    public var answerTime: Duration
    /// How often a service decides anew when somebody else has appended meanwhile.
    public var conflictRetries: Int
    /// The schema that services write events in.
    public var schema: Int

    /// The name of one of its nodes, from 0: `order-log#1` is the first.
    public func name(ofNode node: Int) -> String { "\(name)#\(node + 1)" }

    /// A store that prefers consistency, answers within 2 s, decides anew 3 times, reads an event in 20 us and keeps no
    /// snapshots; the network takes 0.5 ms, the disk 2 ms, and events are of schema 1.
    public init(name: String, cluster: ClusterSettings) {
        self.name = name
        self.cluster = cluster
        availability = nil
        network = .constant(.microseconds(500))
        disk = .constant(.milliseconds(2))
        reading = .microseconds(20)
        snapshots = nil
        answerTime = .seconds(2)
        conflictRetries = 3
        schema = 1
    }
}

/// What an operation decides and appends: a command to an aggregate of an event store.
public struct CommandPlan: Hashable, Sendable {
    /// The store.
    public var store: Int
    /// What is asked of the aggregate.
    public var kind: Kind
    /// The bus that takes it there; nil if the service asks the store itself.
    public var bus: Int?

    /// What can be asked of an aggregate. Which one is asked goes by the saga that the call is made for, or else by the
    /// call's key, or else by the request.
    public enum Kind: Hashable, Sendable {
        /// A step of an order's life.
        case order(OrderLife.Step)
        /// A step of a payment's life.
        case payment(PaymentLife.Step)
        /// One more of something: whatever its state is, it can be appended to.
        case record

        /// The aggregates that it is asked of.
        public var category: Category {
            switch self {
            case .order: .order
            case .payment: .payment
            case .record: .event
            }
        }
    }

    /// The aggregates that there are.
    public enum Category: UInt8, CaseIterable, Hashable, Sendable {
        /// Orders.
        case order = 1
        /// Payments.
        case payment
        /// Whatever events are recorded of.
        case event
    }

    /// A command to an aggregate of a store.
    public init(store: Int, _ kind: Kind) {
        self.store = store
        self.kind = kind
    }
}
