import Caching
import Foundation
import Timeline

extension FileCache {
    /// Rebuilds the index from the segments that are there.
    mutating func recover() throws(StorageError) {
        var files: [SegmentFile] = []
        for number in try segmentNumbers() {
            files.append(try SegmentFile(folder: folder, number: number))
        }
        // All of them before anything is changed.
        for file in files { try file.check() }
        for file in files {
            // What stands before a gap was dropped, and has come back with the power, or its successor is lost.
            if let last = segments.last, last.file.number + 1 != file.number { try dropAll() }
            try replay(file, isLast: file === files.last)
        }
        statistics.recovered = index.count + statistics.damaged
        try fitCapacity()
    }

    private func segmentNumbers() throws(StorageError) -> [UInt64] {
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            return names.compactMap { SegmentFile.number(inName: $0) }.sorted()
        } catch {
            throw StorageError.cannotOpen(folder, "\(error.localizedDescription)")
        }
    }

    /// Does again what the records of a segment say.
    private mutating func replay(_ file: SegmentFile, isLast: Bool) throws(StorageError) {
        let size = min(try file.size(), FileCacheSettings.segmentSizes.upperBound)
        let bytes = try file.read(0..<size)
        let lengthBefore = file.lengthBefore(bytes)
        if let lengthBefore, let last = segments.last, last.length != lengthBefore {
            statistics.damaged += 1
            try dropAll()
        }
        segments.append(Segment(file: file, length: size))
        var offset = 0
        if lengthBefore != nil {
            offset = SegmentFile.headLength
            while let record = record(in: bytes, at: offset, of: file) {
                apply(record, bytes.span.extracting(offset..<size), at: offset)
                offset += record.length
            }
        }
        if isLast {
            segments[segments.count - 1].length = offset
            if offset < size { try file.cut(to: offset) }
        } else if offset < size || offset == 0 {
            // Removals and newer values may be among what is lost: what is older cannot be trusted.
            statistics.damaged += 1
            index = [:]
            segments[segments.count - 1].keys = []
            while segments.count > 1 { try dropOldest() }
        }
    }

    private func record(in bytes: [UInt8], at offset: Int, of file: SegmentFile) -> SegmentRecord? {
        SegmentRecord(
            bytes.span.extracting(offset..<bytes.count), at: SegmentRecord.Place(segment: file.number, offset: offset))
    }

    private mutating func apply(_ record: SegmentRecord, _ bytes: Span<UInt8>, at offset: Int) {
        switch record.kind {
        case .value:
            if let envelope = try? CacheEnvelope(decoding: bytes.extracting(record.payload)) {
                enter(record.key, envelope, (offset, record.length))
            } else {
                index[record.key] = nil
                statistics.damaged += 1
            }
        case .removal: index[record.key] = nil
        case .clearing: index = [:]
        }
    }

    /// Drops all segments so far.
    private mutating func dropAll() throws(StorageError) {
        index = [:]
        while !segments.isEmpty { try dropOldest() }
    }

    /// Drops the oldest segments until the others keep to the settings, which may have changed.
    private mutating func fitCapacity() throws(StorageError) {
        while let last = segments.last, bytes + max(0, settings.segmentSize - last.length) > settings.capacity {
            if segments.count == 1 { return try beginSegment(at: .zero) }
            try dropOldest()
        }
        if segments.isEmpty { try beginSegment(at: .zero) }
    }
}
