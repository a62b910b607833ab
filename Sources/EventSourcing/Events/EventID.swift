public import Caching
public import Timeline

/// What tells an event, a command or a request from every other one: 128 bits, written as a UUID is.
public struct EventID: Hashable, Sendable {
    /// The first eight bytes.
    public let high: UInt64
    /// The last eight bytes.
    public let low: UInt64

    /// An id of these bits.
    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A random id, with the version and variant bits of a random UUID (RFC 9562, section 5.4).
    public init(using random: inout RandomStream) {
        self.init(
            high: random.next() & 0xffff_ffff_ffff_0fff | 0x4000,
            low: random.next() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000)
    }

    /// The id of what follows from something else: the same for the same cause and number, whenever it is asked for.
    ///
    /// A command that is handled again makes events of the same ids, so that a store knows them. The version bits say
    /// that the id is of a custom kind (RFC 9562, section 5.8).
    public init(of number: Int, from cause: EventID) {
        var digest = Digest()
        digest.mix(cause.high, cause.low)
        digest.mix(UInt64(bitPattern: Int64(number)))
        let high = digest.value
        digest.mix(1)
        self.init(
            high: high & 0xffff_ffff_ffff_0fff | 0x8000,
            low: digest.value & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000)
    }
}

extension EventID: CacheKey {
    /// Both halves in one.
    @inlinable
    public var fingerprint: UInt64 { high ^ low }
}

extension EventID: Comparable {
    /// Whether the left id comes first, read as a number.
    public static func < (left: EventID, right: EventID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

extension EventID: CustomStringConvertible, LosslessStringConvertible {
    /// Such as `0190163d-8694-739b-aea5-966c26f8ad91`.
    public var description: String {
        let digits = Self.hexadecimal(high) + Self.hexadecimal(low)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        return text
    }

    /// Reads an id as ``description`` writes it, in small or capital letters; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [8, 4, 4, 4, 12], text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }) else {
            return nil
        }
        guard let high = UInt64(parts[0...2].joined(), radix: 16), let low = UInt64(parts[3...4].joined(), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
