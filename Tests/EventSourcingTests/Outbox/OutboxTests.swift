import EventSourcing
import Testing
import Timeline

@Suite("Outbox and inbox")
struct OutboxTests {
    private func outbox(inFlight: Int = 16) throws -> Outbox {
        Outbox(try Outbox.Settings(inFlight: inFlight, answerTime: .seconds(1), delay: .milliseconds(100)))
    }

    @Test("messages of one key go one after another, those of others beside them")
    func order() throws {
        var outbox = try outbox()
        for key in [1, 1, 2, 1] as [UInt64] { _ = outbox.add(key: key, at: .zero) }
        #expect(outbox.take(at: .zero) == [1, 3])
        #expect(outbox.take(at: .zero) == [])
        outbox.arrived(1)
        #expect(outbox.take(at: .zero) == [2])
        outbox.arrived(3)
        outbox.arrived(2)
        #expect(outbox.take(at: .zero) == [4])
    }

    @Test("no more are on their way at once than allowed")
    func inFlight() throws {
        var outbox = try outbox(inFlight: 2)
        for key in 1...5 as ClosedRange<UInt64> { _ = outbox.add(key: key, at: .zero) }
        #expect(outbox.take(at: .zero) == [1, 2])
        outbox.arrived(1)
        #expect(outbox.take(at: .zero) == [3])
    }

    @Test(
        "after a failure the wait doubles, up to its limit",
        arguments: [
            (1, Int64(100)), (2, 200), (3, 400), (7, 6_400), (8, 10_000), (60, 10_000),
        ])
    func backOff(failures: Int, wait: Int64) throws {
        var outbox = try outbox()
        _ = outbox.add(key: 1, at: .zero)
        var now = Instant.zero
        for _ in 0..<failures {
            now = max(now, outbox.nextDue ?? now)
            #expect(outbox.take(at: now) == [1])
            outbox.failed(1, at: now)
        }
        #expect(outbox.nextDue == now + .milliseconds(wait))
        #expect(outbox.take(at: now + .milliseconds(wait - 1)) == [])
    }

    @Test("a message that nobody hears of is sent again; a late word of it is enough")
    func unanswered() throws {
        var outbox = try outbox()
        _ = outbox.add(key: 1, at: .zero)
        #expect(outbox.take(at: .zero) == [1])
        #expect(outbox.take(at: .ms(999)) == [] && outbox.nextDue == .ms(1_000))
        #expect(outbox.take(at: .ms(1_000)) == [1])
        #expect(outbox.arrived(1) == true)
        #expect(outbox.arrived(1) == false)
        #expect(outbox.pending.isEmpty && outbox.totals.sent == 2 && outbox.totals.arrived == 1)
    }

    @Test("a relay that dies sends again what was on its way")
    func restart() throws {
        var outbox = try outbox()
        for key in [1, 1] as [UInt64] { _ = outbox.add(key: key, at: .zero) }
        #expect(outbox.take(at: .zero) == [1])
        outbox.restart(at: .ms(5))
        #expect(outbox.take(at: .ms(5)) == [1])
    }

    @Test(
        "whatever is lost on the way or back, each message is dealt with once, in order of its key", arguments: 1...30)
    func lossy(seed: UInt64) throws {
        var random = RandomStream(seed: seed, name: "outbox", purpose: "test")
        var outbox = Outbox(try Outbox.Settings(inFlight: 1 + Int(random.below(4)), answerTime: .milliseconds(50)))
        var inbox = try Inbox()
        var (keys, dealt, now): ([UInt64], [UInt64], Instant) = ([], [], .zero)
        for _ in 0..<400 {
            now = now + .milliseconds(Int64(random.below(20)))
            if keys.count < 60, random.chance(0.4) {
                keys.append(random.below(5))
                _ = outbox.add(key: keys[keys.count - 1], at: now)
            }
            if random.chance(0.05) { outbox.restart(at: now) }
            for number in outbox.take(at: now) where !random.chance(0.3) {
                if inbox.isNew(EventID(high: 0, low: number), at: now) { dealt.append(number) }
                if random.chance(0.2) {
                    outbox.failed(number, at: now)
                } else if random.chance(0.7) {
                    outbox.arrived(number)
                }
            }
        }
        while let due = outbox.nextDue {
            now = max(now, due)
            for number in outbox.take(at: now) {
                if inbox.isNew(EventID(high: 0, low: number), at: now) { dealt.append(number) }
                outbox.arrived(number)
            }
        }
        #expect(dealt.sorted() == Array(1...UInt64(keys.count)))
        for key in 0..<5 as Range<UInt64> {
            let ofKey = dealt.filter { keys[Int($0) - 1] == key }
            #expect(ofKey == ofKey.sorted())
        }
    }

    @Test("an inbox forgets the oldest beyond its room, and what is older than its memory")
    func forgetting() throws {
        var inbox = try Inbox(capacity: 2, memory: .seconds(1))
        let ids = (1...3).map { EventID(high: 0, low: $0) }
        let first = [ids[0], ids[1], ids[0]].map { inbox.isNew($0, at: .zero) }
        #expect(first == [true, true, false] && inbox.duplicates == 1)
        #expect(inbox.isNew(ids[2], at: .ms(500)) == true)
        #expect(inbox.count == 2)
        #expect(inbox.isNew(ids[0], at: .ms(600)) == true, "it had to make room")
        #expect(inbox.isNew(ids[2], at: .ms(1_499)) == false)
        #expect(inbox.isNew(ids[2], at: .ms(1_500)) == true, "its time is over")
    }

    @Test("settings out of range are named")
    func settings() {
        let all: [(String, () throws -> Void)] = [
            ("inFlight", { _ = try Outbox.Settings(inFlight: 0) }),
            ("answerTime", { _ = try Outbox.Settings(answerTime: .zero) }),
            ("delay", { _ = try Outbox.Settings(delay: .zero) }),
            ("maximumDelay", { _ = try Outbox.Settings(maximumDelay: .milliseconds(1)) }),
            ("capacity", { _ = try Inbox(capacity: 0) }), ("memory", { _ = try Inbox(memory: .zero) }),
        ]
        for (name, make) in all { #expect { try make() } throws: { ($0 as? SettingError)?.setting == name } }
    }
}
