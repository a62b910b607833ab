import CQRS
import EventSourcing
import Orders
import Testing
import Timeline

@Suite("Order command")
struct OrderCommandTests {
    static let requests: [OrderCommand.Request] = [
        .create(customer: "c \"1\" ☂", lines: [.cups(2), .cups(1)]), .confirm, .ship(tracking: "T1"), .deliver,
        .cancel(reason: ""), .refund,
    ]

    private func envelope(_ type: String, _ payload: String) throws -> CommandEnvelope {
        try CommandEnvelope(id: EventID(high: 0, low: 1), type: type, payload: Array(payload.utf8), issuedAt: .zero)
    }

    @Test("every command comes back from the bytes in which it leaves the process", arguments: requests)
    func bytes(request: OrderCommand.Request) throws {
        let command = OrderCommand(request, of: "o-1/é")
        let id = EventID(high: 7, low: 8)
        let sent = try command.envelope(id: id, correlation: id, issuedAt: .after(.seconds(1)))
        let received = try CommandEnvelope(decoding: sent.encoded)
        #expect(received == sent && received.sequence == "order-o-1/é")
        #expect(try OrderCommand(received) == command)
        #expect(OrderCommand.types.contains(command.type))
        for cut in 0..<command.payload.count {
            let damaged = try envelope(command.type, String(decoding: command.payload.prefix(cut), as: UTF8.self))
            #expect(throws: InvalidOrderCommand.self) { _ = try OrderCommand(damaged) }
        }
    }

    @Test("a payload is JSON that anybody can write, and a newer sender may say more")
    func written() throws {
        let payload =
            #"{"order":"o1","customer":"c1","gift":true,"lines":[{"product":"p","quantity":1,"unitPrice":5}]}"#
        let line = OrderLine(product: "p", quantity: 1, unitPrice: 5)
        #expect(
            try OrderCommand(try envelope("CreateOrder", payload))
                == OrderCommand(.create(customer: "c1", lines: [line]), of: "o1"))
        #expect(OrderCommand(.ship(tracking: "T1"), of: "o1").payload == Array(#"{"order":"o1","tracking":"T1"}"#.utf8))
    }

    @Test(
        "a payload that cannot be read is answered with what is wrong, and where",
        arguments: [
            ("ConfirmOrder", "", "ConfirmOrder: what it says is no JSON of texts and whole numbers"),
            ("ConfirmOrder", "{", "ConfirmOrder: what it says is no JSON of texts and whole numbers"),
            ("ConfirmOrder", "[]", "ConfirmOrder: what it says must be an object"),
            ("ConfirmOrder", "{}", "ConfirmOrder: order is missing"),
            ("ConfirmOrder", #"{"order":null}"#, "ConfirmOrder: order is null"),
            ("ConfirmOrder", #"{"order":1}"#, "ConfirmOrder: order must be a text"),
            ("ShipOrder", #"{"order":"o1"}"#, "ShipOrder: tracking is missing"),
            ("CancelOrder", #"{"order":"o1"}"#, "CancelOrder: reason is missing"),
            ("CreateOrder", #"{"order":"o1","customer":"c1"}"#, "CreateOrder: lines is missing"),
            ("CreateOrder", #"{"order":"o1","customer":"c1","lines":3}"#, "CreateOrder: lines must be a list"),
            ("CreateOrder", #"{"order":"o1","customer":"c1","lines":[3]}"#, "CreateOrder: lines[0] must be an object"),
            (
                "CreateOrder", #"{"order":"o1","customer":"c1","lines":[{"product":"p","unitPrice":5}]}"#,
                "CreateOrder: lines[0].quantity is missing"
            ),
            (
                "CreateOrder",
                #"{"order":"o1","customer":"c1","lines":[{"product":"p","quantity":"2","unitPrice":5}]}"#,
                "CreateOrder: lines[0].quantity must be a whole number"
            ),
            (
                "CreateOrder",
                #"{"order":"o1","customer":"c1","lines":[{"product":"p","quantity":1.5,"unitPrice":5}]}"#,
                "CreateOrder: what it says is no JSON of texts and whole numbers"
            ),
            (
                "DropOrder", "{}",
                "DropOrder is no command about an order; there are CreateOrder, ConfirmOrder, ShipOrder, DeliverOrder, "
                    + "CancelOrder, RefundOrder"
            ),
        ])
    func unreadable(type: String, payload: String, message: String) throws {
        #expect {
            _ = try OrderCommand(try envelope(type, payload))
        } throws: {
            "\($0)" == message
        }
        #expect(try OrderHandler().problem(with: try envelope(type, payload)) == message)
    }

    @Test(
        "what is wrong with a command is said before anything is looked up (the guide's rules, and the shop's)",
        arguments: [
            (OrderCommand(.confirm, of: ""), "order is required"),
            (OrderCommand(.cups(1, for: ""), of: "o1"), "customer is required"),
            (OrderCommand(.create(customer: "c1", lines: []), of: "o1"), "an order has 1 to 100 lines, not 0"),
            (
                OrderCommand(.create(customer: "c1", lines: [.cups(1), .cups(0)]), of: "o1"),
                "line 2: quantity 0 is not 1 to 10000"
            ),
            (OrderCommand(.ship(tracking: ""), of: "o1"), "tracking is required"),
            (
                OrderCommand(.refund, of: "o\n1"),
                "order: \"o\n1\" is out of range; allowed: 1 to 200 bytes without control characters"
            ),
        ])
    func invalid(command: OrderCommand, message: String) throws {
        #expect {
            try command.check()
        } throws: {
            "\($0)" == message
        }
    }

    @Test("the longest name still makes a stream and an envelope")
    func longest() throws {
        let order = String(repeating: "o", count: OrderCommand.nameLimit)
        #expect(throws: Never.self) { try OrderCommand(.confirm, of: order).check() }
        #expect(throws: InvalidOrderCommand.self) { try OrderCommand(.confirm, of: order + "o").check() }
        #expect(try OrderHandler().repository.stream(of: order).text == "order-\(order)")
        #expect(
            try OrderCommand(.confirm, of: order).envelope(id: EventID(high: 0, low: 1), issuedAt: .zero).sequence
                == "order-\(order)")
    }
}
