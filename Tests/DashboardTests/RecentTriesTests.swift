import Testing
import Timeline

@testable import Dashboard

@Suite("Tries a call")
struct RecentTriesTests {
    /// The edge from shop to payment, the only one of the shop that is declared.
    private static let edge = 0

    @Test("a healthy edge has one try a call, one whose calls are tried again has more, and none without calls")
    func amplification() throws {
        var flight = try Flight()
        #expect(flight.dashboard.tries.amplification(edge: Self.edge) == nil)
        flight.fly(.seconds(4))
        #expect(flight.dashboard.tries.amplification(edge: Self.edge) == 1)
        flight.press(":inject error on payment with probability 12%{Enter}")
        flight.fly(.seconds(15))
        let tries = try #require(flight.dashboard.tries.amplification(edge: Self.edge))
        #expect(tries > 1.05)
        #expect(tries < 1.5)
    }

    @Test("after time was turned back it begins anew")
    func rewind() throws {
        var flight = try Flight()
        flight.fly(.seconds(14))
        flight.press(",,")
        let tries = flight.dashboard.tries.amplification(edge: Self.edge)
        #expect(tries == 1)
    }
}
