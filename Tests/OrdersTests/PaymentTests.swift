import Orders
import Testing
import Timeline

@Suite("Payment")
struct PaymentTests {
    private func payment(_ commands: [Payment.Command]) throws -> Payment {
        var payment = Payment()
        for command in commands {
            for event in try payment.decide(command, at: .zero) { payment.evolve(event) }
        }
        return payment
    }

    static let initiate = Payment.Command.initiate(order: "o1", amount: 100)
    static let pasts: [(Payment.Status, [Payment.Command])] = [
        (.none, []), (.initiated, [initiate]), (.processed, [initiate, .process(reference: "R1")]),
        (.failed, [initiate, .fail(reason: "r")]),
        (.refunded, [initiate, .process(reference: "R1"), .refund(amount: 100)]),
    ]

    /// Columns: initiate, process, fail, refund 100.
    @Test("each command in each status", arguments: zip(pasts.map(\.1), ["exxx", "-eex", "--xe", "-x-x", "-xxx"]))
    func table(past: [Payment.Command], row: String) throws {
        let payment = try payment(past)
        let commands: [Payment.Command] = [
            Self.initiate, .process(reference: "R1"), .fail(reason: "r"), .refund(amount: 100),
        ]
        let answers = commands.map { command -> Character in
            guard let events = try? payment.decide(command, at: .zero) else { return "x" }
            return events.isEmpty ? "-" : "e"
        }
        #expect(String(answers) == row)
    }

    @Test("never more is given back than was taken", arguments: 1...50)
    func refunds(seed: UInt64) throws {
        var random = RandomStream(seed: seed, name: "payment", purpose: "test")
        var payment = try payment([Self.initiate, .process(reference: "R1")])
        var given: Int64 = 0
        for _ in 0..<20 {
            let asked = Int64(random.below(60)) - 10
            if let events = try? payment.decide(.refund(amount: asked), at: .zero) {
                given += asked
                for event in events { payment.evolve(event) }
            }
            #expect(given <= 100 && payment.refunded == given)
            #expect((payment.status == .refunded) == (given == 100))
        }
    }

    @Test("a payment is for an order and an amount; another one is another payment")
    func initiation() throws {
        for command in [Payment.Command.initiate(order: "", amount: 1), .initiate(order: "o", amount: 0)] {
            #expect(throws: Payment.Refusal.nothingToPay) { _ = try Payment().decide(command, at: .zero) }
        }
        let payment = try payment([Self.initiate])
        #expect(throws: Payment.Refusal.existsAlready) {
            _ = try payment.decide(.initiate(order: "o1", amount: 101), at: .zero)
        }
    }

    @Test("every event and every state come back from their bytes")
    func bytes() throws {
        let at = Instant.after(.seconds(3))
        for event in [
            PaymentEvent.initiated(order: "o1", amount: 100, at: at), .processed(reference: "R1", at: at),
            .failed(reason: "declined", at: at), .refunded(amount: 1, at: at),
        ] {
            try OrderTests.checkBytes(of: event)
        }
        for (_, past) in Self.pasts {
            let payment = try payment(past)
            #expect(Payment(snapshotData: payment.snapshotData) == payment)
        }
    }
}
