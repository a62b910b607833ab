import Timeline

/// What a service has in stock, and what became of it.
public struct Stock: Hashable, Sendable {
    /// How many pieces are there; below zero if more were taken than there were.
    public internal(set) var onHand: Int64
    /// How far below zero it has been.
    public internal(set) var oversold: Int64 = 0
    /// How many pieces were taken.
    public internal(set) var taken: UInt64 = 0
    /// How many came back.
    public internal(set) var returned: UInt64 = 0
    /// How often there was nothing left.
    public internal(set) var refused: UInt64 = 0
}

/// The chapter of what services have in stock: one kind of piece a service.
struct StockHost: Sendable {
    private(set) var stocks: [Stock]
    private var accesses: [StockAccess]

    init(plan: Plan) {
        stocks = plan.services.map { Stock(onHand: Int64($0.stock)) }
        accesses = plan.operations.map(\.stock)
    }

    /// What an operation does with its service's stock.
    func access(of operation: UInt16) -> StockAccess { accesses[Int(operation)] }

    /// Does it; false if there is nothing left.
    mutating func access(_ access: StockAccess, service: Int) -> Bool {
        switch access {
        case .none: break
        case .look, .takeIfAny:
            guard stocks[service].onHand > 0 else {
                stocks[service].refused += 1
                return false
            }
            if access == .takeIfAny { take(service) }
        case .take: take(service)
        case .giveBack:
            stocks[service].onHand += 1
            stocks[service].returned += 1
        }
        return true
    }

    private mutating func take(_ service: Int) {
        stocks[service].onHand -= 1
        stocks[service].taken += 1
        stocks[service].oversold = max(stocks[service].oversold, -stocks[service].onHand)
    }
}

extension StockHost {
    func mix(into digest: inout Digest) {
        for stock in stocks { digest.mix(UInt64(bitPattern: stock.onHand), stock.taken << 32 | stock.returned) }
    }
}
