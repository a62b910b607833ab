public import Caching
public import Timeline

extension DatabaseCache {
    /// Keeps a value in the place of a former one.
    /// - Returns: whether it was taken in. It is not if it is over already, or if it alone has more bytes than all
    ///   entries may have; a former value of the key leaves all the same.
    /// - Throws: why it could not be written; the former value is still held then.
    @discardableResult
    public mutating func set(
        _ key: String, _ envelope: CacheEnvelope, at now: Instant
    ) throws(StorageError) -> Bool {
        try set([(key, envelope)], at: now) == 1
    }

    /// Keeps several values, in one transaction: all of them, or none. Of two for one key, the last one counts.
    /// - Returns: how many were taken in.
    /// - Throws: why they could not be written; the former values are still held then.
    @discardableResult
    public mutating func set(
        _ entries: [(key: String, envelope: CacheEnvelope)], at now: Instant
    ) throws(StorageError) -> Int {
        var counts = statistics
        try change { table in
            for (key, envelope) in entries {
                let encoded = envelope.encoded()
                if try table.remove(key) { counts.evictions[.replaced] += 1 }
                guard now < envelope.staleUntil, key.utf8.count + encoded.count <= settings.mostBytes else { continue }
                try table.add(key, envelope, encoded)
                counts.insertions += 1
            }
            try makeRoom(in: table, &counts.evictions, at: now)
        }
        defer { statistics = counts }
        return counts.insertions - statistics.insertions
    }

    private func makeRoom(in table: CacheTable, _ evictions: inout EvictionCounts, at now: Instant) throws {
        while case let size = try table.size(), size.rows > settings.mostRows || size.bytes > settings.mostBytes {
            if try table.removeEnded(at: now) {
                evictions[.expired] += 1
            } else if try table.removeOldest() {
                evictions[.capacity] += 1
            } else {
                return
            }
        }
    }

    /// Drops a key; returns whether it was held.
    @discardableResult
    public mutating func remove(_ key: String) throws(StorageError) -> Bool {
        let isRemoved = try change { try $0.remove(key) }
        if isRemoved { statistics.evictions[.removed] += 1 }
        return isRemoved
    }

    /// Drops entries that have a tag.
    /// - Parameter limit: the most that are dropped; fewer are left if fewer were dropped.
    /// - Returns: how many were dropped.
    @discardableResult
    public mutating func remove(tagged tag: String, limit: Int = .max) throws(StorageError) -> Int {
        let removed = try change { try $0.remove(tagged: tag, limit: max(0, limit)) }
        statistics.evictions[.removed] += removed
        return removed
    }

    /// Drops everything; returns how many entries that were.
    @discardableResult
    public mutating func removeAll() throws(StorageError) -> Int {
        let removed = try change { try $0.removeAll() }
        statistics.evictions[.cleared] += removed
        return removed
    }

    /// Drops entries that have ended, those first that ended first.
    /// - Parameter limit: the most that are dropped in this step.
    /// - Returns: how many were dropped; as many as the limit if there may be more.
    @discardableResult
    public mutating func purge(at now: Instant, limit: Int = 1_000) throws(StorageError) -> Int {
        let purged = try change { table in
            var purged = 0
            while purged < limit, try table.removeEnded(at: now) { purged += 1 }
            return purged
        }
        statistics.evictions[.expired] += purged
        return purged
    }
}
