public import Timeline

/// Why something is no command about an order that anybody could carry out.
public enum InvalidOrderCommand: Error, Hashable, Sendable {
    /// It is a command about something else.
    case unknownType(String)
    /// What it says cannot be read: one line that says what, and where.
    case unreadable(type: String, String)
    /// A field that must not be empty is.
    case missing(String)
    /// A field that cannot be a name.
    case badName(SettingError)
    /// Its lines make no order.
    case lines(Pricing.Refusal)
}

extension InvalidOrderCommand: CustomStringConvertible {
    /// One line.
    public var description: String {
        switch self {
        case .unknownType(let type):
            "\(type) is no command about an order; there are \(OrderCommand.types.joined(separator: ", "))"
        case .unreadable(let type, let what): "\(type): \(what)"
        case .missing(let field): "\(field) is required"
        case .badName(let error): "\(error)"
        case .lines(let refusal): "\(refusal)"
        }
    }
}

extension Pricing.Refusal: CustomStringConvertible {
    /// One line; the first line of an order is line 1 here.
    public var description: String {
        switch self {
        case .lineCount(let count): "an order has 1 to 100 lines, not \(count)"
        case .noProduct(let line): "line \(line + 1): product is required"
        case .quantity(let quantity, let line): "line \(line + 1): quantity \(quantity) is not 1 to 10000"
        case .unitPrice(let cents, let line): "line \(line + 1): unit price \(cents) is not 1 to 1000000000 cents"
        }
    }
}

extension Order.Refusal: CustomStringConvertible {
    /// One line.
    public var description: String {
        switch self {
        case .existsAlready: "there is such an order already"
        case .noCustomer: "customer is required"
        case .notPossible(.none): "there is no such order"
        case .notPossible(let status): "the order is \(status.rawValue)"
        }
    }
}
