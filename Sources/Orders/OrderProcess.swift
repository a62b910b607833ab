public import EventSourcing
public import Timeline

/// The process manager of an order: it hears what happens to the order, its stock and its payment, one thing after
/// another, and says what is to be done next.
///
/// It is an aggregate whose commands are what it hears and whose events are what it sends: its stream is inbox and
/// outbox in one. What it hears twice is known by its id (see ``Repository/decide(_:on:commandID:correlation:in:at:)``),
/// and what it sends is stored in the same step as its state; a relay reads it from the log, and whoever receives it
/// knows it by the event's id. So nothing is charged before the stock is there, nothing is charged twice, and a crash
/// between any two steps loses nothing.
///
/// Source: Emmett's workflows, with one stream as inbox and outbox.
public struct OrderProcess: Aggregate {
    /// What it hears.
    public enum Command: String, CaseIterable, Hashable, Sendable {
        /// The order was created.
        case orderCreated
        /// Its stock was set aside.
        case stockReserved
        /// There is not enough in stock.
        case stockRefused
        /// The money was taken.
        case paymentProcessed
        /// The money was not taken.
        case paymentFailed
        /// The customer has cancelled the order.
        case orderCancelled
    }

    /// What it waits for.
    public enum Phase: String, Hashable, Sendable {
        /// The order.
        case idle
        /// The stock.
        case reserving
        /// The payment.
        case charging
        /// The stock, only to give it back: the order was cancelled meanwhile.
        case reservingInVain
        /// The payment, only to give it back: the order was cancelled meanwhile.
        case chargingInVain
        /// Nothing: the order is paid for.
        case confirmed
        /// Nothing: the order is over.
        case ended
    }

    /// It refuses nothing: what it does not wait for, it ignores.
    public enum Refusal: Error, Hashable, Sendable {}

    /// What it waits for.
    public private(set) var phase = Phase.idle

    /// The process of an order that does not exist yet.
    public init() {}

    /// What is sent when it hears this.
    public func decide(_ heard: Command, at now: Instant) -> [ProcessEvent] {
        switch (phase, heard) {
        case (.idle, .orderCreated): [.sent(.reserveStock, then: .reserving)]
        case (.reserving, .stockReserved): [.sent(.charge, then: .charging)]
        case (.reserving, .stockRefused): [.sent(.cancelOrder, then: .ended)]
        case (.reserving, .orderCancelled): [.moved(to: .reservingInVain)]
        case (.reservingInVain, .stockReserved): [.sent(.releaseStock, then: .ended)]
        case (.reservingInVain, .stockRefused): [.moved(to: .ended)]
        case (.charging, .paymentProcessed): [.sent(.confirmOrder, then: .confirmed)]
        case (.charging, .paymentFailed):
            [.sent(.releaseStock, then: .charging), .sent(.cancelOrder, then: .ended)]
        case (.charging, .orderCancelled): [.moved(to: .chargingInVain)]
        case (.chargingInVain, .paymentProcessed):
            [.sent(.refund, then: .chargingInVain), .sent(.releaseStock, then: .ended)]
        case (.chargingInVain, .paymentFailed): [.sent(.releaseStock, then: .ended)]
        case (.confirmed, .orderCancelled):
            [.sent(.refund, then: .confirmed), .sent(.releaseStock, then: .ended)]
        default: []
        }
    }

    /// Something was sent.
    public mutating func evolve(_ event: ProcessEvent) {
        switch event {
        case .sent(_, let next), .moved(let next): phase = next
        }
    }
}

extension OrderProcess {
    /// The version of the form in which its state is written.
    public static var snapshotSchema: Int { 1 }

    /// Its state: the phase's name.
    public var snapshotData: [UInt8] { Array(phase.rawValue.utf8) }

    /// Reads a state; nil if these bytes are none.
    public init?(snapshotData: [UInt8]) {
        guard let phase = Phase(rawValue: String(decoding: snapshotData, as: UTF8.self)) else { return nil }
        self.phase = phase
    }
}
