extension String {
    /// Whether they are the same byte for byte; to Swift, é is the same as one scalar and as two, and K as a letter and
    /// as the sign for kelvin.
    func hasSameBytes(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        let isSame = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { Self.areSame(UnsafeRawBufferPointer(left), .init($0)) }
        }
        return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
    }

    /// Compares as many bytes of each, eight at a time; the last eight may overlap those before.
    private static func areSame(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        var place = 0
        while place + 8 <= left.count {
            if word(left, at: place) != word(right, at: place) { return false }
            place += 8
        }
        if place == left.count { return true }
        if place > 0 { return word(left, at: left.count - 8) == word(right, at: left.count - 8) }
        return left.elementsEqual(right)
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, at place: Int) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
    }
}
