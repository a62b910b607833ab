public import Timeline

/// What an order costs: decided once, before anything happens, so that the event says it and no later rule changes it.
public struct Pricing: Hashable, Sendable {
    /// From how many cents on there is a discount.
    public let discountFrom: Int64
    /// The discount in hundredths of a percent of the whole: 500 is 5 %.
    public let discount: Int64

    /// No discount.
    public static var plain: Pricing { Pricing(uncheckedFrom: 0, discount: 0) }

    /// A discount from an amount on.
    /// - Parameters:
    ///   - discountFrom: from how many cents on, 0 or more.
    ///   - discount: in hundredths of a percent, 0 to 10 000.
    /// - Throws: a ``SettingError`` that names the first value out of its range.
    public init(discountFrom: Int64, discount: Int64) throws(SettingError) {
        guard discountFrom >= 0 else {
            throw SettingError("discountFrom", given: discountFrom, allowed: "0 cents or more")
        }
        guard (0...10_000).contains(discount) else {
            throw SettingError("discount", given: discount, allowed: "0 to 10000 hundredths of a percent")
        }
        self.init(uncheckedFrom: discountFrom, discount: discount)
    }

    private init(uncheckedFrom: Int64, discount: Int64) {
        discountFrom = uncheckedFrom
        self.discount = discount
    }

    /// The lines of an order with what they cost together.
    public struct Quote: Codable, Hashable, Sendable {
        /// The lines.
        public let lines: [OrderLine]
        /// What is taken off, in cents.
        public let discount: Int64
        /// What is to be paid, in cents.
        public let total: Int64
    }

    /// Why there is no price.
    public enum Refusal: Error, Hashable, Sendable {
        /// An order needs 1 to 100 lines.
        case lineCount(Int)
        /// A line without a product's name, by its place from 0.
        case noProduct(line: Int)
        /// A quantity that is not 1 to 10 000.
        case quantity(Int, line: Int)
        /// A price that is not 1 cent to 10 million.
        case unitPrice(Int64, line: Int)
    }

    /// The price of these lines; a discount is rounded down to a cent.
    /// - Throws: what is wrong with them.
    public func quote(_ lines: [OrderLine]) throws(Refusal) -> Quote {
        try Self.check(lines)
        let sum = lines.reduce(0) { $0 + Int64($1.quantity) * $1.unitPrice }
        let off = sum >= discountFrom ? sum / 10_000 * discount + sum % 10_000 * discount / 10_000 : 0
        return Quote(lines: lines, discount: off, total: sum - off)
    }

    /// Whether these lines can be priced at all, whatever the rules are.
    /// - Throws: what is wrong with them.
    public static func check(_ lines: [OrderLine]) throws(Refusal) {
        guard (1...100).contains(lines.count) else { throw .lineCount(lines.count) }
        for (place, line) in lines.enumerated() {
            if line.product.isEmpty { throw .noProduct(line: place) }
            guard (1...10_000).contains(line.quantity) else { throw .quantity(line.quantity, line: place) }
            guard (1...1_000_000_000).contains(line.unitPrice) else { throw .unitPrice(line.unitPrice, line: place) }
        }
    }
}
