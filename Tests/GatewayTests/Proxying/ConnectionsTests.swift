import Gateway
import Testing
import Timeline

@Suite("Connections to a backend")
struct ConnectionsTests {
    @Test(
        "round trips before a request (RFC 8446, section 2; RFC 5246, section 7.3)",
        arguments: [
            (Handshake.Security.none, Handshake.Resumption.full, 1), (.none, .resumed, 1), (.none, .earlyData, 1),
            (.tls12, .full, 3), (.tls12, .resumed, 2), (.tls12, .earlyData, 2),
            (.tls13, .full, 2), (.tls13, .resumed, 2), (.tls13, .earlyData, 1),
        ])
    func roundTrips(security: Handshake.Security, resumption: Handshake.Resumption, expected: Int) {
        let handshake = Handshake(security, resumption)
        #expect(handshake.roundTrips == expected)
        #expect(handshake.duration(roundTrip: .milliseconds(20)) == .milliseconds(20) * Int64(expected))
        #expect(handshake.duration(roundTrip: .milliseconds(-20)) == .zero)
    }

    @Test("the connection that was used last is taken first, and none that was idle for its limit")
    func reuse() throws {
        var connections = Connections(try .init(idleLimit: .seconds(10)))
        #expect(connections.take(mayBeEarly: false, at: .zero) == .new(Handshake(.tls13)))
        connections.connected(at: .zero)
        connections.putBack(at: millis(1_000))
        connections.putBack(at: millis(4_000))
        #expect(connections.idleCount == 2)
        #expect(connections.take(mayBeEarly: false, at: millis(5_000)) == .reused(idle: .seconds(1)))
        #expect(connections.take(mayBeEarly: false, at: millis(11_000)) == .new(Handshake(.tls13, .resumed)))
        #expect(connections.idleCount == 0)
    }

    @Test("of more idle connections than may be kept the oldest are closed")
    func mostIdle() throws {
        var connections = Connections(try .init(mostIdle: 2))
        for second in 1...5 as ClosedRange<Int64> { connections.putBack(at: .after(.seconds(second))) }
        #expect(connections.idleCount == 2)
        #expect(connections.take(mayBeEarly: false, at: millis(6_000)) == .reused(idle: .seconds(1)))
        #expect(connections.take(mayBeEarly: false, at: millis(6_000)) == .reused(idle: .seconds(2)))
        var none = Connections(try .init(mostIdle: 0))
        none.putBack(at: .zero)
        #expect(none.idleCount == 0)
    }

    @Test("keys are used again while the ticket lives, and early data is for safe requests alone (RFC 8470, section 4)")
    func resumption() throws {
        var connections = Connections(try .init(ticketLife: .minutes(1), usesEarlyData: true))
        #expect(connections.take(mayBeEarly: true, at: .zero) == .new(Handshake(.tls13, .full)))
        connections.connected(at: .zero)
        #expect(connections.take(mayBeEarly: true, at: millis(59_999)) == .new(Handshake(.tls13, .earlyData)))
        #expect(connections.take(mayBeEarly: false, at: millis(59_999)) == .new(Handshake(.tls13, .resumed)))
        #expect(connections.take(mayBeEarly: true, at: millis(60_000)) == .new(Handshake(.tls13, .full)))
        var old = Connections(try .init(security: .tls12, usesEarlyData: true))
        old.connected(at: .zero)
        #expect(old.take(mayBeEarly: true, at: .zero) == .new(Handshake(.tls12, .resumed)))
    }

    @Test("settings out of their ranges are refused by name")
    func ranges() throws {
        #expect(throws: SettingError.self) { try Connections.Settings(mostIdle: -1) }
        #expect(throws: SettingError.self) { try Connections.Settings(idleLimit: .zero) }
        #expect(throws: SettingError.self) { try Connections.Settings(ticketLife: .minutes(7 * 24 * 60 + 1)) }
    }
}
