/// A bit for each position of a window that moves on: the place of a position is its number, modulo the window's size.
struct PositionBits: Hashable, Sendable {
    private var words: [UInt64]

    /// All bits are clear.
    /// - Parameter size: a power of two, 64 or more.
    init(_ size: Int) {
        words = Array(repeating: 0, count: size / 64)
    }

    subscript(position: Position) -> Bool {
        get { words[word(position)] >> bit(position) & 1 == 1 }
        set {
            if newValue {
                words[word(position)] |= 1 << bit(position)
            } else {
                words[word(position)] &= ~(1 << bit(position))
            }
        }
    }

    /// The first position above one, and not above another, whose bit is set. The two are at most the window's size
    /// apart.
    func first(above low: Position, upTo high: Position) -> Position? {
        var number = low.number
        while number < high.number {
            number += 1
            let rest = words[word(Position(number))] >> bit(Position(number))
            guard rest == 0 else {
                let found = Position(number + Int64(rest.trailingZeroBitCount))
                return found <= high ? found : nil
            }
            // On to the last position of this word.
            number |= 63
        }
        return nil
    }

    private func word(_ position: Position) -> Int {
        Int(truncatingIfNeeded: position.number >> 6) & (words.count - 1)
    }

    private func bit(_ position: Position) -> UInt64 { UInt64(truncatingIfNeeded: position.number & 63) }
}
