internal import Bulkheads
internal import Sagas
internal import Simulation
internal import Timeline

/// What changes faster than anybody can read, as it was a moment ago: while time passes it is taken only now and then.
struct Sample: Sendable {
    /// When it was taken.
    private(set) var time = Instant.zero
    /// The sagas under way, those first that need looking at first.
    private(set) var running: [(saga: RunningSaga, row: SagaRow)] = []
    /// The flows of choreographies, those first that need looking at first.
    private(set) var flows: [FlowView] = []
    /// The latest sagas that have ended, those first that did not end well.
    private(set) var ended: [EndedSaga] = []
    /// The pools of the services, in the order of the plan.
    private(set) var services: [PoolFigures] = []
    /// The pools of each replica of those services that have several.
    private(set) var replicas: [Int: [PoolFigures]] = [:]
    /// What the balancers before those services make of them.
    private var standings: [Int: [ReplicaStanding]] = [:]
    /// The compartments of isolators.
    private(set) var compartments: [GuardPlace: [PoolFigures]] = [:]
    /// The bulkheads and semaphores.
    private(set) var guards: [GuardPlace: PoolFigures] = [:]

    /// Nothing taken yet.
    init() {}

    /// The event stores, in the order of the plan.
    private(set) var stores: [StoreFigures] = []
    /// The projections, in the order of the plan.
    private(set) var projections: [ProjectionFigures] = []
    /// The command buses, in the order of the plan.
    private(set) var buses: [BusFigures] = []
    /// The query buses, by their projections.
    private(set) var queryBuses: [Int: QueryBusView] = [:]
    /// The gateways, by their services.
    private(set) var gateways: [Int: GatewayView] = [:]
    /// The balancers.
    private(set) var balancers: [GuardPlace: BalancerView] = [:]

    private static let unhappyKept = 12
    private static let happyKept = 4

    /// Takes what a screen with so many rows can show, after an earlier sample.
    init(of world: World, _ plan: Plan, rows: Int, after earlier: Sample = Sample()) {
        time = world.now
        let rowsUnderWay = world.sagaRows { !$0.isOver }
        let worstFirst = rowsUnderWay.map { (Self.badness($0), $0) }.sorted { $0.0 > $1.0 }
        running = worstFirst.prefix(rows).compactMap { _, row in world.runningSaga(row).map { ($0, row) } }
        let newest = Array(world.endedSagas.reversed())
        // Those that went well are all alike: a few are enough to see that they flow.
        ended =
            Array(newest.filter { !$0.isHappy }.prefix(Self.unhappyKept))
            + newest.filter(\.isHappy).prefix(Self.happyKept)
        if !plan.choreographies.isEmpty {
            flows = FlowList("", of: world, plan).rows.prefix(rows).compactMap { world.flow($0) }
        }
        services = plan.services.indices.map { PoolFigures(ofService: $0, in: world) }
        for service in plan.services.indices where world.replicas(ofService: service) > 1 {
            replicas[service] = (0..<world.replicas(ofService: service)).map {
                PoolFigures(world.pool(ofService: service, replica: $0))
            }
        }
        standings = world.standings(plan)
        for place in plan.isolatorPlaces {
            let isolator = world.isolator(edge: place.edge, stage: place.stage)
            compartments[place] = isolator?.compartments.map { PoolFigures($0) }
        }
        stores = plan.stores.indices.map { StoreFigures($0, in: world, plan.stores[$0]) }
        projections = plan.projections.indices.map { index in
            let former = earlier.projections.indices.contains(index) ? earlier.projections[index] : nil
            return ProjectionFigures(index, in: world, after: former)
        }
        buses = plan.buses.indices.map { BusFigures($0, in: world, plan.buses[$0]) }
        for projection in plan.queryBuses { queryBuses[projection] = world.queryBus(ofProjection: projection) }
        for service in plan.gateways { gateways[service] = world.gateway(ofService: service) }
        for place in plan.balancerPlaces { balancers[place] = world.balancer(edge: place.edge, stage: place.stage) }
        for place in plan.poolPlaces { guards[place] = PoolFigures(at: place, in: world) }
    }

    /// What the balancers make of a replica.
    func standing(ofService service: Int, replica: Int) -> ReplicaStanding {
        standings[service].flatMap { $0.indices.contains(replica) ? $0[replica] : nil } ?? ReplicaStanding()
    }

    /// All pools but those of single replicas.
    var pools: [PoolFigures] { services + guards.values + compartments.values.joined() }

    /// Those that go back come first, then those that are overdue, then those that have failed calls; among equals the
    /// oldest, which is the first in order of arrival.
    private static func badness(_ saga: SagaRow) -> (Int, UInt64) {
        let isTriedAgain = saga.retries > 0 || saga.standing.isBackingOff
        return (saga.hasTurnedBack ? 3 : saga.isOverdue ? 2 : isTriedAgain ? 1 : 0, .max - saga.request)
    }
}
