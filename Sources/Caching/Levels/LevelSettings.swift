public import Timeline

/// One level of a cache, from the nearest to the farthest; every value has been checked.
public struct LevelSettings: Sendable {
    /// The capacities that a level can have.
    public static let capacities = 0...1_000_000_000
    /// How long a level's name can be, in bytes.
    public static let nameLengths = 1...40

    /// What people call it: `L1`, `memory`, `CDN`.
    public let name: String
    /// The most weight that it holds, in entries unless these are given other weights; one of 0 holds nothing.
    public let capacity: Int
    /// Whether all nodes share it, as a cache on the network; if not, each has its own.
    public let isShared: Bool
    /// Who leaves when there is no more room.
    public let policy: AnyPolicy

    /// Checks the settings.
    /// - Parameters:
    ///   - name: 1 to 40 bytes.
    ///   - capacity: 0 to 1 000 000 000.
    ///   - isShared: no by default.
    ///   - policy: makes the policy for that capacity; LRU by default.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(
        _ name: String, capacity: Int, isShared: Bool = false,
        policy: (Int) -> any EvictionPolicy = { LRU(capacity: $0) }
    ) throws(SettingError) {
        guard Self.nameLengths.contains(name.utf8.count) else {
            throw SettingError("name", given: "\"\(name)\"", allowed: "1 to 40 bytes")
        }
        guard Self.capacities.contains(capacity) else {
            throw SettingError("\(name) capacity", given: capacity, allowed: "0 to 1000000000")
        }
        self.name = name
        self.capacity = capacity
        self.isShared = isShared
        self.policy = AnyPolicy(policy(capacity))
    }
}

/// How the levels of a cache share what they hold.
public enum LevelInclusion: Hashable, Sendable, CaseIterable {
    /// What is found below is copied upwards, and a new value goes into every level: a level's victim is normally still
    /// in the one below.
    case inclusive
    /// A key is in one level at most: what is found below moves up, and a level's victim is demoted to the one below.
    /// With LRU all levels together then hold what one large level would.
    case exclusive
}
