public import Timeline

/// How large a value may be, and how much its key must be used, for a level of a cache.
public struct PlacementLimit: Hashable, Sendable {
    /// Smaller than so many bytes.
    public let sizeUnder: Int
    /// How much its key must be used; nil for however little.
    public let heat: PromotionThreshold?

    init(_ sizeUnder: Int, _ heat: PromotionThreshold?) {
        self.sizeUnder = sizeUnder
        self.heat = heat
    }

    /// Checks the settings.
    /// - Parameters:
    ///   - sizeUnder: 1 byte or more.
    ///   - heat: how much its key must be used, or nil.
    /// - Throws: a ``SettingError`` if the size is out of its range.
    public init(sizeUnder: Int, heat: PromotionThreshold? = nil) throws(SettingError) {
        guard sizeUnder >= 1 else { throw SettingError("sizeUnder", given: sizeUnder, allowed: "1 byte or more") }
        self.init(sizeUnder, heat)
    }

    func admits(_ size: Int, _ pattern: AccessPattern) -> Bool {
        size < sizeUnder && (pattern.isNewcomer || heat.map { $0.admits(pattern) } ?? true)
    }
}

/// Which levels of a cache a new value goes to, by its size and by how much its key is used.
///
/// A value goes to some level and to all levels behind it, so that what a level evicts is still in the next one. The
/// levels before it must drop what they hold for its key: they would hand out the former value.
///
/// A newcomer, of whom no more is known than the access that it is loaded for, is placed by size alone: it is admitted,
/// and eviction decides. If it had to be hot first, it could never come to be.
public enum Placement: Hashable, Sendable {
    /// To all levels that can hold it.
    case everywhere
    /// To the first level whose limit admits it, the limits given from the nearest level on; what none of them admits
    /// goes to the first level without a limit, or to the last level.
    case limits([PlacementLimit])

    /// The guide's (`determineOptimalLevel`): less than 1 KiB and hot, which means worth the first level by
    /// ``PromotionThresholds/guide``; less than 10 KiB and a locality of over 0.6; less than 100 KiB; everything else.
    public static let guide = Placement.limits([
        PlacementLimit(1 << 10, PromotionThresholds.guide[0]),
        PlacementLimit(10 << 10, PromotionThreshold(nil, nil, 0.6)),
        PlacementLimit(100 << 10, nil),
    ])

    /// The levels that a value goes to, counted from the nearest, which is 0: all from the first of them on, or none if
    /// it is too large for the last level.
    /// - Parameters:
    ///   - size: of the value, in bytes.
    ///   - pattern: what is known of its key.
    ///   - room: how large a value each level can hold, from the nearest on; `Int.max` for any.
    public func levels(for size: Int, pattern: AccessPattern, room: [Int]) -> Range<Int> {
        let holding = (room.lastIndex { $0 < size } ?? -1) + 1
        return max(holding, min(wanted(size, pattern), room.count - 1))..<room.count
    }

    /// Whether it matters how much a key is used, and not the size alone.
    public var asksForHeat: Bool {
        switch self {
        case .everywhere: false
        case .limits(let limits): limits.contains { $0.heat != nil }
        }
    }

    private func wanted(_ size: Int, _ pattern: AccessPattern) -> Int {
        switch self {
        case .everywhere: 0
        case .limits(let limits): limits.firstIndex { $0.admits(size, pattern) } ?? limits.count
        }
    }
}
