import CQRS
import Scenarios
import Screen
import Simulation
import Testing
import Timeline

@testable import Dashboard

@Suite("The screen of command buses and query buses")
struct CommandPageTests {
    private func flight(
        _ text: String = Counter.text, for length: Duration, depth: ColorDepth = .indexed256, glyphs: Glyphs = .unicode
    ) throws -> Flight {
        var flight = try Flight(depth: depth, glyphs: glyphs, of: text, for: length)
        flight.press("5")
        return flight
    }

    @Test("the workers are down and the queue is full, and the header says so on every screen")
    func full() throws {
        var flight = try flight(for: .seconds(20))
        flight.check("bus-full")
        for words in ["DOWN", "1 FULL", "599/600", "its queue is full with 1 that workers have", "1 queue full"] {
            #expect(flight.screen.text.contains(words), "\(words)")
        }
        flight.resize(80, 24)
        flight.press("{Enter}")
        Golden.check(flight.screen, "bus-full-detail-80x24")
        flight.press("{Esc}1")
        #expect(flight.screen.text.contains("1 queue full"))
    }

    @Test("one of four breakers is open, what it refuses is counted, and every item has a detail, targets and a why")
    func shardOpen() throws {
        var flight = try flight(for: .seconds(42))
        // What has not opened has nothing to explain.
        let calm = [0, 2, 3].map { Item.shard(projection: 0, $0) }
        flight.checkEveryItem(detail: 6) { item, scene in
            #expect((item.entryToExplain(scene) != nil) == !calm.contains(item), "\(item)")
        }
        flight.check("bus-letters")
        #expect(flight.screen.text.contains("dead letters"))
        flight.press("{Tab}{Down}{Down}")
        flight.check("shard-open")
        for words in ["1/4 OPEN", "1 open  3 closed", "visits#2"] {
            #expect(flight.screen.text.contains(words), "\(words)")
        }
        flight.resize(120, 40)
        flight.press("g")
        Golden.check(flight.screen, "query-bus-120x40")
        flight.press("{Down}{Down}{Enter}")
        Golden.check(flight.screen, "shard-detail-120x40")
        flight.press("{Esc}{Tab}{Enter}")
        Golden.check(flight.screen, "bus-detail-120x40")
        flight.resize(80, 24)
        flight.press("{Esc}r")
        Golden.check(flight.screen, "bus-question-80x24")
    }

    @Test("a bus without a queue has no depth, and where there is no query bus the pane says so")
    func local() throws {
        var flight = try flight(Counter.local, for: .seconds(5))
        Golden.check(flight.screen, "bus-local-120x40")
        #expect(flight.screen.text.contains("LOCAL") && flight.screen.text.contains("no query bus"))
        flight.press("{Enter}")
        #expect(flight.screen.text.contains("carried out while their senders wait"))
    }

    @Test(
        "news say whether it was about the workers or a command, and seconds have grown by what the buses have counted")
    func past() throws {
        let flight = try flight(for: .seconds(30))
        checkNews(flight)
        try checkHistory(flight)
    }

    private func checkNews(_ flight: Flight) {
        let texts = flight.dashboard.feed.lines.filter { $0.place == .bus(0) }.map(\.text)
        #expect(texts.contains("orders-bus: workers crashed") && texts.contains("orders-bus: workers restarted"))
        #expect(texts.contains("orders-bus: a command became a dead letter"))
        #expect(What.setAside.role == .warning && What.crashed.role == .bad && What.restarted.role == .good)
    }

    private func checkHistory(_ flight: Flight) throws {
        let (world, history) = (flight.session.simulation.world, flight.session.simulation.history)
        let bus = world.commandBus(0)
        let sent = (0..<3).map { History.Series.commandsSent(bus: 0, operation: $0) }
        func sum(_ series: History.Series) -> Int { Int(history.growth(series, over: 0..<history.windows)) }
        #expect(sent.map(sum) == bus.types.map(\.metrics.sent) && sum(sent[0]) > 0)
        #expect(sum(.commandsDone(bus: 0)) == bus.sum(\.done))
        #expect(history.recent(.commandsWaiting(bus: 0), 11).first == 599)
        let queries = try #require(world.queryBus(ofProjection: 0))
        #expect(sum(.queriesAsked(projection: 0)) == queries.metrics.asked)
        #expect(sum(.queryHits(projection: 0)) == queries.metrics.hits)
        #expect(sum(.queryLookups(projection: 0)) > sum(.queryHits(projection: 0)))
        let calls = queries.shards.indices.map { sum(.shardCalls(projection: 0, shard: $0)) }
        #expect(calls == queries.shards.map(\.metrics.calls))
    }

    @Test("without buses there is no such screen")
    func none() throws {
        var flight = try Flight(for: .seconds(1))
        flight.press("5")
        #expect(flight.dashboard.page == .overview)
        #expect(flight.screen.text.contains("the scenario has no command bus and no query bus"))
    }

    @Test("without Unicode and without colours, at every size")
    func plain() throws {
        var flight = try flight(for: .seconds(20), depth: .mono, glyphs: .ascii)
        Golden.check(flight.screen, "bus-ascii-120x40")
        let keys = ["{Tab}", "G", "{Enter}", "{Esc}", "w", "{Esc}", "z", "{Tab}", "z", "x", "{Esc}", "{Down}"]
        flight.checkEverySize(pressing: keys, isPlain: true)
        flight.checkNoColors()
    }
}
