import CQRS
import EventSourcing
import Resilience
import Testing
import Timeline

extension Rebuild.Step {
    fileprivate var ticket: Ticket? {
        switch self {
        case .prepare(_, let ticket), .serve(_, _, let ticket), .handOver(_, _, let ticket), .drop(_, let ticket):
            ticket
        case .wait, .ended: nil
        }
    }
}

@Suite("Rebuilds")
struct RebuildTests {
    private func rebuild(switchLag: Int64 = 10, from serving: ServingVersion = ServingVersion(1)) throws -> Rebuild {
        try Rebuild(.init(switchLag: switchLag, retry: .fixed(3)), from: serving, to: 2)
    }

    private func done(_ rebuild: inout Rebuild, _ now: Instant = .zero) throws {
        let ticket = try #require(rebuild.next(at: now).ticket)
        #expect(rebuild.done(ticket) == true)
    }

    /// A rebuild that has been told that it has caught up, and the switch that it asks for.
    private func switching() throws -> (Rebuild, Ticket) {
        var rebuild = try rebuild()
        try done(&rebuild)
        rebuild.progressed(to: 90, head: 100, at: .zero)
        let step = rebuild.next(at: .zero)
        let ticket = try #require(step.ticket)
        #expect(step == .serve(from: 1, to: 2, ticket))
        return (rebuild, ticket)
    }

    @Test("it makes a version beside the old one, waits until it has caught up, switches, and drops the old one")
    func whole() throws {
        var rebuild = try rebuild()
        let prepare = rebuild.next(at: .zero)
        let first = try #require(prepare.ticket)
        #expect(prepare == .prepare(version: 2, first))
        #expect(rebuild.next(at: .zero) == .wait(until: nil))
        #expect(rebuild.done(first) == true)
        #expect(rebuild.done(first) == false)
        #expect(rebuild.next(at: .zero) == .wait(until: nil), "nothing is known of it yet")
        rebuild.progressed(to: 0, head: 100, at: .zero)
        #expect(rebuild.next(at: .zero) == .wait(until: nil))
        rebuild.progressed(to: 89, head: 100, at: .ms(1_000))
        #expect(rebuild.next(at: .ms(1_000)) == .wait(until: nil), "11 behind")
        #expect(rebuild.progress(at: .ms(1_000)).lag.rate == 89)
        rebuild.progressed(to: 90, head: 100, at: .ms(1_000))
        let serve = try #require(rebuild.next(at: .ms(1_000)).ticket)
        #expect(rebuild.phase == .switching)
        #expect(rebuild.done(serve) == false, "it matters what came of it")
        #expect(rebuild.served(.switched(at: 95), for: serve) == true)
        let handOver = rebuild.next(at: .ms(1_000))
        #expect(handOver == .handOver(from: 1, at: 95, try #require(handOver.ticket)))
        #expect(rebuild.done(try #require(handOver.ticket)) == true)
        let drop = rebuild.next(at: .ms(1_000))
        #expect(drop == .drop(version: 1, try #require(drop.ticket)))
        #expect(rebuild.done(try #require(drop.ticket)) == true)
        #expect(rebuild.next(at: .ms(1_000)) == .ended(.switched(at: 95)))
        #expect(rebuild.cancel() == .tooLate)
    }

    @Test("called off before the switch, it drops the new version and never touches the old one")
    func cancelled() throws {
        for caughtUp in [false, true] {
            var rebuild = try rebuild()
            if caughtUp { try done(&rebuild) }
            #expect(rebuild.cancel() == .cancelled)
            #expect(rebuild.cancel() == .cancelled)
            rebuild.progressed(to: 100, head: 100, at: .zero)
            let drop = rebuild.next(at: .zero)
            #expect(drop == .drop(version: 2, try #require(drop.ticket)))
            #expect(rebuild.done(try #require(drop.ticket)) == true)
            #expect(rebuild.next(at: .zero) == .ended(.cancelled))
        }
    }

    @Test("called off while the switch is under way: whoever drops the new version finds out")
    func cancelledWhileSwitching() throws {
        var (rebuild, serve) = try switching()
        #expect(rebuild.cancel() == .undecided)
        #expect(rebuild.served(.switched(at: 95), for: serve) == false, "it is not asked any more")
        var other = rebuild
        try done(&rebuild)
        #expect(rebuild.phase == .ended(.cancelled))
        let drop = try #require(other.next(at: .zero).ticket)
        #expect(other.serves(since: 95, for: drop) == true)
        #expect(other.phase == .handingOver(at: 95))
        #expect(other.cancel() == .tooLate)
    }

    @Test("a switch without an answer is asked for again, and was there")
    func lostAnswer() throws {
        var random = RandomStream.any
        var (rebuild, serve) = try switching()
        #expect(rebuild.failed(.timeout, for: serve, at: .zero, using: &random) == true)
        #expect(rebuild.next(at: .zero) == .wait(until: .ms(10)))
        let again = try #require(rebuild.next(at: .ms(10)).ticket)
        #expect(rebuild.served(.switched(at: 95), for: serve) == false)
        #expect(rebuild.served(.wasThere(at: 95), for: again) == true)
        #expect(rebuild.phase == .handingOver(at: 95))
    }

    @Test("another version serves by now: this one is dropped")
    func overtaken() throws {
        var (rebuild, serve) = try switching()
        #expect(rebuild.served(.refused(serving: 3), for: serve) == true)
        try done(&rebuild)
        #expect(rebuild.next(at: .zero) == .ended(.overtaken(by: 3)))
    }

    @Test("the old version serves again when it is to be dropped: it is not")
    func switchedBack() throws {
        var (rebuild, serve) = try switching()
        #expect(rebuild.served(.switched(at: 95), for: serve) == true)
        try done(&rebuild)
        let drop = try #require(rebuild.next(at: .zero).ticket)
        #expect(rebuild.serves(since: 99, for: drop) == true)
        #expect(rebuild.next(at: .zero) == .ended(.overtaken(by: 1)))
    }

    @Test("a step that goes on failing ends it; made anew from what serves, it goes on")
    func givesUp() throws {
        var random = RandomStream.any
        var (rebuild, serve) = try switching()
        #expect(rebuild.failed(.server, for: serve, at: .zero, using: &random) == true)
        for round in 1...2 as ClosedRange<Int64> {
            let ticket = try #require(rebuild.next(at: .ms(10 * round)).ticket)
            #expect(rebuild.failed(.server, for: ticket, at: .ms(10 * round), using: &random) == true)
        }
        #expect(rebuild.phase == .ended(.gaveUp(.attemptsExhausted(3))))
        var serving = ServingVersion(1)
        #expect(try self.rebuild(from: serving).phase == .preparing)
        _ = serving.propose(2)
        _ = serving.change(from: 1, to: 2, checkpoints: [95])
        #expect(try self.rebuild(from: serving).phase == .handingOver(at: 95))
        #expect(throws: SettingError.self) { try self.rebuild(from: ServingVersion(2)) }
    }

    @Test("settings out of their ranges are refused")
    func settings() {
        #expect(throws: SettingError.self) { try Rebuild.Settings(switchLag: -1) }
        #expect(throws: SettingError.self) { try Rebuild.Settings(rateWindow: .zero) }
    }
}
