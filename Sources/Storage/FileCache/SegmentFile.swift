import Caching
import Foundation

/// One segment's file, open while this lives.
///
/// It begins with 24 bytes: `SAGC`, a format (4 bytes), the segment's number (8 bytes), the length of the segment before it
/// (4 bytes; 0 if that has been dropped) and the ``Caching/Checksum`` of these; integers are little-endian. Records follow
/// without gaps.
final class SegmentFile: Sendable {
    static let headLength = 24
    private static let format: UInt32 = 1
    private static let magic = Array("SAGC".utf8)

    let number: UInt64
    let path: String
    private let descriptor: Int32

    /// Opens the file of a segment; makes a new, empty one if asked to.
    init(folder: String, number: UInt64, isNew: Bool = false) throws(StorageError) {
        self.number = number
        path = Self.path(folder, number)
        descriptor = open(path, O_RDWR | O_CLOEXEC | (isNew ? O_CREAT | O_TRUNC : 0), 0o644)
        if descriptor < 0 { throw StorageError(system: errno, path: path) }
    }

    deinit { close(descriptor) }

    private static func path(_ folder: String, _ number: UInt64) -> String {
        let digits = String(number)
        return "\(folder)/segment-\(String(repeating: "0", count: 20 - digits.count))\(digits)"
    }

    /// The number in the name of a segment's file; nil for other files.
    static func number(inName name: String) -> UInt64? {
        let digits = name.utf8.dropFirst(8)
        guard name.hasPrefix("segment-"), digits.count == 20, digits.allSatisfy({ (48...57).contains($0) }),
            let number = UInt64(name.dropFirst(8)), number < 1 << 62
        else { return nil }
        return number
    }

    /// What a segment begins with.
    /// - Parameter length: that of the segment before it: one that is cut off between two records is found by that.
    func head(after length: Int, format: UInt32 = SegmentFile.format) -> [UInt8] {
        var bytes = Self.magic + [UInt8](repeating: 0, count: Self.headLength - 4)
        bytes.store(format, at: 4)
        bytes.store(number, at: 8)
        bytes.store(UInt32(truncatingIfNeeded: length), at: 16)
        var checksum = Checksum()
        checksum.mix(bytes.span.extracting(0..<20))
        bytes.store(checksum.value, at: 20)
        return bytes
    }

    /// The length of the segment before it, in the bytes of this one; nil if they do not begin as they should.
    func lengthBefore(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= Self.headLength else { return nil }
        let length = Int(truncatingIfNeeded: bytes.span.load(at: 16) as UInt32)
        return bytes.starts(with: head(after: length)) ? length : nil
    }

    /// Makes sure that the file is a segment of this program's, or was to become one.
    func check() throws(StorageError) {
        let bytes = try read(0..<Self.headLength)
        // A crash can leave a file that is empty, that is cut off, or whose bytes never came to the disk.
        guard bytes.count >= 8, bytes.contains(where: { $0 != 0 }) else { return }
        guard bytes.starts(with: Self.magic) else { throw StorageError.foreign(path, "file cache") }
        guard bytes.count == Self.headLength else { return }
        let format: UInt32 = bytes.span.load(at: 4)
        let length = Int(truncatingIfNeeded: bytes.span.load(at: 16) as UInt32)
        if format > Self.format, bytes == head(after: length, format: format) {
            throw StorageError.newer(path, "file cache", version: Int(format), known: Int(Self.format))
        }
    }

    /// How long the file is.
    func size() throws(StorageError) -> Int {
        var status = stat()
        if fstat(descriptor, &status) != 0 { throw StorageError(system: errno, path: path) }
        return Int(status.st_size)
    }

    /// The bytes in this range, or as many as there are.
    func read(_ range: Range<Int>) throws(StorageError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            while count < range.count {
                let taken = pread(
                    descriptor, buffer.baseAddress.map { $0 + count }, range.count - count,
                    off_t(range.lowerBound + count))
                if taken < 0 && errno == EINTR { continue }
                if taken < 0 { failure = errno }
                if taken <= 0 { break }
                count += taken
            }
        }
        if failure != 0 { throw StorageError(system: failure, path: path) }
        return bytes
    }

    /// Writes bytes at an offset. After an error, any of them may be there.
    func write(_ bytes: Span<UInt8>, at offset: Int) throws(StorageError) {
        let failure: Int32 = bytes.withUnsafeBufferPointer { buffer in
            var done = 0
            while done < buffer.count {
                let written = pwrite(
                    descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(offset + done))
                if written < 0 && errno == EINTR { continue }
                if written <= 0 { return written < 0 ? errno : ENOSPC }
                done += written
            }
            return 0
        }
        if failure != 0 { throw StorageError(system: failure, path: path) }
    }

    /// Cuts the file off.
    func cut(to size: Int) throws(StorageError) {
        if ftruncate(descriptor, off_t(size)) != 0 { throw StorageError(system: errno, path: path) }
    }

    /// Waits until what was written is on the disk.
    func synchronize() throws(StorageError) {
        if fdatasync(descriptor) != 0 { throw StorageError(system: errno, path: path) }
    }

    /// Removes the file; one that is not there counts as removed.
    func unlink() throws(StorageError) {
        if Foundation.unlink(path) != 0 && errno != ENOENT { throw StorageError(system: errno, path: path) }
    }
}
