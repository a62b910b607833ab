import Timeline

/// Why bytes are no envelope.
public enum CacheEnvelopeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// They are in a format that this program does not know: a newer one wrote them, or they are damaged.
    case unknownFormat(UInt8)
    /// They are not what was written.
    case damaged

    /// One line.
    public var description: String {
        switch self {
        case .unknownFormat(let format): "an envelope in format \(format), which is not known here"
        case .damaged: "a damaged envelope"
        }
    }
}

/// Integers are little-endian.
///
/// | bytes | what |
/// |---|---|
/// | 1 | format, ``CacheEnvelope/format`` |
/// | 1 | 1 if it is negative, plus 2 if it may be used after it expired |
/// | 1 | number of tags |
/// | 8, 8, 8 | version, created, expires |
/// | 8 | staleUntil, only if it differs from expires |
/// | 1 + n each | tags, each with its length |
/// | rest | value |
/// | 4 | ``Checksum`` of all before |
extension CacheEnvelope {
    /// The format that is written.
    public static let format: UInt8 = 1
    /// How many bytes an encoding has besides value and tags, at most.
    public static let longestFrame = 39

    private static let negative: UInt8 = 1
    private static let outlivesExpiry: UInt8 = 2

    /// The envelope as bytes.
    public func encoded() -> [UInt8] {
        let isKept = staleUntil != expires
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.longestFrame + tags.reduce(value.count) { $0 + 1 + $1.utf8.count })
        bytes.append(Self.format)
        bytes.append((isNegative ? Self.negative : 0) | (isKept ? Self.outlivesExpiry : 0))
        bytes.append(UInt8(truncatingIfNeeded: tags.count))
        bytes.append(littleEndian: version)
        bytes.append(littleEndian: UInt64(bitPattern: created.nanoseconds))
        bytes.append(littleEndian: UInt64(bitPattern: expires.nanoseconds))
        if isKept { bytes.append(littleEndian: UInt64(bitPattern: staleUntil.nanoseconds)) }
        for tag in tags {
            bytes.append(UInt8(truncatingIfNeeded: tag.utf8.count))
            bytes.append(contentsOf: tag.utf8)
        }
        bytes.append(contentsOf: value)
        var checksum = Checksum()
        checksum.mix(bytes)
        bytes.append(littleEndian: checksum.value)
        return bytes
    }

    /// The envelope that these bytes are.
    /// - Throws: why they are none; what is not exactly what was written is never taken for an envelope.
    public init(decoding bytes: [UInt8]) throws(CacheEnvelopeError) {
        try self.init(decoding: bytes.span)
    }

    /// The envelope that these bytes are.
    /// - Throws: why they are none; what is not exactly what was written is never taken for an envelope.
    public init(decoding bytes: Span<UInt8>) throws(CacheEnvelopeError) {
        guard bytes.count > 4 else { throw .damaged }
        guard bytes[0] == Self.format else { throw .unknownFormat(bytes[0]) }
        let end = bytes.count - 4
        var checksum = Checksum()
        checksum.mix(bytes.extracting(0..<end))
        var place = end
        guard try bytes.number(at: &place, before: bytes.count) as UInt32 == checksum.value else { throw .damaged }
        place = 1
        let flags: UInt8 = try bytes.number(at: &place, before: end)
        let tagCount: UInt8 = try bytes.number(at: &place, before: end)
        guard flags & ~(Self.negative | Self.outlivesExpiry) == 0, tagCount <= Self.mostTags else { throw .damaged }
        let version: UInt64 = try bytes.number(at: &place, before: end)
        let created = try bytes.moment(at: &place, before: end)
        let expires = try bytes.moment(at: &place, before: end)
        let staleUntil = flags & Self.outlivesExpiry == 0 ? expires : try bytes.moment(at: &place, before: end)
        var tags: [String] = []
        for _ in 0..<tagCount { tags.append(try bytes.text(at: &place, before: end)) }
        let value = bytes.array(place..<end)
        if flags & Self.negative != 0, !value.isEmpty { throw .damaged }
        self.init(
            checked: flags & Self.negative == 0 ? value : nil, version: version, created: created, expires: expires,
            staleUntil: staleUntil, tags: tags)
    }
}

extension [UInt8] {
    fileprivate mutating func append(littleEndian number: some FixedWidthInteger) {
        for byte in 0..<number.bitWidth / 8 { append(UInt8(truncatingIfNeeded: number >> (8 * byte))) }
    }
}

extension Span<UInt8> {
    fileprivate func number<Number: FixedWidthInteger>(
        at place: inout Int, before end: Int
    ) throws(CacheEnvelopeError) -> Number {
        let width = Number.bitWidth / 8
        guard end - place >= width else { throw .damaged }
        var number: Number = 0
        for byte in 0..<width { number |= Number(truncatingIfNeeded: self[place + byte]) << (8 * byte) }
        place += width
        return number
    }

    fileprivate func moment(at place: inout Int, before end: Int) throws(CacheEnvelopeError) -> Instant {
        Instant(nanoseconds: Int64(bitPattern: try number(at: &place, before: end)))
    }

    fileprivate func text(at place: inout Int, before end: Int) throws(CacheEnvelopeError) -> String {
        let length: UInt8 = try number(at: &place, before: end)
        guard end - place >= Int(length) else { throw .damaged }
        let bytes = array(place..<place + Int(length))
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .damaged }
        place += Int(length)
        return text
    }

    fileprivate func array(_ range: Range<Int>) -> [UInt8] {
        extracting(range).withUnsafeBufferPointer { [UInt8]($0) }
    }
}
