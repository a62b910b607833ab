import Simulation
import Testing
import Timeline

@Suite("Journal")
struct JournalTests {
    private func brokenShop(_ entries: Int) throws -> Simulation {
        var options = Simulation.Options()
        options.journalEntries = entries
        var simulation = Simulation(plan: try Shop().plan, options: options)
        let slow = FaultPlan(.latency(add: .milliseconds(800), jitter: 0.2), on: .service(Shop.payment))
        simulation.schedule(TimedAction(at: .after(.seconds(1)), .inject(slow)))
        simulation.run(until: .after(.seconds(4)))
        return simulation
    }

    @Test("from a breaker's opening the causes lead back to the fault")
    func whyTheBreakerOpened() throws {
        let simulation = try brokenShop(1 << 17)
        let opened = try #require(simulation.journal.latest(1) { $0.what == .opened }.first)
        let chain = simulation.chain(from: opened.id)
        #expect(chain.map(\.what).prefix(2) == [.opened, .timedOut])
        #expect(chain.last?.what == .faultInjected)
        #expect(chain.last?.why == .command(1))
    }

    @Test("from every entry the causes lead back to an arrival or a command")
    func everyChainHasARoot() throws {
        let simulation = try brokenShop(1 << 17)
        let roots: Set<What> = [.arrived, .faultInjected, .loadStopped, .settingChanged, .forced]
        for entry in simulation.journal.latest(4_000) {
            let chain = simulation.chain(from: entry.id)
            #expect(chain.last.map { roots.contains($0.what) } == true, "\(chain.map(\.what))")
            #expect(zip(chain, chain.dropFirst()).allSatisfy { $0.id > $1.id })
        }
    }

    @Test("a journal holds no more than it may, and replay brings the rest back")
    func bounded() throws {
        let large = try brokenShop(1 << 17)
        let small = try brokenShop(256)
        #expect(small.journal.count == 256 && large.journal.count > 10_000)
        for number in stride(from: UInt64(1), to: large.world.nextEntry.number, by: 2_003) {
            let (held, replayed) = (large.entry(EntryID(number)), small.entry(EntryID(number)))
            #expect(held?.what == replayed?.what && held?.time == replayed?.time && held?.cause == replayed?.cause)
        }
        #expect(small.entry(small.world.nextEntry) == nil && small.entry(.none) == nil)
    }

    @Test("numbers are without gaps, and times do not run back")
    func consecutive() throws {
        let entries = try brokenShop(1 << 17).journal.entries(from: EntryID(1))
        #expect(entries.first?.id == EntryID(1))
        #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.id.number + 1 == $1.id.number && $0.time <= $1.time })
    }

    @Test("every entry reads as a line")
    func readable() throws {
        let simulation = try brokenShop(1 << 17)
        for what in What.allCases { #expect(!what.text.isEmpty) }
        let opened = try #require(simulation.journal.latest(1) { $0.what == .opened }.first)
        let line = opened.text(simulation.plan)
        #expect(
            line.hasPrefix("shop -> payment breaker: OPENED, failures ") && line.hasSuffix("of 20 (limit 50%)"),
            "\(line)")
    }
}
