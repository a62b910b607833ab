/// Figures as the tables show them.
enum Text {
    /// A number of zero or more with so many decimals, one at least.
    static func fixed(_ value: Double, decimals: Int) -> String {
        let scale = (0..<decimals).reduce(1) { scale, _ in scale * 10 }
        let whole = Int((value * Double(scale)).rounded())
        return "\(whole / scale).\(String(whole % scale + scale).dropFirst())"
    }

    static func percent(_ share: Double) -> String {
        "\(share < 0 ? "-" : "")\(fixed(abs(share) * 100, decimals: 2)) %"
    }

    static func verdict(_ isGood: Bool) -> String { isGood ? "ok" : "FAILED" }

    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    static func aligned(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
