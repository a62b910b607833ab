import Bulkheads
import Caching
import Resilience
import Sagas
import Simulation
import Timeline

/// The shop of the demos, built by hand: the tests of the simulation need no scenario files.
struct Shop {
    var plan: Plan
    static let shoppers = 0
    static let visitors = 1
    static let payment = 3
    static let charge = 4
    static let paymentEdge = 2

    init(seed: UInt64 = 42) throws {
        plan = Plan(name: "shop", seed: seed, duration: .minutes(3))
        plan.services = Self.services
        plan.operations = Self.operations
        try addEdges()
        try addSaga()
        plan.loads = [
            LoadPlan(
                name: "shoppers", target: .start(saga: 0),
                arrivals: .open(.poisson, [.steady(60)])),
            LoadPlan(
                name: "visitors", target: .call(CallPlan(edge: 6, operation: 0)),
                arrivals: .open(.poisson, [.steady(300)])),
        ]
        plan.loads[1].keys = .zipf(Zipf(ranks: 20_000, exponent: 1))
    }

    private static var services: [ServicePlan] {
        var shop = ServicePlan(name: "shop")
        (shop.workers, shop.queue, shop.latency) = (64, 256, .constant(.milliseconds(1)))
        var catalog = ServicePlan(name: "catalog")
        (catalog.workers, catalog.queue, catalog.latency) = (16, 64, .exponential(mean: .milliseconds(4)))
        catalog.cache = CachePlan.standard(500, 5_000, timeToLive: .seconds(30))
        var inventory = ServicePlan(name: "inventory")
        (inventory.workers, inventory.queue) = (8, 32)
        inventory.latency = .lognormal(p50: .milliseconds(8), p99: .milliseconds(40))
        var payment = ServicePlan(name: "payment")
        (payment.workers, payment.queue, payment.errors) = (16, 64, 0.001)
        payment.latency = .lognormal(p50: .milliseconds(40), p99: .milliseconds(250))
        var orders = ServicePlan(name: "orders")
        (orders.workers, orders.queue, orders.latency) = (8, 32, .exponential(mean: .milliseconds(3)))
        return [shop, catalog, inventory, payment, orders]
    }

    private static var operations: [OperationPlan] {
        var browse = OperationPlan(name: "shop.browse", service: 0)
        browse.calls = [CallPlan(edge: 0, operation: 1)]
        var charge = OperationPlan(name: "payment.charge", service: 3)
        charge.books = 0
        var refund = OperationPlan(name: "payment.refund", service: 3)
        refund.books = 2
        var confirm = OperationPlan(name: "orders.confirm", service: 4)
        confirm.books = 1
        return [
            browse, OperationPlan(name: "catalog.read", service: 1),
            OperationPlan(name: "inventory.reserve", service: 2), OperationPlan(name: "inventory.release", service: 2),
            charge, refund, confirm, OperationPlan(name: "orders.email", service: 4),
            OperationPlan(name: "place-order", service: 0),
        ]
    }

    private mutating func addEdges() throws {
        func edge(_ name: String, _ source: EdgePlan.Source, _ target: Int) -> EdgePlan {
            EdgePlan(name: name, source: source, target: target)
        }
        plan.edges = [
            edge("shop -> catalog", .service(0), 1), edge("shop -> inventory", .service(0), 2),
            edge("shop -> payment", .service(0), 3), edge("shop -> orders", .service(0), 4),
            edge("unused", .service(1), 2), edge("shoppers -> shop", .load(0), 0),
            edge("visitors -> shop", .load(1), 0),
        ]
        plan.edges[2].isDeclared = true
        plan.edges[2].network = .constant(.milliseconds(1))
        plan.edges[2].guards = [
            .bulkhead(try ThreadPool.Settings(core: 16, queue: 32)),
            .retry(
                try RetryPolicy(
                    attempts: 3, backoff: .exponential(initial: .milliseconds(50), cap: .seconds(2)), jitter: .full)),
            .breaker(
                BreakerPlan(
                    try CircuitBreaker.Settings(
                        window: .calls(20), failureRate: 0.5, openTime: .seconds(5), probes: 3))),
            .timeout(.fixed(try TimeLimit(.milliseconds(500)))),
        ]
    }

    private mutating func addSaga() throws {
        let definition = try SagaDefinition(
            name: "place-order",
            steps: [
                .init(name: "reserve", undo: "release"), .init(name: "charge", undo: "refund"),
                .init(name: "confirm", isPivot: true),
                .init(
                    name: "notify",
                    retry: .untilDone(.exponential(initial: .milliseconds(100), cap: .seconds(5)), .full)),
            ],
            timeLimit: .seconds(30),
            compensation: .init(
                retry: try RetryPolicy(
                    attempts: RetryPolicy.unlimited,
                    backoff: .exponential(initial: .milliseconds(100), cap: .seconds(5)))))
        var saga = SagaPlan(definition: definition, home: 0, operation: 8)
        saga.actions = [
            CallPlan(edge: 1, operation: 2), CallPlan(edge: 2, operation: 4), CallPlan(edge: 3, operation: 6),
            CallPlan(edge: 3, operation: 7),
        ]
        saga.undos = [CallPlan(edge: 1, operation: 3), CallPlan(edge: 2, operation: 5), nil, nil]
        plan.sagas = [saga]
    }

    /// Gives the saga other steps, or other limits of them.
    mutating func changeSaga(_ change: (inout [SagaDefinition.Step]) -> Void) throws {
        let old = plan.sagas[0].definition
        var steps = old.steps
        change(&steps)
        plan.sagas[0].definition = try SagaDefinition(
            name: old.name, steps: steps, timeLimit: old.timeLimit, compensation: old.compensation)
    }
}

extension CachePlan {
    /// Two levels as scenarios have them.
    static func standard(_ first: Int, _ second: Int, timeToLive: Duration?) -> CachePlan {
        var plan = CachePlan(levels: [Level(number: 0, capacity: first), Level(number: 1, capacity: second)])
        if let reading = try? ReadSettings(lifetime: timeToLive, isSingleFlight: false) { plan.reading = reading }
        return plan
    }
}
