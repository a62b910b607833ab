/// To which nearer levels a value is copied that was found in a further one.
///
/// Levels are numbered from the nearest, which is 0. It does not matter in which level a value was found, nor whether
/// the nearer ones are full: eviction makes room. A copy keeps the age and the end that the value has.
public enum PromotionRule: Hashable, Sendable {
    /// To every nearer level, as all shipped multi-level caches do; eviction undoes what was not worth it.
    case always
    /// To the nearer levels that its key is worth.
    case thresholds(PromotionThresholds)

    /// The guide's thresholds.
    public static let guide = PromotionRule.thresholds(.guide)

    /// The levels that a value is to be copied to, the nearest first: always all from some level on to the one before
    /// that in which it was found.
    /// - Parameters:
    ///   - pattern: what is known of its key.
    ///   - level: where it was found; behind the last level for a value that was in none.
    ///   - levels: how many there are.
    public func targets(for pattern: AccessPattern, foundAt level: Int, levels: Int) -> Range<Int> {
        let end = max(0, min(level, levels))
        guard case .thresholds(let thresholds) = self else { return 0..<end }
        // A level behind the last threshold has the same one, so that none after it decides anything.
        let first = (0..<min(end, thresholds.byLevel.count)).first { thresholds[$0].admits(pattern) }
        return (first ?? end)..<end
    }
}
