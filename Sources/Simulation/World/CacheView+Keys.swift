public import Caching
public import Timeline

extension World {
    /// How many lookups of a service's cache there have been since the beginning; 0 if it has none.
    func lookups(ofCacheOf service: Int) -> Int {
        caches.exists(service) ? caches[service].counts.lookups : 0
    }
}

extension CacheView {
    /// What a cache finds the answer of an operation by: each operation has keys of its own.
    public static func key(_ number: UInt32, of operation: Int) -> UInt64 {
        CacheTier.key(UInt64(number), UInt16(truncatingIfNeeded: operation))
    }

    /// The operation that a key belongs to, and its number there.
    public static func parts(of key: UInt64) -> (operation: Int, number: UInt32) {
        (Int(key >> 32), UInt32(truncatingIfNeeded: key))
    }

    /// How many replicas each have the levels that are not shared.
    public var nodes: Int { tier.levels.nodes }

    /// Calls that wait for somebody else's load.
    public var joined: Int { tier.seats.count }

    /// How many writes of any key there have been; a value is of as many as there were when it was read.
    public var latestVersion: UInt64 { tier.origin }

    /// The latest write of a key, as its number among the writes of all keys, and when that was; nil before the first.
    public func latestWrite(of key: UInt64) -> (version: UInt64, at: Instant)? {
        tier.latestWrite(of: CacheTier.number(of: key)).map { ($0.version, $0.at) }
    }

    /// What one level has of a key, at one replica.
    public struct Holding: Sendable {
        /// The level, from 0.
        public let level: Int
        /// The replica, from 0; nil where all share the level.
        public let node: Int?
        /// What is held, fresh or not; nil for nothing.
        public let value: CachedValue<UInt64>?
        /// Where the level's policy has it; a key that is not held can be remembered all the same.
        public let place: PolicyPlace?
    }

    /// Where a key stands in a policy.
    public struct PolicyPlace: Hashable, Sendable {
        /// What the field calls the queue: `T1`, `small`, `protected`.
        public let queue: String
        /// Its place there, from 1, which is what leaves next.
        public let number: Int
        /// How many stand there.
        public let count: Int
        /// Whether only keys are remembered there.
        public let isGhost: Bool
        /// What the policy counts for it, if anything: uses, or whether it was visited (1) or not (0).
        public let mark: Int?
    }

    /// What every level has of some keys, replica by replica, key by key. It takes as long as the levels are large.
    public func holdings(of keys: [UInt64]) -> [[Holding]] {
        var all: [[Holding]] = keys.map { _ in [] }
        for level in plan.levels.indices {
            let isShared = plan.levels[level].isShared
            for node in 0..<(isShared ? 1 : nodes) {
                let held = tier.levels[level, node: node]
                let places = Self.places(of: keys, in: held.queues)
                for (index, key) in keys.enumerated() {
                    all[index].append(
                        Holding(
                            level: level, node: isShared ? nil : node, value: held.entry(for: key)?.value,
                            place: places[index]))
                }
            }
        }
        return all
    }

    private static func places(of keys: [UInt64], in queues: [CacheTier.Levels.Level.Queue]) -> [PolicyPlace?] {
        keys.map { key in
            for queue in queues {
                guard let place = queue.keys.firstIndex(of: key) else { continue }
                return PolicyPlace(
                    queue: queue.name, number: place + 1, count: queue.keys.count, isGhost: queue.isGhost,
                    mark: queue.marks?[place])
            }
            return nil
        }
    }
}

extension ReadCounts {
    /// What the history has of them.
    subscript(read: History.Read) -> Int {
        switch read {
        case .joined: joins
        case .refreshed: refreshes + prefetches
        case .servedStale: servedStale
        }
    }
}

extension LevelStatistics {
    /// What the history has of them.
    subscript(move: History.Move) -> Int {
        switch move {
        case .promoted: promotions
        case .demoted: demotions
        }
    }
}
