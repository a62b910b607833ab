import Caching
import Testing
import Timeline

@Suite("Settings of access histories")
struct HistorySettingsTests {
    @Test("by default the window is the guide's hour")
    func defaults() throws {
        let settings = try AccessHistorySettings(keys: 5)
        #expect(settings.window == .minutes(60) && settings.buckets == 12 && settings.closeGap == .minutes(5))
    }

    @Test("what is out of range is named")
    func checks() {
        let attempts: [(String, () throws -> Void)] = [
            ("keys", { _ = try AccessHistorySettings(keys: 0) }),
            ("keys", { _ = try AccessHistorySettings(keys: 16_000_001) }),
            ("window", { _ = try AccessHistorySettings(keys: 1, window: .microseconds(999)) }),
            ("window", { _ = try AccessHistorySettings(keys: 1, window: .maximum) }),
            ("buckets", { _ = try AccessHistorySettings(keys: 1, buckets: 0) }),
            ("buckets", { _ = try AccessHistorySettings(keys: 1, buckets: 61) }),
            ("closeGap", { _ = try AccessHistorySettings(keys: 1, closeGap: .zero) }),
            ("day", { _ = try DayClock(day: .milliseconds(23)) }),
            ("day", { _ = try DayClock(day: .maximum) }),
            ("timeAtZero", { _ = try DayClock(day: .minutes(24), timeAtZero: .minutes(24)) }),
            ("timeAtZero", { _ = try DayClock(day: .minutes(24), timeAtZero: .minutes(-1)) }),
        ]
        for (name, attempt) in attempts {
            let error = #expect(throws: SettingError.self) { try attempt() }
            #expect(error?.setting == name)
        }
    }
}
