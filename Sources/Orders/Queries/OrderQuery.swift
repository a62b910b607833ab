public import CQRS
import EventSourcing
public import Timeline

/// What can be asked about orders.
public enum OrderQuery: Hashable, Sendable {
    /// One order.
    case order(String)
    /// A page of a customer's orders, those that were placed last first.
    case customerOrders(String)
    /// What a customer's orders come to.
    case customerStats(String)

    /// What kind of query it is, such as `GetOrder`.
    public var type: String {
        switch self {
        case .order: "GetOrder"
        case .customerOrders: "GetCustomerOrders"
        case .customerStats: "GetCustomerOrderStats"
        }
    }

    /// How queries about orders are answered, one type each.
    /// - Parameters:
    ///   - pageLimit: the most orders on a page; the guide's limit is 100.
    ///   - timeToLive: how long a result may be used again if nothing changes; 1 min by default, nil for not at all.
    ///   - reach: where they are answered; by the shard of an order or customer, say.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public static func types(
        pageLimit: Int = 100, timeToLive: Duration? = .seconds(60), reach: QueryType.Reach = .local
    ) throws(SettingError) -> [QueryType] {
        func type(_ name: String, _ pageLimit: Int? = nil) throws(SettingError) -> QueryType {
            try QueryType(name, handledBy: "orders", pageLimit: pageLimit, timeToLive: timeToLive, reach: reach)
        }
        return [try type("GetOrder"), try type("GetCustomerOrders", pageLimit), try type("GetCustomerOrderStats")]
    }

    /// The query, to be asked; its key is the order or the customer.
    /// - Parameter page: which page, for a query whose answer has pages.
    /// - Throws: never for a query of these types.
    public func query(page: PageRequest? = nil) throws(SettingError) -> Query {
        switch self {
        case .order(let key), .customerOrders(let key), .customerStats(let key):
            try Query(type, key: key, page: page)
        }
    }

    /// Reads a query.
    /// - Throws: what is wrong with it.
    public init(_ query: Query) throws(InvalidOrderQuery) {
        let key = query.key ?? ""
        switch query.type {
        case "GetOrder": self = .order(key)
        case "GetCustomerOrders": self = .customerOrders(key)
        case "GetCustomerOrderStats": self = .customerStats(key)
        default: throw .unknownType(query.type)
        }
        guard !key.isEmpty else { throw .missing(query.type == "GetOrder" ? "order" : "customer") }
    }
}

/// Why something is no query about orders that anybody could answer.
public enum InvalidOrderQuery: Error, Hashable, Sendable {
    /// It is a query about something else.
    case unknownType(String)
    /// It does not say what it is about.
    case missing(String)
}

extension InvalidOrderQuery: CustomStringConvertible {
    /// One line.
    public var description: String {
        switch self {
        case .unknownType(let type):
            "\(type) is no query about orders; there are GetOrder, GetCustomerOrders, GetCustomerOrderStats"
        case .missing(let what): "\(what) is required"
        }
    }
}

/// An answer about orders.
public enum OrderAnswer: Hashable, Sendable {
    /// An order; nil if the read model knows of none.
    case order(OrderSummary?)
    /// A page of a customer's orders.
    case orders([OrderSummary])
    /// What a customer's orders come to.
    case stats(CustomerOrderStats)
}
