import CQRS
import EventSourcing
import Testing
import Timeline

/// Vectors: pyeventsourcing, `wait` of its tracking recorders (PY); Emmett, `whenProcessed` (EM); Marten,
/// `wait_for_non_stale_data_error_cases.cs` (MA).
@Suite("Position waiters")
struct PositionWaitersTests {
    @Test("PY, EM: a position that is there is not waited for; PY: the start never is")
    func atOnce() {
        var waiters = PositionWaiters(at: 21)
        for position in [0, 20, 21] as [Position] {
            #expect(waiters.wait(1, for: position, until: .zero, at: .zero) == .reached)
        }
        #expect(waiters.wait(1, for: 22, until: .ms(1), at: .zero) == .waiting)
        #expect(waiters.totals.atOnce == 3)
        #expect(waiters.waiting == 1)
    }

    @Test("a reader is told in the step that gets there, in the order of positions and of arrival")
    func reached() {
        var waiters = PositionWaiters()
        for (reader, position) in [(1, 5), (2, 3), (3, 5), (4, 9), (5, 3)] as [(UInt64, Int64)] {
            #expect(waiters.wait(reader, for: Position(position), until: .distantFuture, at: .zero) == .waiting)
        }
        #expect(waiters.nextExpiry == nil)
        #expect(waiters.reached(2, at: .ms(1)).isEmpty)
        #expect(waiters.reached(5, at: .ms(2)).map(\.reader) == [2, 5, 1, 3])
        #expect(waiters.reached(8, at: .ms(3)).isEmpty)
        let last = waiters.reached(9, at: .ms(4))
        #expect(last.map(\.outcome) == [.reached])
        #expect(last.map(\.waited) == [.milliseconds(4)])
        #expect(waiters.waiting == 0)
    }

    @Test("PY, EM: whoever waits longer than it wanted is told so, at its deadline and not before")
    func deadline() {
        var waiters = PositionWaiters()
        _ = waiters.wait(1, for: 5, until: .ms(30), at: .zero)
        _ = waiters.wait(2, for: 4, until: .ms(10), at: .zero)
        _ = waiters.wait(3, for: 3, until: .ms(10), at: .zero)
        #expect(waiters.nextExpiry == .ms(10))
        #expect(waiters.popExpired(at: .ms(9)) == nil)
        #expect(waiters.popExpired(at: .ms(10))?.reader == 2)
        #expect(waiters.popExpired(at: .ms(10))?.reader == 3)
        #expect(waiters.popExpired(at: .ms(10)) == nil)
        #expect(waiters.nextExpiry == .ms(30))
        // Nobody had called at 30: it is too late all the same.
        let woken = waiters.reached(5, at: .ms(31))
        #expect(woken.map(\.outcome) == [.timedOut])
        #expect(waiters.totals.timedOut == 3)
        #expect(waiters.nextExpiry == nil)
        #expect(waiters.wait(4, for: 6, until: .ms(31), at: .ms(31)) == .tooLate)
    }

    @Test("PY, EM, MA: a projection that stops wakes all with the reason, and keeps newcomers from waiting in vain")
    func stopped() {
        var waiters = PositionWaiters(at: 2)
        _ = waiters.wait(1, for: 5, until: .ms(30), at: .zero)
        _ = waiters.wait(2, for: 3, until: .distantFuture, at: .zero)
        let reason = ProjectionRun.StopReason.poison(3, .apply, attempts: 2)
        let woken = waiters.stopped(reason, at: .ms(1))
        #expect(woken.map(\.reader) == [2, 1])
        #expect(woken.allSatisfy { $0.outcome == .stopped(reason) })
        #expect(waiters.nextExpiry == nil)
        #expect(waiters.wait(3, for: 5, until: .ms(30), at: .ms(2)) == .stopped(reason))
        #expect(waiters.wait(3, for: 2, until: .ms(30), at: .ms(2)) == .reached, "what is there is there")
        #expect(waiters.reached(2, at: .ms(3)).isEmpty)
        #expect(waiters.wait(3, for: 5, until: .ms(30), at: .ms(3)) == .waiting, "it goes on")
    }

    @Test("EM: a skipped event counts as processed; its reader hears that it will not see it")
    func leftOut() {
        var waiters = PositionWaiters()
        for reader in 1...3 as ClosedRange<UInt64> {
            _ = waiters.wait(reader, for: Position(Int64(reader)), until: .distantFuture, at: .zero)
        }
        #expect(waiters.reached(3, leavingOut: [2], at: .zero).map(\.outcome) == [.reached, .leftOut, .reached])
    }

    @Test("there is a limit; who leaves makes room")
    func limit() {
        var waiters = PositionWaiters(limit: 2)
        #expect(waiters.wait(1, for: 5, until: .distantFuture, at: .zero) == .waiting)
        #expect(waiters.wait(2, for: 5, until: .ms(5), at: .zero) == .waiting)
        #expect(waiters.wait(3, for: 5, until: .distantFuture, at: .zero) == .full)
        #expect(waiters.withdraw(2) == true)
        #expect(waiters.withdraw(2) == false)
        #expect(waiters.wait(3, for: 5, until: .distantFuture, at: .zero) == .waiting)
        #expect(waiters.totals.refused == 1)
        #expect(waiters.nextExpiry == nil)
        var none = PositionWaiters(limit: -1)
        #expect(none.wait(1, for: 5, until: .distantFuture, at: .zero) == .full)
    }

    @Test("a projection that is put back makes readers wait again")
    func reset() {
        var waiters = PositionWaiters(at: 9)
        #expect(waiters.reached(0, at: .zero).isEmpty)
        #expect(waiters.wait(1, for: 5, until: .distantFuture, at: .zero) == .waiting)
        #expect(waiters.reached(5, at: .zero).count == 1)
    }

    @Test("against a model: random readers, deadlines and progress")
    func model() {
        for seed in 0..<200 as Range<UInt64> {
            var random = RandomStream(seed: seed, name: "waiters", purpose: "test")
            var waiters = PositionWaiters(limit: 20)
            var open: [UInt64: (position: Int64, until: Int64)] = [:]
            var (now, position) = (Int64(0), Int64(0))
            for reader in 0..<300 as Range<UInt64> {
                now += Int64(random.below(3))
                switch random.below(4) {
                case 0, 1:
                    let target = position + Int64(random.below(8))
                    let until = now + Int64(random.below(20))
                    let admission = waiters.wait(reader, for: Position(target), until: .ms(until), at: .ms(now))
                    if admission == .waiting { open[reader] = (target, until) }
                    let isFull = open.count == 20 && admission != .waiting
                    #expect(admission == .waiting || target <= position || until <= now || isFull, "seed \(seed)")
                case 2:
                    position += Int64(random.below(4))
                    let woken = waiters.reached(Position(position), at: .ms(now))
                    #expect(Set(woken.map(\.reader)) == Set(open.filter { $0.value.position <= position }.keys))
                    for one in woken {
                        let isLate = open.removeValue(forKey: one.reader).map { $0.until <= now }
                        #expect(one.outcome == (isLate == true ? .timedOut : .reached), "seed \(seed)")
                    }
                default:
                    while let late = waiters.popExpired(at: .ms(now)) {
                        #expect((open.removeValue(forKey: late.reader)?.until ?? .max) <= now, "seed \(seed)")
                    }
                    #expect(open.values.allSatisfy { $0.until > now }, "seed \(seed)")
                }
                #expect(waiters.waiting == open.count, "seed \(seed)")
                #expect(waiters.nextExpiry == open.values.map(\.until).min().map { .ms($0) }, "seed \(seed)")
            }
        }
    }
}
