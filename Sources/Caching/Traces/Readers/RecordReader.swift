/// Reads binary records of one width.
struct RecordReader: Sendable {
    /// What a record is made of.
    enum Layout: Sendable {
        case int32be
        case int64be
        case oracleGeneral

        /// In bytes.
        var width: Int {
            switch self {
            case .int32be: 4
            case .int64be: 8
            case .oracleGeneral: 24
            }
        }
    }

    let layout: Layout

    /// Reads until there is no room or no whole record is left.
    mutating func read(
        _ input: TraceInput, from position: inout Int, into requests: inout RequestCollector
    ) throws(TraceError.Problem) {
        let bytes = input.bytes.span.bytes
        while requests.room > 0, bytes.byteCount - position >= layout.width {
            try read(bytes, at: position, into: &requests)
            position += layout.width
        }
        let rest = bytes.byteCount - position
        if input.isFinished, requests.room > 0, rest > 0 { throw .cutOff(after: rest, of: layout.width) }
    }

    private mutating func read(
        _ bytes: RawSpan, at start: Int, into requests: inout RequestCollector
    ) throws(TraceError.Problem) {
        switch layout {
        case .int32be:
            let key = UInt32(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt32.self))
            try requests.add(UInt64(key), at: start)
        case .int64be:
            let key = UInt64(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self))
            try requests.add(key, at: start)
        case .oracleGeneral:
            let key = UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: start + 4, as: UInt64.self))
            let size = UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: start + 12, as: UInt32.self))
            try requests.add(key, size: size, at: start)
        }
    }
}
