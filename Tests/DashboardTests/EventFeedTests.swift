import Scenarios
import Simulation
import Testing
import Timeline

@testable import Dashboard

@Suite("The events")
struct EventFeedTests {
    private func lines(_ flight: Flight) -> [EventLine] { flight.dashboard.feed.lines }

    private func isOfAKind(_ one: EventLine, _ other: EventLine) -> Bool {
        one.what == other.what && one.place == other.place && one.text == other.text
    }

    @Test("many of a kind in a row are one line, and what ends a row by a pause begins a new one")
    func coalescing() throws {
        var flight = try Flight()
        flight.fly(.seconds(2))
        flight.press("x{Enter}")
        flight.fly(.seconds(3))
        let lines = lines(flight)
        for line in lines {
            for other in lines where isOfAKind(line, other) && other.time > line.time {
                let pause: Duration = other.time - line.lastTime
                #expect(pause > EventLine.gap)
            }
        }
        #expect(lines.contains { $0.count > 10 })
        #expect(lines.count < 20)
    }

    @Test("however often it is read, and after any rewind, it is what reading it at once gives")
    func rewind() throws {
        var flight = try Flight()
        flight.fly(.seconds(2))
        flight.press("x{Enter}")
        flight.fly(.seconds(2))
        flight.press(",")
        #expect(lines(flight).allSatisfy { $0.time <= flight.session.now })
        flight.press(" ")
        flight.fly(.milliseconds(2_500))
        flight.press("{Esc}:heal all{Enter}")
        flight.fly(.seconds(1))
        var fresh = EventFeed()
        fresh.follow(flight.session.simulation)
        #expect(lines(flight) == fresh.lines)
        #expect(flight.dashboard.feed.transitions == fresh.transitions)
    }
}
