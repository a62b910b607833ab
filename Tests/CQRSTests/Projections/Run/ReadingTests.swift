import CQRS
import EventSourcing
import Resilience
import Testing
import Timeline

/// C6, C8 and C12 are the guide's defects of those numbers; KU is KurrentDB's `subscribe_to_stream_catching_up_should.cs`.
@Suite("Projection runs: reading")
struct ReadingTests {
    @Test("C6: only a checkpoint that was never stored is the start; one that cannot be read is asked for again")
    func loading() throws {
        var rig = Rig(try .small())
        #expect(rig.ask() == "wait", "not started")
        rig.run.start(at: .zero)
        #expect(rig.ask() == "load; wait")
        #expect(rig.failed(rig.load) == true)
        #expect(rig.ask() == "wait 10")
        #expect(rig.ask(at: 10) == "load; wait")
        #expect(rig.loaded(7) == true)
        #expect(rig.ask() == "read 7 3; wait", "KU: the checkpoint is exclusive")
        #expect(Rig.running(try .small()).run.checkpoint == .start)
    }

    @Test("who cannot load goes on trying as the policy says, and then stops")
    func loadingGivesUp() throws {
        var rig = Rig(try .small(retries: 2))
        rig.run.start(at: .zero)
        _ = rig.ask()
        #expect(rig.failed(rig.load) == true)
        _ = rig.ask(at: 10)
        #expect(rig.failed(rig.load) == true)
        #expect(rig.run.next(at: .ms(10)) == .stopped(.gaveUp(.load, .attemptsExhausted(2))))
        #expect(rig.failed(rig.load, .client) == false, "it is not asked any more")
    }

    @Test("at the end of the log it waits for the poll, or until it is told of more; an event told of twice is one")
    func polling() throws {
        var rig = Rig.running(try .small())
        #expect(rig.ask() == "read 0 3; wait")
        #expect(rig.page("") == true)
        #expect(rig.ask() == "wait 500")
        #expect(rig.ask(at: 500) == "read 0 3; wait")
        #expect(rig.page("") == true)
        rig.run.appended(upTo: 2)
        #expect(rig.ask() == "read 0 3; wait")
        #expect(rig.page("1a 2a") == true)
        rig.run.appended(upTo: 2)
        #expect(rig.ask() == "wait 600", "its first event waits for others at most 100 ms")
        #expect(rig.ask(at: 600) == "apply 0>2 1a 2a; wait")
    }

    @Test("what it is told of while it reads is a reason to read again at once, and only once")
    func newsWhileReading() throws {
        var rig = Rig.running(try .small())
        _ = rig.ask()
        rig.run.appended(upTo: 1)
        #expect(rig.page("", head: 0) == true, "it was read before that")
        #expect(rig.ask() == "read 0 3; wait")
        #expect(rig.page("", head: 0) == true)
        #expect(rig.ask() == "wait 500")
    }

    @Test("a page that comes while a batch is being committed was asked for before, and is taken")
    func lateButAsked() throws {
        var rig = Rig.running(try .small(batch: 3))
        _ = rig.ask()
        #expect(rig.page("1a", isEnd: false, head: 9) == true)
        #expect(rig.ask() == "read 1 2; wait 100")
        #expect(rig.ask(at: 100) == "apply 0>1 1a; wait")
        #expect(rig.page("2a 3a", isEnd: false, head: 9) == true)
        #expect(rig.ask() == "wait", "and nothing more")
        #expect(rig.committed() == true)
        #expect(rig.ask() == "read 3 1; wait 200")
    }

    @Test("a log that ends before the checkpoint is noticed, and read on when it is there again")
    func beyondLog() throws {
        var rig = Rig.running(try .small(), from: 50)
        _ = rig.ask()
        #expect(!rig.run.isBeyondLog)
        #expect(rig.page("", head: 20) == true)
        #expect(rig.ask() == "wait 500")
        #expect(rig.run.isBeyondLog)
        #expect(rig.run.lag == 0)
        _ = rig.ask(at: 500)
        #expect(rig.page("51a") == true)
        _ = rig.ask()
        #expect(!rig.run.isBeyondLog)
    }

    @Test("C8: a source that is gone, or that leads nowhere, is asked again after a wait, never in a hot loop")
    func noHotLoop() throws {
        let now = RetryPolicy.unlimited
        var rig = Rig.running(try .init(poll: .milliseconds(500), retry: .fixed(now, every: 0)))
        for round in 0..<5 as Range<Int64> {
            #expect(rig.ask(at: round) == "read 0 500; wait")
            #expect(rig.failed(rig.read?.ticket, .network) == true)
            #expect(rig.ask() == "wait \(round + 1)")
        }
        #expect(rig.run.totals.readFailures == 5)
        // A page that says that there is more and goes nowhere.
        _ = rig.ask(at: 5)
        #expect(rig.page("", isEnd: false) == true)
        #expect(rig.ask() == "wait 6")
        // A lagging replica: the head is known to be further, its end is not.
        rig.run.appended(upTo: 10)
        #expect(rig.ask(at: 6) == "read 0 500; wait")
        #expect(rig.page("", head: 0) == true)
        #expect(rig.ask() == "wait 506")
    }

    @Test("a page out of order, or with events outside of it, counts as a failed read")
    func unsound() throws {
        for text in ["2a 1a", "1a 1a", "0a"] {
            var rig = Rig.running(try .small())
            _ = rig.ask()
            #expect(rig.page(text, reached: 5) == true)
            #expect(rig.run.totals.readFailures == 1, "\(text)")
            #expect(rig.ask() == "wait 10")
        }
        var rig = Rig.running(try .small())
        _ = rig.ask()
        #expect(rig.page("1a 2a", reached: 1) == true)
        #expect(rig.run.totals.readFailures == 1)
    }

    @Test("a page that does not go on where the run is, and one that comes twice, are ignored")
    func ignored() throws {
        var rig = Rig.running(try .small())
        _ = rig.ask()
        #expect(rig.page("2a", after: 1) == false)
        #expect(rig.ask() == "wait", "the right one is still to come")
        #expect(rig.page("1a") == true)
        #expect(rig.page("1a") == false)
        #expect(rig.run.totals.lateAnswers == 2)
        #expect(rig.ask(at: 100) == "apply 0>1 1a; wait")
    }

    @Test("C12: what nobody wants moves the checkpoint too, after a while; F29: no further than was looked at")
    func passing() throws {
        var rig = Rig.running(try .small())
        _ = rig.ask()
        #expect(rig.page("1- 2-", reached: 10_000, isEnd: false) == true)
        #expect(rig.ask() == "read 10000 3; wait 1000")
        #expect(rig.run.settled == 10_000, "a reader need not wait for the checkpoint")
        #expect(rig.page("", reached: 11_005) == true)
        #expect(rig.ask(at: 999) == "read 11005 3; wait 1000")
        #expect(rig.ask(at: 1_000) == "apply 0>11005; wait")
        #expect(rig.committed() == true)
        #expect(rig.run.checkpoint == 11_005)
        // With an event in it the checkpoint goes along with that.
        #expect(rig.page("11006-  11007b", reached: 11_009) == true)
        #expect(rig.ask(at: 1_100) == "apply 11005>11009 11007b; wait")
    }

    @Test("of a page with more events than there is room for, the first are taken, and the rest is read again")
    func tooMany() throws {
        var rig = Rig.running(try .small(batch: 2))
        _ = rig.ask()
        #expect(rig.page("1a 2- 3a 4- 5a 6a") == true)
        #expect(rig.ask() == "apply 0>4 1a 3a; wait")
        #expect(rig.committed() == true)
        #expect(rig.ask() == "read 4 2; wait")
    }

    @Test("a run takes what belongs to its segment, and passes the rest")
    func segment() throws {
        let halves = try #require(Segment.root.split())
        let text = "1a 2b 3c 4d 5e 6f 7g 8h"
        var taken: [Position] = []
        for half in [halves.low, halves.high] {
            var rig = Rig.running(try .small(batch: 10, segment: half))
            _ = rig.ask()
            #expect(rig.page(text) == true)
            _ = rig.ask(at: 100)
            taken += rig.batch?.entries.map(\.position) ?? []
            #expect(rig.batch?.move == CheckpointMove(from: 0, to: 8))
            #expect((1..<8).contains(rig.batch?.entries.count ?? 0))
        }
        #expect(taken.sorted() == [1, 2, 3, 4, 5, 6, 7, 8])
    }

    @Test("read-ahead: without it nothing is read while a batch is not settled, with it no more than it says")
    func readAhead() throws {
        var rig = Rig.running(try .small(batch: 2))
        _ = rig.ask()
        #expect(rig.page("1a 2a", isEnd: false, head: 9) == true)
        #expect(rig.ask() == "apply 0>2 1a 2a; wait")
        rig = Rig.running(try .small(batch: 2, readAhead: 3))
        #expect(rig.ask() == "read 0 2; wait")
        #expect(rig.page("1a 2a", isEnd: false, head: 9) == true)
        #expect(rig.ask() == "apply 0>2 1a 2a; read 2 2; wait")
        #expect(rig.page("3a 4a", isEnd: false, head: 9) == true)
        #expect(rig.ask() == "read 4 1; wait")
        #expect(rig.page("5a", isEnd: false, head: 9) == true)
        #expect(rig.ask() == "wait")
        #expect(rig.failed(rig.batch?.ticket) == true)
        #expect(rig.ask() == "wait 10", "nothing more while the commit is tried again")
        #expect(rig.ask(at: 10) == "apply 0>2 1a 2a; wait")
        #expect(rig.committed() == true)
        #expect(rig.ask() == "apply 2>4 3a 4a; read 5 2; wait")
    }

    @Test("a pace in batches a second, and one in a share of the time")
    func pace() throws {
        var rig = Rig.running(try .small(batch: 1, pace: .batches(perSecond: 4)))
        #expect(rig.ask() == "read 0 1; wait")
        #expect(rig.page("1a", isEnd: false, head: 9) == true)
        _ = rig.ask()
        #expect(rig.committed() == true)
        #expect(rig.ask() == "wait 250")
        #expect(rig.ask(at: 250) == "read 1 1; wait")
        rig = Rig.running(try .small(batch: 1, pace: .share(0.2)))
        _ = rig.ask()
        #expect(rig.page("1a", isEnd: false, head: 9) == true)
        _ = rig.ask(at: 10)
        #expect(rig.committed() == true)
        #expect(rig.ask() == "wait 50", "10 ms of work, 40 of rest")
        let refused: [Pace] = [
            .batches(perSecond: 0), .batches(perSecond: .nan), .batches(perSecond: 1e10), .share(0), .share(1.1),
            .share(.nan),
        ]
        for pace in refused {
            #expect(throws: SettingError.self) { try ProjectionRun.Settings.small(pace: pace) }
        }
    }

    @Test("a page of the log: filtered spans go by what was reached, and tombstones come along")
    func logPage() throws {
        var store = MemoryEventStore()
        let stream = try StreamName("order-1")
        for number in 1...6 as ClosedRange<UInt64> {
            let event = EventData(id: EventID(high: 0, low: number), type: number == 2 ? "Wanted" : "Other")
            try store.append([event], to: stream, expecting: .any, at: .ms(Int64(number)))
        }
        let page = MarkPage(store.readLog(.types(["Wanted"]), from: nil, .forward, limit: 500))
        #expect(page.after == 0 && page.reached == 6 && page.head == 6 && page.isEnd)
        #expect(page.events == [EventMark(position: 2, sequence: SequenceKey(stream), recordedAt: .ms(2))])
        let all = MarkPage(store.readLog(.all, from: 1, .forward, limit: 2)) { $0.event.type == "Wanted" }
        #expect(all.events.map(\.isWanted) == [true, false])
        #expect(all.after == 1 && all.reached == 3 && !all.isEnd)
    }
}
