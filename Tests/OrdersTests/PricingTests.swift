import Orders
import Testing
import Timeline

@Suite("Pricing")
struct PricingTests {
    @Test(
        "a discount from an amount on, rounded down to a cent",
        arguments: [
            (Int64(0), Int64(0), Int64(12_345), Int64(0)), (10_000, 500, 9_999, 0), (10_000, 500, 10_000, 500),
            (10_000, 500, 10_019, 500), (10_000, 500, 10_020, 501), (0, 10_000, 777, 777), (0, 3_333, 1, 0),
        ])
    func discounts(from: Int64, share: Int64, price: Int64, off: Int64) throws {
        let pricing = try Pricing(discountFrom: from, discount: share)
        let quote = try pricing.quote([OrderLine(product: "p", quantity: 1, unitPrice: price)])
        #expect(quote.discount == off && quote.total == price - off)
    }

    @Test("the dearest order there can be has a price")
    func dearest() throws {
        let line = OrderLine(product: "p", quantity: 10_000, unitPrice: 1_000_000_000)
        let quote = try Pricing(discountFrom: 0, discount: 10_000).quote([OrderLine](repeating: line, count: 100))
        #expect(quote.total == 0 && quote.discount == 1_000_000_000_000_000)
    }

    @Test(
        "what is wrong with a line is said",
        arguments: [
            ([], Pricing.Refusal.lineCount(0)),
            ([OrderLine(product: "", quantity: 1, unitPrice: 1)], .noProduct(line: 0)),
            ([OrderLine(product: "p", quantity: 0, unitPrice: 1)], .quantity(0, line: 0)),
            ([OrderLine(product: "p", quantity: 10_001, unitPrice: 1)], .quantity(10_001, line: 0)),
            ([OrderLine(product: "p", quantity: .min, unitPrice: 1)], .quantity(.min, line: 0)),
            ([OrderLine(product: "p", quantity: 1, unitPrice: 0)], .unitPrice(0, line: 0)),
            ([OrderLine(product: "p", quantity: 1, unitPrice: .max)], .unitPrice(.max, line: 0)),
            ([OrderLine](repeating: OrderLine(product: "p", quantity: 1, unitPrice: 1), count: 101), .lineCount(101)),
        ])
    func refusals(lines: [OrderLine], why: Pricing.Refusal) {
        #expect(throws: why) { _ = try Pricing.plain.quote(lines) }
    }

    @Test("settings out of range are named")
    func settings() {
        #expect(throws: SettingError.self) { _ = try Pricing(discountFrom: -1, discount: 0) }
        #expect(throws: SettingError.self) { _ = try Pricing(discountFrom: 0, discount: 10_001) }
    }
}
