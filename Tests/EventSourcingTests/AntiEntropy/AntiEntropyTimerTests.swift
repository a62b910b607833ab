import EventSourcing
import Testing
import Timeline

@Suite("Anti-entropy timer")
struct AntiEntropyTimerTests {
    @Test("every other node has its turn, and no wait leaves its bounds", arguments: [2, 3, 8])
    func turns(nodes: Int) throws {
        var random = RandomStream(seed: 3, name: "timer", purpose: "test")
        let settings = try AntiEntropyTimer.Settings(interval: .seconds(10), jitter: 0.25)
        var timer = AntiEntropyTimer(node: 1, of: nodes, settings, at: .zero, using: &random)
        #expect(timer.due < .after(.seconds(10)))
        var peers: [UInt8] = []
        var waits: [Duration] = []
        for _ in 0..<nodes * 20 {
            let due = timer.due
            #expect(timer.take(at: .after(due - .zero - .nanoseconds(1)), using: &random) == nil)
            if let peer = timer.take(at: due, using: &random) { peers.append(peer) }
            waits.append(timer.due - due)
        }
        #expect(waits.allSatisfy { $0 >= Duration(seconds: 7.5) && $0 <= Duration(seconds: 12.5) })
        #expect(Set(waits).count > nodes * 10, "each wait is drawn anew")
        let others = (0..<UInt8(nodes)).filter { $0 != 1 }
        #expect(Set(peers) == Set(others))
        for start in stride(from: 0, to: peers.count - others.count, by: others.count) {
            #expect(Set(peers[start..<start + others.count]) == Set(others), "once each before the first one again")
        }
    }

    @Test("rounds that were missed are not made up for")
    func missed() throws {
        var random = RandomStream(seed: 4, name: "timer", purpose: "test")
        var timer = AntiEntropyTimer(node: 0, of: 2, try .init(jitter: 0), at: .zero, using: &random)
        #expect(timer.take(at: .after(.seconds(100)), using: &random) == 1)
        #expect(timer.due == .after(.seconds(101)))
        #expect(timer.take(at: .after(.seconds(100)), using: &random) == nil)
    }

    @Test("who is alone never begins; a node number out of range does no harm")
    func alone() throws {
        var random = RandomStream(seed: 5, name: "timer", purpose: "test")
        for nodes in [-1, 0, 1] {
            var timer = AntiEntropyTimer(node: 0, of: nodes, try .init(), at: .zero, using: &random)
            #expect(timer.due == .distantFuture && timer.take(at: .distantFuture, using: &random) == nil)
        }
        var stranger = AntiEntropyTimer(node: 255, of: 99, try .init(), at: .zero, using: &random)
        #expect(stranger.take(at: .after(.seconds(2)), using: &random) == 0)
    }

    @Test("settings out of range are refused by name")
    func settings() throws {
        #expect(throws: SettingError("interval", given: Duration.zero, allowed: "more than 0s")) {
            try AntiEntropyTimer.Settings(interval: .zero)
        }
        for jitter in [-0.1, 0.95, .nan] {
            #expect(throws: SettingError.self) { try AntiEntropyTimer.Settings(jitter: jitter) }
        }
        let settings = try AntiEntropyTimer.Settings()
        #expect(settings.interval == .seconds(1) && settings.jitter == 0.2)
    }
}
