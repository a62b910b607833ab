import Orders

// How commands to aggregates, and the events that come of them, are put into words.

extension CommandPlan.Kind {
    /// What has happened to an aggregate of which such an event tells, in words: `order created`.
    public var past: String {
        switch self {
        case .order(.create): "order created"
        case .order(.confirm): "order confirmed"
        case .order(.ship): "order shipped"
        case .order(.deliver): "order delivered"
        case .order(.cancel): "order cancelled"
        case .order(.refund): "order refunded"
        case .payment(.initiate): "payment initiated"
        case .payment(.process): "payment processed"
        case .payment(.fail): "payment failed"
        case .payment(.refund): "payment refunded"
        case .record: "event recorded"
        }
    }
}

extension CommandPlan.Category {
    /// What an aggregate of the category is called: `order`.
    public var name: String {
        switch self {
        case .order: "order"
        case .payment: "payment"
        case .event: "event"
        }
    }
}
