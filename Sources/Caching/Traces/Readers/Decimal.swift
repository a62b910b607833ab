extension UInt64 {
    /// The number that is written in decimal digits, and in nothing else; nil too if it is too large.
    init?(decimal text: Span<UInt8>) {
        guard !text.isEmpty else { return nil }
        var value: UInt64 = 0
        for place in text.indices {
            let digit = text[place] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            let (tenfold, isLost) = value.multipliedReportingOverflow(by: 10)
            let (sum, isCarried) = tenfold.addingReportingOverflow(UInt64(digit))
            guard !isLost, !isCarried else { return nil }
            value = sum
        }
        self = value
    }

    /// The number that a column holds, from 0 to a maximum.
    init(column: Int, _ text: Span<UInt8>, maximum: UInt64 = .max) throws(TraceError.Problem) {
        guard let value = UInt64(decimal: text), value <= maximum else {
            let found = String(excerptOf: text)
            throw text.isInteger
                ? .outOfRange(column: column, found: found, maximum: maximum) : .noNumber(column: column, found: found)
        }
        self = value
    }
}

extension Span<UInt8> {
    /// Whether it is digits, with or without a minus sign before them.
    fileprivate var isInteger: Bool {
        let first = !isEmpty && self[0] == UInt8(ascii: "-") ? 1 : 0
        guard first < count else { return false }
        for place in first..<count where self[place] &- UInt8(ascii: "0") > 9 { return false }
        return true
    }
}
