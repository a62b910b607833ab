import Bulkheads
import Gateway
import Simulation

extension Compiler {
    /// Finds operations that call themselves, in however many steps, and requests that come to too much.
    mutating func checkCalls() {
        var survey = CallSurvey(plan: plan, places: callPlaces)
        survey.run()
        for problem in survey.problems { findings.add([problem]) }
    }

    /// Finds what there is too much of.
    mutating func checkSizes(_ tree: Tree) {
        let sizes: [(String, Int, Int)] = [
            ("services", plan.services.count, Limits.services),
            ("operations", plan.operations.count, Limits.operations), ("edges", plan.edges.count, Limits.edges),
            ("event stores", plan.stores.count, Limits.stores),
            ("projections", plan.projections.count, Limits.projections),
            ("command buses", plan.buses.count, Limits.buses),
            ("sagas", plan.sagas.count, Limits.sagas),
            ("choreographies", plan.choreographies.count, Limits.sagas), ("loads", plan.loads.count, Limits.loads),
            ("accounts", plan.accounts.count, Limits.accounts),
            ("breakers, limiters and compartments", plan.guardParts, Limits.guardParts),
            ("connections", plan.connections, Limits.connections),
            ("points of replicas in rings and tables", plan.hashPoints, Limits.hashPoints),
        ]
        for (what, count, limit) in sizes where count > limit {
            findings.add("\(count) \(what) are too many; allowed: \(limit)", at: tree.place)
        }
    }
}

extension Plan {
    /// How many breakers, limiters and compartments all guards are.
    fileprivate var guardParts: Int {
        let operations = operations.reduce(into: [Int](repeating: 0, count: services.count)) { $0[$1.service] += 1 }
        return edges.reduce(0) { sum, edge in
            edge.guards.reduce(sum) { sum, each in
                switch each {
                case .breaker(let breaker) where breaker.scope == .operation: sum + operations[edge.target]
                case .breaker(let breaker) where breaker.scope == .replica: sum + services[edge.target].replicas
                case .limiter(let limiter) where limiter.scope == .tenant: sum + tenants.count
                case .isolator(let isolator): sum + isolator.names.count
                default: sum
                }
            }
        }
    }

    /// How many points the rings of all balancers have, and entries their tables.
    fileprivate var hashPoints: Int {
        edges.reduce(0) { sum, edge in
            edge.guards.reduce(sum) { sum, each in
                guard case .balancer(let balancer) = each, balancer.by.isConsistent else { return sum }
                let weights = (0..<services[edge.target].replicas).reduce(0) { $0 + balancer.weight(ofReplica: $1) }
                return sum + (balancer.by == .hashMaglev ? Maglev.usualSize : weights * BalancerPlan.pointsPerWeight)
            }
        }
    }

    /// How many connections all pools may have.
    fileprivate var connections: Int {
        edges.flatMap(\.guards).reduce(0) { sum, each in
            if case .connections(let each) = each { sum + each.settings.maximum * each.pools } else { sum }
        }
    }
}

extension EdgePlan {
    /// What the edge's fallbacks call.
    var fallbackCalls: [CallPlan] {
        guards.flatMap { each -> [CallPlan?] in
            switch each {
            case .fallback(let fallback): [fallback.call]
            case .isolator(let isolator): isolator.calls
            default: []
            }
        }
        .compactMap(\.self)
    }
}

/// Follows every operation's calls.
private struct CallSurvey {
    /// What one call of an operation comes to.
    private struct Extent {
        /// How many calls, itself included.
        var calls = 1
        /// How many of them are one within the other.
        var depth = 1
    }

    private enum Mark {
        case unknown
        case underWay
        case done(Extent)
    }

    private let plan: Plan
    private let places: [[Place]]
    private var marks: [Mark]
    private var path: [Int] = []
    private(set) var problems: [Problem] = []

    init(plan: Plan, places: [[Place]]) {
        self.plan = plan
        self.places = places
        marks = plan.operations.map { _ in .unknown }
    }

    mutating func run() {
        for operation in plan.operations.indices { _ = extent(of: operation, calledAt: nil) }
    }

    private mutating func extent(of operation: Int, calledAt place: Place?) -> Extent {
        switch marks[operation] {
        case .done(let extent):
            return extent
        case .underWay:
            if let place { problems.append(place.problem(cycle(to: operation))) }
            return Extent()
        case .unknown:
            marks[operation] = .underWay
            path.append(operation)
            let extent = sum(of: operation)
            path.removeLast()
            marks[operation] = .done(extent)
            return extent
        }
    }

    private mutating func sum(of operation: Int) -> Extent {
        var sum = Extent()
        for (call, place) in zip(plan.operations[operation].calls, places[operation]) {
            for each in [call] + plan.edges[call.edge].fallbackCalls {
                // Whoever nests too deep is not followed to the end: the stack is not deeper than a file may be.
                let inner = path.count > Limits.callDepth ? Extent() : extent(of: each.operation, calledAt: place)
                sum.calls += inner.calls
                sum.depth = max(sum.depth, inner.depth + 1)
            }
            if let objection = objection(to: sum, of: operation) {
                problems.append(place.problem(objection))
                return Extent()
            }
        }
        return sum
    }

    private func objection(to extent: Extent, of operation: Int) -> String? {
        let name = plan.operations[operation].name
        if extent.depth > Limits.callDepth {
            return "calls from \(name) on are nested more than \(Limits.callDepth) deep"
        }
        if extent.calls > Limits.callsOfRequest {
            return "one call of \(name) comes to more than \(Limits.callsOfRequest) calls"
        }
        return nil
    }

    private func cycle(to operation: Int) -> String {
        let names = (path[(path.firstIndex(of: operation) ?? 0)...] + [operation]).map { plan.operations[$0].name }
        return "calls go round in a circle: \(names.joined(separator: " -> "))"
    }
}
