public import Timeline

extension MemoryPool {
    /// Whether memory, once reserved, comes back by itself.
    public enum Durability: UInt8, Hashable, Sendable, CaseIterable {
        /// It is freed when the work at hand is done: waiting helps.
        case transient
        /// It stays until somebody clears it: waiting does not help.
        case permanent
    }

    /// Which evictable reservation gives way first; among equals the least recently used.
    public enum EvictionOrder: UInt8, Hashable, Sendable, CaseIterable {
        /// The one whose latest ``MemoryPool/touch(_:)`` is longest ago.
        case leastRecentlyUsed
        /// The largest, so that as few as possible go.
        case largest
        /// The one with the lowest priority.
        case lowestPriority
    }

    /// A share of the pool with a limit of its own. ``Settings`` checks the values.
    public struct Child: Hashable, Sendable {
        /// The most bytes, with overhead, that may be charged to it: 0 or more, ``Settings/unlimited`` for no limit.
        ///
        /// A limit of 0 refuses everything, even 0 bytes.
        public let limit: Int
        /// What a reserved byte is charged as: 0 or more.
        public let overhead: Double
        /// Whether what is reserved from it comes back by itself.
        public let durability: Durability
        /// The position of the child that it is a share of; nil for a share of the pool itself.
        public let parent: Int?

        /// A share of the pool, or of an earlier child.
        public init(limit: Int, overhead: Double = 1, durability: Durability = .transient, parent: Int? = nil) {
            self.limit = limit
            self.overhead = overhead
            self.durability = durability
            self.parent = parent
        }
    }

    /// How a pool is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// The most bytes that may be charged to the pool; 0 refuses everything.
        public let limit: Int
        /// The shares of the pool.
        public let children: [Child]
        /// Which evictable reservation gives way first.
        public let eviction: EvictionOrder
        /// How the pool and each child are watched.
        public let monitor: MemoryMonitor.Settings

        /// No limit but ``MemoryPool/most``.
        public static let unlimited = Int.max

        /// Checks the settings.
        /// - Parameters:
        ///   - limit: 0 or more bytes; ``unlimited`` for no limit.
        ///   - children: at most 1000, each with a limit of 0 or more, a finite overhead of 0 or more, and a parent
        ///     that comes before it.
        ///   - eviction: least recently used first by default.
        ///   - monitor: the defaults of ``MemoryMonitor/Settings`` if nil.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            limit: Int, children: [Child], eviction: EvictionOrder = .leastRecentlyUsed,
            monitor: MemoryMonitor.Settings? = nil
        ) throws(SettingError) {
            try Self.check("limit", limit)
            guard children.count <= Self.mostChildren else {
                throw SettingError("children", given: children.count, allowed: "at most \(Self.mostChildren)")
            }
            for (position, child) in children.enumerated() { try Self.check(child, at: position) }
            self.limit = limit
            self.children = children
            self.eviction = eviction
            if let monitor {
                self.monitor = monitor
            } else {
                self.monitor = try MemoryMonitor.Settings()
            }
        }

        private static let mostChildren = 1000

        private static func check(_ child: Child, at position: Int) throws(SettingError) {
            let name = "children[\(position)]"
            try check("\(name).limit", child.limit)
            guard child.overhead >= 0, child.overhead.isFinite else {
                throw SettingError("\(name).overhead", given: child.overhead, allowed: "a number, 0 or more")
            }
            if let parent = child.parent, !(0..<position).contains(parent) {
                throw SettingError("\(name).parent", given: parent, allowed: "the position of an earlier child")
            }
        }

        private static func check(_ name: String, _ limit: Int) throws(SettingError) {
            guard limit >= 0 else { throw SettingError(name, given: limit, allowed: "0 or more") }
        }
    }
}
