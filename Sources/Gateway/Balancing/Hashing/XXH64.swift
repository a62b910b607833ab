/// XXH64: a fast hash of bytes to 64 bits, the same on every machine (Yann Collet, *xxHash fast digest algorithm*,
/// version 0.1.1, section XXH64).
///
/// It spreads well; it is no protection against somebody who looks for collisions.
public enum XXH64 {
    private static let prime1: UInt64 = 0x9e37_79b1_85eb_ca87
    private static let prime2: UInt64 = 0xc2b2_ae3d_27d4_eb4f
    private static let prime3: UInt64 = 0x1656_67b1_9e37_79f9
    private static let prime4: UInt64 = 0x85eb_ca77_c2b2_ae63
    private static let prime5: UInt64 = 0x27d4_eb2f_1656_67c5

    /// The hash of a text's UTF-8 bytes.
    public static func hash(_ text: String, seed: UInt64 = 0) -> UInt64 {
        hash(text.utf8.span, seed: seed)
    }

    /// The hash of bytes.
    public static func hash(_ bytes: Span<UInt8>, seed: UInt64 = 0) -> UInt64 {
        let bytes = bytes.bytes
        let count = bytes.byteCount
        var place = 0
        var hash = seed &+ prime5
        if count >= 32 { hash = stripes(of: bytes, seed: seed, upTo: &place) }
        hash &+= UInt64(count)
        while place + 8 <= count {
            hash = rotate(hash ^ round(0, word(bytes, place)), 27) &* prime1 &+ prime4
            place += 8
        }
        if place + 4 <= count {
            let half = UInt64(UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt32.self)))
            hash = rotate(hash ^ half &* prime1, 23) &* prime2 &+ prime3
            place += 4
        }
        while place < count {
            let byte = UInt64(bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt8.self))
            hash = rotate(hash ^ byte &* prime5, 11) &* prime1
            place += 1
        }
        hash = (hash ^ hash >> 33) &* prime2
        hash = (hash ^ hash >> 29) &* prime3
        return hash ^ hash >> 32
    }

    /// Four lanes over all whole stripes of 32 bytes, put together.
    private static func stripes(of bytes: RawSpan, seed: UInt64, upTo place: inout Int) -> UInt64 {
        var first = seed &+ prime1 &+ prime2
        var second = seed &+ prime2
        var third = seed
        var fourth = seed &- prime1
        while place + 32 <= bytes.byteCount {
            first = round(first, word(bytes, place))
            second = round(second, word(bytes, place + 8))
            third = round(third, word(bytes, place + 16))
            fourth = round(fourth, word(bytes, place + 24))
            place += 32
        }
        var hash = rotate(first, 1) &+ rotate(second, 7) &+ rotate(third, 12) &+ rotate(fourth, 18)
        hash = merge(hash, first)
        hash = merge(hash, second)
        hash = merge(hash, third)
        return merge(hash, fourth)
    }

    private static func word(_ bytes: RawSpan, _ place: Int) -> UInt64 {
        UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self))
    }

    private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
        rotate(lane &+ input &* prime2, 31) &* prime1
    }

    private static func merge(_ hash: UInt64, _ lane: UInt64) -> UInt64 {
        (hash ^ round(0, lane)) &* prime1 &+ prime4
    }

    private static func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 {
        value &<< bits | value &>> (64 &- bits)
    }
}
