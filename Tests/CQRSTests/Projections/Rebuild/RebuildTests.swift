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

    private func prepare(_ rebuild: inout Rebuild) throws {
        let ticket = try #require(rebuild.next(at: .zero).ticket)
        #expect(rebuild.prepared(true, for: ticket) == true)
    }

    private func drop(_ rebuild: inout Rebuild, _ version: Int, _ outcome: ServingVersion.Withdrawal) throws {
        let step = rebuild.next(at: .zero)
        let ticket = try #require(step.ticket)
        #expect(step == .drop(version: version, ticket))
        #expect(rebuild.dropped(outcome, for: ticket) == true)
    }

    private func handOver(_ rebuild: inout Rebuild) throws {
        let step = rebuild.next(at: .zero)
        let ticket = try #require(step.ticket)
        #expect(step == .handOver(from: 1, at: 95, ticket))
        #expect(rebuild.handedOver(ticket) == true)
    }

    /// A rebuild that has been told that it has caught up, and the switch that it asks for.
    private func switching() throws -> (Rebuild, Ticket) {
        var rebuild = try rebuild()
        try prepare(&rebuild)
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
        #expect(rebuild.prepared(true, for: first) == true)
        #expect(rebuild.prepared(true, for: first) == false)
        #expect(rebuild.next(at: .zero) == .wait(until: nil), "nothing is known of it yet")
        rebuild.progressed(to: 0, head: 100, at: .zero)
        #expect(rebuild.next(at: .zero) == .wait(until: nil))
        rebuild.progressed(to: 89, head: 100, at: .ms(1_000))
        #expect(rebuild.next(at: .ms(1_000)) == .wait(until: nil), "11 behind")
        #expect(rebuild.progress(at: .ms(1_000)).lag.rate == 89)
        rebuild.progressed(to: 90, head: 100, at: .ms(1_000))
        let serve = try #require(rebuild.next(at: .ms(1_000)).ticket)
        #expect(rebuild.phase == .switching)
        #expect(rebuild.served(.switched(at: 95), for: serve) == true)
        try handOver(&rebuild)
        try drop(&rebuild, 1, .withdrawn)
        #expect(rebuild.next(at: .ms(1_000)) == .ended(.switched(at: 95)))
        #expect(rebuild.cancel() == .tooLate)
    }

    @Test("called off before the switch, it drops the new version and never touches the old one")
    func cancelled() throws {
        for isPrepared in [false, true] {
            var rebuild = try rebuild()
            if isPrepared { try prepare(&rebuild) }
            #expect(rebuild.cancel() == .cancelled)
            #expect(rebuild.cancel() == .cancelled)
            rebuild.progressed(to: 100, head: 100, at: .zero)
            try drop(&rebuild, 2, .withdrawn)
            #expect(rebuild.next(at: .zero) == .ended(.cancelled))
        }
    }

    @Test("called off while the switch is under way: whoever drops the new version finds out")
    func cancelledWhileSwitching() throws {
        let outcomes: [(ServingVersion.Withdrawal, Rebuild.Phase)] = [
            (.withdrawn, .ended(.cancelled)), (.serves(since: 95), .handingOver(at: 95)), (.taken, .ended(.overtaken)),
        ]
        for (outcome, phase) in outcomes {
            var (rebuild, serve) = try switching()
            #expect(rebuild.cancel() == .undecided)
            #expect(rebuild.served(.switched(at: 95), for: serve) == false, "it is not asked any more")
            try drop(&rebuild, 2, outcome)
            #expect(rebuild.phase == phase)
        }
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

    @Test("overtaken: by another version that serves, or by a later rebuild")
    func overtaken() throws {
        var (rebuild, serve) = try switching()
        #expect(rebuild.served(.refused, for: serve) == true)
        try drop(&rebuild, 2, .withdrawn)
        #expect(rebuild.next(at: .zero) == .ended(.overtaken))
        var late = try self.rebuild()
        let ticket = try #require(late.next(at: .zero).ticket)
        #expect(late.prepared(false, for: ticket) == true)
        #expect(late.phase == .ended(.overtaken))
    }

    @Test("the old version serves again when it is to be dropped: it is not")
    func switchedBack() throws {
        var (rebuild, serve) = try switching()
        #expect(rebuild.served(.switched(at: 95), for: serve) == true)
        try handOver(&rebuild)
        try drop(&rebuild, 1, .taken)
        #expect(rebuild.next(at: .zero) == .ended(.overtaken))
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
    }

    @Test("made anew after a crash it goes on: from the start, with a number of its own, or with the hand-over")
    func anew() throws {
        var serving = ServingVersion(1)
        _ = serving.propose(2, number: 1)
        let again = try rebuild(from: serving)
        #expect(again.phase == .preparing && again.number == 2)
        _ = serving.change(from: 1, to: 2, number: 1, checkpoints: [95])
        let rest = try rebuild(from: serving)
        #expect(rest.phase == .handingOver(at: 95) && rest.old == 1 && rest.number == 1)
        #expect(throws: SettingError.self) { try Rebuild(.init(), from: serving, to: 3) }
        _ = serving.withdraw(1, number: 1)
        #expect(throws: SettingError.self) { try Rebuild(.init(), from: serving, to: 2) }
    }

    @Test("settings out of their ranges are refused")
    func settings() {
        #expect(throws: SettingError.self) { try Rebuild.Settings(switchLag: -1) }
        #expect(throws: SettingError.self) { try Rebuild.Settings(rateWindow: .zero) }
    }
}
