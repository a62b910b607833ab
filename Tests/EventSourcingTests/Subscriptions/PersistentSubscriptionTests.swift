import EventSourcing
import Testing
import Timeline

/// Vectors: KurrentDB's PersistentSubscription tests.
@Suite("Persistent subscription")
struct PersistentSubscriptionTests {
    typealias Subscription = PersistentSubscription

    /// A subscription of consumers 1, 2 ... with these capacities, fed with events of these keys at positions 1, 2 ...
    private func subscription(
        _ strategy: Subscription.Strategy = .roundRobin, keepsOrder: Bool = false, answerTime: Duration? = .seconds(30),
        retries: Int = 10, keys: [UInt64], capacities: [Int] = [100]
    ) throws -> Subscription {
        var subscription = Subscription(
            try Subscription.Settings(
                strategy: strategy, keepsOrder: keepsOrder, answerTime: answerTime, retries: retries))
        for (index, capacity) in capacities.enumerated() {
            #expect(subscription.connect(UInt32(index + 1), capacity: capacity) == true)
        }
        for (index, key) in keys.enumerated() { subscription.feed(Position(Int64(index + 1)), key: key) }
        return subscription
    }

    @Test(
        "each consumer in turn; or the first while it has room",
        arguments: [
            (Subscription.Strategy.roundRobin, [100, 100], [1, 2, 1, 2]), (.single, [100, 100], [1, 1, 1, 1]),
            (.single, [1, 100], [1, 2, 2, 2]), (.roundRobin, [1, 100], [1, 2, 2, 2]), (.roundRobin, [1, 1], [1, 2]),
        ])
    func strategies(strategy: Subscription.Strategy, capacities: [Int], consumers: [UInt32]) throws {
        var subscription = try subscription(strategy, keys: [1, 2, 3, 4], capacities: capacities)
        let handouts = subscription.dispatch(at: .zero)
        #expect(handouts.map(\.consumer) == consumers)
        #expect(handouts.map(\.position.number) == Array(1...Int64(consumers.count)))
    }

    @Test("pinned: streams 1 1 2 2 1 3 over two consumers are 4 and 2, each stream with one of them")
    func pinned() throws {
        var subscription = try subscription(.pinned, keys: [1, 1, 2, 2, 1, 3], capacities: [100, 100])
        let handouts = subscription.dispatch(at: .zero)
        let counts = [1, 2].map { consumer in handouts.count { $0.consumer == consumer } }
        #expect(counts.sorted() == [2, 4])
        for key in [[1, 2, 5], [3, 4], [6]] as [[Int64]] {
            #expect(Set(handouts.filter { key.contains($0.position.number) }.map(\.consumer)).count == 1)
        }
    }

    @Test("pinned: a consumer that is full holds back its own streams, and the others go on")
    func pinnedFull() throws {
        var subscription = try subscription(.pinned, keys: [7, 7, 7, 8, 8, 8], capacities: [1, 14])
        let first = subscription.dispatch(at: .zero)
        #expect(first.map(\.position.number) == [1, 4, 5, 6])
        #expect(subscription.checkpoint == .start)
        subscription.acknowledge(Position(1), by: 1)
        #expect(subscription.checkpoint == Position(1))
        for number in 4...6 { subscription.acknowledge(Position(Int64(number)), by: 2) }
        #expect(subscription.checkpoint == Position(1), "2 and 3 wait for the full consumer")
        #expect(subscription.dispatch(at: .zero).map(\.position.number) == [2])
        subscription.acknowledge(Position(2), by: 1)
        #expect(subscription.dispatch(at: .zero).map(\.position.number) == [3])
        subscription.acknowledge(Position(3), by: 1)
        #expect(subscription.checkpoint == Position(6))
    }

    @Test("pinned: a third consumer takes its share, and what it is pinned to stays with it")
    func rebalanced() throws {
        let keys = Array<UInt64>(1...60)
        var subscription = try subscription(.pinned, keys: keys, capacities: [1_000, 1_000])
        let before = subscription.dispatch(at: .zero)
        for handout in before { subscription.acknowledge(handout.position, by: handout.consumer) }
        #expect(subscription.connect(3, capacity: 1_000) == true)
        for key in keys { subscription.feed(Position(Int64(key) + 60), key: key) }
        let after = subscription.dispatch(at: .zero)
        for consumer in 1...3 as ClosedRange<UInt32> {
            #expect((15...25).contains(after.count { $0.consumer == consumer }))
        }
        let moved = zip(before, after).count { $0.consumer != $1.consumer }
        #expect(moved == after.count { $0.consumer == 3 }, "only what the third took has moved")
    }

    @Test(
        "the checkpoint stands before the first event that is not dealt with",
        arguments: [
            ([1, 3], [], 1), ([2, 3], [], 0), ([1, 2, 3], [], 3), ([1, 3], [2], 3), ([], [1], 1),
        ] as [([Int64], [Int64], Int64)])
    func checkpoint(acknowledged: [Int64], parked: [Int64], checkpoint: Int64) throws {
        var subscription = try subscription(keys: [1, 2, 3])
        _ = subscription.dispatch(at: .zero)
        for number in acknowledged { subscription.acknowledge(Position(number), by: 1) }
        for number in parked { subscription.refuse(Position(number), by: 1, .park, at: .zero) }
        #expect(subscription.checkpoint == Position(checkpoint))
    }

    @Test(
        "after 1 s an event that nobody answers for is handed out again; never without a limit",
        arguments: [
            (Duration.seconds(1), Int64(999), false), (.seconds(1), 1_000, true), (.seconds(3), 1_000, false),
            (nil, 1_000_000, false),
        ])
    func timeOut(limit: Duration?, after: Int64, isAgain: Bool) throws {
        var subscription = try subscription(answerTime: limit, keys: [1, 2])
        _ = subscription.dispatch(at: .zero)
        subscription.acknowledge(Position(1), by: 1)
        #expect(subscription.nextExpiry == limit.map { .after($0) })
        subscription.expire(at: .ms(after))
        let again = subscription.dispatch(at: .ms(after))
        #expect(again.map(\.position.number) == (isAgain ? [2] : []))
        #expect(again.allSatisfy { $0.attempt == 2 })
    }

    @Test("10 retries are 11 deliveries; then the event is parked, and its consumer free again")
    func retries() throws {
        var subscription = try subscription(keys: [1, 2], capacities: [1])
        for attempt in 1...11 {
            let handout = try #require(subscription.dispatch(at: .zero).first)
            #expect(handout.position == Position(1) && handout.attempt == attempt)
            subscription.refuse(Position(1), by: 1, .retry, at: .ms(7))
        }
        let parked = try #require(subscription.parked.first)
        #expect(parked.position == Position(1) && parked.attempts == 11 && parked.parkedAt == .ms(7))
        #expect(parked.reason == .retriesExhausted)
        #expect(subscription.dispatch(at: .zero).map(\.position.number) == [2])
    }

    @Test("with 0 retries, time-outs and lost consumers park", arguments: [true, false])
    func noRetries(disconnects: Bool) throws {
        var subscription = try subscription(retries: 0, keys: [1, 2], capacities: [2, 2])
        _ = subscription.dispatch(at: .zero)
        if disconnects {
            #expect(subscription.disconnect(1, at: .zero) == true)
            #expect(subscription.disconnect(2, at: .zero) == true)
        } else {
            subscription.expire(at: .ms(30_000))
        }
        #expect(subscription.parked.map(\.position.number).sorted() == [1, 2])
        #expect(subscription.checkpoint == Position(2))
    }

    @Test("what a lost consumer had goes to the others, before what is new")
    func lostConsumer() throws {
        var subscription = try subscription(.single, keys: [1, 2, 3, 4, 5], capacities: [3])
        _ = subscription.dispatch(at: .zero)
        subscription.acknowledge(Position(1), by: 1)
        #expect(subscription.disconnect(1, at: .zero) == true)
        #expect(subscription.checkpoint == Position(1) && subscription.againCount == 2)
        #expect(subscription.disconnect(1, at: .zero) == false)
        #expect(subscription.connect(2, capacity: 10) == true)
        let handouts = subscription.dispatch(at: .zero)
        #expect(handouts.map(\.position.number) == [2, 3, 4, 5])
        #expect(handouts.map(\.attempt) == [2, 2, 1, 1])
    }

    @Test("the late answer of a consumer that lost the event changes nothing")
    func lateAnswer() throws {
        var subscription = try subscription(.single, keys: [1], capacities: [1, 1])
        _ = subscription.dispatch(at: .zero)
        #expect(subscription.disconnect(1, at: .zero) == true)
        #expect(subscription.dispatch(at: .zero).map(\.consumer) == [2])
        #expect(subscription.acknowledge(Position(1), by: 1) == false)
        #expect(subscription.refuse(Position(1), by: 1, .park, at: .zero) == false)
        #expect(subscription.checkpoint == .start && subscription.totals.lateAnswers == 2)
        #expect(subscription.acknowledge(Position(1), by: 2) == true)
    }

    @Test("what is replayed never moves the checkpoint, comes before what is new, and is not lost")
    func replayed() throws {
        var subscription = try subscription(retries: 0, keys: [1, 2, 3, 4])
        _ = subscription.dispatch(at: .zero)
        for number in [2, 1] { subscription.refuse(Position(Int64(number)), by: 1, .park, at: .zero) }
        for number in [3, 4] { subscription.acknowledge(Position(Int64(number)), by: 1) }
        subscription.feed(Position(5), key: 5)
        #expect(subscription.replayParked(atMost: 1) == 1)
        #expect(subscription.checkpoint == Position(4) && subscription.parked.count == 1)
        #expect(subscription.replayParked() == 1)
        #expect(subscription.dispatch(at: .zero).map(\.position.number) == [2, 1, 5])
        #expect(subscription.checkpoint == Position(4))
        subscription.acknowledge(Position(1), by: 1)
        subscription.refuse(Position(2), by: 1, .retry, at: .zero)
        #expect(subscription.parked.map(\.position.number) == [2], "given up again, not forgotten")
        subscription.acknowledge(Position(5), by: 1)
        #expect(subscription.checkpoint == Position(5))
    }

    @Test("with order kept, events of one key go one after another, also when one is tried again")
    func order() throws {
        var subscription = try subscription(keepsOrder: true, keys: [7, 7, 8, 7], capacities: [10, 10])
        #expect(subscription.dispatch(at: .zero).map(\.position.number) == [1, 3])
        subscription.refuse(Position(1), by: 1, .retry, at: .zero)
        let again = subscription.dispatch(at: .zero)
        #expect(again.map(\.position.number) == [1])
        subscription.acknowledge(Position(1), by: again[0].consumer)
        #expect(subscription.dispatch(at: .zero).map(\.position.number) == [2])
    }

    @Test(
        "a checkpoint is stored when it has moved far, or somewhat and some time ago",
        arguments: [
            (Int64(1), Int64(0), nil), (1, 1_000, nil), (5, 999, nil), (5, 1_000, 5), (1_000, 0, 1_000), (999, 0, nil),
        ] as [(Int64, Int64, Int64?)])
    func storing(moved: Int64, after: Int64, stored: Int64?) throws {
        var subscription = Subscription(try Subscription.Settings())
        subscription.feed(upTo: Position(moved))
        #expect(subscription.checkpointToStore(at: .ms(after)) == stored.map { Position($0) })
        let twice = subscription.checkpointToStore(at: .ms(after))
        #expect(stored == nil || twice == nil)
    }

    @Test("it holds as much as its buffer, and takes nothing twice")
    func buffer() throws {
        var subscription = Subscription(try Subscription.Settings(buffer: 2))
        let taken = [1, 2, 2, 1, 3].map { subscription.feed(Position($0), key: 1) }
        #expect(taken == [true, true, true, true, false])
        #expect(subscription.room == 0 && subscription.freshCount == 2)
        #expect(subscription.connect(1, capacity: 9) == true)
        _ = subscription.dispatch(at: .zero)
        #expect(subscription.room == 0)
        subscription.acknowledge(Position(1), by: 1)
        #expect(subscription.feed(Position(3), key: 1) == true)
    }

    @Test("no more consumers than allowed, and no two of one name")
    func consumers() throws {
        var subscription = Subscription(try Subscription.Settings(consumers: 2))
        let connected = [1, 1, 2, 3].map { subscription.connect($0, capacity: 0) }
        #expect(connected == [true, false, true, false])
    }

    @Test("settings out of range are named")
    func settings() {
        let all: [(String, () throws -> Subscription.Settings)] = [
            ("answerTime", { try .init(answerTime: .zero) }), ("retries", { try .init(retries: -1) }),
            ("buffer", { try .init(buffer: 0) }), ("consumers", { try .init(consumers: 0) }),
        ]
        for (name, make) in all {
            #expect { _ = try make() } throws: { ($0 as? SettingError)?.setting == name }
        }
    }
}
