import Caching
import Foundation

/// One record of a segment. Integers are little-endian.
///
/// | bytes | what |
/// |---|---|
/// | 4 | ``Caching/Checksum`` of the segment's number, the record's offset (8 bytes each), the rest of the head, the key |
/// | 1, 1 | kind, 0 |
/// | 2, 4 | length of key and payload |
/// | n | key |
/// | n | payload: an encoded envelope, with a checksum of its own |
///
/// With its place in the checksum, bytes that happen to hold a copy of another record are not taken for one.
struct SegmentRecord {
    enum Kind: UInt8 {
        /// A value.
        case value = 1
        /// The key was removed.
        case removal = 2
        /// Everything was removed.
        case clearing = 3
    }

    /// Where a record stands.
    struct Place {
        var segment: UInt64
        var offset: Int
    }

    static let headLength = 12

    let kind: Kind
    let key: [UInt8]
    /// Where the payload stands, counted from the record's beginning.
    let payload: Range<Int>

    var length: Int { payload.upperBound }

    static func encode(_ kind: Kind, _ key: [UInt8], _ payload: [UInt8], at place: Place) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: headLength)
        bytes.reserveCapacity(headLength + key.count + payload.count)
        bytes[4] = kind.rawValue
        bytes.store(UInt16(truncatingIfNeeded: key.count), at: 6)
        bytes.store(UInt32(truncatingIfNeeded: payload.count), at: 8)
        bytes += key
        bytes.store(checksum(bytes.span, at: place), at: 0)
        bytes += payload
        return bytes
    }

    /// The record that bytes begin with; nil if they begin with none, or not all of it is there. The payload is not
    /// looked at.
    init?(_ bytes: Span<UInt8>, at place: Place) {
        guard bytes.count >= Self.headLength, let kind = Kind(rawValue: bytes[4]) else { return nil }
        let keyEnd = Self.headLength + (bytes.load(at: 6) as UInt16).asInt
        let end = keyEnd + (bytes.load(at: 8) as UInt32).asInt
        guard bytes.count >= end, bytes.load(at: 0) == Self.checksum(bytes.extracting(0..<keyEnd), at: place) else {
            return nil
        }
        self.kind = kind
        key = bytes.extracting(Self.headLength..<keyEnd).withUnsafeBufferPointer { [UInt8]($0) }
        payload = keyEnd..<end
    }

    private static func checksum(_ headAndKey: Span<UInt8>, at place: Place) -> UInt32 {
        var position = [UInt8](repeating: 0, count: 16)
        position.store(place.segment, at: 0)
        position.store(UInt64(place.offset), at: 8)
        var checksum = Checksum()
        checksum.mix(position)
        checksum.mix(headAndKey.extracting(4..<headAndKey.count))
        return checksum.value
    }
}

extension FixedWidthInteger {
    /// For lengths of 32 bits or fewer.
    fileprivate var asInt: Int { Int(truncatingIfNeeded: self) }
}

extension [UInt8] {
    /// Stores a number, least significant byte first.
    mutating func store(_ number: some FixedWidthInteger, at offset: Int) {
        for byte in 0..<number.bitWidth / 8 { self[offset + byte] = UInt8(truncatingIfNeeded: number >> (8 * byte)) }
    }
}

extension Span<UInt8> {
    /// Loads a number, least significant byte first.
    func load<Number: FixedWidthInteger>(at offset: Int) -> Number {
        var number: Number = 0
        for byte in 0..<Number.bitWidth / 8 { number |= Number(truncatingIfNeeded: self[offset + byte]) << (8 * byte) }
        return number
    }
}
