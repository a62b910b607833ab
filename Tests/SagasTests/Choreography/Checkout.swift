import Sagas
import Timeline

extension Choreography {
    /// A checkout: stock, payment and shipping react to each other, and take back what they did when payment fails or
    /// says nothing.
    static func checkout(hopLimit: Int = 32) throws -> Choreography {
        try Choreography(
            name: "checkout",
            events: [
                EventType("OrderPlaced", .start), EventType("CustomerLeft", .outside), EventType("StockReserved"),
                EventType("PaymentTaken"), EventType("PaymentFailed"), EventType("PaymentTimedOut"),
                EventType("PaymentVoided"), EventType("StockReleased"), EventType("MailSent", .note),
                EventType("OrderShipped", .endsWell), EventType("OrderRejected", .endsBadly),
                EventType("OrderCancelled", .endsBadly),
            ],
            policies: [
                Policy(
                    on: "OrderPlaced", "stock", does: "reserves", success: ["StockReserved"], failure: ["OrderRejected"]
                ),
                Policy(on: "OrderPlaced", "mail", does: "confirms", success: ["MailSent"]),
                Policy(
                    on: "StockReserved", "payment", does: "charges", success: ["PaymentTaken"],
                    failure: ["PaymentFailed"]),
                Policy(on: "PaymentTaken", "shipping", does: "ships", success: ["OrderShipped"]),
                Policy(on: "PaymentFailed", "stock", does: "releases", success: ["StockReleased"]),
                Policy(on: "PaymentTimedOut", "payment", does: "voids", success: ["PaymentVoided"]),
                Policy(on: "PaymentVoided", "stock", does: "releases", success: ["StockReleased"]),
                Policy(on: "StockReleased", "orders", does: "cancels", success: ["OrderCancelled"]),
                Policy(on: "CustomerLeft", "crm", does: "notes"),
            ],
            timeouts: [
                Timeout(
                    after: "StockReserved", within: .seconds(30), noneOf: ["PaymentTaken", "PaymentFailed"],
                    then: "PaymentTimedOut")
            ], hopLimit: hopLimit)
    }

    /// Two services that answer each other for ever, and a watchdog that does not wait for long.
    static func pingPong(hopLimit: Int) throws -> Choreography {
        try Choreography(
            name: "ping pong",
            events: [
                EventType("Begun", .start), EventType("Ping"), EventType("Pong"), EventType("Bored"),
                EventType("Over", .endsWell), EventType("GivenUp", .endsBadly),
            ],
            policies: [
                Policy(on: "Begun", "left", does: "serves", success: ["Ping"]),
                Policy(on: "Ping", "right", does: "returns", success: ["Pong"], failure: ["Over"]),
                Policy(on: "Pong", "left", does: "returns", success: ["Ping"]),
                Policy(on: "Bored", "umpire", does: "asks", success: ["Pong"]),
            ],
            timeouts: [
                Timeout(
                    after: "Ping", within: .seconds(1), noneOf: ["Pong", "Over"], then: "Bored", lateAnswers: .accepted),
                Timeout(after: "Begun", within: .minutes(1), noneOf: ["Over"], then: "GivenUp"),
            ], hopLimit: hopLimit, allowsCycles: true)
    }
}
