import Gateway
import Timeline

extension GatewayHost {
    /// A service that is a gateway.
    struct Site: Sendable {
        var service: Int
        var plan: GatewayPlan
        /// The gateways of its replicas stand from here on.
        var first: Int
        var replicas: Int
        /// The operation that its first route is; the others follow it.
        var firstOperation: Int
        var issuer: Issuer?
        /// What became of its requests.
        var tally: GatewayTally
        /// The latest request that has passed, by route.
        var latest: [Exchange?]
        /// How often one of its replicas has begun anew.
        var restarts = 0
        /// The latest lines of its access log.
        var log = AccessLog()

        /// The stages that have something to do for each route, by ``steps(route:)``.
        private var steps: [Step] = []
        private var ends: [Int] = []

        var gateways: Range<Int> { first..<(first + replicas) }

        /// A stage, and how long it takes.
        struct Step: Sendable {
            var stage: Stage
            var cost: Duration
        }

        init(_ plan: GatewayPlan, of service: Int, replicas: Int, first: Int, firstOperation: Int) {
            self.plan = plan
            self.service = service
            self.replicas = replicas
            self.first = first
            self.firstOperation = firstOperation
            issuer = plan.auth.issuer.map { Issuer($0) }
            tally = GatewayTally(routes: plan.routes.count)
            latest = plan.routes.map { _ in nil }
            layOutSteps()
        }

        /// Takes over a changed plan.
        mutating func change(to plan: GatewayPlan) {
            self.plan = plan
            layOutSteps()
        }

        private mutating func layOutSteps() {
            (steps, ends) = ([], [])
            for route in plan.routes.indices {
                for stage in plan.settings.order.stages where plan.isAtWork(stage, route: route) {
                    steps.append(Step(stage: stage, cost: plan.stageCosts[Int(stage.rawValue)]))
                }
                ends.append(steps.count)
            }
        }

        /// The stages that have something to do for a route, in order.
        func steps(route: Int) -> ArraySlice<Step> { steps[(route == 0 ? 0 : ends[route - 1])..<ends[route]] }
    }
}
