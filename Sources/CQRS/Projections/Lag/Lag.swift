public import Timeline

/// How far a projection is behind the log, at a moment.
///
/// A share of the log says little: 99 % of a million events is ten thousand behind. What counts is how many events, how
/// old the first of them is, and whether they are getting fewer.
public struct Lag: Hashable, Sendable {
    /// Positions between the projection and the end of the log.
    public let events: Int64
    /// How long ago the first event that it has not dealt with was appended; nil if it has read none of those.
    public let age: Duration?
    /// Positions that it passes a second.
    public let rate: Double
    /// Positions that the log grows by a second.
    public let growth: Double

    /// How long it will take to catch up if both go on like this; nil if the log grows as fast or faster.
    public var timeToCatchUp: Duration? {
        if events == 0 { return .zero }
        let gain = rate - growth
        return gain > 0 ? Duration(seconds: Double(events) / gain) : nil
    }
}
