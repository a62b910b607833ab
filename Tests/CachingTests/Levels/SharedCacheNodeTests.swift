import Caching
import Testing
import Timeline

@Suite("Node of a network cache")
struct SharedCacheNodeTests {
    typealias Node = SharedCacheNode<String, Int>
    typealias Request = NodeRequest<String, Int>
    typealias Reply = NodeReply<Int>

    /// A request at some second, and what is answered.
    struct Step: Sendable {
        let second: Int64
        let request: Request
        let reply: Reply

        init(_ second: Int64, _ request: Request, _ reply: Reply) {
            (self.second, self.request, self.reply) = (second, request, reply)
        }
    }

    struct Story: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let steps: [Step]

        init(_ title: String, _ steps: [Step]) {
            testDescription = title
            self.steps = steps
        }
    }

    /// A lease that was given at a second, of the 10 s that are the default.
    private static func lease(_ number: UInt64, from second: Int64 = 0) -> LeaseToken {
        LeaseToken(number: number, expiresAt: .after(.seconds(second + 10)))
    }

    private static func hit(_ value: Int, version: UInt64 = 0, age: Int64) -> Reply {
        .hit(value, version: version, age: .seconds(age))
    }

    private static func wait(_ second: Int64) -> Reply { .wait(until: .after(.seconds(second))) }

    private static func stale(_ value: Int, age: Int64, _ lease: LeaseToken?) -> Reply {
        .stale(value, version: 0, age: .seconds(age), lease: lease)
    }

    // memcached/memcached#851 and proxy tests of its meta commands; Facebook's paper, 3.2.1; redisson/redisson#7111.
    private static let stories: [Story] = [
        Story(
            "N: the first to miss wins, all others lost, and the value ends that",
            [
                Step(0, .get("k"), .missWithLease(lease(1))),
                Step(1, .get("k"), wait(10)), Step(2, .get("k"), wait(10)),
                Step(2, .get("other"), .missWithLease(lease(2, from: 2))),
                Step(3, .set("k", 5, lease: lease(1)), .stored),
                Step(4, .get("k"), hit(5, age: 1)),
            ]),
        Story(
            "a set whose lease was given before a delete is refused, and the next miss gets a new one",
            [
                Step(0, .get("k"), .missWithLease(lease(1))),
                Step(1, .delete("k"), .deleted(wasHeld: false)),
                Step(2, .set("k", 5, lease: lease(1)), .refused(.leaseVoid)),
                Step(3, .get("k"), .missWithLease(lease(2, from: 3))),
                Step(4, .set("k", 5, lease: lease(1)), .refused(.leaseVoid)),
                Step(5, .set("k", 6, lease: lease(2, from: 3)), .stored),
                Step(5, .get("k"), hit(6, age: 0)),
            ]),
        Story(
            "a set whose lease is over is refused, whether another one is out or not",
            [
                Step(0, .get("k"), .missWithLease(lease(1))),
                Step(10, .set("k", 5, lease: lease(1)), .refused(.leaseExpired)),
                Step(10, .get("k"), .missWithLease(lease(2, from: 10))),
                Step(11, .set("k", 5, lease: lease(1)), .refused(.leaseExpired)),
                Step(19, .set("k", 6, lease: lease(2, from: 10)), .stored),
            ]),
        Story(
            "a lease ends when it says, and the next to ask gets one",
            [
                Step(0, .get("k"), .missWithLease(lease(1))), Step(9, .get("k"), wait(10)),
                Step(10, .get("k"), .missWithLease(lease(2, from: 10))), Step(11, .get("k"), wait(20)),
            ]),
        Story(
            "a lease is good for one set",
            [
                Step(0, .get("k"), .missWithLease(lease(1))), Step(1, .set("k", 5, lease: lease(1)), .stored),
                Step(2, .set("k", 6, lease: lease(1)), .refused(.leaseVoid)), Step(2, .get("k"), hit(5, age: 1)),
            ]),
        Story(
            "a set without a lease is a write, which voids the lease that is out",
            [
                Step(0, .get("k"), .missWithLease(lease(1))), Step(1, .set("k", 9), .stored),
                Step(2, .set("k", 5, lease: lease(1)), .refused(.leaseVoid)), Step(2, .get("k"), hit(9, age: 1)),
            ]),
        Story(
            "I: after a delete that marks the value, the first gets it with W and X, the others with Z and X",
            [
                Step(0, .set("k", 5), .stored),
                Step(1, .delete("k", stale: .seconds(30)), .deleted(wasHeld: true)),
                Step(2, .get("k"), stale(5, age: 2, lease(1, from: 2))),
                Step(3, .get("k"), stale(5, age: 3, nil)),
                Step(4, .set("k", 6, lease: lease(1, from: 2)), .stored),
                Step(5, .get("k"), hit(6, age: 1)),
            ]),
        Story(
            "a second delete voids the lease on the stale value",
            [
                Step(0, .set("k", 5), .stored),
                Step(1, .delete("k", stale: .seconds(30)), .deleted(wasHeld: true)),
                Step(2, .get("k"), stale(5, age: 2, lease(1, from: 2))),
                Step(3, .delete("k", stale: .seconds(30)), .deleted(wasHeld: true)),
                Step(4, .set("k", 6, lease: lease(1, from: 2)), .refused(.leaseVoid)),
                Step(5, .get("k"), stale(5, age: 5, lease(2, from: 5))),
                Step(6, .delete("k"), .deleted(wasHeld: true)),
                Step(7, .get("k"), .missWithLease(lease(3, from: 7))),
            ]),
        Story(
            "a stale value is gone when it may not be used any longer, and never later than it would have been",
            [
                Step(0, .set("k", 5, timeToLive: .seconds(6)), .stored),
                Step(1, .delete("k", stale: .seconds(3)), .deleted(wasHeld: true)),
                Step(3, .get("k"), stale(5, age: 3, lease(1, from: 3))), Step(4, .get("k"), wait(13)),
                Step(5, .set("k", 6, timeToLive: .seconds(2), lease: lease(1, from: 3)), .stored),
                Step(6, .delete("k", stale: .seconds(30)), .deleted(wasHeld: true)),
                Step(7, .get("k"), .missWithLease(lease(2, from: 7))),
            ]),
        Story(
            "an older version never takes a newer one's place, a stale one's neither; an equal one does",
            [
                Step(0, .set("k", 5, version: 7), .stored),
                Step(1, .set("k", 4, version: 6), .refused(.olderVersion)),
                Step(1, .get("k"), hit(5, version: 7, age: 1)),
                Step(2, .set("k", 6, version: 7), .stored), Step(2, .get("k"), hit(6, version: 7, age: 0)),
                Step(3, .delete("k", stale: .seconds(9)), .deleted(wasHeld: true)),
                Step(4, .get("k"), .stale(6, version: 7, age: .seconds(2), lease: lease(1, from: 4))),
                Step(5, .set("k", 4, version: 6, lease: lease(1, from: 4)), .refused(.olderVersion)),
                Step(6, .get("k"), .stale(6, version: 7, age: .seconds(4), lease: lease(2, from: 6))),
                Step(7, .set("k", 8, version: 8, lease: lease(2, from: 6)), .stored),
                Step(8, .get("k"), hit(8, version: 8, age: 1)),
            ]),
        Story(
            "once a value is over, any version will do",
            [
                Step(0, .set("k", 5, version: 7, timeToLive: .seconds(2)), .stored),
                Step(1, .set("k", 4, version: 6), .refused(.olderVersion)),
                Step(2, .set("k", 4, version: 6), .stored),
            ]),
        Story(
            "a value lives as long as its set says, or else the node",
            [
                Step(0, .set("short", 1, timeToLive: .seconds(1)), .stored), Step(0, .set("own", 2), .stored),
                Step(1, .get("short"), .missWithLease(lease(1, from: 1))), Step(59, .get("own"), hit(2, age: 59)),
                Step(60, .get("own"), .missWithLease(lease(2, from: 60))),
                Step(60, .delete("own"), .deleted(wasHeld: false)),
            ]),
        Story(
            "what weighs more than there is room for is refused, and its former value is gone",
            [
                Step(0, .set("k", 5), .stored), Step(1, .set("k", 6, weight: 5), .refused(.tooHeavy)),
                Step(2, .get("k"), .missWithLease(lease(1, from: 2))),
                Step(3, .set("k", 7, weight: 4, lease: lease(1, from: 2)), .stored),
            ]),
    ]

    @Test("leases, marks and versions, step by step", arguments: stories)
    func story(_ story: Story) throws {
        var node = Node(try SharedCacheNodeSettings(capacity: 4, timeToLive: .seconds(60)))
        for (number, step) in story.steps.enumerated() {
            let reply = node.handle(step.request, at: .after(.seconds(step.second)))
            #expect(reply == step.reply, "step \(number)")
        }
    }

    @Test("a lease more than there may be pushes out the one that was asked about least recently")
    func mostLeases() throws {
        var node = Node(try SharedCacheNodeSettings(capacity: 4, mostLeases: 2))
        #expect(node.handle(.get("a"), at: .zero) == .missWithLease(Self.lease(1)))
        #expect(node.handle(.get("b"), at: .zero) == .missWithLease(Self.lease(2)))
        #expect(node.handle(.get("a"), at: .zero) == Self.wait(10))
        #expect(node.handle(.get("c"), at: .zero) == .missWithLease(Self.lease(3)))
        #expect(node.handle(.set("b", 1, lease: Self.lease(2)), at: .zero) == .refused(.leaseVoid))
        #expect(node.handle(.set("a", 1, lease: Self.lease(1)), at: .zero) == .stored)
    }

    @Test("every answer is counted once")
    func statistics() throws {
        var node = Node(try SharedCacheNodeSettings(capacity: 4))
        let requests: [Request] = [
            .get("k"), .get("k"), .get("k"), .set("k", 1, version: 2), .get("k"), .set("k", 1, version: 1),
            .set("k", 1, lease: Self.lease(1)), .delete("k", stale: .seconds(5)), .get("k"), .get("k"), .delete("x"),
        ]
        for request in requests { _ = node.handle(request, at: .zero) }
        let statistics = node.statistics
        #expect(statistics.misses == 1 && statistics.waits == 2 && statistics.hits == 1 && statistics.staleHits == 2)
        #expect(statistics.gets == 6 && statistics.leases == 2 && statistics.stored == 1 && statistics.deletes == 2)
        #expect(statistics.refused[.olderVersion] == 1 && statistics.refused[.leaseVoid] == 1)
        #expect(statistics.refused.total == 2 && node.count == 1 && node.weight == 1)
    }

    @Test(
        "settings out of range are refused by name",
        arguments: [
            (-1, nil, 1, 1, "capacity: -1 is out of range; allowed: 0 to 2147483647"),
            (1, 0, 1, 1, "timeToLive: 0s is out of range; allowed: more than 0s"),
            (1, nil, 0, 1, "leaseTimeToLive: 0s is out of range; allowed: more than 0s"),
            (1, nil, 1, 0, "mostLeases: 0 is out of range; allowed: 1 to 1000000"),
        ] as [(Int, Int64?, Int64, Int, String)])
    func refusedSettings(capacity: Int, life: Int64?, lease: Int64, leases: Int, message: String) {
        let error = #expect(throws: SettingError.self) {
            try SharedCacheNodeSettings(
                capacity: capacity, timeToLive: life.map { .seconds($0) }, leaseTimeToLive: .seconds(lease),
                mostLeases: leases)
        }
        #expect(error?.description == message)
    }
}
