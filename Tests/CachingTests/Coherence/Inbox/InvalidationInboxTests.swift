import Caching
import Testing
import Timeline

@Suite("Invalidation inbox")
struct InvalidationInboxTests {
    typealias Inbox = InvalidationInbox<String>

    private func at(_ seconds: Int64) -> Instant { .after(.seconds(seconds)) }

    @Test(
        "a copy that includes the version stays; an older one is dropped, marked or shortened",
        arguments: [
            (.immediate, 4, .drop), (.immediate, 5, .ignore(.newerHeld)), (.immediate, nil, .ignore(.notHeld)),
            (.lazy, 4, .markStale), (.lazy, 6, .ignore(.newerHeld)), (.lazy, nil, .ignore(.notHeld)),
            (.ttl(.seconds(3)), 4, .shorten(to: .after(.seconds(10)))), (.ttl(.seconds(3)), 5, .ignore(.newerHeld)),
        ] as [(InvalidationStrategy, UInt64?, Inbox.Action)])
    func actions(strategy: InvalidationStrategy, held: UInt64?, action: Inbox.Action) {
        var inbox = Inbox(capacity: 10)
        #expect(inbox.invalidate(.key("a"), version: 5, strategy, held: held, at: at(7)) == action)
    }

    @Test("a lazy invalidation is obeyed at the next read, and a new copy can be read")
    func lazily() {
        var inbox = Inbox(capacity: 10)
        _ = inbox.invalidate(.key("a"), version: 5, .lazy, held: 4, at: at(1))
        #expect(!inbox.isReadable("a", version: 4, at: at(1)) && inbox.isReadable("a", version: 5, at: at(1)))
        #expect(inbox.isReadable("b", version: 4, at: at(1)))
    }

    @Test("a copy lives no longer than the first of two shortened lives says, and later ones begin anew")
    func shortened() {
        var inbox = Inbox(capacity: 10)
        _ = inbox.invalidate(.key("a"), version: 5, .ttl(.seconds(10)), held: 4, at: at(0))
        _ = inbox.invalidate(.key("a"), version: 6, .ttl(.seconds(10)), held: 4, at: at(8))
        #expect(inbox.isReadable("a", version: 4, at: at(9)) && !inbox.isReadable("a", version: 4, at: at(10)))
        _ = inbox.invalidate(.key("a"), version: 7, .ttl(.seconds(10)), held: 6, at: at(20))
        #expect(inbox.isReadable("a", version: 6, at: at(29)) && !inbox.isReadable("a", version: 6, at: at(30)))
        #expect(!inbox.isReadable("a", version: 5, at: at(21)))
    }

    @Test("a lazy invalidation during a shortened life ends what it concerns at once, and the rest when that life ends")
    func lazyWithinShortened() {
        var inbox = Inbox(capacity: 10)
        _ = inbox.invalidate(.key("a"), version: 9, .ttl(.seconds(10)), held: 4, at: at(0))
        _ = inbox.invalidate(.key("a"), version: 6, .lazy, held: 4, at: at(1))
        #expect(!inbox.isReadable("a", version: 5, at: at(1)) && inbox.isReadable("a", version: 6, at: at(1)))
        #expect(!inbox.isReadable("a", version: 6, at: at(10)))
    }

    @Test("an older drop that comes after a newer shortened life still drops")
    func lateDrop() {
        var inbox = Inbox(capacity: 10)
        _ = inbox.invalidate(.key("a"), version: 5, .ttl(.seconds(9)), held: 3, at: at(0))
        #expect(inbox.invalidate(.key("a"), version: 4, .immediate, held: 3, at: at(1)) == .drop)
        _ = inbox.invalidate(.tag("t"), version: 5, .ttl(.seconds(9)), held: nil, at: at(0))
        _ = inbox.invalidate(.tag("t"), version: 4, .immediate, held: nil, at: at(1))
        #expect(!inbox.isReadable("b", version: 3, tags: ["t"], at: at(1)))
        #expect(inbox.isReadable("b", version: 4, tags: ["t"], at: at(1)))
    }

    @Test("a tag ends all older copies that have it, whatever their keys, and is known when it comes twice")
    func tags() {
        var inbox = Inbox(capacity: 10)
        #expect(inbox.invalidate(.tag("t"), version: 5, .immediate, held: nil, at: at(0)) == .drop)
        #expect(inbox.invalidate(.tag("t"), version: 5, .immediate, held: nil, at: at(0)) == .ignore(.known))
        #expect(!inbox.isReadable("a", version: 4, tags: ["s", "t"], at: at(0)))
        #expect(inbox.isReadable("a", version: 5, tags: ["s", "t"], at: at(0)))
        #expect(inbox.isReadable("t", version: 4, at: at(0)))
    }

    @Test(
        "a load is not stored if its key, one of its tags or dependencies, or everything was invalidated since it began",
        arguments: [
            (.key("a"), false), (.tag("t"), false), (.key("d"), false), (.all, false), (.key("b"), true),
            (.tag("a"), true), (.key("t"), true),
        ] as [(InvalidationSubject<String>, Bool)], [.immediate, .lazy, .ttl(.seconds(9))] as [InvalidationStrategy])
    func loads(_ rule: (subject: InvalidationSubject<String>, isStored: Bool), strategy: InvalidationStrategy) {
        var inbox = Inbox(capacity: 10)
        let token = inbox.beginLoad(of: "a")
        _ = inbox.invalidate(rule.subject, version: 5, strategy, held: nil, at: at(0))
        #expect(inbox.mayStore(token, version: 5, tags: ["t"], dependencies: ["d"]) == rule.isStored)
        let next = inbox.beginLoad(of: "a")
        #expect(inbox.staleness(next, version: 5, tags: ["t"], dependencies: ["d"]) == nil)
    }

    @Test("a load that began after an invalidation but read an origin that lags behind it is not stored")
    func laggingOrigin() {
        var inbox = Inbox(capacity: 10)
        _ = inbox.invalidate(.key("a"), version: 5, .immediate, held: nil, at: at(0))
        let token = inbox.beginLoad(of: "a")
        #expect(inbox.staleness(token, version: 4) == .behind(.key("a")))
        #expect(inbox.staleness(token, version: 5) == nil)
    }

    @Test("a message that comes twice or too late refuses no load")
    func repetitions() {
        var inbox = Inbox(capacity: 10)
        let stored = ([5, 4, 5, 6] as [UInt64]).map { version in
            let token = inbox.beginLoad(of: "a")
            _ = inbox.invalidate(.key("a"), version: version, .immediate, held: nil, at: at(0))
            return inbox.mayStore(token, version: 9)
        }
        #expect(stored == [false, true, true, false])
    }

    @Test("what is forgotten counts as invalidated when the last forgotten one was")
    func forgotten() {
        var inbox = Inbox(capacity: 1)
        let before = inbox.beginLoad(of: "c")
        for (version, key) in [(5, "a"), (6, "b")] as [(UInt64, String)] {
            _ = inbox.invalidate(.key(key), version: version, .lazy, held: nil, at: at(0))
        }
        #expect(!inbox.mayStore(before, version: 9) && !inbox.isReadable("a", version: 4, at: at(0)))
        let after = inbox.beginLoad(of: "c")
        #expect(inbox.mayStore(after, version: 5) && !inbox.mayStore(after, version: 4))
        #expect(!inbox.isReadable("c", version: 4, at: at(0)) && inbox.isReadable("c", version: 5, at: at(0)))
    }

    @Test("a key that comes back after it was forgotten has not been forgiven")
    func comesBack() {
        var inbox = Inbox(capacity: 1)
        for (version, key) in [(5, "a"), (6, "b")] as [(UInt64, String)] {
            _ = inbox.invalidate(.key(key), version: version, .lazy, held: nil, at: at(0))
        }
        _ = inbox.invalidate(.key("a"), version: 7, .ttl(.seconds(9)), held: nil, at: at(1))
        #expect(!inbox.isReadable("a", version: 4, at: at(1)) && inbox.isReadable("a", version: 5, at: at(1)))
    }

    @Test("copies that were dropped at once take no room from those that are not")
    func dropsAreNotLimits() {
        var inbox = Inbox(capacity: 1)
        for (version, key) in [(5, "a"), (6, "b"), (7, "c")] as [(UInt64, String)] {
            _ = inbox.invalidate(.key(key), version: version, .immediate, held: nil, at: at(0))
        }
        #expect(inbox.isReadable("d", version: 1, at: at(0)))
    }

    @Test("a gap in a sender's numbers asks for a resync once, and what comes late does not")
    func gaps() {
        var inbox = Inbox(capacity: 10)
        func gap(_ sender: Int, _ sequence: UInt64) -> SequenceGap? {
            let message = InvalidationMessage(
                .key("a"), version: sequence, .immediate, sender: sender, sequence: sequence)
            return inbox.receive(message, held: nil, at: at(0)).resync
        }
        let gaps = [gap(1, 1), gap(1, 4), gap(1, 3), gap(1, 5), gap(2, 2), gap(70, 9), gap(-1, 9)]
        let expected: [SequenceGap?] = [
            nil, SequenceGap(sender: 1, missing: 2...3), nil, nil, SequenceGap(sender: 2, missing: 1...1), nil, nil,
        ]
        #expect(gaps == expected)
    }

    @Test("who has dropped everything asks for nothing that it has missed before")
    func flushed() {
        var inbox = Inbox(capacity: 10)
        let message = InvalidationMessage<String>(.all, version: 9, .immediate, sender: 1, sequence: 7)
        let reception = inbox.receive(message, held: nil, at: at(0))
        #expect(reception.action == .flushAll && reception.resync == nil)
        #expect(!inbox.isReadable("a", version: 8, at: at(0)))
    }
}

@Suite("Invalidation marks")
struct InvalidationMarksTests {
    @Test("an entry that was made before its tag was invalidated is a miss, without a version too")
    func lazilyByNumber() {
        var marks = InvalidationMarks<String>(capacity: 10)
        let before = marks.number
        marks.invalidate(["a", "b"])
        let after = marks.number
        #expect(marks.staleness(of: ["b"], since: before, version: nil) == .changed("b"))
        #expect(marks.staleness(of: ["c"], since: before, version: nil) == nil)
        #expect(marks.staleness(of: ["a", "b"], since: after, version: 0) == nil)
        marks.invalidateAll(version: 7)
        #expect(marks.staleness(of: ["c"], since: after, version: 9) == .cleared)
        #expect(marks.staleness(of: ["c"], since: marks.number, version: 6) == .cleared)
        #expect(marks.staleness(of: ["c"], since: marks.number, version: 7) == nil)
    }

    @Test(
        "a stale value is never accepted, and none is refused while everything is remembered", arguments: [0, 1, 3, 9])
    func naive(capacity: Int) {
        var random = RandomStream(seed: UInt64(capacity), name: "marks", purpose: "tags")
        var marks = InvalidationMarks<Int>(capacity: capacity)
        var log: [(tag: Int, number: UInt64, version: UInt64)] = []
        var accepted = 0
        for _ in 0..<400 {
            if random.chance(0.3) {
                let (tag, version) = (Int(random.below(8)), random.below(1_000))
                marks.invalidate([tag], version: version)
                log.append((tag, marks.number, version))
            }
            let tags = [Int(random.below(8)), Int(random.below(8))]
            let (start, version) = (marks.number - min(marks.number, random.below(6)), 900 + random.below(200))
            let isStale = log.contains { tags.contains($0.tag) && ($0.number > start || $0.version > version) }
            let isRefused = marks.staleness(of: tags, since: start, version: version) != nil
            #expect(isRefused || !isStale)
            if capacity >= 8 { #expect(isRefused == isStale) }
            if !isRefused { accepted += 1 }
            #expect(marks.count <= capacity)
        }
        #expect(accepted > 20)
    }
}
