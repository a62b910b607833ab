/// A fingerprint of a sequence of numbers: equal sequences have equal fingerprints on every machine.
///
/// It tells two runs apart; it is no protection against somebody who wants a collision.
public struct Digest: Hashable, Sendable {
    /// The fingerprint so far.
    public private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    /// The fingerprint of the empty sequence.
    public init() {}

    /// Adds a number to the sequence.
    @inlinable
    public mutating func mix(_ number: UInt64) {
        mix(number, 0)
    }

    /// Adds two numbers at once, at the price of one.
    public mutating func mix(_ first: UInt64, _ second: UInt64) {
        // One full-width product folds every bit of the input into the state.
        let product = (value ^ first).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15 ^ (second &* 2))
        value = product.high ^ product.low ^ second.byteSwapped &+ 0x632b_e59b_d9b4_e019
    }

    /// Adds a text, its length included.
    public mutating func mix(text: String) {
        var count: UInt64 = 0
        for byte in text.utf8 {
            mix(UInt64(byte), count)
            count += 1
        }
        mix(count)
    }
}

extension Digest: CustomStringConvertible {
    /// Sixteen hexadecimal digits.
    public var description: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
