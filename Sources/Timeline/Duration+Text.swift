extension Duration {
    /// The units that a length is written in, longest first.
    public static let units: [(name: String, length: Duration)] = [
        ("h", .minutes(60)), ("m", .minutes(1)), ("s", .seconds(1)),
        ("ms", .milliseconds(1)), ("us", .microseconds(1)), ("ns", .nanoseconds(1)),
    ]

    /// Reads a length such as `250ms`, `1.5s` or `1m30s`; nil for anything else, a missing unit included.
    ///
    /// The value is exact: `0.1s` is 100 000 000 ns. Fractions below a nanosecond and lengths over
    /// ``maximum`` are refused.
    public init?(parsing text: some StringProtocol) {
        var rest = Substring(text)
        var total = Duration.zero
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(number.count)
            let unitName = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unitName.count)
            let wanted = unitName == "µs" || unitName == "μs" ? "us" : unitName
            guard let unit = Duration.units.first(where: { $0.name == wanted }),
                let nanoseconds = Self.exactProduct(of: number, unit.length.nanoseconds)
            else { return nil }
            let (sum, overflow) = total.nanoseconds.addingReportingOverflow(nanoseconds)
            guard !overflow else { return nil }
            total = Duration(nanoseconds: sum)
        }
        self = total
    }

    /// The decimal number times the unit, if that is a whole number of nanoseconds.
    private static func exactProduct(of number: Substring, _ unit: Int64) -> Int64? {
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first.flatMap({ Int64($0) }), parts.count <= 2 else { return nil }
        let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        guard parts.count == 2 else { return product }
        var scale = unit
        var fraction: Int64 = 0
        guard !parts[1].isEmpty else { return nil }
        for digit in parts[1] {
            guard let value = digit.wholeNumberValue else { return nil }
            if value != 0 && scale % 10 != 0 { return nil }
            scale /= 10
            fraction += Int64(value) * scale
        }
        let (sum, carried) = product.addingReportingOverflow(fraction)
        return carried ? nil : sum
    }
}

extension Duration: CustomStringConvertible {
    /// The length in the largest unit that it fills, with up to three decimals: `1.25s`, `40ms`, `0s`.
    public var description: String {
        guard nanoseconds != 0 else { return "0s" }
        guard nanoseconds > .min else { return "-" + Duration.maximum.description }
        guard nanoseconds > 0 else { return "-" + Duration(nanoseconds: -nanoseconds).description }
        let unit = Duration.units.first { $0.length.nanoseconds <= nanoseconds } ?? Duration.units[5]
        let size = unit.length.nanoseconds
        let thousandths = size < 1_000 ? 0 : (nanoseconds % size) / (size / 1_000)
        return "\(nanoseconds / size)\(Self.decimals(thousandths))\(unit.name)"
    }

    /// `.25` for 250 thousandths, nothing for none.
    private static func decimals(_ thousandths: Int64) -> String {
        guard thousandths > 0 else { return "" }
        var digits = String(thousandths + 1_000).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "." + digits
    }
}

extension Instant: CustomStringConvertible {
    /// The moment as a clock shows it: `00:01:23.450`, with milliseconds, rounded down.
    public var description: String {
        let milliseconds = nanoseconds / 1_000_000
        let (hours, minutes) = (milliseconds / 3_600_000, milliseconds / 60_000 % 60)
        return "\(padded(hours, 2)):\(padded(minutes, 2)):\(padded(milliseconds / 1_000 % 60, 2))"
            + ".\(padded(milliseconds % 1_000, 3))"
    }

    private func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
