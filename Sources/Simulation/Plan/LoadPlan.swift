public import Bulkheads
public import Timeline

/// Who calls from outside, and how often.
public struct LoadPlan: Sendable {
    /// Its name.
    public var name: String
    /// What a request does.
    public var target: Target
    /// When requests come.
    public var arrivals: Arrivals
    /// Which key a request asks for.
    public var keys: KeyLaw
    /// What a request is worth that books something itself.
    public var amount: AmountLaw
    /// For whom its requests are made, by the index in ``Plan/tenants``.
    public var tenant: Int
    /// How urgent its requests are.
    public var priority: ThreadPool.Priority
    /// Who sends its requests, as far as a gateway is concerned.
    public var sender: SenderPlan

    /// What a request does.
    public enum Target: Hashable, Sendable {
        /// It calls an operation.
        case call(CallPlan)
        /// It starts a saga.
        case start(saga: Int)
        /// It begins a flow of a choreography.
        case begin(choreography: Int)
        /// It calls one of the routes of a gateway, over this edge.
        case routes(edge: Int, [RequestShare])
    }

    /// When requests come.
    public enum Arrivals: Sendable {
        /// At a rate that does not care how the system does.
        case open(Process, [RateStage])
        /// From so many users; each asks, waits for the answer, thinks, and asks again.
        case closed(users: Int, think: Distribution)
        /// So many at one moment, and no more.
        case burst(count: Int, at: Instant)
    }

    /// How an open load spaces its requests.
    public enum Process: Hashable, Sendable {
        /// At random, independently of each other.
        case poisson
        /// Evenly.
        case even
    }

    /// A load of one target.
    public init(name: String, target: Target, arrivals: Arrivals) {
        self.name = name
        self.target = target
        self.arrivals = arrivals
        keys = .none
        amount = AmountLaw()
        tenant = 0
        priority = .normal
        sender = SenderPlan()
    }
}

/// A stretch of an open load: the rate goes in a straight line from `start` to `end`.
public struct RateStage: Hashable, Sendable {
    /// Requests per second at its beginning.
    public var start: Double
    /// Requests per second at its end.
    public var end: Double
    /// How long it lasts; the last stage lasts for ever.
    public var length: Duration

    /// A stage.
    public init(from start: Double, to end: Double, over length: Duration) {
        self.start = start
        self.end = end
        self.length = length
    }

    /// A rate that stays.
    public static func steady(_ rate: Double) -> RateStage {
        RateStage(from: rate, to: rate, over: .maximum)
    }
}

/// Which key a request asks for.
public enum KeyLaw: Hashable, Sendable {
    /// None: nothing to cache by.
    case none
    /// Any of so many alike.
    case uniform(UInt32)
    /// Few often, many seldom.
    case zipf(Zipf)
    /// So many one after another from a first one on, and again from there: a scan, or a loop.
    case loop(from: UInt32, UInt32)
    /// Ever new ones, each once, and once more so many new ones later: what is wanted is what was new just now.
    case again(after: UInt32)

    /// New keys take turns with those of so many turns ago, as soon as there are any.
    private static func newKey(_ others: UInt64, again distance: UInt32) -> UInt32 {
        let turn = UInt32(truncatingIfNeeded: others / 2)
        let isNew = others % 2 == 0 || turn < distance
        return isNew ? turn &* 2 &+ UInt32(others % 2) &+ 1 : (turn - distance) &* 2 &+ 1
    }

    /// A key from 1 up, or 0 for none, of a request that comes after so many others.
    func sample(after others: UInt64, using random: inout RandomStream) -> UInt32 {
        switch self {
        case .none: 0
        case .uniform(let count): UInt32(random.below(UInt64(count))) + 1
        case .zipf(let law): law.sample(using: &random)
        case .loop(let first, let count): first &+ UInt32(others % UInt64(count))
        case .again(let distance): Self.newKey(others, again: distance)
        }
    }
}
