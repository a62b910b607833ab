import Resilience
import Testing
import Timeline

@Suite("Outliers by errors in a row, as in Envoy's outlier_detection_impl_test.cc")
struct OutlierDetectorErrorTests {
    @Test("five errors in a row eject for 30 s, a success in between starts anew (BasicFlow5xxViaHttpCodes)")
    func basicFlow() throws {
        var script = OutlierScript(try .init(), hosts: 2)
        script.load(0, 1, status: 500)
        script.load(0, 1, status: 200)
        #expect(script.load(0, 4, status: 500) == [])
        #expect(
            script.load(0, 1, status: 500) == [.ejected(0, .consecutiveErrors, at: .zero, until: .after(.seconds(30)))])
        #expect(script.detector.isEjected(0))
        #expect(script.detector.ejectedCount == 1)
        #expect(script.tick(9.999) == [])
        #expect(script.tick(10) == [])
        #expect(script.detector.ejectionEnds(0) == .after(.seconds(30)))
        #expect(script.tick(30.001) == [.returned(0, at: .after(.milliseconds(30_001)))])
        #expect(script.detector.ejectionEnds(0) == nil)
        // Again, now for twice as long.
        script.load(0, 4, status: 500)
        script.now = .after(.seconds(40))
        script.load(0, 1, status: 500)
        #expect(script.detector.ejectionEnds(0) == .after(.seconds(100)))
        #expect(script.detector.ejections(of: 0) == 2)
        script.detector.removeHost(0)
        #expect(script.detector.ejectedCount == 0)
        #expect(script.detector.totals.enforced[.consecutiveErrors] == 2)
        #expect(script.detector.totals.detected[.consecutiveGatewayErrors] == 0)
    }

    @Test("no host beyond the limit is ejected, and such are counted apart (Overflow)")
    func overflow() throws {
        var script = OutlierScript(try .init(maxEjectionPercent: 1), hosts: 2)
        script.load(0, 5, status: 500)
        #expect(script.detector.isEjected(0))
        #expect(script.load(1, 5, status: 500) == [])
        #expect(script.detector.ejectedCount == 1)
        #expect(script.detector.totals.overflow == 1)
        #expect(script.detector.totals.detected[.consecutiveErrors] == 2)
    }

    @Test(
        "the limit holds after the ejection, and the first host may be an exception (issues 26877 and 27066)",
        arguments: [
            (10, 10, true, 1), (10, 19, true, 1), (10, 20, true, 2), (10, 9, true, 1), (10, 9, false, 0),
            (10, 10, false, 1), (30, 10, false, 3), (50, 3, false, 1), (100, 4, false, 4), (0, 4, true, 1),
            (0, 4, false, 0), (33, 3, false, 0), (34, 3, false, 1),
        ])
    func limit(percent: Int, hosts: Int, alwaysOne: Bool, expected: Int) throws {
        var script = OutlierScript(
            try .init(maxEjectionPercent: percent, alwaysEjectOne: alwaysOne), hosts: hosts)
        for host in 0..<hosts { script.load(host, 5, status: 500) }
        #expect(script.detector.ejectedCount == expected)
        #expect(script.detector.totals.overflow == hosts - expected)
    }

    @Test("what is not enforced is detected all the same, every five errors (NotEnforcing)")
    func notEnforcing() throws {
        var script = OutlierScript(try .init(errors: .init(5, enforcement: 0)), hosts: 1)
        #expect(script.load(0, 5, status: 503) == [])
        #expect(!script.detector.isEjected(0))
        let totals = script.detector.totals
        #expect(totals.detected[.consecutiveErrors] == 1)
        #expect(totals.detected[.consecutiveGatewayErrors] == 1)
        #expect(totals.enforced.sum == 0)
        script.load(0, 10, status: 503)
        #expect(script.detector.totals.detected[.consecutiveErrors] == 3)
    }

    @Test("gateway errors and errors in a row are counted side by side (BasicFlowGatewayFailureAnd5xx)")
    func gatewayAndErrors() throws {
        var script = OutlierScript(try .init(gatewayErrors: .init(5)), hosts: 2)
        script.load(0, 1, status: 503)
        script.load(0, 1, status: 200)
        script.load(0, 4, status: 503)
        #expect(script.load(0, 1, status: 503).first?.host == 0)
        #expect(script.detector.totals.enforced[.consecutiveGatewayErrors] == 1)
        #expect(script.tick(30.001).count == 1)
        script.load(0, 2, status: 503)
        script.load(0, 2, status: 500)
        #expect(!script.detector.isEjected(0))
        script.load(0, 1, status: 500)
        #expect(script.detector.isEjected(0))
        let totals = script.detector.totals
        #expect(totals.enforced.sum == 2)
        #expect(totals.detected[.consecutiveErrors] == 1)
        #expect(totals.enforced[.consecutiveErrors] == 1)
        #expect(totals.detected[.consecutiveGatewayErrors] == 1)
    }

    @Test("origins not told apart, failing to connect is a gateway error (BasicFlowNonHttpCodesExternalOrigin)")
    func notSplit() throws {
        var script = OutlierScript(try .init(), hosts: 2)
        for _ in 0..<100 {
            script.load(0, 1, .connectFailure)
            script.load(0, 1, .success)
        }
        #expect(!script.detector.isEjected(0))
        script.load(0, 1, .connectFailure)
        script.load(0, 1, .connected)
        script.load(0, 3, .timeout)
        script.load(0, 1, .connectFailure)
        #expect(script.detector.isEjected(0))
        #expect(script.detector.totals.enforced[.consecutiveErrors] == 1)
        #expect(script.detector.totals.detected[.consecutiveGatewayErrors] == 1)
        #expect(script.detector.totals.enforced[.consecutiveGatewayErrors] == 0)
    }

    @Test("origins told apart, failures to reach a host have a rule of their own (BasicFlowLocalOriginFailure)")
    func localFailures() throws {
        var script = OutlierScript(try .init(splitsOrigins: true), hosts: 1)
        script.load(0, 5, .connectFailure)
        #expect(script.detector.isEjected(0))
        // More of them while it is out do not count for the next time.
        script.load(0, 5, .connectFailure)
        #expect(script.tick(10) == [])
        #expect(script.tick(30.001).count == 1)
        #expect(script.load(0, 4, .timeout) == [])
        #expect(script.load(0, 1, .timeout).count == 1)
        #expect(script.tick(90.002).count == 1)
        script.load(0, 4, .connectFailure)
        script.load(0, 1, .connected)
        script.load(0, 2, .connectFailure)
        #expect(!script.detector.isEjected(0))
        #expect(script.detector.totals.detected[.consecutiveLocalFailures] == 2)
        #expect(script.detector.totals.enforced.sum == 2)
    }

    @Test("an ejected host is not ejected again (Consecutive_5xxAlreadyEjected)")
    func alreadyEjected() throws {
        var script = OutlierScript(try .init(), hosts: 1)
        script.load(0, 5, status: 500)
        script.load(0, 1, status: 200)
        #expect(script.load(0, 50, status: 500) == [])
        #expect(script.detector.totals.detected.sum == 1)
    }

    @Test("each ejection lasts longer, each healthy interval makes the next one shorter (EjectTimeBackoff)")
    func backoff() throws {
        var script = OutlierScript(try .init(baseEjectionTime: .seconds(10)), hosts: 1)
        script.load(0, 5, status: 500)
        #expect(script.tick(10).count == 1)
        script.load(0, 5, status: 500)
        #expect(script.tick(20) == [])
        #expect(script.tick(30).count == 1)
        script.load(0, 5, status: 500)
        #expect(script.detector.ejectionEnds(0) == .after(.seconds(60)))
        #expect(script.tick(40) == [])
        #expect(script.tick(50) == [])
        #expect(script.tick(60).count == 1)
        #expect(script.detector.nextEjectionFactor(0) == 4)
        #expect(script.tick(70) == [])
        #expect(script.tick(80) == [])
        script.load(0, 5, status: 500)
        #expect(script.tick(90) == [])
        #expect(script.tick(100).count == 1)
        for step in 1...50 { #expect(script.tick(Double(100 + step * 10)) == []) }
        script.now = .after(.seconds(610))
        script.load(0, 5, status: 500)
        #expect(script.tick(620).count == 1)
    }

    @Test(
        "no ejection lasts longer than the maximum, multiple of the base time or not (MaxEjectTime, ...NotAlligned)",
        arguments: [300, 305] as [Int64])
    func maximum(seconds: Int64) throws {
        var script = OutlierScript(
            try .init(baseEjectionTime: .seconds(10), maxEjectionTime: .seconds(seconds)), hosts: 1)
        for number in 1...40 as ClosedRange<Int64> {
            script.load(0, 5, status: 500)
            let length = script.detector.ejectionEnds(0).map { $0 - script.now }
            #expect(length == .seconds(min(number * 10, seconds)))
            var ticks: Int64 = 0
            while script.detector.isEjected(0) {
                _ = script.tick(script.now.sinceZero.seconds + 10)
                ticks += 1
            }
            #expect(ticks == min(number, (seconds + 9) / 10))
        }
    }

    @Test("jitter lengthens an ejection by up to its setting, and is not drawn without (EjectionTimeJitterIsInRange)")
    func jitter() throws {
        var lengths: Set<Duration> = []
        for seed in UInt64(0)..<100 {
            var script = OutlierScript(try .init(ejectionJitter: .seconds(10)), hosts: 1, seed: seed)
            script.load(0, 5, status: 500)
            if let end = script.detector.ejectionEnds(0) { lengths.insert(end.sinceZero) }
        }
        #expect(lengths.count > 90)
        #expect(lengths.allSatisfy { $0 >= .seconds(30) && $0 <= .seconds(40) })
        var plain = OutlierScript(try .init(), hosts: 1)
        let before = plain.random
        plain.load(0, 5, status: 500)
        #expect(plain.random == before)
    }

    @Test("a share of enforcement enforces that share")
    func partialEnforcement() throws {
        var script = OutlierScript(
            try .init(maxEjectionPercent: 100, errors: .init(1, enforcement: 30)), hosts: 1_000)
        for host in 0..<1_000 { script.load(host, 1, status: 500) }
        #expect(script.detector.totals.detected.sum == 1_000)
        #expect((240...360).contains(script.detector.totals.enforced.sum))
    }

    @Test("hosts come and go: a removed one leaves its place to others (RemoveWhileEjected)")
    func membership() throws {
        var script = OutlierScript(try .init(), hosts: 1)
        script.load(0, 5, status: 500)
        script.detector.removeHost(0)
        script.detector.removeHost(0)
        #expect(script.detector.ejectedCount == 0)
        #expect(script.detector.hostCount == 0)
        #expect(script.load(0, 5, status: 500) == [])
        #expect(script.detector.addHost() == 0)
        #expect(script.detector.addHost() == 1)
        #expect(!script.detector.isEjected(0))
        #expect(script.detector.ejections(of: 0) == 0)
        #expect(script.load(7, 5, status: 500) == [])
        #expect(script.load(-1, 5, status: 500) == [])
        #expect(!script.detector.isEjected(99))
    }

    @Test("a health check that finds a host well may bring it back at once (BasicFlow5xxViaHttpCodesWithActiveHC)")
    func reinstating() throws {
        var script = OutlierScript(try .init(), hosts: 1)
        script.load(0, 5, status: 500)
        #expect(script.detector.reinstate(0, at: .after(.seconds(3))) == .returned(0, at: .after(.seconds(3))))
        #expect(script.detector.reinstate(0, at: .after(.seconds(3))) == nil)
        #expect(script.detector.ejectedCount == 0)
        #expect(script.load(0, 4, status: 500) == [])
    }
}

@Suite("Outliers by rates, as in Envoy's outlier_detection_impl_test.cc")
struct OutlierDetectorRateTests {
    private static let noErrors = OutlierDetector.InARow(5, enforcement: 0)

    @Test("rates of 100, 100, 100, 100, 50 have mean 90 and threshold 52: the last is out (BasicFlowSuccessRate)")
    func successRate() throws {
        var script = OutlierScript(try .init(errors: Self.noErrors), hosts: 5)
        for host in 0..<5 { script.load(host, 200, status: 200) }
        script.load(4, 200, status: 503)
        #expect(script.tick(10) == [.ejected(4, .successRate, at: script.now, until: .after(.seconds(40)))])
        #expect(script.detector.successRate(of: 4) == 50)
        #expect(script.detector.successRate(of: 0) == 100)
        #expect(script.detector.comparison?.average == 90)
        #expect(script.detector.comparison?.threshold == 52)
        #expect(script.detector.localComparison == nil)
        #expect(script.detector.successRate(of: 4, .local) == nil)
        #expect(script.detector.totals.detected[.consecutiveErrors] == 40)
        #expect(script.tick(20) == [])
        #expect(script.detector.comparison == nil)
        #expect(script.detector.successRate(of: 0) == nil)
        #expect(script.tick(50.001) == [.returned(4, at: script.now)])
        // Enough calls on four hosts only.
        for host in 0..<4 { script.load(host, 100, status: 200) }
        script.load(4, 25, status: 200)
        script.load(4, 25, status: 503)
        #expect(script.tick(60.001) == [])
        #expect(script.detector.comparison == nil)
        #expect(script.detector.successRate(of: 4) == 50)
    }

    @Test("the same of reaching the hosts, where origins are told apart (BasicFlowSuccessRateLocalOrigin)")
    func localSuccessRate() throws {
        var script = OutlierScript(try .init(localFailures: Self.noErrors, splitsOrigins: true), hosts: 5)
        for host in 0..<5 { script.load(host, 200, .connected) }
        script.load(4, 200, .connectFailure)
        #expect(script.tick(10) == [.ejected(4, .localSuccessRate, at: script.now, until: .after(.seconds(40)))])
        #expect(script.detector.successRate(of: 4, .local) == 50)
        #expect(script.detector.localComparison?.average == 90)
        #expect(script.detector.localComparison?.threshold == 52)
        #expect(script.detector.comparison == nil)
        #expect(script.detector.successRate(of: 4) == nil)
    }

    @Test("too few hosts or too few calls are not judged (EmptySuccessRate)")
    func tooFew() throws {
        var script = OutlierScript(try .init(errors: Self.noErrors), hosts: 4)
        for host in 0..<4 { script.load(host, 200, status: host == 3 ? 500 : 200) }
        #expect(script.tick(10) == [])
        #expect(script.detector.successRate(of: 0) == nil)
        var idle = OutlierScript(try .init(errors: Self.noErrors), hosts: 5)
        for host in 0..<5 { idle.load(host, 49, status: host == 3 ? 500 : 200) }
        #expect(idle.tick(10) == [])
        #expect(idle.detector.successRate(of: 0) == nil)
    }

    @Test("with equal rates nobody lies below the threshold, even if all fail")
    func allAlike() throws {
        var script = OutlierScript(try .init(maxEjectionPercent: 100, errors: Self.noErrors), hosts: 6)
        for host in 0..<6 { script.load(host, 100, status: 500) }
        #expect(script.tick(10) == [])
        #expect(script.detector.totals.detected[.successRate] == 0)
        #expect(script.detector.totals.detected[.failurePercentage] == 6)
    }

    @Test("too many failures eject if enforced, at the threshold (BasicFlowFailurePercentageExternalOrigin)")
    func failurePercentage() throws {
        let settings = try OutlierDetector.Settings(
            errors: Self.noErrors, successRate: .init(enforcement: 0),
            failurePercentage: .init(threshold: 40, enforcement: 100))
        var script = OutlierScript(settings, hosts: 5)
        for host in 0..<5 { script.load(host, 200, status: 200) }
        script.load(4, 200, status: 503)
        #expect(script.tick(10) == [.ejected(4, .failurePercentage, at: script.now, until: .after(.seconds(40)))])
        #expect(script.detector.totals.detected[.successRate] == 1)
        #expect(script.detector.totals.enforced[.successRate] == 0)
        #expect(script.tick(20) == [])
        #expect(script.tick(50.001).count == 1)
        for host in 0..<5 { script.load(host, 25, status: 200) }
        script.load(4, 25, status: 503)
        #expect(script.tick(60.001) == [])
        #expect(script.detector.successRate(of: 4) == 50)
        #expect(script.detector.comparison == nil)
    }

    @Test("of 83.3 and 85.7 % of failures the latter reaches the 85 % (BasicFlowFailurePercentageExternalOrigin)")
    func failureThreshold() throws {
        let settings = try OutlierDetector.Settings(
            errors: Self.noErrors, successRate: .init(enforcement: 0), failurePercentage: .init(enforcement: 100))
        var script = OutlierScript(settings, hosts: 5)
        for host in 0..<5 { script.load(host, 50, status: 200) }
        script.load(3, 250, status: 503)
        script.load(4, 300, status: 503)
        #expect(script.detector.totals.detected[.consecutiveErrors] == 110)
        #expect(script.detector.totals.detected[.consecutiveGatewayErrors] == 110)
        #expect(script.tick(10) == [.ejected(4, .failurePercentage, at: script.now, until: .after(.seconds(40)))])
        #expect(script.detector.successRate(of: 3) == 100 * 50 / 300.0)
        #expect(script.detector.successRate(of: 4) == 100 * 50 / 350.0)
        #expect(script.tick(19.999) == [])
        #expect(script.tick(50.001) == [.returned(4, at: script.now)])
    }

    @Test("the same of reaching the hosts, where origins are told apart (BasicFlowFailurePercentageLocalOrigin)")
    func localFailurePercentage() throws {
        let settings = try OutlierDetector.Settings(
            localFailures: Self.noErrors, successRate: .init(localEnforcement: 0),
            failurePercentage: .init(threshold: 40, localEnforcement: 100), splitsOrigins: true)
        var script = OutlierScript(settings, hosts: 5)
        for host in 0..<5 { script.load(host, 200, .connected) }
        script.load(4, 200, .connectFailure)
        #expect(script.detector.totals.detected[.consecutiveLocalFailures] == 40)
        #expect(script.tick(10) == [.ejected(4, .localFailurePercentage, at: script.now, until: .after(.seconds(40)))])
        #expect(script.detector.successRate(of: 4, .local) == 50)
        #expect(script.detector.localComparison?.average == 90)
        #expect(script.detector.localComparison?.threshold == 52)
        #expect(script.detector.totals.detected[.localSuccessRate] == 1)
        #expect(script.detector.comparison == nil)
        #expect(script.tick(50.001).count == 1)
        // Enough calls to know the rate, too few to compare it.
        for host in 0..<5 { script.load(host, 25, .connected) }
        script.load(4, 25, .connectFailure)
        #expect(script.tick(60.001) == [])
        #expect(script.detector.successRate(of: 4, .local) == 50)
        #expect(script.detector.localComparison == nil)
    }

    @Test("a host that both rules detect at the end of an interval is ejected once")
    func once() throws {
        let settings = try OutlierDetector.Settings(
            maxEjectionPercent: 100, errors: Self.noErrors,
            failurePercentage: .init(threshold: 40, enforcement: 100))
        var script = OutlierScript(settings, hosts: 5)
        for host in 0..<5 { script.load(host, 200, status: host == 4 ? 503 : 200) }
        #expect(script.tick(10).count == 1)
        #expect(script.detector.ejectedCount == 1)
        #expect(script.detector.ejections(of: 4) == 1)
        #expect(script.detector.totals.detected[.failurePercentage] == 0)
    }

    @Test(
        "the ejection time grows for outliers by rates too (issue 26758)",
        arguments: [OutlierDetector.Rule.successRate, .failurePercentage])
    func growth(rule: OutlierDetector.Rule) throws {
        let settings = try OutlierDetector.Settings(
            errors: Self.noErrors,
            successRate: .init(minimumCalls: 5, enforcement: rule == .successRate ? 100 : 0),
            failurePercentage: .init(minimumCalls: 5, enforcement: rule == .failurePercentage ? 100 : 0))
        var script = OutlierScript(settings, hosts: 5)
        var lengths: [Double] = []
        for step in 1...250 {
            for host in 0..<5 { script.load(host, 5, status: host == 2 ? 500 : 200) }
            for case .ejected(2, let by, let start, let end) in script.tick(Double(step * 10)) {
                #expect(by == rule)
                lengths.append((end - start).seconds)
            }
        }
        #expect(lengths.prefix(12) == [30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 300, 300])
    }
}

@Suite("Outlier settings")
struct OutlierDetectorSettingsTests {
    typealias Settings = OutlierDetector.Settings

    @Test("the defaults are Envoy's; the longest ejection is 300 s or the base time")
    func defaults() throws {
        let settings = try Settings()
        #expect(settings.interval == .seconds(10))
        #expect(settings.baseEjectionTime == .seconds(30))
        #expect(settings.maxEjectionTime == .seconds(300))
        #expect(settings.maxEjectionPercent == 10)
        #expect(settings.errors == .init(5, enforcement: 100))
        #expect(settings.gatewayErrors == .init(5, enforcement: 0))
        #expect(settings.successRate.deviations == 1.9)
        #expect(settings.failurePercentage.threshold == 85)
        #expect(try Settings(baseEjectionTime: .seconds(400)).maxEjectionTime == .seconds(400))
    }

    @Test("HTTP statuses are sorted into errors, gateway errors and what is well")
    func statuses() {
        for (status, outcome) in [
            (200, .success), (404, .success), (499, .success), (500, .serverError), (501, .serverError),
            (502, .gatewayError), (503, .gatewayError), (504, .gatewayError), (505, .serverError), (599, .serverError),
            (600, .success),
        ] as [(Int, OutlierDetector.Outcome)] {
            #expect(OutlierDetector.Outcome(status: status) == outcome)
        }
    }

    @Test("a value out of range is refused by name, with the range")
    func refusals() {
        let refused: [(String, () throws -> Settings)] = [
            ("interval: 0s is out of range; allowed: more than 0s", { try .init(interval: .zero) }),
            ("baseEjectionTime: 0s is out of range; allowed: more than 0s", { try .init(baseEjectionTime: .zero) }),
            (
                "maxEjectionTime: 3s is out of range; allowed: 30s or more",
                { try .init(maxEjectionTime: .seconds(3)) }
            ),
            (
                "ejectionJitter: -1s is out of range; allowed: 0s or more",
                { try .init(ejectionJitter: .seconds(-1)) }
            ),
            ("maxEjectionPercent: 101 is out of range; allowed: 0 to 100", { try .init(maxEjectionPercent: 101) }),
            ("errors.inARow: 0 is out of range; allowed: 1 or more", { try .init(errors: .init(0)) }),
            (
                "gatewayErrors.enforcement: -1 is out of range; allowed: 0 to 100",
                { try .init(gatewayErrors: .init(5, enforcement: -1)) }
            ),
            ("localFailures.inARow: -5 is out of range; allowed: 1 or more", { try .init(localFailures: .init(-5)) }),
            (
                "successRate.deviations: nan is out of range; allowed: 0 or more, finite",
                { try .init(successRate: .init(deviations: .nan)) }
            ),
            (
                "successRate.minimumHosts: 0 is out of range; allowed: 1 or more",
                { try .init(successRate: .init(minimumHosts: 0)) }
            ),
            (
                "successRate.minimumCalls: 0 is out of range; allowed: 1 or more",
                { try .init(successRate: .init(minimumCalls: 0)) }
            ),
            (
                "failurePercentage.threshold: 101 is out of range; allowed: 0 to 100",
                { try .init(failurePercentage: .init(threshold: 101)) }
            ),
            (
                "failurePercentage.localEnforcement: 101 is out of range; allowed: 0 to 100",
                { try .init(failurePercentage: .init(localEnforcement: 101)) }
            ),
        ]
        for (message, make) in refused {
            let error = #expect(throws: SettingError.self) { try make() }
            #expect(error?.description == message)
        }
    }
}

/// Plays results and intervals against a detector.
struct OutlierScript {
    var detector: OutlierDetector
    var now = Instant.zero
    var random: RandomStream

    init(_ settings: OutlierDetector.Settings, hosts: Int, seed: UInt64 = 1) {
        detector = OutlierDetector(settings, hosts: hosts, at: .zero)
        random = RandomStream(seed: seed, name: "outliers", purpose: "script")
    }

    @discardableResult
    mutating func load(_ host: Int, _ calls: Int, _ outcome: OutlierDetector.Outcome) -> [OutlierDetector.Change] {
        (0..<calls).compactMap { _ in detector.record(outcome, of: host, at: now, using: &random) }
    }

    @discardableResult
    mutating func load(_ host: Int, _ calls: Int, status: Int) -> [OutlierDetector.Change] {
        load(host, calls, .init(status: status))
    }

    mutating func tick(_ seconds: Double) -> [OutlierDetector.Change] {
        now = .after(Duration(seconds: seconds))
        return detector.advance(to: now, using: &random)
    }
}
