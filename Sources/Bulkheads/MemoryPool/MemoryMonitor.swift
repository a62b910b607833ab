public import Timeline

/// Watches how full something is: alerts when a line is crossed, once for each crossing, and a forecast.
///
/// ``observe(_:limit:at:)`` is told of every change. It answers with an alert when the share of the limit reaches a
/// threshold, and again when it has fallen below it by the hysteresis, so that use that hovers at a threshold does not
/// alert all the time. The growth is the slope of the line through the use at ten moments of the latest window
/// (least squares), which a sawtooth of requests does not hide a leak from; from it follows when all will be full.
///
/// The monitor reads no clock. A clock that steps back takes no samples until it has caught up.
public struct MemoryMonitor: Hashable, Sendable {
    /// The settings in force; ``changeSettings(_:)`` replaces them.
    public private(set) var settings: Settings
    /// How short memory is.
    public private(set) var pressure = Pressure.normal
    /// The use that was observed last, in bytes.
    public private(set) var used = 0
    /// The limit at that time.
    public private(set) var limit = Int.max
    /// Alerts since the start.
    public private(set) var alerts = 0
    /// Whether a ``Alert/filling(in:bytesPerSecond:used:limit:)`` stands.
    public private(set) var isFilling = false

    private var trend: MemoryTrend

    /// A monitor that has seen nothing.
    public init(_ settings: Settings) {
        self.settings = settings
        trend = MemoryTrend(window: settings.window)
    }

    /// How short memory is.
    public enum Pressure: UInt8, Hashable, Sendable, CaseIterable, Comparable {
        /// Enough is left.
        case normal
        /// Something should be done soon.
        case warning
        /// Requests will be refused.
        case critical

        /// Whether the left one is the lower.
        public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// A line that was crossed.
    public enum Alert: Hashable, Sendable {
        /// The pressure rose or fell.
        case pressure(from: Pressure, to: Pressure, used: Int, limit: Int)
        /// At the present growth all will be full so soon.
        case filling(in: Duration, bytesPerSecond: Double, used: Int, limit: Int)
    }

    /// The use has changed; an alert if that crosses a line.
    public mutating func observe(_ used: Int, limit: Int, at now: Instant) -> Alert? {
        // Until now the use was as it was.
        trend.sample(self.used, at: now)
        self.used = used
        self.limit = limit
        let next = settings.pressure(at: Self.share(of: used, limit: limit), after: pressure)
        guard next != pressure else { return nil }
        let alert = Alert.pressure(from: pressure, to: next, used: used, limit: limit)
        pressure = next
        alerts += 1
        return alert
    }

    /// Takes the samples that are due; an alert if they mean that all will be full within the horizon.
    ///
    /// It stands until there is no growth any more or the forecast is twice the horizon; then the next may come.
    public mutating func advance(to now: Instant) -> Alert? {
        trend.sample(used, at: now)
        guard let horizon = settings.horizon else { return nil }
        guard let rest = fullIn(at: now), rest < horizon * Int64(2) else {
            isFilling = false
            return nil
        }
        guard !isFilling, rest <= horizon else { return nil }
        isFilling = true
        alerts += 1
        return .filling(in: rest, bytesPerSecond: growth(at: now) ?? 0, used: used, limit: limit)
    }

    /// Bytes per second that the use has grown by over the window; negative if it shrinks, nil until half of the
    /// window has been seen.
    public func growth(at now: Instant) -> Double? { trend.slope(of: used, at: now) }

    /// How long until all is full at the present growth; zero if it is, nil if the use does not grow or has no limit.
    public func fullIn(at now: Instant) -> Duration? {
        guard limit != Int.max else { return nil }
        guard used < limit else { return .zero }
        guard let growth = growth(at: now), growth > 0 else { return nil }
        return Duration(seconds: (Double(limit) - Double(used)) / growth)
    }

    /// When the next sample is due; nil before the first observation.
    public var nextSample: Instant? { trend.nextSample }

    /// Replaces the settings. The pressure is judged anew by the next observation; another window begins empty.
    public mutating func changeSettings(_ new: Settings) {
        if new.window != settings.window { trend = MemoryTrend(window: new.window) }
        settings = new
    }

    /// The share of a limit in use: 0 without a limit, 1 for a limit of 0.
    public static func share(of used: Int, limit: Int) -> Double {
        if limit == Int.max { return 0 }
        return limit > 0 ? Double(used) / Double(limit) : 1
    }
}
