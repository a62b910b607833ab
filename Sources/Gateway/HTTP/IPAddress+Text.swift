extension IPAddress: CustomStringConvertible {
    /// `192.0.2.1`, or the form of RFC 5952: the longest run of two or more zeros left out, letters in lower case.
    public var description: String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes.span.text
    }
}

extension IPAddress {
    /// Adds the text of the address.
    func write(to bytes: inout [UInt8]) {
        guard isV4 else { return writeV6(to: &bytes) }
        for shift in stride(from: UInt64(24), through: 0, by: -8) {
            let part = UInt8(truncatingIfNeeded: low >> shift)
            if part >= 100 { bytes.append(0x30 + part / 100) }
            if part >= 10 { bytes.append(0x30 + part / 10 % 10) }
            bytes.append(0x30 + part % 10)
            if shift > 0 { bytes.append(0x2e) }
        }
    }

    private func group(_ index: Int) -> UInt64 {
        (index < 4 ? high : low) >> UInt64(48 - 16 * (index & 3)) & 0xffff
    }

    private func writeV6(to bytes: inout [UInt8]) {
        let gap = longestRunOfZeros
        var index = 0
        while index < 8 {
            if index == gap.lowerBound, !gap.isEmpty {
                bytes.append(contentsOf: [0x3a, 0x3a])
                index = gap.upperBound
                continue
            }
            if index > 0, index != gap.upperBound || gap.isEmpty { bytes.append(0x3a) }
            writeGroup(group(index), to: &bytes)
            index += 1
        }
    }

    private func writeGroup(_ group: UInt64, to bytes: inout [UInt8]) {
        var isBegun = false
        for shift in stride(from: UInt64(12), through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: (group >> shift) & 15)
            isBegun = isBegun || digit > 0 || shift == 0
            if isBegun { bytes.append(.hexadecimalDigit(digit)) }
        }
    }

    /// The first of the longest runs of two or more groups of zero; empty if there is none.
    private var longestRunOfZeros: Range<Int> {
        var longest = 0..<0
        var start = 0
        for index in 0...8 where index == 8 || group(index) != 0 {
            if index - start > max(1, longest.count) { longest = start..<index }
            start = index + 1
        }
        return longest
    }
}
