import Caching
import Timeline

/// A cache that is slow and obviously right: an array, the most recently used entry first.
struct NaiveLRU {
    struct Entry: Equatable {
        var key: UInt32
        var value: UInt32
        var loadedAt: Instant
        var expiresAt: Instant
    }

    var capacity: Int
    var timeToLive: Duration?
    var entries: [Entry] = []

    mutating func get(_ key: UInt32, at now: Instant) -> Lookup<UInt32> {
        guard let entry = take(key) else { return .miss }
        guard now < entry.expiresAt else { return .expired }
        entries.insert(entry, at: 0)
        return .hit(entry.value, age: now - entry.loadedAt)
    }

    mutating func insert(_ key: UInt32, _ value: UInt32, at now: Instant) -> [Eviction<UInt32, UInt32>] {
        let end = timeToLive.map { now + $0 } ?? .distantFuture
        return insert(Entry(key: key, value: value, loadedAt: now, expiresAt: end), at: now)
    }

    /// What has ended leaves first; what left is told in order of the keys.
    mutating func insert(_ entry: Entry, at now: Instant) -> [Eviction<UInt32, UInt32>] {
        let ended = entries.filter { $0.expiresAt <= now }
        entries.removeAll { $0.expiresAt <= now }
        var gone = ended.map { Eviction(key: $0.key, value: $0.value, cause: .expired) }
        let former = take(entry.key)
        if let former { gone.append(Eviction(key: former.key, value: former.value, cause: .replaced)) }
        guard capacity > 0 else { return gone.inOrderOfKeys }
        if entries.count == capacity, let last = entries.popLast() {
            gone.append(Eviction(key: last.key, value: last.value, cause: .capacity))
        }
        entries.insert(entry, at: 0)
        return gone.inOrderOfKeys
    }

    mutating func take(_ key: UInt32) -> Entry? {
        entries.firstIndex { $0.key == key }.map { entries.remove(at: $0) }
    }

    mutating func resize(to capacity: Int) -> Int {
        let surplus = max(0, entries.count - capacity)
        entries.removeLast(surplus)
        self.capacity = capacity
        return surplus
    }
}

extension NaiveLRU.Entry {
    init(_ entry: LRUCache<UInt32, UInt32>.Entry) {
        self.init(key: entry.key, value: entry.value, loadedAt: entry.loadedAt, expiresAt: entry.expiresAt)
    }
}

extension Sequence where Element == Eviction<UInt32, UInt32> {
    var inOrderOfKeys: [Element] { sorted { $0.key < $1.key } }
}
