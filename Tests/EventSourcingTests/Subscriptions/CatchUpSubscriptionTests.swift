import EventSourcing
import Testing
import Timeline

@Suite("Catch-up subscription")
struct CatchUpSubscriptionTests {
    private func store(_ count: Int) throws -> MemoryEventStore {
        var store = MemoryEventStore()
        for number in 1...max(1, count) where count > 0 {
            let stream = try StreamName(category: number.isMultiple(of: 5) ? "rare" : "common", id: number % 3)
            try store.append([.sample(number)], to: stream, expecting: .any, at: .zero)
        }
        return store
    }

    /// Follows a subscription until it waits; handles each event at once.
    private func drain(_ subscription: inout CatchUpSubscription, _ store: inout MemoryEventStore) -> [Int] {
        var seen: [Int] = []
        while true {
            switch subscription.next {
            case .wait: return seen
            case .handle: subscription.handled(upTo: subscription.delivered.last?.position ?? .start)
            case .read(let filter, let position, let limit):
                let page = store.readLog(filter, from: position, .forward, limit: limit)
                seen += subscription.received(page).map(\.event.number)
            }
        }
    }

    @Test("KurrentDB: from checkpoint 9 over 20 events it begins at 10, then goes on with what is new")
    func fromCheckpoint() throws {
        var store = try store(20)
        var subscription = CatchUpSubscription(.all, after: Position(9), pageSize: 4)
        #expect(drain(&subscription, &store) == Array(10...20))
        #expect(subscription.checkpoint == Position(20) && subscription.isCaughtUp)
        try store.append(.samples(21...29), to: try StreamName("new-1"), expecting: .any, at: .zero)
        #expect(subscription.next == .wait)
        subscription.news(head: Position(29))
        #expect(drain(&subscription, &store) == Array(21...29))
    }

    @Test("news that come late, twice or never do no harm")
    func news() throws {
        var store = try store(3)
        var subscription = CatchUpSubscription(.all)
        #expect(drain(&subscription, &store) == [1, 2, 3])
        subscription.news(head: Position(2))
        #expect(subscription.next == .wait)
        try store.append(.samples([4]), to: try StreamName("new-1"), expecting: .any, at: .zero)
        try store.append(.samples([5]), to: try StreamName("new-1"), expecting: .any, at: .zero)
        subscription.news(head: Position(5))
        subscription.news(head: Position(5))
        #expect(drain(&subscription, &store) == [4, 5])
    }

    @Test("the checkpoint passes events that the filter does not want")
    func filtered() throws {
        var store = try store(14)
        var subscription = CatchUpSubscription(.category("rare"), pageSize: 1)
        #expect(drain(&subscription, &store) == [5, 10])
        #expect(subscription.checkpoint == Position(14))
    }

    @Test("nothing more is read while delivered events are not handled, and the checkpoint stands before them")
    func backPressure() throws {
        var store = try store(9)
        var subscription = CatchUpSubscription(.all, pageSize: 3)
        let page = store.readLog(.all, from: .start, .forward, limit: 3)
        #expect(subscription.received(page).count == 3)
        #expect(subscription.next == .handle && subscription.checkpoint == .start)
        #expect(subscription.received(store.readLog(.all, from: Position(3), .forward, limit: 3)).isEmpty)
        subscription.handled(upTo: Position(2))
        #expect(subscription.next == .handle && subscription.checkpoint == Position(2))
        subscription.handled(upTo: Position(99))
        #expect(subscription.checkpoint == Position(3))
        #expect(subscription.next == .read(.all, after: Position(3), limit: 3))
    }

    @Test("a page that is not the next one is ignored")
    func foreignPages() throws {
        var store = try store(9)
        var subscription = CatchUpSubscription(.all, pageSize: 3)
        let first = store.readLog(.all, from: .start, .forward, limit: 3)
        #expect(subscription.received(store.readLog(.all, from: Position(3), .forward, limit: 3)).isEmpty)
        #expect(subscription.received(first).count == 3)
        subscription.handled(upTo: Position(3))
        #expect(subscription.received(first).isEmpty, "the second answer to one question")
        #expect(subscription.checkpoint == Position(3))
    }

    @Test("after a crash it goes on behind what was handled")
    func restart() throws {
        var store = try store(9)
        var subscription = CatchUpSubscription(.all, pageSize: 4)
        _ = subscription.received(store.readLog(.all, from: .start, .forward, limit: 4))
        subscription.handled(upTo: Position(2))
        subscription.restart()
        #expect(drain(&subscription, &store) == Array(3...9))
    }

    @Test("gaps where events were deleted are passed")
    func gaps() throws {
        var store = try store(12)
        try store.delete(try StreamName("common-1"), for: .forNow, expecting: .any, at: .zero)
        let removed = store.scavenge(upTo: Position(12))
        var subscription = CatchUpSubscription(.all, pageSize: 2)
        #expect(removed > 0)
        #expect(drain(&subscription, &store).count == 12 - removed)
        #expect(subscription.checkpoint == Position(12))
    }
}
