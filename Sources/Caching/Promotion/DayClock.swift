public import Timeline

/// What time of day it is: days of 24 hours, of whatever length.
///
/// A simulation may live through a day in a minute, and a service's monotonic clock does not begin at midnight.
public struct DayClock: Hashable, Sendable {
    /// How long an hour is.
    public let hour: Duration
    /// The time of day at the clock's zero.
    public let timeAtZero: Duration

    /// Days of 24 hours from midnight on.
    public static let ordinary = DayClock(hour: .minutes(60), timeAtZero: .zero)

    private init(hour: Duration, timeAtZero: Duration) {
        self.hour = hour
        self.timeAtZero = timeAtZero
    }

    /// Checks the settings.
    /// - Parameters:
    ///   - day: how long a day is, 24 ms to 8784 h; a remainder of less than 24 ns is dropped.
    ///   - timeAtZero: the time of day at the clock's zero, 0 to less than a day.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(day: Duration, timeAtZero: Duration = .zero) throws(SettingError) {
        guard day >= .milliseconds(24), day <= .minutes(8784 * 60) else {
            throw SettingError("day", given: day, allowed: "24ms to 8784h")
        }
        guard timeAtZero >= .zero, timeAtZero < day else {
            throw SettingError("timeAtZero", given: timeAtZero, allowed: "0s to less than a day of \(day)")
        }
        self.init(hour: .nanoseconds(day.nanoseconds / 24), timeAtZero: timeAtZero)
    }

    /// How long a day is.
    public var day: Duration { hour * Int64(24) }

    /// The hour of the day, 0 to 23.
    public func hourOfDay(at moment: Instant) -> Int {
        Self.hourOfDay(hourNumber(at: moment))
    }

    /// How long ago midnight was.
    public func timeOfDay(at moment: Instant) -> Duration {
        let time = (moment + timeAtZero).nanoseconds
        let rest = time % day.nanoseconds
        return .nanoseconds(rest < 0 ? rest + day.nanoseconds : rest)
    }

    /// The first moment after this one at which it is so late, for a time from 0 to less than a day.
    public func next(_ time: Duration, after moment: Instant) -> Instant {
        let next = moment - timeOfDay(at: moment) + time
        return next > moment ? next : next + day
    }

    /// The hours since the midnight of the clock's first day; below zero before it.
    func hourNumber(at moment: Instant) -> Int64 {
        (moment + timeAtZero).nanoseconds.quotientRoundedDown(by: hour.nanoseconds)
    }

    /// The hour of the day of one of those.
    static func hourOfDay(_ hourNumber: Int64) -> Int {
        Int(hourNumber - hourNumber.quotientRoundedDown(by: 24) * 24)
    }
}

extension Int64 {
    /// The quotient by a positive number, rounded towards minus infinity.
    func quotientRoundedDown(by divisor: Int64) -> Int64 {
        let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? quotient - 1 : quotient
    }
}
