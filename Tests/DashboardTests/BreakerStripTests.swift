import Resilience
import Simulation
import Testing
import Timeline

@testable import Dashboard

@Suite("The last minute of a breaker")
struct BreakerStripTests {
    private func change(at seconds: Double, _ state: BreakerStrip.State?) -> StateChange {
        StateChange(id: EntryID(1), time: .after(Duration(seconds: seconds)), state: state, text: "")
    }

    private func strip(
        _ changes: [StateChange], until seconds: Double, in state: CircuitBreaker.State = .closed
    ) -> String {
        let strip = BreakerStrip(changes, until: .after(Duration(seconds: seconds)), in: state)
        return String(
            strip.states.map { state in
                switch state {
                case .closed: "."
                case .open: "#"
                case .halfOpen: ":"
                case .held: "H"
                }
            })
    }

    @Test("one sign for each second that has begun, at most sixty")
    func length() {
        #expect(strip([], until: 0) == ".")
        #expect(strip([], until: 3.5) == "....")
        #expect(strip([], until: 500, in: .open).count == 60)
        #expect(strip([], until: 2, in: .forcedOpen) == "HHH")
    }

    @Test("of several states in one second the one that is over soonest is shown")
    func changes() {
        let life = [change(at: 2.5, .open), change(at: 5.1, .halfOpen), change(at: 5.2, .closed)]
        #expect(strip(life, until: 7) == "..###:..")
        #expect(strip([change(at: 1, .open)], until: 3, in: .open) == ".###")
    }

    @Test("what was before the first change that is known follows from the change")
    func beginning() {
        #expect(strip([change(at: 2, .halfOpen), change(at: 4, .closed)], until: 5) == "##:::.")
        #expect(strip([change(at: 2, .closed)], until: 3) == ":::.")
    }

    @Test("held and let go are told apart by what comes next")
    func held() {
        let held = [change(at: 1, nil), change(at: 3, nil)]
        #expect(strip(held, until: 5) == ".HHH..")
        #expect(strip([change(at: 1, nil)], until: 3, in: .metricsOnly) == ".HHH")
        #expect(strip([change(at: 1, nil), change(at: 3, .open)], until: 4, in: .open) == "...##")
    }

    @Test("changes before the last minute only say what state it begins in")
    func longAgo() {
        #expect(strip([change(at: 5, .open)], until: 200, in: .open) == String(repeating: "#", count: 60))
    }
}
