/// Writes numbers as people do: exact, without exponents.
enum Decimals {
    /// `30%` for 0.3; reads back as the same number.
    static func percent(_ share: Double) -> String { "\(text(share, shifted: 2))%" }

    /// The shortest decimal text that reads back as the same number, its point moved so many digits to the right.
    static func text(_ value: Double, shifted: Int = 0) -> String {
        guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
        guard value > 0 else { return "-" + text(-value, shifted: shifted) }
        let halves = value.description.split(separator: "e")
        let exponent = halves.count > 1 ? Int(halves[1]) ?? 0 : 0
        let parts = halves[0].split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count > 1 && parts[1] != "0" ? String(parts[1]) : ""
        var digits = String(parts[0]) + fraction
        var point = parts[0].count + exponent + shifted
        if point < 1 {
            digits = String(repeating: "0", count: 1 - point) + digits
            point = 1
        }
        if point > digits.count { digits += String(repeating: "0", count: point - digits.count) }
        return assemble(digits, point)
    }

    private static func assemble(_ digits: String, _ point: Int) -> String {
        let whole = digits.prefix(point).drop { $0 == "0" }
        var fraction = digits.dropFirst(point)
        while fraction.last == "0" { fraction.removeLast() }
        return (whole.isEmpty ? "0" : whole) + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// A number to so many decimals, without needless zeros.
    static func rounded(_ value: Double, _ places: Int) -> String {
        let scale = (0..<places).reduce(1.0) { power, _ in power * 10 }
        return text((value * scale).rounded() / scale)
    }
}
