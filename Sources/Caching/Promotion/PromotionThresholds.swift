public import Timeline

/// What keys must be like to be copied to each level of a cache.
public struct PromotionThresholds: Hashable, Sendable {
    /// From the nearest level on; the last one is for all further levels as well.
    public let byLevel: [PromotionThreshold]

    /// The guide's (`ShouldPromote`): more than 50 uses an hour, less than 5 min ago and a locality of over 0.8 for the
    /// first level; 10, 15 min and 0.6 for the second; 3, 1 h and 0.4 for the third and those behind it.
    public static let guide = PromotionThresholds(byLevel: [
        PromotionThreshold(50, .minutes(5), 0.8),
        PromotionThreshold(10, .minutes(15), 0.6),
        PromotionThreshold(3, .minutes(60), 0.4),
    ])

    private init(byLevel: [PromotionThreshold]) {
        self.byLevel = byLevel
    }

    /// Checks the settings.
    /// - Parameter byLevel: from the nearest level on, at least one; none is stricter in any respect than the one
    ///   before it, so that what is worth a level is worth all levels behind it.
    /// - Throws: a ``SettingError`` that names the first level that is wrong.
    public init(_ byLevel: [PromotionThreshold]) throws(SettingError) {
        guard !byLevel.isEmpty else { throw SettingError("byLevel", given: "none", allowed: "one or more") }
        for level in byLevel.indices.dropFirst() where !byLevel[level].isNoStricter(than: byLevel[level - 1]) {
            throw SettingError(
                "byLevel[\(level)]", given: "a stricter threshold than that of the level before",
                allowed: "one that is no stricter")
        }
        self.init(byLevel: byLevel)
    }

    /// The threshold of a level, counted from the nearest, which is 0.
    public subscript(level: Int) -> PromotionThreshold {
        byLevel[min(max(0, level), byLevel.count - 1)]
    }
}
