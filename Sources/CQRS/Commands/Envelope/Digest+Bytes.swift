import Timeline

extension Digest {
    /// Adds bytes to the sequence, eight at a time, their number included.
    mutating func mix(bytes: ArraySlice<UInt8>) {
        var word: UInt64 = 0
        var count: UInt64 = 0
        for byte in bytes {
            word = word << 8 | UInt64(byte)
            count += 1
            if count % 8 == 0 {
                mix(word, count)
                word = 0
            }
        }
        mix(word, count)
        mix(count)
    }
}
