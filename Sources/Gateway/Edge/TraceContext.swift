/// Where in a trace a request stands (W3C Trace Context, section 3.2): what the field `traceparent` says.
public struct TraceContext: Hashable, Sendable {
    /// The upper half of the trace's number.
    public let traceHigh: UInt64
    /// The lower half of the trace's number.
    public let traceLow: UInt64
    /// The number of whoever sends the request on.
    public let parent: UInt64
    /// Whether whoever sends the request records the trace.
    public let isSampled: Bool

    /// A place in a trace; nil if the trace's number or the parent's is zero, which section 3.2.2 forbids.
    public init?(traceHigh: UInt64, traceLow: UInt64, parent: UInt64, isSampled: Bool) {
        guard traceHigh | traceLow != 0, parent != 0 else { return nil }
        self.traceHigh = traceHigh
        self.traceLow = traceLow
        self.parent = parent
        self.isSampled = isSampled
    }

    /// The trace's number in 32 hexadecimal digits, as logs have it.
    public var traceID: String { String(description.dropFirst(3).prefix(32)) }

    /// Reads a value of the field.
    ///
    /// Digits in upper case, other lengths, numbers of zero and the version ff are refused; a later version is read as far
    /// as version 00 goes (section 4.3).
    public init?(_ text: String) {
        self.init(bytes: text.utf8.span)
    }

    init?(bytes: borrowing Span<UInt8>) {
        guard bytes.count >= 55, bytes[2] == 0x2d, bytes[35] == 0x2d, bytes[52] == 0x2d,
            let version = Self.twoDigits(bytes, 0), version < 255, let flags = Self.twoDigits(bytes, 53),
            let high = Self.sixteenDigits(bytes, 3), let low = Self.sixteenDigits(bytes, 19),
            let parent = Self.sixteenDigits(bytes, 36), bytes.count == 55 || (version > 0 && bytes[55] == 0x2d)
        else { return nil }
        self.init(traceHigh: high, traceLow: low, parent: parent, isSampled: flags & 1 == 1)
    }

    private static func twoDigits(_ bytes: borrowing Span<UInt8>, _ start: Int) -> UInt32? {
        let zeros: UInt64 = 0x3030_3030_3030_0000
        return UInt32(hexadecimalDigits: zeros | UInt64(bytes[start]) << 8 | UInt64(bytes[start + 1]))
    }

    private static func sixteenDigits(_ bytes: borrowing Span<UInt8>, _ start: Int) -> UInt64? {
        bytes.extracting(start..<start + 16).withUnsafeBytes { buffer in
            let first = UInt64(bigEndian: buffer.loadUnaligned(as: UInt64.self))
            let second = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            guard let high = UInt32(hexadecimalDigits: first), let low = UInt32(hexadecimalDigits: second) else {
                return nil
            }
            return UInt64(high) << 32 | UInt64(low)
        }
    }

    /// How long the value of the field is in version 00.
    static var textCount: Int { 55 }

    /// Adds `00-`, the trace's number, the parent's and the flags.
    func write(to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0x2d, count: Self.textCount))
        write(over: &bytes, at: start)
    }

    /// Writes the same over as many bytes that are there, with the dashes in their places.
    func write(over bytes: inout [UInt8], at start: Int) {
        bytes.withUnsafeMutableBytes { buffer in
            let text = UnsafeMutableRawBufferPointer(rebasing: buffer[start..<start + Self.textCount])
            (text[0], text[1], text[53], text[54]) = (0x30, 0x30, 0x30, isSampled ? 0x31 : 0x30)
            Self.store(traceHigh, in: text, at: 3)
            Self.store(traceLow, in: text, at: 19)
            Self.store(parent, in: text, at: 36)
        }
    }

    private static func store(_ number: UInt64, in text: UnsafeMutableRawBufferPointer, at offset: Int) {
        let high = UInt32(truncatingIfNeeded: number >> 32).hexadecimalDigits
        let low = UInt32(truncatingIfNeeded: number).hexadecimalDigits
        text.storeBytes(of: high.bigEndian, toByteOffset: offset, as: UInt64.self)
        text.storeBytes(of: low.bigEndian, toByteOffset: offset + 8, as: UInt64.self)
    }
}

extension TraceContext: CustomStringConvertible {
    /// The value of the field, in version 00.
    public var description: String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes.span.text
    }
}
