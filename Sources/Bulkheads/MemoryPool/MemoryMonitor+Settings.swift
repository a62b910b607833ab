public import Timeline

extension MemoryMonitor {
    /// How a monitor is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// From this share of the limit on, ``Pressure/warning``.
        public let warning: Double
        /// From this share of the limit on, ``Pressure/critical``.
        public let critical: Double
        /// How far the share has to fall below a threshold before the pressure falls.
        public let hysteresis: Double
        /// How far back the growth is measured.
        public let window: Duration
        /// A forecast of less than this is worth an alert; nil for no such alert.
        public let horizon: Duration?

        /// Checks the settings.
        /// - Parameters:
        ///   - warning: a share of more than 0.
        ///   - critical: a share of more than `warning` and at most 1.
        ///   - hysteresis: 0 or more, and less than `warning`.
        ///   - window: more than zero.
        ///   - horizon: more than zero.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            warning: Double = 0.75, critical: Double = 0.9, hysteresis: Double = 0.05,
            window: Duration = .seconds(60), horizon: Duration? = nil
        ) throws(SettingError) {
            guard warning > 0, warning < 1 else {
                throw SettingError("warning", given: warning, allowed: "a share of more than 0 and less than 1")
            }
            guard critical > warning, critical <= 1 else {
                throw SettingError(
                    "critical", given: critical, allowed: "a share of more than \(warning) (warning) and at most 1")
            }
            guard hysteresis >= 0, hysteresis < warning else {
                throw SettingError(
                    "hysteresis", given: hysteresis, allowed: "0 or more, and less than \(warning) (warning)")
            }
            guard window > .zero else { throw SettingError("window", given: window, allowed: "more than 0s") }
            if let horizon, horizon <= .zero {
                throw SettingError("horizon", given: horizon, allowed: "more than 0s")
            }
            self.warning = warning
            self.critical = critical
            self.hysteresis = hysteresis
            self.window = window
            self.horizon = horizon
        }

        /// The pressure at a share, after that pressure.
        func pressure(at share: Double, after pressure: Pressure) -> Pressure {
            if share >= critical { return .critical }
            if pressure == .critical, share >= critical - hysteresis { return .critical }
            if share >= warning { return .warning }
            return pressure >= .warning && share >= warning - hysteresis ? .warning : .normal
        }
    }
}
