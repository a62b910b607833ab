import Testing
import Timeline

@testable import Simulation

@Suite("Agenda")
struct AgendaTests {
    private func work(_ number: Int) -> Event { .delivered(UInt32(number)) }

    @Test("events come in the order of time, then class, then scheduling")
    func order() {
        var agenda = Agenda()
        agenda.schedule(work(1), at: .after(.seconds(2)))
        agenda.schedule(work(2), at: .after(.seconds(1)))
        agenda.schedule(.faultHeals(3), at: .after(.seconds(2)))
        agenda.schedule(.windowCloses, at: .after(.seconds(2)))
        agenda.schedule(work(4), at: .after(.seconds(2)))
        var events: [Event] = []
        while let due = agenda.popNext() { events.append(due.event) }
        #expect(events == [work(2), .windowCloses, .faultHeals(3), work(1), work(4)])
    }

    @Test("any mixture of scheduling, cancelling and popping agrees with a sorted list")
    func agreesWithASortedList() {
        var random = RandomStream(seed: 1, name: "agenda", purpose: "test")
        for round in 0..<40 {
            var agenda = Agenda()
            var model: [(time: Int64, number: Int, timer: Agenda.TimerID)] = []
            for number in 0..<400 {
                switch random.below(5) {
                case 0, 1, 2:
                    let time = Int64(random.below(50))
                    let timer = agenda.schedule(work(number), at: Instant(nanoseconds: time))
                    let place = model.firstIndex { $0.time > time } ?? model.count
                    model.insert((time, number, timer), at: place)
                case 3 where !model.isEmpty:
                    let victim = model.remove(at: Int(random.below(UInt64(model.count))))
                    agenda.cancel(victim.timer)
                default:
                    let expected = model.isEmpty ? nil : model.removeFirst()
                    let due = agenda.popNext()
                    #expect(due?.event == expected.map { work($0.number) }, "round \(round)")
                    #expect(due?.time.nanoseconds == expected?.time, "round \(round)")
                }
                #expect(agenda.count == model.count)
            }
            #expect(agenda.pending.map(\.event) == model.map { work($0.number) }, "round \(round)")
        }
    }

    @Test("the order survives the moment when the sequence numbers run out")
    func renumbering() {
        var agenda = Agenda(sequence: (1 << 37) - 3)
        var timers: [Agenda.TimerID] = []
        for number in 0..<8 { timers.append(agenda.schedule(work(number), at: .zero)) }
        agenda.cancel(timers[5])
        let events = (0..<8).compactMap { _ in agenda.popNext()?.event }
        #expect(events == [0, 1, 2, 3, 4, 6, 7].map(work))
    }

    @Test("cancelling nothing does nothing")
    func cancelNone() {
        var agenda = Agenda()
        agenda.cancel(.none)
        #expect(agenda.count == 0 && agenda.nextTime == nil && agenda.popNext() == nil)
    }
}
