import Simulation

extension Compiler {
    /// Remembers a breaker that its caller has one of.
    mutating func noteShared(_ plan: GuardPlan?, _ tree: Tree) {
        guard case .breaker(let breaker)? = plan, breaker.scope == .caller else { return }
        let isBare = tree.pairs.allSatisfy { $0.name == BreakerKeys.each.name }
        sharedBreakers.append(
            SharedBreaker(
                edge: self.plan.edges.count, stage: guardsRead, isBare: isBare,
                place: tree.place(of: BreakerKeys.each.name)))
    }

    /// Gives all breakers of a caller that it has one of the settings of the first, and complains about others.
    mutating func shareBreakers() {
        var firsts: [EdgePlan.Source: (plan: BreakerPlan, edge: Int)] = [:]
        var edgesSeen: [Int] = []
        for each in sharedBreakers where plan.hasGuard(edge: each.edge, stage: each.stage) {
            let edge = plan.edges[each.edge]
            guard case .breaker(let breaker) = edge.guards[each.stage], breaker.scope == .caller else { continue }
            if edgesSeen.contains(each.edge) {
                findings.add("an edge can have one breaker with each: caller", at: each.place)
            }
            edgesSeen.append(each.edge)
            let caller = edge.caller(in: plan).map { EdgePlan.Source.service($0) } ?? edge.source
            guard let first = firsts[caller] else {
                firsts[caller] = (breaker, each.edge)
                continue
            }
            if !each.isBare, breaker != first.plan {
                findings.add(
                    "this breaker is that of \(plan.edges[first.edge].name) too; "
                        + "set it there, and say nothing here but each: caller", at: each.place)
            }
            plan.edges[each.edge].guards[each.stage] = .breaker(first.plan)
        }
    }
}
