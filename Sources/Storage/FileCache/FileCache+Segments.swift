import Caching
import Timeline

extension FileCache {
    /// Begins a new segment, for which old ones make room.
    mutating func beginSegment(at now: Instant) throws(StorageError) {
        // What is lost with the power is then the end of the log alone, never a piece of its middle.
        if let last = segments.last { try last.file.synchronize() }
        let number = segments.last.map { $0.file.number + 1 } ?? 1
        // Made first: if that cannot be done, nothing has been dropped for it. It takes no room yet.
        let file = try SegmentFile(folder: folder, number: number, isNew: true)
        var survivors: [(key: [UInt8], envelope: CacheEnvelope)] = []
        var room = settings.reinsertsHits ? settings.segmentSize / 2 - SegmentFile.headLength : 0
        while !segments.isEmpty, bytes + settings.segmentSize > settings.capacity {
            survivors += takeSurvivors(&room, at: now)
            try dropOldest()
        }
        segments.append(Segment(file: file, length: 0))
        for survivor in survivors where (try? append(survivor.key, survivor.envelope, at: now)) != nil {
            // It has not left after all, and is none that a caller brought.
            statistics.cache.evictions[.capacity] -= 1
            statistics.cache.insertions -= 1
            statistics.reinsertions += 1
        }
    }

    /// The live entries of the oldest segment that were read, the oldest first, as far as there is room.
    private mutating func takeSurvivors(
        _ room: inout Int, at now: Instant
    ) -> [(key: [UInt8], envelope: CacheEnvelope)] {
        guard room > 0, let oldest = segments.first else { return [] }
        var survivors: [(key: [UInt8], envelope: CacheEnvelope)] = []
        for key in oldest.keys {
            guard let place = index[key], place.segment == oldest.file.number, place.wasRead,
                now < place.staleUntil, place.length <= room
            else { continue }
            // A key that was set twice is met twice.
            index[key]?.wasRead = false
            guard let envelope = try? read(key, at: place) else { continue }
            room -= place.length
            survivors.append((key, envelope))
        }
        return survivors
    }

    /// Drops the oldest segment with all that it holds.
    mutating func dropOldest() throws(StorageError) {
        guard let oldest = segments.first else { return }
        try oldest.file.unlink()
        segments.removeFirst()
        for key in oldest.keys where index[key]?.segment == oldest.file.number { drop(key, because: .capacity) }
    }
}
