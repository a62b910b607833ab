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

    /// Reads a value of the field.
    ///
    /// Digits in upper case, other lengths, numbers of zero and the version ff are refused; a later version is read as far
    /// as version 00 goes (section 4.3).
    public init?(_ text: String) {
        self.init(bytes: text.utf8.span)
    }

    init?(bytes: borrowing Span<UInt8>) {
        guard bytes.count >= 55, bytes[2] == 0x2d, bytes[35] == 0x2d, bytes[52] == 0x2d,
            let version = Self.number(bytes, 0..<2), let high = Self.number(bytes, 3..<19),
            let low = Self.number(bytes, 19..<35), let parent = Self.number(bytes, 36..<52),
            let flags = Self.number(bytes, 53..<55), version < 255,
            bytes.count == 55 || (version > 0 && bytes[55] == 0x2d)
        else { return nil }
        self.init(traceHigh: high, traceLow: low, parent: parent, isSampled: flags & 1 == 1)
    }

    private static func number(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        var number: UInt64 = 0
        var areDigits = true
        // Without branches: this is read for every request.
        for index in range {
            let byte = bytes[index]
            let isLetter = byte &- 0x61 < 6
            areDigits = areDigits && (isLetter || byte.isDigit)
            number = number << 4 | UInt64(byte & 15) &+ (isLetter ? 9 : 0)
        }
        return areDigits ? number : nil
    }

    /// Adds `00-`, the trace's number, the parent's and the flags.
    func write(to bytes: inout [UInt8]) {
        bytes.append("00-")
        bytes.append(hexadecimal: traceHigh)
        bytes.append(hexadecimal: traceLow)
        bytes.append(0x2d)
        bytes.append(hexadecimal: parent)
        bytes.append(isSampled ? "-01" : "-00")
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
