/// Bytes that come from somewhere else, read from front to back; whatever is not there is nil.
struct ByteReader {
    private let bytes: [UInt8]
    private(set) var position = 0
    /// Where the reading ends; what lies behind is not looked at.
    let end: Int

    init(_ bytes: [UInt8], upTo end: Int? = nil) {
        self.bytes = bytes
        self.end = min(max(0, end ?? bytes.count), bytes.count)
    }

    /// How many bytes are still to be read.
    var left: Int { end - position }

    /// The next so many bytes.
    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard (0...left).contains(count) else { return nil }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    /// The next number, its highest byte first.
    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) -> Number? {
        take(Number.bitWidth / 8)?.reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
    }
}

extension [UInt8] {
    /// Adds a number, its highest byte first.
    mutating func append(number: some FixedWidthInteger) {
        for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}
