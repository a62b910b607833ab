/// The next few requests of a trace, side by side in flat arrays.
public struct TraceBatch: Hashable, Sendable {
    /// The most requests that it takes.
    public let capacity: Int
    /// The keys, numbered in order of first use.
    public private(set) var keys: [UInt32] = []
    /// The sizes in bytes, each 1 or more; empty if the format has none.
    public private(set) var sizes: [UInt32] = []

    /// An empty batch for so many requests; fewer than 1 count as 1.
    public init(capacity: Int = 65_536) {
        self.capacity = max(1, capacity)
    }

    /// How many requests it holds.
    public var count: Int { keys.count }

    /// Whether it holds none.
    public var isEmpty: Bool { keys.isEmpty }

    var room: Int { capacity - keys.count }

    mutating func removeAll() {
        keys.removeAll(keepingCapacity: true)
        sizes.removeAll(keepingCapacity: true)
    }

    mutating func append(_ key: UInt32, size: UInt32? = nil) {
        keys.append(key)
        if let size { sizes.append(size) }
    }
}
