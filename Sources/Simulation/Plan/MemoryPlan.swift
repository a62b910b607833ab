public import Bulkheads

/// Memory that calls on an edge hold for as long as they are inside: a share of the calling service's memory, if that
/// has a limit.
public struct MemoryPlan: Hashable, Sendable {
    /// The most bytes, with overhead, that all calls together may hold; ``MemoryPool/Settings/unlimited`` for no limit.
    public var limit: Int
    /// Bytes that one call reserves.
    public var size: Int
    /// What a reserved byte is charged as, for what an estimate leaves out.
    public var overhead: Double

    /// So many bytes for each call, within a limit.
    /// - Precondition: no number is negative, the overhead is finite, and at most ``ServiceMemoryPlan/guardLimit`` such
    ///   guards share one service's memory. Scenario files are held to that where they are read.
    public init(limit: Int, size: Int, overhead: Double = 1) {
        self.limit = limit
        self.size = size
        self.overhead = overhead
    }
}

/// The memory of a service, for all that its memory guards reserve.
public struct ServiceMemoryPlan: Hashable, Sendable {
    /// The most bytes that may be in use.
    public var limit: Int
    /// Bytes in use from the beginning that give way when the memory is needed, such as a warm cache.
    public var evictable: Int
    /// How it is watched.
    public var monitor: MemoryMonitor.Settings

    /// In how many equal parts the evictable bytes are held.
    public static var evictableParts: Int { 16 }
    /// How many guards one service's memory can be shared by.
    public static var guardLimit: Int { 1_000 }

    /// So many bytes, and how they are watched.
    /// - Precondition: no number is negative.
    public init(limit: Int, evictable: Int = 0, monitor: MemoryMonitor.Settings) {
        self.limit = limit
        self.evictable = evictable
        self.monitor = monitor
    }
}
