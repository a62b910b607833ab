import Scenarios
import Simulation
import Testing
import Timeline

/// A shop whose sagas record events in two logs and read a table of the first, after a lag of 200 ms.
private func shop(read: String, logs: [String] = ["first"], table: String = "linger: 200ms") -> String {
    let steps = logs.map { "{name: \($0), call: orders.\($0)}" }
    let writing = logs.map { "\($0): {command: create order in \($0)}" }
    return """
        sagascope: 1
        name: shop
        seed: 3
        duration: 5s
        stores: {first: {disk: constant 1ms}, second: {disk: constant 1ms}}
        projections: {table: {reads: first, \(table)}}
        services:
          shop: {workers: 64, queue: 64}
          orders:
            workers: 64
            queue: 64
            operations: {\(writing.joined(separator: ", ")), read: {\(read)}}
        sagas:
          order:
            runs in: shop
            steps: [\(steps.joined(separator: ", ")), {name: look, call: orders.read, retry: until done}]
        load:
          shoppers: {start: order, rate: 40/s}
        """
}

private func run(_ text: String) throws -> Session {
    var options = Session.Options.headless
    options.simulation.journalEntries = 100_000
    var session = Session(scenario: try Scenario(parsing: text, file: "shop.yaml"), options: options)
    session.runToEnd()
    return session
}

@Suite("Queries in the simulation")
struct QueryTests {
    @Test("a step of a saga can wait for what an earlier step has written")
    func ownWritesOfEarlierSteps() throws {
        let hasty = try run(shop(read: "query: table")).simulation.world.projection(0).totals
        #expect(hasty.ownWritesMissed > 100 && hasty.waited == 0)
        let patient = try run(shop(read: "query: table, own writes: 1s")).simulation.world.projection(0).totals
        #expect(patient.ownWritesMissed == 0 && patient.waited > 100)
    }

    @Test("what was written to another store is nothing to wait for")
    func writesToOtherStores() throws {
        let text = shop(read: "query: table, own writes: 1s", logs: ["first", "second"])
        let totals = try run(text).simulation.world.projection(0).totals
        #expect(totals.waited == 0 && totals.reads > 100)
    }

    @Test("a shard's breaker writes down what it becomes, and both it and what it refused lead back to the fault")
    func shardsInTheJournal() throws {
        let table = "linger: 0s, queries: {shards: 2, breaker: {window: 5 calls, open: 1s, probes: 2}}"
        let faults = "timeline: |\n  at 1s inject error on table#1 for 2s\n"
        let session = try run(shop(read: "query: table", table: table) + "\n" + faults)
        let journal = session.simulation.journal
        let first = Component.shard(projection: 0, 0)
        let changes = journal.latest(100) { $0.place == first && $0.what.isTransition }.map(\.what)
        #expect(Set(changes) == [.opened, .halfOpened, .closed] && changes.first == .closed)
        let injected = try #require(journal.latest(1) { $0.what == .faultInjected }.first)
        for what in [What.opened, .rejected] {
            let entry = try #require(journal.latest(1) { $0.place == first && $0.what == what }.first)
            #expect(session.simulation.chain(from: entry.id).contains { $0.id == injected.id }, "\(what)")
        }
    }
}
