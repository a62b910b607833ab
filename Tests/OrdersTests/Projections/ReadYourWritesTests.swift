import CQRS
import EventSourcing
import Orders
import Testing
import Timeline

@Suite("Reading what one has written")
struct ReadYourWritesTests {
    @Test(
        "whoever waits for the position in the receipt reads what was written; whoever does not may read what was before",
        arguments: ReadModelBackend.allCases)
    func waits(backend: ReadModelBackend) throws {
        let shop = try Shop()
        var side = try ReadSide(backend)
        try shop.send(.cups(1), of: "o1")
        side.work(shop)
        var waiters = PositionWaiters(at: side.projection.run.settled)
        guard case .done(let bytes) = try shop.send(.confirm, of: "o1"), let position = OrderReceipt(bytes)?.position
        else {
            Issue.record("it was not confirmed")
            return
        }
        #expect(waiters.wait(7, for: position, until: .after(.seconds(60)), at: side.now) == .waiting)
        #expect(try side.rows(["o1"], []).orders["o1"]?.status == .pending)
        side.work(shop)
        let woken = waiters.reached(side.projection.run.settled, at: side.now)
        #expect(woken.map(\.reader) == [7] && woken.map(\.outcome) == [.reached])
        #expect(try side.rows(["o1"], []).orders["o1"]?.status == .confirmed)
    }
}
