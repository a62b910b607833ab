/// So many of a product, at a price.
public struct OrderLine: Codable, Hashable, Sendable {
    /// Which product.
    public var product: String
    /// How many.
    public var quantity: Int
    /// The price of one, in cents.
    public var unitPrice: Int64

    /// So many of a product, at a price in cents for each.
    public init(product: String, quantity: Int, unitPrice: Int64) {
        self.product = product
        self.quantity = quantity
        self.unitPrice = unitPrice
    }
}
