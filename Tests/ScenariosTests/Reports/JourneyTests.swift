import Scenarios
import Simulation
import Testing
import Timeline

@Suite("The journey of a request")
struct JourneyTests {
    private static func session(_ demo: String, for length: Duration) throws -> Session {
        var options = Session.Options.headless
        options.simulation.journalEntries = 1 << 16
        options.end = .after(length)
        var session = Session(scenario: try Demo.scenario(demo), options: options)
        session.runToEnd()
        return session
    }

    @Test("in the checkout a request comes through all seven chapters of the guide, under one number")
    func allChapters() throws {
        let session = try Self.session("checkout", for: .seconds(2))
        let journey = try #require(Journey.mostTelling(in: session))
        #expect(journey.chapters == Chapter.allCases)
        #expect(journey.text.hasPrefix("Request \(journey.request), POST /orders: through all seven chapters"))
        #expect(journey.entries.allSatisfy { $0.request == journey.request || $0.request == 0 })
        #expect(journey.entries.first?.what == .arrived)
        #expect(journey.entries.contains { $0.what == .answered })
        #expect(zip(journey.entries, journey.entries.dropFirst()).allSatisfy { $0.time <= $1.time })
    }

    @Test("the journey of a request by its number; of one that never was there is none")
    func byNumber() throws {
        let session = try Self.session("checkout", for: .seconds(1))
        let journey = try #require(Journey(of: 1, in: session))
        #expect(journey.request == 1)
        #expect(journey.text.contains("responds"))
        #expect(Journey(of: 1_000_000, in: session) == nil)
    }

    @Test("a request tells of the chapters that it has met, and of no others")
    func noChapter() throws {
        var options = Session.Options.headless
        options.simulation.journalEntries = 1 << 12
        var session = Session(scenario: try SmallScenario.read(duration: "1s"), options: options)
        session.runToEnd()
        let journey = try #require(Journey.mostTelling(in: session))
        #expect(journey.chapters.contains(.sagas))
        #expect(!journey.chapters.contains(.gateway))
    }
}
