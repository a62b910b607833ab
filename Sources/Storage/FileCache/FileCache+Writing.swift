public import Caching
public import Timeline

extension FileCache {
    /// Keeps a value in the place of a former one.
    /// - Returns: whether it was taken in. It is not if key or value are longer than is allowed, or if it is over already;
    ///   a former value of the key leaves all the same.
    /// - Throws: why it could not be written; the former value is still held then.
    @discardableResult
    public mutating func set(
        _ key: String, _ envelope: CacheEnvelope, at now: Instant
    ) throws(StorageError) -> Bool {
        let bytes = Array(key.utf8)
        guard bytes.count <= Self.longestKey else { return false }
        guard envelope.value.count <= settings.longestValue, now < envelope.staleUntil else {
            try remove(key, at: now)
            return false
        }
        try append(bytes, envelope, at: now)
        statistics.bytesFromCallers += envelope.tags.reduce(bytes.count + envelope.value.count) { $0 + $1.utf8.count }
        return true
    }

    /// Drops a key, also for after a restart.
    /// - Returns: whether it was held.
    /// - Throws: why that could not be written; the key is gone all the same, but may be back after a restart.
    @discardableResult
    public mutating func remove(_ key: String, at now: Instant) throws(StorageError) -> Bool {
        let key = Array(key.utf8)
        guard index[key] != nil else { return false }
        drop(key, because: .removed)
        _ = try append(.removal, key, [], at: now)
        return true
    }

    /// Drops everything.
    /// - Returns: how many entries that were.
    /// - Throws: why that could not be written; they are gone all the same, but may be back after a restart.
    @discardableResult
    public mutating func removeAll(at now: Instant) throws(StorageError) -> Int {
        let dropped = index.count
        index = [:]
        statistics.cache.evictions[.cleared] += dropped
        for place in segments.indices { segments[place].keys = [] }
        _ = try append(.clearing, [], [], at: now)
        while segments.count > 1 { try dropOldest() }
        return dropped
    }

    /// Waits until all that was written is on the disk, and survives a power cut.
    public func synchronize() throws(StorageError) {
        for segment in segments { try segment.file.synchronize() }
    }

    /// Appends a value, which becomes the key's.
    mutating func append(_ key: [UInt8], _ envelope: CacheEnvelope, at now: Instant) throws(StorageError) {
        let record = try append(.value, key, envelope.encoded(), at: now)
        drop(key, because: .replaced)
        enter(key, envelope, record)
        statistics.cache.insertions += 1
    }

    /// Notes where a key's newest entry stands: in the last segment.
    mutating func enter(_ key: [UInt8], _ envelope: CacheEnvelope, _ record: (offset: Int, length: Int)) {
        let last = segments.count - 1
        index[key] = Place(
            segment: segments[last].file.number, offset: record.offset, length: record.length,
            expires: envelope.expires, staleUntil: envelope.staleUntil)
        segments[last].keys.append(key)
    }

    private mutating func append(
        _ kind: SegmentRecord.Kind, _ key: [UInt8], _ payload: [UInt8], at now: Instant
    ) throws(StorageError) -> (offset: Int, length: Int) {
        let length = SegmentRecord.headLength + key.count + payload.count
        let end = max(SegmentFile.headLength, segments[segments.count - 1].length)
        if end + length > settings.segmentSize { try beginSegment(at: now) }
        let last = segments[segments.count - 1]
        // The head of a segment is written together with its first record.
        let lengthBefore = segments.count > 1 ? segments[segments.count - 2].length : 0
        let head = last.length == 0 ? last.file.head(after: lengthBefore) : []
        let place = SegmentRecord.Place(segment: last.file.number, offset: last.length + head.count)
        try write(head + SegmentRecord.encode(kind, key, payload, at: place))
        return (place.offset, length)
    }

    /// Writes bytes to the end of the log: all of them, or none that count.
    private mutating func write(_ bytes: [UInt8]) throws(StorageError) {
        let last = segments.count - 1
        let (file, end) = (segments[last].file, segments[last].length)
        do throws(StorageError) {
            let room = settings.diskRoom.map { max(0, $0 - self.bytes) } ?? bytes.count
            try file.write(bytes.span.extracting(first: min(room, bytes.count)), at: end)
            if room < bytes.count { throw StorageError.full(file.path) }
        } catch {
            // Should that fail too, the next write covers it, or the next opening cuts it off.
            try? file.cut(to: end)
            throw error
        }
        segments[last].length += bytes.count
        statistics.bytesToDisk += bytes.count
    }
}
