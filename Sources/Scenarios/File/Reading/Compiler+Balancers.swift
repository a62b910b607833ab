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
        return .balancer(
            BalancerPlan(
                by: choice, outliers: outliers, health: health,
                panic: panic > 0 ? try PanicMode(below: panic) : nil))
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
