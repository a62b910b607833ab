import Gateway
import Resilience
import Simulation
import Timeline

extension Compiler {
    mutating func balancer(_ tree: Tree) throws(SettingError) -> GuardPlan? {
        let reader = SectionReader(tree, BalancerKeys.section, &findings)
        let before = findings.problems.count
        let choice = reader.value(BalancerKeys.by, &findings)
        let panic = reader.value(BalancerKeys.panic, &findings)
        let outliers = try tree["outliers"].flatMap { pair throws(SettingError) in try self.outliers(pair.value) }
        let health = try tree["health"].flatMap { pair throws(SettingError) in try self.healthCheck(pair.value) }
        guard let choice, let panic, findings.problems.count == before else { return nil }
        var plan = BalancerPlan(
            by: choice, outliers: outliers, health: health, panic: panic > 0 ? try PanicMode(below: panic) : nil)
        try readAlgorithm(reader, into: &plan)
        return findings.problems.count == before ? .balancer(plan) : nil
    }

    /// Reads what belongs to some ways to choose alone, and where attempts go.
    private mutating func readAlgorithm(
        _ reader: SectionReader, into plan: inout BalancerPlan
    ) throws(SettingError) {
        if let weights = reader.listed(BalancerKeys.weights, &findings) { plan.weights = weights }
        reader.read(BalancerKeys.maximumFails, into: &plan.maximumFails, &findings)
        reader.read(BalancerKeys.retries, into: &plan.retries, &findings)
        reader.read(BalancerKeys.decay, into: &plan.decay, &findings)
        if let bound = reader.value(BalancerKeys.bound, &findings) { plan.bound = bound }
        if let window = reader.value(BalancerKeys.slowStart, &findings), let window {
            plan.slowStart = try SlowStart(window: window)
        }
        plan.zones = try zones(reader)
        checkUses(of: plan, reader)
    }

    private mutating func zones(_ reader: SectionReader) throws(SettingError) -> BalancerPlan.Zones? {
        let zone = reader.given(BalancerKeys.zone, &findings)
        let replicas = reader.tree[BalancerKeys.zones.name] == nil ? nil : reader.listed(BalancerKeys.zones, &findings)
        let minimum = reader.value(BalancerKeys.zoneMinimum, &findings)
        guard zone != nil || replicas != nil else { return nil }
        guard let zone, let replicas, let minimum else {
            findings.add("a balancer that knows zones needs both zone and zones", at: reader.tree.place)
            return nil
        }
        var names: [String] = []
        for name in [zone] + replicas where !names.contains(name) { names.append(name) }
        guard names.count <= 16 else {
            findings.add(
                "\(names.count) zones are too many; allowed: 1 to 16", at: reader.place(of: BalancerKeys.zones.name))
            return nil
        }
        let awareness = try ZoneAwareness(zone: 0, gateways: names.map { _ in 1 }, minimumBackends: minimum)
        return BalancerPlan.Zones(awareness, replicas: replicas.compactMap { names.firstIndex(of: $0) })
    }

    /// Complains about settings that the way to choose takes no heed of.
    private mutating func checkUses(of plan: BalancerPlan, _ reader: SectionReader) {
        func ways(_ uses: (BalancerPlan.Choice) -> Bool) -> String {
            BalancerPlan.Choice.allCases.filter(uses).map(\.rawValue).joined(separator: ", ")
        }
        let standard = BalancerPlan()
        let uses: [(name: String, isGiven: Bool, isUsed: Bool, by: String)] = [
            (BalancerKeys.weights.name, plan.weights != standard.weights, plan.by.usesWeights, ways(\.usesWeights)),
            (BalancerKeys.slowStart.name, plan.slowStart != nil, plan.by.usesWeights, ways(\.usesWeights)),
            (
                BalancerKeys.maximumFails.name, plan.maximumFails != standard.maximumFails, plan.by == .smoothWeighted,
                BalancerPlan.Choice.smoothWeighted.rawValue
            ),
            (
                BalancerKeys.decay.name, plan.decay != standard.decay, plan.by == .peakEWMA,
                BalancerPlan.Choice.peakEWMA.rawValue
            ),
            (BalancerKeys.bound.name, plan.bound != nil, plan.by.isConsistent, ways(\.isConsistent)),
            (BalancerKeys.zones.name, plan.zones != nil, plan.by.usesZones, ways(\.usesZones)),
        ]
        for use in uses where use.isGiven && !use.isUsed {
            findings.add(
                "\(use.name) counts only with by: \(use.by); this balancer chooses by \(plan.by.rawValue)",
                at: reader.place(of: use.name))
        }
    }

    /// Complains about lists that are not as long as there are replicas.
    mutating func checkLists(of guards: [GuardPlan], replicas: Int, _ edge: Tree) {
        for plan in guards {
            guard case .balancer(let balancer) = plan else { continue }
            let tree = edge[GuardKind.balancer.rawValue]?.value ?? edge
            let lists = [
                (BalancerKeys.weights.name, balancer.weights.count == 1 ? replicas : balancer.weights.count),
                (BalancerKeys.zones.name, balancer.zones?.replicas.count ?? replicas),
            ]
            for (name, count) in lists where count > 0 && count != replicas {
                findings.add(
                    "\(name): there are \(count) for \(replicas) replica\(replicas == 1 ? "" : "s")",
                    at: tree.place(of: name))
            }
        }
    }

    private mutating func outliers(_ tree: Tree) throws(SettingError) -> OutlierDetector.Settings? {
        let reader = SectionReader(tree, OutlierKeys.section, &findings)
        let errors = reader.value(OutlierKeys.errors, &findings)
        let gatewayErrors = reader.value(OutlierKeys.gatewayErrors, &findings)
        let interval = reader.value(OutlierKeys.interval, &findings)
        let ejection = reader.value(OutlierKeys.ejection, &findings)
        let longest = reader.value(OutlierKeys.longest, &findings)
        let jitter = reader.value(OutlierKeys.jitter, &findings)
        let atMost = reader.value(OutlierKeys.atMost, &findings)
        let alwaysOne = reader.value(OutlierKeys.alwaysOne, &findings)
        let successRate = reader.value(OutlierKeys.successRate, &findings)
        let failures = reader.value(OutlierKeys.failures, &findings)
        guard let errors, let gatewayErrors, let interval, let ejection, let jitter, let atMost, let alwaysOne,
            let successRate, let failures
        else { return nil }
        if let longest, longest < ejection {
            findings.add(
                "longest ejection: \(longest) is less than the first one, \(ejection)",
                at: reader.place(of: OutlierKeys.longest.name))
            return nil
        }
        return try OutlierDetector.Settings(
            interval: interval, baseEjectionTime: ejection, maxEjectionTime: longest, ejectionJitter: jitter,
            maxEjectionPercent: atMost, alwaysEjectOne: alwaysOne, errors: errors, gatewayErrors: gatewayErrors,
            successRate: successRate, failurePercentage: failures)
    }

    private mutating func healthCheck(_ tree: Tree) throws(SettingError) -> HealthCheckPlan? {
        let reader = SectionReader(tree, HealthKeys.section, &findings)
        let every = reader.value(HealthKeys.every, &findings)
        let jitter = reader.value(HealthKeys.jitter, &findings)
        let timeout = reader.value(HealthKeys.timeout, &findings)
        let healthy = reader.value(HealthKeys.healthy, &findings)
        let unhealthy = reader.value(HealthKeys.unhealthy, &findings)
        let depth = reader.value(HealthKeys.check, &findings)
        guard let every, let jitter, let timeout, let healthy, let unhealthy, let depth else { return nil }
        // None decides alone, or "unhealthy after" would not say what it says.
        let settings = try HealthChecker.Settings(
            intervals: HealthChecker.Intervals(normal: every, jitterShare: jitter), timeout: timeout,
            healthyThreshold: healthy, unhealthyThreshold: unhealthy, immediateFailures: [])
        return HealthCheckPlan(settings, depth: depth)
    }

    /// Complains about a second balancer, and about breakers of replicas that no balancer outside them chooses.
    mutating func checkReplicas(_ labels: [(label: GuardLabel, place: Place)], _ guards: [GuardPlan], _ edge: Tree) {
        var isChosen = false
        for (each, plan) in zip(labels, guards) {
            switch plan {
            case .balancer where isChosen:
                findings.add("an edge can have one balancer; take \"\(each.label.text)\" off", at: each.place)
            case .balancer:
                isChosen = true
            case .breaker(let breaker) where breaker.scope == .replica && !isChosen:
                let place = edge[each.label.text]?.value["each"]?.value.place ?? each.place
                findings.add(
                    "each: replica needs a balancer outside the breaker, which chooses the replica: "
                        + "guards: [..., balancer, \(each.label.text)]", at: place)
            default:
                break
            }
        }
    }
}
