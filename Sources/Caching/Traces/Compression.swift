/// A way of compressing that traces are often found in, and that is not undone here; its name is its command's.
public enum Compression: String, Hashable, Sendable, CaseIterable {
    /// The one of `.gz`.
    case gzip
    /// The one of `.zst`.
    case zstd
    /// The one of `.xz`.
    case xz

    /// How many bytes have to be seen to know each.
    static let longestMark = 6

    /// The bytes that every compressed input begins with.
    var mark: [UInt8] {
        switch self {
        // The third byte is the method, of which there has only ever been one.
        case .gzip: [0x1f, 0x8b, 0x08]
        case .zstd: [0x28, 0xb5, 0x2f, 0xfd]
        case .xz: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]
        }
    }
}

extension Compression: CustomStringConvertible {
    /// The command's name.
    public var description: String { rawValue }
}
