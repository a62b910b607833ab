public import Timeline

/// How much a key must be used to be worth a place.
public struct PromotionThreshold: Hashable, Sendable {
    /// Used more often than this within the window; nil for however often.
    public let frequencyOver: Int?
    /// Used less long ago than this; nil for however long.
    public let recencyUnder: Duration?
    /// A locality of more than this; nil for any.
    public let localityOver: Double?

    init(_ frequencyOver: Int?, _ recencyUnder: Duration?, _ localityOver: Double?) {
        self.frequencyOver = frequencyOver
        self.recencyUnder = recencyUnder
        self.localityOver = localityOver
    }

    /// Checks the settings.
    /// - Parameters:
    ///   - frequencyOver: 0 or more, or nil.
    ///   - recencyUnder: more than zero, or nil.
    ///   - localityOver: 0 to less than 1, or nil.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(
        frequencyOver: Int? = nil, recencyUnder: Duration? = nil, localityOver: Double? = nil
    ) throws(SettingError) {
        if let frequencyOver, frequencyOver < 0 {
            throw SettingError("frequencyOver", given: frequencyOver, allowed: "0 or more")
        }
        if let recencyUnder, recencyUnder <= .zero {
            throw SettingError("recencyUnder", given: recencyUnder, allowed: "more than 0s")
        }
        if let localityOver {
            // Also refuses what is not a number.
            guard localityOver >= 0, localityOver < 1 else {
                throw SettingError("localityOver", given: localityOver, allowed: "0 to less than 1")
            }
        }
        self.init(frequencyOver, recencyUnder, localityOver)
    }

    /// Whether a key with this pattern is worth it.
    public func admits(_ pattern: AccessPattern) -> Bool {
        if let frequencyOver, pattern.frequency <= frequencyOver { return false }
        if let recencyUnder, pattern.recency >= recencyUnder { return false }
        if let localityOver, pattern.locality <= localityOver { return false }
        return true
    }

    /// Whether it admits everything that the other one does.
    func isNoStricter(than other: PromotionThreshold) -> Bool {
        (frequencyOver ?? -1) <= (other.frequencyOver ?? -1)
            && (localityOver ?? -1) <= (other.localityOver ?? -1)
            && (recencyUnder ?? .maximum) >= (other.recencyUnder ?? .maximum)
            && (recencyUnder == nil || other.recencyUnder != nil)
    }
}
