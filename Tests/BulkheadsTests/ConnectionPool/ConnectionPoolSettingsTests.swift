import Bulkheads
import Testing
import Timeline

@Suite("Connection pool settings")
struct ConnectionPoolSettingsTests {
    @Test("The defaults are HikariCP's")
    func defaults() throws {
        let settings = try ConnectionPool.Settings()
        #expect(settings.maximum == 10)
        #expect(settings.minimumIdle == 10)
        #expect(settings.connectionTimeout == .seconds(30))
        #expect(settings.idleTimeout == .minutes(10))
        #expect(settings.maxLifetime == .minutes(30))
        #expect(settings.keepalive == nil)
        #expect(settings.housekeeping == .seconds(30))
        #expect(settings.validateAfter == .milliseconds(500))
        #expect(settings.validationTimeout == .seconds(5))
        #expect(settings.leakThreshold == nil)
        #expect(settings.creationBackoff == .milliseconds(10))
        #expect(settings.creationBackoffLimit == .seconds(5))
        #expect(settings.clockTolerance == .milliseconds(128))
    }

    @Test("What is out of range is named, with what is allowed")
    func ranges() {
        let refused: [(SettingError, () throws(SettingError) -> ConnectionPool.Settings)] = [
            (error("maximum", "0", "1 to 65536"), { () throws(SettingError) in try .init(maximum: 0) }),
            (error("maximum", "65537", "1 to 65536"), { () throws(SettingError) in try .init(maximum: 65_537) }),
            (
                error("minimumIdle", "-1", "0 to 10"), { () throws(SettingError) in try .init(minimumIdle: -1) }
            ),
            (
                error("minimumIdle", "11", "0 to 10"), { () throws(SettingError) in try .init(minimumIdle: 11) }
            ),
            (
                error("connectionTimeout", "-1ns", "0s or more"),
                { () throws(SettingError) in try .init(connectionTimeout: .nanoseconds(-1)) }
            ),
            (error("waiters", "-1", "0 or more"), { () throws(SettingError) in try .init(waiters: -1) }),
            (
                error("idleTimeout", "0s", "more than 0s"),
                { () throws(SettingError) in try .init(idleTimeout: .zero) }
            ),
            (
                error("maxLifetime", "0s", "more than 0s"),
                { () throws(SettingError) in try .init(maxLifetime: .zero) }
            ),
            (
                error("keepalive", "0s", "more than 0s"),
                { () throws(SettingError) in try .init(keepalive: .zero) }
            ),
            (
                error("keepalive", "10s", "less than maxLifetime, 10s"),
                { () throws(SettingError) in try .init(maxLifetime: .seconds(10), keepalive: .seconds(10)) }
            ),
            (
                error("housekeeping", "0s", "more than 0s"),
                { () throws(SettingError) in try .init(housekeeping: .zero) }
            ),
            (
                error("validateAfter", "-1s", "0s or more"),
                { () throws(SettingError) in try .init(validateAfter: .seconds(-1)) }
            ),
            (
                error("validationTimeout", "0s", "more than 0s"),
                { () throws(SettingError) in try .init(validationTimeout: .zero) }
            ),
            (
                error("leakThreshold", "0s", "more than 0s"),
                { () throws(SettingError) in try .init(leakThreshold: .zero) }
            ),
            (
                error("reclaimAfter", "0s", "more than 0s"),
                { () throws(SettingError) in try .init(reclaimAfter: .zero) }
            ),
            (
                error("concurrentCreations", "0", "1 or more"),
                { () throws(SettingError) in try .init(concurrentCreations: 0) }
            ),
            (
                error("creationBackoff", "0s", "more than 0s"),
                { () throws(SettingError) in try .init(creationBackoff: .zero) }
            ),
            (
                error("creationBackoffLimit", "5s", "6s or more"),
                { () throws(SettingError) in try .init(creationBackoff: .seconds(6)) }
            ),
            (
                error("clockTolerance", "-1s", "0s or more"),
                { () throws(SettingError) in try .init(clockTolerance: .seconds(-1)) }
            ),
        ]
        for (expected, make) in refused {
            #expect(throws: expected) { try make() }
        }
    }

    private func error(_ setting: String, _ given: String, _ allowed: String) -> SettingError {
        SettingError(setting, given: given, allowed: allowed)
    }

    @Test("The ends of the ranges are accepted")
    func ends() throws {
        _ = try ConnectionPool.Settings(
            maximum: 65_536, minimumIdle: 0, connectionTimeout: .zero, waiters: 0, idleTimeout: nil,
            maxLifetime: .nanoseconds(2), keepalive: .nanoseconds(1), housekeeping: .nanoseconds(1),
            validateAfter: .zero, validationTimeout: .nanoseconds(1), leakThreshold: .nanoseconds(1),
            reclaimAfter: .maximum, concurrentCreations: .max, creationBackoff: .maximum,
            creationBackoffLimit: .maximum, clockTolerance: .zero)
    }
}
