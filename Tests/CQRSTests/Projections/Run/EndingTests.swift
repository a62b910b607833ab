import CQRS
import EventSourcing
import Testing
import Timeline

/// C10 is the guide's defect of that number.
@Suite("Projection runs: ending")
struct EndingTests {
    @Test("C10: what was read is committed before it ends, without waiting for more, and nothing more is read")
    func graceful() throws {
        var rig = Rig.running(try .small(batch: 3, linger: 60_000, readAhead: 3))
        _ = rig.ask()
        #expect(rig.page("1a 2a", isEnd: false, head: 9) == true)
        #expect(rig.ask() == "read 2 3; wait 60000")
        rig.run.stop()
        #expect(rig.page("3a") == false, "it is not asked any more")
        #expect(rig.ask() == "apply 0>2 1a 2a; wait")
        #expect(rig.committed() == true)
        #expect(rig.ask() == "stopped requested(left: 0)")
        #expect(rig.run.checkpoint == 2)
    }

    @Test("a batch under way is waited for, its commit tried again, and what nobody wanted is passed")
    func underWay() throws {
        var rig = Rig.running(try .small(batch: 1))
        _ = rig.ask()
        #expect(rig.page("1a", reached: 4) == true)
        _ = rig.ask()
        rig.run.stop()
        #expect(rig.ask() == "wait")
        #expect(rig.failed(rig.batch?.ticket) == true)
        #expect(rig.ask(at: 10) == "apply 0>4 1a; wait")
        #expect(rig.committed() == true)
        #expect(rig.ask() == "stopped requested(left: 0)")
        var idle = Rig.running(try .small())
        _ = idle.ask()
        #expect(idle.page("", reached: 7) == true)
        idle.run.stop()
        #expect(idle.ask() == "apply 0>7; wait")
    }

    @Test("an event in trouble is not waited for")
    func trouble() throws {
        var rig = Rig.running(try .small(linger: 0))
        _ = rig.ask()
        #expect(rig.page("1a 2a 3a") == true)
        _ = rig.ask()
        #expect(rig.failed(at: 2) == true)
        rig.run.stop()
        #expect(rig.ask() == "apply 0>1 1a; wait")
        #expect(rig.committed() == true)
        #expect(rig.ask() == "stopped requested(left: 2)")
    }

    @Test("there may be a deadline, after which it ends whatever is left")
    func deadline() throws {
        var rig = Rig.running(try .small(linger: 0))
        _ = rig.ask()
        #expect(rig.page("1a 2a") == true)
        _ = rig.ask()
        rig.run.stop(by: .ms(100))
        #expect(rig.failed(rig.batch?.ticket, retryAfter: .seconds(9)) == true)
        #expect(rig.ask() == "wait 100")
        #expect(rig.ask(at: 100) == "stopped requested(left: 2)")
        #expect(rig.committed() == false)
    }

    @Test("a run that has not begun, or is loading, ends at once, or when it has loaded")
    func early() throws {
        var rig = Rig(try .small())
        rig.run.stop()
        #expect(rig.ask() == "stopped requested(left: 0)")
        rig.run.start(at: .zero)
        rig.run.stop()
        #expect(rig.ask() == "stopped requested(left: 0)")
        rig.run.start(at: .zero)
        _ = rig.ask()
        rig.run.stop()
        #expect(rig.ask() == "wait")
        #expect(rig.loaded(3) == true)
        #expect(rig.ask() == "stopped requested(left: 0)")
        rig.run.start(at: .zero)
        _ = rig.ask()
        rig.run.stop()
        #expect(rig.failed(rig.load) == true)
        #expect(rig.ask() == "stopped requested(left: 0)", "it does not load to no end")
    }

    @Test("it can end exactly at a position, so that another one can go on from there")
    func goal() throws {
        var rig = Rig.running(try .small(batch: 10, linger: 60_000))
        rig.run.stop(at: 3)
        _ = rig.ask()
        #expect(rig.page("1a 2a 4a 5a") == true)
        #expect(rig.ask() == "apply 0>3 1a 2a; wait", "without waiting for more")
        #expect(rig.committed() == true)
        _ = rig.ask()
        #expect(rig.run.stopReason == .goal(3))
        #expect(rig.run.checkpoint == 3)
    }

    @Test("what was read beyond the goal is forgotten; what is being committed beyond it is the end")
    func lateGoal() throws {
        var rig = Rig.running(try .small(batch: 10))
        _ = rig.ask()
        #expect(rig.page("1a 2a 4a 5a") == true)
        _ = rig.ask()
        rig.run.stop(at: 3)
        #expect(rig.ask() == "load; wait")
        #expect(rig.loaded(0) == true)
        #expect(rig.ask() == "read 0 10; wait")
        #expect(rig.page("1a 2a 4a 5a") == true)
        #expect(rig.ask() == "apply 0>3 1a 2a; wait")
        rig = Rig.running(try .small(batch: 2))
        _ = rig.ask()
        #expect(rig.page("3a 4a") == true)
        _ = rig.ask()
        rig.run.stop(at: 3)
        #expect(rig.committed() == true)
        _ = rig.ask()
        #expect(rig.run.stopReason == .goal(3))
        #expect(rig.run.checkpoint == 4)
    }

    @Test("a goal that is passed already, and one that the log has not come to")
    func goals() throws {
        var rig = Rig.running(try .small(), from: 9)
        rig.run.stop(at: 5)
        _ = rig.ask()
        #expect(rig.run.stopReason == .goal(5))
        rig = Rig.running(try .small(linger: 0), from: 9)
        rig.run.stop(at: 11)
        _ = rig.ask()
        #expect(rig.page("10a") == true)
        #expect(rig.ask() == "apply 9>10 10a; wait")
        #expect(rig.committed() == true)
        #expect(rig.ask() == "wait 500")
        #expect(rig.ask(at: 500) == "read 10 3; wait")
    }
}
