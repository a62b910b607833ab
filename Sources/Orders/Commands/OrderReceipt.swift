public import EventSourcing

/// What the sender of a command about an order is told when it was done.
public struct OrderReceipt: Hashable, Sendable {
    /// Which order.
    public let order: String
    /// How far it has come.
    public let status: Order.Status
    /// What it costs, in cents.
    public let total: Int64
    /// Its last event; nil if it has none.
    public let version: StreamVersion?
    /// Where the command's last event stands in the log: a reader that waits until a projection has come there reads what
    /// was written. Nil if nothing was appended now, because it was done before.
    public let position: Position?

    init(_ decided: Repository<Order>.Decided, of order: String) {
        self.order = order
        status = decided.root.status
        total = decided.root.total
        version = decided.version
        position = decided.position
    }

    /// The receipt as JSON: the result in the bus's answer.
    public var bytes: [UInt8] {
        JSONForm.bytes(
            of: Form(
                order: order, status: status, total: total, version: version?.number, position: position?.number))
    }

    /// Reads a receipt; nil if these bytes are none.
    public init?(_ bytes: [UInt8]) {
        guard let form: Form = JSONForm.value(bytes) else { return nil }
        order = form.order
        status = form.status
        total = form.total
        version = form.version.map { StreamVersion($0) }
        position = form.position.map { Position($0) }
    }

    private struct Form: Codable {
        var order: String
        var status: Order.Status
        var total: Int64
        var version: Int64?
        var position: Int64?
    }
}
