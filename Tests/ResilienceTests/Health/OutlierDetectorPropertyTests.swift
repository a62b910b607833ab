import Resilience
import Testing
import Timeline

@Suite("Whatever happens to an outlier detector", .tags(.property))
struct OutlierDetectorPropertyTests {
    @Test("no more than the limit are out, none for longer than the maximum, and all come back when due")
    func randomTraffic() throws {
        for seed in UInt64(0)..<80 {
            var traffic = try OutlierTraffic(seed: seed, extreme: seed % 3 == 0)
            if let violation = traffic.run(steps: 150) {
                Issue.record("seed \(seed): \(violation)")
                return
            }
        }
    }

    @Test("random traffic reaches every rule")
    func reachesEverything() throws {
        var enforced: Set<OutlierDetector.Rule> = []
        for seed in UInt64(0)..<50 {
            var traffic = try OutlierTraffic(seed: seed, extreme: false)
            _ = traffic.run(steps: 150)
            enforced.formUnion(OutlierDetector.Rule.allCases.filter { traffic.detector.totals.enforced[$0] > 0 })
        }
        #expect(enforced == Set(OutlierDetector.Rule.allCases))
    }
}

private struct OutlierTraffic {
    private(set) var detector: OutlierDetector

    private var random: RandomStream
    private let extreme: Bool
    private var now = Instant.zero
    /// Which hosts are out, by the changes told.
    private var out: Set<Int> = []

    init(seed: UInt64, extreme: Bool) throws {
        random = RandomStream(seed: seed, name: "outliers", purpose: "traffic")
        self.extreme = extreme
        func length(_ random: inout RandomStream) -> Duration {
            guard extreme else { return .milliseconds(Int64(random.below(50)) + 1) }
            return [.nanoseconds(1), .milliseconds(20), .maximum][Int(random.below(3))]
        }
        func percent(_ random: inout RandomStream) -> Int { Int(random.below(101)) }
        let base = length(&random)
        let few = Int(random.below(3)) + 1
        let settings = try OutlierDetector.Settings(
            interval: length(&random), baseEjectionTime: base, maxEjectionTime: max(base, length(&random)),
            ejectionJitter: random.chance(0.5) ? length(&random) : .zero, maxEjectionPercent: percent(&random),
            alwaysEjectOne: random.chance(0.5), errors: .init(Int(random.below(9)) + 1, enforcement: percent(&random)),
            gatewayErrors: .init(few, enforcement: percent(&random)),
            localFailures: .init(few, enforcement: percent(&random)),
            successRate: .init(
                deviations: random.uniform(), minimumHosts: few, minimumCalls: few, enforcement: percent(&random),
                localEnforcement: percent(&random)),
            failurePercentage: .init(
                threshold: percent(&random), minimumHosts: few, minimumCalls: few, enforcement: percent(&random),
                localEnforcement: percent(&random)),
            splitsOrigins: random.chance(0.5))
        detector = OutlierDetector(settings, hosts: Int(random.below(12)), at: now)
    }

    mutating func run(steps: Int) -> String? {
        for _ in 0..<steps {
            moveClock()
            let before = detector
            var changes: [OutlierDetector.Change] = []
            let host = Int(random.below(14)) - 1
            switch random.below(100) {
            case ..<85:
                let outcome = OutlierDetector.Outcome.allCases[Int(random.below(6))]
                if let change = detector.record(outcome, of: host, at: now, using: &random) { changes = [change] }
            case ..<95:
                changes = detector.advance(to: now, using: &random)
                if now >= before.nextInterval, let late = overdue(before) { return "\(late) is still out" }
            case 95:
                if let change = detector.reinstate(host, at: now) { changes = [change] }
            case 96 where detector.hostCount < 14:
                _ = detector.addHost()
            case 97:
                detector.removeHost(host)
                out.remove(host)
            default:
                break
            }
            if let violation = note(changes, before) ?? checkCounts() { return violation }
        }
        return nil
    }

    private mutating func note(_ changes: [OutlierDetector.Change], _ before: OutlierDetector) -> String? {
        let settings = detector.settings
        for change in changes {
            switch change {
            case .ejected(let host, _, let start, let end):
                if !out.insert(host).inserted { return "\(host) ejected twice" }
                if start != now || end != detector.ejectionEnds(host) { return "wrong times" }
                let longest = settings.maxEjectionTime + settings.ejectionJitter
                if end > now + longest || end < now { return "out for \(end - start)" }
                let isLimited = 100 * out.count <= settings.maxEjectionPercent * detector.hostCount
                if !isLimited && !(settings.alwaysEjectOne && out.count == 1) {
                    return "\(out.count) of \(detector.hostCount) out"
                }
            case .returned(let host, let moment):
                if out.remove(host) == nil || moment != now { return "\(host) came back from nowhere" }
            }
        }
        return nil
    }

    private func checkCounts() -> String? {
        let places = 0..<14
        if out.count != detector.ejectedCount { return "\(detector.ejectedCount) out instead of \(out.count)" }
        let ejected = places.filter { detector.isEjected($0) }
        if Set(ejected) != out { return "others are out" }
        let totals = detector.totals
        for rule in OutlierDetector.Rule.allCases where totals.enforced[rule] > totals.detected[rule] {
            return "more enforced than detected"
        }
        if totals.enforced.sum + totals.overflow > totals.detected.sum { return "counts overlap" }
        if places.contains(where: { detector.successRate(of: $0).map { !(0...100).contains($0) } ?? false }) {
            return "a rate that is none"
        }
        return nil
    }

    /// A host that the interval's end should have brought back; it may have been ejected again at once.
    private func overdue(_ before: OutlierDetector) -> Int? {
        (0..<14).first { host in
            guard let end = before.ejectionEnds(host), end <= now else { return false }
            return detector.isEjected(host) && detector.ejections(of: host) == before.ejections(of: host)
        }
    }

    private mutating func moveClock() {
        if extreme, random.chance(0.05) {
            now = random.chance(0.3) ? .distantFuture : Instant(nanoseconds: Int64(bitPattern: random.next()))
        } else {
            now = now + .milliseconds(Int64(random.below(10)) - 1)
        }
    }
}
