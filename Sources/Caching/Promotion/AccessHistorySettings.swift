public import Timeline

/// How an ``AccessHistory`` is set; every value has been checked.
public struct AccessHistorySettings: Hashable, Sendable {
    /// The most keys that it knows; the one that was used least recently is forgotten.
    public let keys: Int
    /// How far back uses are counted.
    public let window: Duration
    /// Into how many parts the window is divided; it moves on by one part at a time.
    public let buckets: Int
    /// Up to which gap a use counts as close to the one before.
    public let closeGap: Duration
    /// What time of day it is.
    public let clock: DayClock

    /// Checks the settings.
    /// - Parameters:
    ///   - keys: 1 to 16 000 000; a key takes about 200 bytes and its own, and 8 for each bucket.
    ///   - window: 1 ms to 8784 h; an hour by default, as in the guide.
    ///   - buckets: 1 to 60; more are more exact.
    ///   - closeGap: more than zero; 5 minutes by default, within which the guide wants a key of its first level used.
    ///   - clock: days of 24 hours from the clock's zero by default.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(
        keys: Int, window: Duration = .minutes(60), buckets: Int = 12, closeGap: Duration = .minutes(5),
        clock: DayClock = .ordinary
    ) throws(SettingError) {
        guard (1...16_000_000).contains(keys) else {
            throw SettingError("keys", given: keys, allowed: "1 to 16000000")
        }
        guard window >= .milliseconds(1), window <= .minutes(8784 * 60) else {
            throw SettingError("window", given: window, allowed: "1ms to 8784h")
        }
        guard (1...60).contains(buckets) else { throw SettingError("buckets", given: buckets, allowed: "1 to 60") }
        guard closeGap > .zero else { throw SettingError("closeGap", given: closeGap, allowed: "more than 0s") }
        self.keys = keys
        self.window = window
        self.buckets = buckets
        self.closeGap = closeGap
        self.clock = clock
    }
}
