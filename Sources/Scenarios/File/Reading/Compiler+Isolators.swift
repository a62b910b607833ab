import Bulkheads
import Resilience
import Simulation
import Timeline

extension Compiler {
    /// The calls of a compartment, which are known when all operations and loads are.
    struct CompartmentRule {
        let edge: Int
        let stage: Int
        let compartment: Int
        let rule: CompartmentRuleNotation.Rule
        let place: Place
    }

    mutating func isolator(_ tree: Tree) throws(SettingError) -> GuardPlan? {
        let before = findings.problems.count
        let reader = SectionReader(tree, IsolatorKeys.section, &findings)
        let pairs = reader.pairs("compartments", of: "compartments", &findings)
        guard !pairs.isEmpty else {
            if findings.problems.count == before {
                findings.add(
                    "an isolator needs compartments: {gold: {when: tenant gold, threads: 8}, rest: {threads: 4}}",
                    at: tree.place)
            }
            return nil
        }
        var compartments: [Compartment.Settings] = []
        for (index, pair) in pairs.enumerated() {
            check(name: pair)
            do {
                if let settings = try compartment(pair.value, index) { compartments.append(settings) }
            } catch {
                findings.add(error, in: pair.value)
            }
        }
        guard findings.problems.count == before else { return nil }
        let settings = try Isolator.Settings(
            compartments: compartments, rules: [], defaultCompartment: compartments.count - 1)
        return .isolator(IsolatorPlan(settings, names: pairs.map(\.key)))
    }

    private mutating func compartment(_ tree: Tree, _ index: Int) throws(SettingError) -> Compartment.Settings? {
        let reader = SectionReader(tree, CompartmentKeys.section, &findings)
        if let rule = reader.value(CompartmentKeys.when, &findings) {
            compartmentRules.append(
                CompartmentRule(
                    edge: plan.edges.count, stage: guardsRead, compartment: index, rule: rule,
                    place: reader.place(of: CompartmentKeys.when.name)))
        }
        let isolation = try isolation(reader)
        let rate = reader.given(CompartmentKeys.rate, &findings)
        let burst = reader.given(CompartmentKeys.burst, &findings)
        if burst != nil, reader.tree[CompartmentKeys.rate.name] == nil {
            findings.add(
                "burst: there is no rate for it; add rate: 100/s", at: reader.place(of: CompartmentKeys.burst.name))
        }
        let answer = reader.value(CompartmentKeys.fallback, &findings)
        if case .call(let target)? = answer {
            fallbackCalls.append(
                FallbackCall(
                    edge: plan.edges.count, stage: guardsRead, compartment: index, target: target,
                    place: reader.place(of: CompartmentKeys.fallback.name)))
        }
        let breaker = reader.tree["breaker"].flatMap { ownBreaker($0.value, of: CompartmentKeys.breaker) }
        guard let isolation, let answer else { return nil }
        let limiter = try rate.map { limit throws(SettingError) in
            try RateLimiter.Settings(.tokenBucket, limit: limit.calls, per: limit.per, burst: burst)
        }
        return try Compartment.Settings(
            isolation: isolation, limiter: limiter, breaker: breaker?.settings,
            fallback: try Fallback.Settings(source: answer.source), detector: breaker?.detector ?? .usual)
    }

    /// Threads or permits.
    private mutating func isolation(_ reader: SectionReader) throws(SettingError) -> Compartment.Isolation? {
        if let permits = reader.given(CompartmentKeys.permits, &findings) {
            guard let wait = reader.value(SemaphoreKeys.wait, &findings) else { return nil }
            return .semaphore(try Semaphore.Settings(permits: permits, maximumWait: wait))
        }
        return try threads(reader).map { .threads($0) }
    }

    /// A breaker that a compartment or a shard has for itself, by these keys; it is judged by no rule but the library's.
    mutating func ownBreaker(_ tree: Tree, of section: Section) -> BreakerPlan? {
        do {
            guard case .breaker(let plan)? = try breaker(tree, of: section) else { return nil }
            if plan.ownRule != nil {
                let place = tree[BreakerKeys.rule.name]?.value.place ?? tree.place
                findings.add("rule: \(section.title) takes rate, failures, or so many in a row", at: place)
            }
            return plan
        } catch {
            findings.add(error, in: tree)
            return nil
        }
    }

    /// Finds which calls go to which compartment, now that everything has a name.
    mutating func resolveCompartmentRules() {
        // Of an edge that was not taken over the place may be another's.
        for each in compartmentRules where plan.hasGuard(edge: each.edge, stage: each.stage) {
            guard case .isolator(var isolator) = plan.edges[each.edge].guards[each.stage] else { continue }
            guard let rule = resolve(each, toward: plan.edges[each.edge].target),
                let settings = try? Isolator.Settings(
                    compartments: isolator.settings.compartments, rules: isolator.settings.rules + [rule],
                    defaultCompartment: isolator.settings.defaultCompartment)
            else { continue }
            isolator.settings = settings
            plan.edges[each.edge].guards[each.stage] = .isolator(isolator)
        }
    }

    private mutating func resolve(_ each: CompartmentRule, toward service: Int) -> Isolator.Rule? {
        var (types, tenants): (ClosedRange<Int>?, ClosedRange<Int>?)
        if let name = each.rule.operation {
            let fullName = "\(plan.services[service].name).\(name)"
            guard let operation = operations[fullName] else {
                let all = plan.operations(of: service).map {
                    String(plan.operations[$0].name.dropFirst(plan.services[service].name.count + 1))
                }
                findings.add(
                    "\(plan.services[service].name) has no operation \"\(name)\"\(findings.hint(for: name, among: all))",
                    at: each.place)
                return nil
            }
            types = operation...operation
        }
        if let name = each.rule.tenant {
            guard let tenant = plan.tenants.firstIndex(of: name) else {
                findings.add(
                    "no load has the tenant \"\(name)\"\(findings.hint(for: name, among: Array(plan.tenants.dropFirst())))",
                    at: each.place)
                return nil
            }
            tenants = tenant...tenant
        }
        return Isolator.Rule(types: types, tenants: tenants, priority: each.rule.priority, to: each.compartment)
    }
}

extension Plan {
    /// Whether an edge has a guard at a place.
    func hasGuard(edge: Int, stage: Int) -> Bool {
        edges.indices.contains(edge) && edges[edge].guards.indices.contains(stage)
    }
}
