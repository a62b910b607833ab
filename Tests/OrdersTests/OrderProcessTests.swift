import EventSourcing
import Orders
import Testing
import Timeline

@Suite("Order process")
struct OrderProcessTests {
    typealias Request = ProcessEvent.Request

    /// What a process sends when it hears these, one after another.
    private func sent(_ heard: [OrderProcess.Command]) -> ([Request], OrderProcess.Phase) {
        var process = OrderProcess()
        var requests: [Request] = []
        for command in heard {
            for event in process.decide(command, at: .zero) {
                process.evolve(event)
                if case .sent(let request, _) = event { requests.append(request) }
            }
        }
        return (requests, process.phase)
    }

    @Test(
        "each way through",
        arguments: [
            (
                [OrderProcess.Command.orderCreated, .stockReserved, .paymentProcessed],
                [Request.reserveStock, .charge, .confirmOrder], OrderProcess.Phase.confirmed
            ),
            ([.orderCreated, .stockRefused, .orderCancelled], [.reserveStock, .cancelOrder], .ended),
            (
                [.orderCreated, .stockReserved, .paymentFailed, .orderCancelled],
                [.reserveStock, .charge, .releaseStock, .cancelOrder], .ended
            ),
            ([.orderCreated, .orderCancelled, .stockReserved], [.reserveStock, .releaseStock], .ended),
            ([.orderCreated, .orderCancelled, .stockRefused], [.reserveStock], .ended),
            (
                [.orderCreated, .stockReserved, .orderCancelled, .paymentProcessed],
                [.reserveStock, .charge, .refund, .releaseStock], .ended
            ),
            (
                [.orderCreated, .stockReserved, .orderCancelled, .paymentFailed],
                [.reserveStock, .charge, .releaseStock], .ended
            ),
            (
                [.orderCreated, .stockReserved, .paymentProcessed, .orderCancelled],
                [.reserveStock, .charge, .confirmOrder, .refund, .releaseStock], .ended
            ),
            ([.stockReserved, .paymentProcessed], [], .idle),
        ])
    func ways(heard: [OrderProcess.Command], requests: [Request], phase: OrderProcess.Phase) {
        let (sent, ended) = sent(heard)
        #expect(sent == requests && ended == phase)
    }

    @Test(
        "whatever it hears, it charges once at most, after the stock, and gives back what it took", arguments: 1...200)
    func atRandom(seed: UInt64) {
        var random = RandomStream(seed: seed, name: "process", purpose: "test")
        let all = OrderProcess.Command.allCases
        let heard = (0..<12).map { _ in all[Int(random.below(UInt64(all.count)))] }
        let (sent, phase) = sent(heard)
        for request in Request.allCases { #expect(sent.count { $0 == request } <= 1) }
        if let charge = sent.firstIndex(of: .charge) {
            #expect(sent.firstIndex(of: .reserveStock).map { $0 < charge } == true)
        }
        if sent.contains(.refund) { #expect(sent.contains(.charge)) }
        if phase == .ended, sent.contains(.confirmOrder) { #expect(sent.contains(.refund)) }
    }

    @Test("heard twice, stored once: the repository knows it by its id")
    func redelivered() throws {
        var store = MemoryEventStore()
        let repository = try Repository<OrderProcess>(category: "process")
        let created = EventID(high: 1, low: 1)
        for _ in 0..<3 {
            try repository.decide(.orderCreated, on: "o1", commandID: created, in: &store, at: .zero)
        }
        let log = store.readLog(.category("process"), from: nil, .forward, limit: 10)
        #expect(try log.events.map { try ProcessEvent($0.event) } == [.sent(.reserveStock, then: .reserving)])
        #expect(log.events.first?.event.causation == created)
    }

    @Test("every event comes back from its bytes")
    func bytes() throws {
        for event in [ProcessEvent.sent(.charge, then: .charging), .moved(to: .ended)] {
            try OrderTests.checkBytes(of: event)
        }
    }
}
