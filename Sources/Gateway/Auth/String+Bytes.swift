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
    @inline(__always)
    private static func areSame(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        let count = left.count
        if count < 8 { return areSameFew(left, right) }
        var place = 0
        while place + 8 < count {
            if differ(left, right, at: place, as: UInt64.self) { return false }
            place += 8
        }
        return !differ(left, right, at: count - 8, as: UInt64.self)
    }

    @inline(__always)
    private static func areSameFew(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        let count = left.count
        if count >= 4 {
            return !differ(left, right, at: 0, as: UInt32.self) && !differ(left, right, at: count - 4, as: UInt32.self)
        }
        for place in 0..<count where left[place] != right[place] { return false }
        return true
    }

    @inline(__always)
    private static func differ<Word: FixedWidthInteger & BitwiseCopyable>(
        _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer, at place: Int, as word: Word.Type
    ) -> Bool {
        left.loadUnaligned(fromByteOffset: place, as: word) != right.loadUnaligned(fromByteOffset: place, as: word)
    }
}
