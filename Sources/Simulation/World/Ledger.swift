import Timeline

/// What really happened to the money, in whole cents: the truth beside which every status can be held.
///
/// Only operations that did their work write here, at the moment they did it. `pending` is what was charged
/// for sagas that have not ended, as far as it is not yet confirmed or refunded; each saga can owe its own
/// amount at most, and nothing once it has ended. So `charged == confirmed + refunded + pending` holds at
/// every instant, unless somebody is charged twice, confirmed twice, or left without a refund.
public struct Ledger: Sendable {
    /// The accounts that every ledger has, in this order.
    public static let standardAccounts = ["charged", "confirmed", "refunded"]

    private static let chargedAccount = 0
    private static let confirmedAccount = 1
    private static let refundedAccount = 2

    /// What one saga that has not ended was charged, and what became of it.
    private struct Order: Sendable {
        var request: UInt64 = 0
        var amount: Int64 = 0
        var charged: Int64 = 0
        var settled: Int64 = 0

        var owed: Int64 { max(0, min(charged, amount) - settled) }
    }

    /// The sum of each account, in cents.
    public private(set) var accounts: [Int64]
    /// How many entries were written.
    public private(set) var entries: UInt64 = 0
    /// What is charged for sagas under way and neither confirmed nor refunded, in cents.
    public private(set) var pending: Int64 = 0
    private var orders = SagaTable(blank: Order())

    init(accounts: Int) {
        self.accounts = [Int64](repeating: 0, count: accounts)
    }

    /// What customers were charged, in cents.
    public var charged: Int64 { accounts[Self.chargedAccount] }

    /// What was confirmed as paid for, in cents.
    public var confirmed: Int64 { accounts[Self.confirmedAccount] }

    /// What customers got back, in cents.
    public var refunded: Int64 { accounts[Self.refundedAccount] }

    /// By how many cents the accounts do not add up; positive if customers were charged too much.
    public var missing: Int64 { charged &- confirmed &- refunded &- pending }

    /// A saga begins that is worth this much.
    mutating func open(_ saga: SagaRef, request: UInt64, amount: Int64) {
        orders[saga] = Order(request: request, amount: amount)
    }

    /// A saga has ended: it owes nothing any more, whatever it was charged.
    mutating func close(_ saga: SagaRef) {
        pending -= orders[saga].owed
        orders[saga] = Order()
    }

    /// Writes an entry.
    mutating func book(_ cents: Int64, to account: Int, saga: SagaRef, request: UInt64) {
        entries += 1
        accounts[account] = accounts[account].addingSaturating(cents)
        var order = orders[saga]
        guard saga != .none, order.request == request else { return }
        pending -= order.owed
        switch account {
        case Self.chargedAccount: order.charged = order.charged.addingSaturating(cents)
        case Self.confirmedAccount, Self.refundedAccount: order.settled = order.settled.addingSaturating(cents)
        default: break
        }
        pending += order.owed
        orders[saga] = order
    }
}

extension Ledger {
    func mix(into digest: inout Digest) {
        for cents in accounts + [pending] { digest.mix(UInt64(bitPattern: cents)) }
        orders.forEach { order in
            digest.mix(order.request, UInt64(bitPattern: order.amount))
            digest.mix(UInt64(bitPattern: order.charged), UInt64(bitPattern: order.settled))
        }
    }
}

extension Int64 {
    fileprivate func addingSaturating(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
