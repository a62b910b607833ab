/// A decimal number at the start of a text, and what follows it: its unit.
struct LeadingNumber {
    /// The longest that is read, in characters: longer than any that a session writes.
    private static let longest = 64

    private let digits: Substring
    /// What is written.
    let value: Double
    /// What follows.
    let rest: Substring

    /// Nil if the text does not begin with a number such as `5` or `0.5`.
    init?(startOf text: some StringProtocol) {
        let text = Substring(text)
        digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard (1...Self.longest).contains(digits.count), digits.first != ".", digits.last != ".",
            let value = Double(digits)
        else { return nil }
        self.value = value
        rest = text.dropFirst(digits.count)
    }

    /// The nearest number to a hundredth of what is written.
    var hundredth: Double { Double("\(digits)e-2") ?? value / 100 }

    /// What a text says that is a number and nothing else; nil for any other.
    static func value(of text: some StringProtocol) -> Double? {
        guard let number = LeadingNumber(startOf: text), number.rest.isEmpty else { return nil }
        return number.value
    }
}
