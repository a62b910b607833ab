public import Bulkheads
public import Timeline

/// A system to simulate, with every name resolved to an index: what a scenario compiles to.
///
/// A plan is checked where it is made; the simulation takes its indices on trust.
public struct Plan: Sendable {
    /// What the run is called.
    public var name: String
    /// From which every random stream of the run is derived.
    public var seed: UInt64
    /// How long the load lasts.
    public var duration: Duration
    /// Who does work, in the order of the scenario.
    public var services: [ServicePlan]
    /// What can be called, services and sagas alike.
    public var operations: [OperationPlan]
    /// Which ways calls take.
    public var edges: [EdgePlan]
    /// The sagas that can be started.
    public var sagas: [SagaPlan]
    /// The sagas without an orchestrator that can be started.
    public var choreographies: [ChoreographyPlan]
    /// The event stores that operations append to.
    public var stores: [StorePlan]
    /// The tables that are made of their events.
    public var projections: [ProjectionPlan]
    /// The buses on which commands go to them.
    public var buses: [BusPlan]
    /// Who calls from outside.
    public var loads: [LoadPlan]
    /// For whom requests are made, by name; the first is for whom no load says.
    public var tenants: [String]
    /// The ledger's accounts. The first three are always `charged`, `confirmed` and `refunded`.
    public var accounts: [String]

    /// A system of nothing.
    public init(name: String, seed: UInt64, duration: Duration) {
        self.name = name
        self.seed = seed
        self.duration = duration
        services = []
        operations = []
        edges = []
        sagas = []
        choreographies = []
        stores = []
        projections = []
        buses = []
        loads = []
        tenants = ["anyone"]
        accounts = Ledger.standardAccounts
    }
}

extension Plan {
    /// The operations of a service, in order, sagas that it drives among them.
    public func operations(of service: Int) -> [Int] {
        operations.indices.filter { operations[$0].service == service }
    }
}

/// A service: workers, a queue before them, and how long their work takes.
public struct ServicePlan: Sendable {
    /// Its name.
    public var name: String
    /// How many of it there are, each with workers and a queue of its own.
    public var replicas: Int
    /// How many of them run, the first ones, from 1 on; nil for all.
    public var running: Int?
    /// How many calls each works on at once.
    public var workers: Int
    /// How many more calls may wait at each.
    public var queue: Int
    /// Which of the waiting calls a free worker takes.
    public var order: ThreadPool.Order
    /// What becomes of a waiting call whose caller has stopped waiting, as far as the service has been told.
    public var expired: ThreadPool.ExpiredTasks
    /// A call that has waited for longer is dropped; ``Duration/maximum`` for no limit.
    public var maximumWait: Duration
    /// What becomes of a call that finds the queue full.
    public var whenFull: ThreadPool.RejectionPolicy
    /// How long the work of one call takes, the calls that it makes itself not counted.
    public var latency: Distribution
    /// The share of calls that fail after their work, 0 to 1.
    public var errors: Double
    /// The share of calls that ask for what it never does: they fail at once, as the caller's fault, 0 to 1.
    public var invalid: Double
    /// How many pieces it has in stock at first.
    public var stock: Int
    /// Whether it keeps a row that is written only by who has read its latest version.
    public var keepsRow: Bool
    /// Whether a worker is held until the calls that it makes have come back.
    public var blocking: Bool
    /// The cache in front of the work of keyed reads.
    public var cache: CachePlan?
    /// Its memory, if that has a limit.
    public var memory: ServiceMemoryPlan?
    /// What it does with requests, if it is a gateway.
    public var gateway: GatewayPlan?

    /// How many replicas a service can have.
    public static var replicaLimit: Int { 200 }

    /// How many replicas run.
    public var runningReplicas: Int { max(1, min(running ?? replicas, replicas)) }

    /// The name of one of several replicas, from 0: `payment#1` is the first.
    public func name(ofReplica replica: Int) -> String { "\(name)#\(replica + 1)" }

    /// A service with one worker, no queue, no latency and no errors.
    public init(name: String) {
        self.name = name
        replicas = 1
        workers = 1
        queue = 0
        order = .fifo
        expired = .run
        maximumWait = .maximum
        whenFull = .abort
        latency = .constant(.zero)
        errors = 0
        invalid = 0
        keepsRow = false
        stock = 0
        blocking = true
        cache = nil
        memory = nil
        gateway = nil
    }
}

/// Something that can be called.
public struct OperationPlan: Sendable {
    /// The name in full: `payment.charge`; a saga's is its own.
    public var name: String
    /// Where it runs.
    public var service: Int
    /// How long its work takes, if not what the service says.
    public var latency: Distribution?
    /// The share that fails, if not what the service says.
    public var errors: Double?
    /// What it does with the versioned row of its service.
    public var row: RowAccess
    /// What it does with the stock of its service.
    public var stock: StockAccess
    /// Whether it knows a saga's call by its key when it comes again, and does it once.
    public var isIdempotent: Bool
    /// What it decides and appends to an event store after its own work.
    public var command: CommandPlan?
    /// What it reads of a projection after its own work.
    public var query: QueryPlan?
    /// The account that it books to when it succeeds.
    public var books: Int?
    /// What it changes of what the service's keyed reads see.
    public var writing: KeyWriting
    /// The calls that it makes after its own work, one after another.
    public var calls: [CallPlan]

    /// An operation that only works.
    public init(name: String, service: Int) {
        self.name = name
        self.service = service
        latency = nil
        errors = nil
        row = .none
        stock = .none
        isIdempotent = true
        command = nil
        query = nil
        books = nil
        writing = .nothing
        calls = []
    }

    /// Whether it reads through its service's cache, if there is one: it neither books nor changes anything.
    public var usesCache: Bool { books == nil && writing == .nothing }
}

/// What an operation changes of what the keyed reads of its service see.
public enum KeyWriting: UInt8, Hashable, Sendable {
    /// Nothing.
    case nothing
    /// The value of its key.
    case key
    /// The values of all keys that have the tag of its key.
    case tag
}

/// What an operation does with the stock of its service.
public enum StockAccess: UInt8, CaseIterable, Hashable, Sendable {
    /// Nothing.
    case none
    /// It fails if there is nothing left, and takes nothing.
    case look
    /// It takes a piece, whether there is one or not.
    case take
    /// It takes a piece, and fails if there is none: a reread value.
    case takeIfAny
    /// It gives a piece back.
    case giveBack
}

/// What an operation does with the row that its service keeps with a version.
public enum RowAccess: UInt8, CaseIterable, Hashable, Sendable {
    /// Nothing.
    case none
    /// It reads the row and its version.
    case read
    /// It writes the row, if that still has the version that the request has read.
    case write
}

/// A call from one place to another.
public struct CallPlan: Hashable, Sendable {
    /// The way it takes.
    public var edge: Int
    /// What it calls.
    public var operation: Int

    /// A call of an operation over an edge.
    public init(edge: Int, operation: Int) {
        self.edge = edge
        self.operation = operation
    }
}
